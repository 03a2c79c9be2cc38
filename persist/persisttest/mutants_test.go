package persisttest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/persist"
)

// TestSuiteFailsBrokenStores runs checks against stores that are broken on
// purpose. Each must fail the check that names what it breaks.
func TestSuiteFailsBrokenStores(t *testing.T) {
	for _, m := range mutants() {
		t.Run(m.breaks, func(t *testing.T) {
			for _, name := range m.caughtBy {
				if findings := runCheck(t, named(t, name), m.harness()); len(findings) == 0 {
					t.Errorf("the check %q passed", name)
				}
			}
		})
	}
}

// TestSuitePassesSoundStore is the control: through the same recorder, a store
// that is not broken passes every check that a mutant must fail.
func TestSuitePassesSoundStore(t *testing.T) {
	for _, m := range mutants() {
		for _, name := range m.caughtBy {
			if findings := runCheck(t, named(t, name), Memory()); len(findings) > 0 {
				t.Errorf("the check %q failed: %v", name, findings)
			}
		}
	}
}

func named(t *testing.T, name string) check {
	t.Helper()
	all := checks()
	i := slices.IndexFunc(all, func(c check) bool { return c.name == name })
	if i < 0 {
		t.Fatalf("no check has the name %q", name)
	}
	return all[i]
}

// mutant is a store that is broken in one way: the in-memory store behind a
// wrapper.
type mutant struct {
	breaks   string
	caughtBy []string
	wrap     func(persist.Store) persist.Store
}

func (m mutant) harness() Harness {
	h := Memory()
	open := h.Open
	h.Open = func() (persist.Store, error) {
		s, err := open()
		return m.wrap(s), err
	}
	return h
}

func mutants() []mutant {
	return []mutant{
		{"loses the second desk of a group",
			[]string{"a group of many desks is kept whole", "a group that builds on another sequence is fenced"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return s.Commit(l, persist.Group{Commits: g.Commits[:min(1, len(g.Commits))]})
			})},
		{"keeps the rows that a group deletes",
			[]string{"a row is set, replaced, deleted and set again"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return s.Commit(l, eachCommit(g, func(c *persist.DeskCommit) {
					c.Rows = slices.DeleteFunc(slices.Clone(c.Rows), func(r persist.Row) bool { return r.Value == nil })
				}))
			})},
		{"takes an empty value for a deletion",
			[]string{"an empty value is a value"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return s.Commit(l, eachCommit(g, func(c *persist.DeskCommit) {
					c.Rows = slices.Clone(c.Rows)
					for i := range c.Rows {
						if len(c.Rows[i].Value) == 0 {
							c.Rows[i].Value = nil
						}
					}
				}))
			})},
		{"loses headers",
			[]string{"headers come newest first and only where there is one"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return s.Commit(l, eachCommit(g, func(c *persist.DeskCommit) { c.Header = nil }))
			})},
		{"keeps the caller's slices until the outcome is asked for",
			[]string{"the caller may reuse its slices once Commit returns"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return &lazyPending{commit: sync.OnceValue(func() persist.Pending { return s.Commit(l, g) })}
			})},
		{"waits in Commit",
			[]string{"Commit does not wait for the storage"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return persist.Settled(s.Commit(l, g).Wait(context.Background()))
			})},
		{"answers before the sync",
			[]string{"Commit does not wait for the storage", "a crash keeps what was acknowledged and no part of a group"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				s.Commit(l, g)
				return persist.Settled(nil)
			})},
		{"takes a group of any size",
			[]string{"sizes above the limits are refused"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return forgive(s.Commit(l, g), persist.ErrTooLarge)
			})},
		{"takes malformed groups",
			[]string{"a malformed commit is refused", "a desk twice in a group is refused"},
			onCommit(func(s persist.Store, l persist.Lease, g persist.Group) persist.Pending {
				return forgive(s.Commit(l, g), persist.ErrInvalid)
			})},
		{"ignores the expected sequence",
			[]string{"a group that builds on another sequence is fenced", "two leases that write one desk are kept apart by its sequence"},
			func(s persist.Store) persist.Store { return &obliging{Store: s, last: map[string]uint64{}} }},
		{"ignores epochs",
			[]string{"a new leader fences the former", "partitions are led apart"},
			func(s persist.Store) persist.Store {
				return &leaderless{Store: s, now: map[persist.Partition]persist.Lease{}}
			}},
		{"goes on after a refused group",
			[]string{"a refused group ends its lease"},
			func(s persist.Store) persist.Store {
				return &stubborn{Store: s, own: map[persist.Lease]persist.Lease{}}
			}},
		{"does not wait for the former leader's groups",
			[]string{"Lead returns when the former leader's groups are decided"},
			func(s persist.Store) persist.Store { return hastyLead{s} }},
		seeThroughOn("Desks"),
		seeThroughOn("Load"),
		seeThroughOn("Get"),
		seeThroughOn("Journal"),
		seeThroughOn("Headers"),
		{"answers all when the first sync succeeds",
			[]string{"a group is shown when it is durable, and not those behind it"},
			func(s persist.Store) persist.Store { return &eager{Store: s} }},
		{"closes without closing",
			[]string{"a closed store refuses everything", "Close ends reads"},
			func(s persist.Store) persist.Store { return unclosed{s} }},
		{"closes before groups are decided",
			[]string{"Close waits for groups in flight"},
			func(s persist.Store) persist.Store { return hastyClose{s} }},
		{"forgets when it is closed",
			[]string{"everything acknowledged is there after reopening", "epochs rise across reopening and old leases stay fenced",
				"a crash between groups loses nothing"},
			func(persist.Store) persist.Store { return persist.NewMemory() }},
		{"shows rows in another order",
			[]string{"rows come in the order of kind and id"},
			func(s persist.Store) persist.Store { return backwards{s} }},
		{"shows rows of one instant and the state of another",
			[]string{"a read shows one instant whatever is committed meanwhile"},
			func(s persist.Store) persist.Store { return tornLoad{s} }},
		{"shows the record at the cursor again",
			[]string{"the journal is read from a cursor"},
			func(s persist.Store) persist.Store { return inclusive{s} }},
		{"shows headers oldest first",
			[]string{"headers come newest first and only where there is one"},
			func(s persist.Store) persist.Store { return oldestFirst{s} }},
		{"goes on when a callback stops",
			[]string{"a callback ends a read"},
			func(s persist.Store) persist.Store { return unstoppable{s} }},
		{"does not look at the context",
			[]string{"the end of the context ends a read"},
			func(s persist.Store) persist.Store { return patient{s} }},
		{"gives out its own memory",
			[]string{"Get gives a copy"},
			func(s persist.Store) persist.Store { return &sharing{Store: s, given: map[string][]byte{}} }},
		{"hides that it failed",
			[]string{"a failed group fails all later ones"},
			func(s persist.Store) persist.Store { return cheerful{s} }},
	}
}

// onCommit breaks Commit alone.
func onCommit(commit func(persist.Store, persist.Lease, persist.Group) persist.Pending) func(persist.Store) persist.Store {
	return func(s persist.Store) persist.Store { return commitMutant{s, commit} }
}

type commitMutant struct {
	persist.Store
	commit func(persist.Store, persist.Lease, persist.Group) persist.Pending
}

func (m commitMutant) Commit(l persist.Lease, g persist.Group) persist.Pending {
	return m.commit(m.Store, l, g)
}

// eachCommit returns a group with changed copies of its commits.
func eachCommit(g persist.Group, change func(*persist.DeskCommit)) persist.Group {
	commits := slices.Clone(g.Commits)
	for i := range commits {
		change(&commits[i])
	}
	return persist.Group{Commits: commits}
}

// forgive turns one reason of refusal into success.
func forgive(p persist.Pending, reason error) persist.Pending {
	if errors.Is(p.Wait(ended()), reason) {
		return persist.Settled(nil)
	}
	return p
}

type lazyPending struct{ commit func() persist.Pending }

func (p *lazyPending) Wait(ctx context.Context) error { return p.commit().Wait(ctx) }

// obliging makes every commit build on where its desk stands.
type obliging struct {
	persist.Store
	last map[string]uint64
}

func (m *obliging) Commit(l persist.Lease, g persist.Group) persist.Pending {
	return m.Store.Commit(l, eachCommit(g, func(c *persist.DeskCommit) {
		c.Expect = m.last[c.Desk]
		c.Seq = max(c.Seq, c.Expect+1)
		m.last[c.Desk] = c.Seq
	}))
}

// leaderless writes with whatever lease leads.
type leaderless struct {
	persist.Store
	now map[persist.Partition]persist.Lease
}

func (m *leaderless) Lead(ctx context.Context, p persist.Partition) (persist.Lease, error) {
	l, err := m.Store.Lead(ctx, p)
	m.now[p] = l
	return l, err
}

func (m *leaderless) Commit(l persist.Lease, g persist.Group) persist.Pending {
	return m.Store.Commit(m.now[l.Partition()], g)
}

// stubborn leads again when a group was refused, and keeps quiet about it.
type stubborn struct {
	persist.Store
	own map[persist.Lease]persist.Lease
}

func (m *stubborn) Commit(l persist.Lease, g persist.Group) persist.Pending {
	own := m.own[l]
	if own == nil {
		own = l
	}
	p := m.Store.Commit(own, g)
	if p.Wait(context.Background()) != nil {
		m.own[l], _ = m.Store.Lead(context.Background(), l.Partition())
	}
	return p
}

type hastyLead struct{ persist.Store }

func (m hastyLead) Lead(ctx context.Context, p persist.Partition) (persist.Lease, error) {
	l, err := m.Store.Lead(ended(), p)
	if errors.Is(err, context.Canceled) {
		return forged{}, nil
	}
	return l, err
}

// seeThrough has one read that answers from a store which was told everything
// and never waits.
type seeThrough struct {
	persist.Store
	read   string
	shadow *persist.Memory
	leases map[persist.Lease]persist.Lease
}

func seeThroughOn(read string) mutant {
	return mutant{"shows in " + read + " what is not durable", []string{"nothing is shown before it is durable"},
		func(s persist.Store) persist.Store {
			return &seeThrough{s, read, persist.NewMemory(), map[persist.Lease]persist.Lease{}}
		}}
}

func (m *seeThrough) Commit(l persist.Lease, g persist.Group) persist.Pending {
	if m.leases[l] == nil {
		m.leases[l], _ = m.shadow.Lead(context.Background(), l.Partition())
	}
	m.shadow.Commit(m.leases[l], g)
	return m.Store.Commit(l, g)
}

// behind returns the store that answers a read.
func (m *seeThrough) behind(read string) persist.Store {
	if read == m.read {
		return m.shadow
	}
	return m.Store
}

func (m *seeThrough) Desks(ctx context.Context, fn func(string, persist.State) error) error {
	return m.behind("Desks").Desks(ctx, fn)
}

func (m *seeThrough) Load(ctx context.Context, desk string, fn func(persist.Row) error) (persist.State, error) {
	return m.behind("Load").Load(ctx, desk, fn)
}

func (m *seeThrough) Get(ctx context.Context, desk string, kind byte, id []byte) ([]byte, error) {
	return m.behind("Get").Get(ctx, desk, kind, id)
}

func (m *seeThrough) Journal(ctx context.Context, desk string, after uint64, fn func(persist.Record) error) error {
	return m.behind("Journal").Journal(ctx, desk, after, fn)
}

func (m *seeThrough) Headers(ctx context.Context, desk string, fn func(persist.Header) error) error {
	return m.behind("Headers").Headers(ctx, desk, fn)
}

// eager answers every group with the outcome of the first one.
type eager struct {
	persist.Store
	first persist.Pending
}

func (m *eager) Commit(l persist.Lease, g persist.Group) persist.Pending {
	p := m.Store.Commit(l, g)
	if m.first == nil {
		m.first = p
	}
	return m.first
}

type unclosed struct{ persist.Store }

func (m unclosed) Close() error { return nil }

type hastyClose struct{ persist.Store }

func (m hastyClose) Close() error {
	go func() { _ = m.Store.Close() }()
	return nil
}

type backwards struct{ persist.Store }

func (m backwards) Load(ctx context.Context, desk string, fn func(persist.Row) error) (persist.State, error) {
	state, rows, err := loadAll(ctx, m.Store, desk)
	for _, r := range slices.Backward(rows) {
		if err == nil {
			err = fn(r)
		}
	}
	return state, err
}

type tornLoad struct{ persist.Store }

func (m tornLoad) Load(ctx context.Context, desk string, fn func(persist.Row) error) (persist.State, error) {
	if _, err := m.Store.Load(ctx, desk, fn); err != nil {
		return persist.State{}, err
	}
	return m.Store.Load(ctx, desk, func(persist.Row) error { return nil })
}

type inclusive struct{ persist.Store }

func (m inclusive) Journal(ctx context.Context, desk string, after uint64, fn func(persist.Record) error) error {
	return m.Store.Journal(ctx, desk, max(after, 1)-1, fn)
}

type oldestFirst struct{ persist.Store }

func (m oldestFirst) Headers(ctx context.Context, desk string, fn func(persist.Header) error) error {
	hs, err := headers(ctx, m.Store, desk)
	for _, h := range slices.Backward(hs) {
		if err == nil {
			err = fn(h)
		}
	}
	return err
}

type unstoppable struct{ persist.Store }

func (m unstoppable) Journal(ctx context.Context, desk string, after uint64, fn func(persist.Record) error) error {
	return m.Store.Journal(ctx, desk, after, func(r persist.Record) error { _ = fn(r); return nil })
}

type patient struct{ persist.Store }

func (m patient) Headers(_ context.Context, desk string, fn func(persist.Header) error) error {
	return m.Store.Headers(context.Background(), desk, fn)
}

type sharing struct {
	persist.Store
	given map[string][]byte
}

func (m *sharing) Get(ctx context.Context, desk string, kind byte, id []byte) ([]byte, error) {
	key := fmt.Sprint(desk, kind, string(id))
	if m.given[key] == nil {
		v, err := m.Store.Get(ctx, desk, kind, id)
		if err != nil {
			return nil, err
		}
		m.given[key] = v
	}
	return m.given[key], nil
}

type cheerful struct{ persist.Store }

func (cheerful) Health(context.Context) error { return nil }

// runCheck runs one check with a testing.TB that only takes notes.
func runCheck(t *testing.T, c check, h Harness) []string {
	rec := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer rec.cleanUp()
		defer rec.catch()
		c.run(newRig(rec, h, 2*time.Second))
	}()
	<-done
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return rec.findings
}

// recorder is a testing.TB whose failures are findings.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	findings []string
	cleanups []func()
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.findings = append(r.findings, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.findings) > 0
}

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *recorder) cleanUp() {
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
}

// catch takes the panic of a check that a broken store has led astray.
func (r *recorder) catch() {
	if p := recover(); p != nil {
		r.Errorf("panic: %v", p)
	}
}
