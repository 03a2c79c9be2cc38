package persisttest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/persist"
)

// readChecks are about what reads show and how they end.
func readChecks() []check {
	return []check{
		{name: "rows come in the order of kind and id", run: rowOrder},
		{name: "desks come in the order of their names", run: deskOrder},
		{name: "the journal is read from a cursor", run: cursor},
		{name: "headers come newest first and only where there is one", run: headerOrder},
		{name: "Get gives a copy", run: getCopies},
		{name: "a name above the limit shows no other desk", run: overlongName},
		{name: "a callback ends a read", run: callbackEnds},
		{name: "the end of the context ends a read", run: contextEnds},
		{name: "a read shows one instant whatever is committed meanwhile", run: oneInstant},
		{name: "readers see whole groups, one after the other", run: concurrentReaders},
	}
}

func rowOrder(r *rig) {
	var rows []persist.Row
	for _, id := range []string{"b", "", "\xff", "a\x00", "10", "9", "a", "aa", "\x00"} {
		for _, kind := range []byte{7, 0, 255, 1} {
			rows = append(rows, row(kind, id, fmt.Sprintf("%d %q", kind, id)))
		}
	}
	l := r.lead(1)
	for i := range rows {
		r.keep(l, put("a", uint64(i)+1, rows[(i*23)%len(rows)]))
	}
	r.same()
}

func deskOrder(r *rig) {
	l := r.lead(1)
	for _, desk := range []string{"zebra", "b", "aa", "a", "\xff", "desk-10", "desk-9"} {
		r.keep(l, put(desk, 1))
	}
	r.same()
	var got []string
	err := r.store.Desks(r.ctx, func(desk string, _ persist.State) error {
		got = append(got, desk)
		return nil
	})
	want := []string{"a", "aa", "b", "desk-10", "desk-9", "zebra", "\xff"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		r.Errorf("desks (-want +got), error %v:\n%s", err, diff)
	}
}

func cursor(r *rig) {
	l := r.lead(1)
	r.keep(l, span("a", 0, 3), put("b", 1))
	r.keep(l, span("a", 3, 4))
	r.keep(l, span("a", 4, 10))
	for after, want := range map[uint64][]uint64{
		0: {3, 4, 10}, 1: {3, 4, 10}, 2: {3, 4, 10}, 3: {4, 10}, 4: {10}, 9: {10}, 10: nil, 11: nil, math.MaxUint64: nil,
	} {
		var got []uint64
		err := r.store.Journal(r.ctx, "a", after, func(rec persist.Record) error {
			got = append(got, rec.Seq)
			return nil
		})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			r.Errorf("records after %d (-want +got), error %v:\n%s", after, err, diff)
		}
	}
}

func headerOrder(r *rig) {
	l := r.lead(1)
	for seq := uint64(1); seq <= 6; seq++ {
		c := put("a", seq)
		if seq%3 == 0 {
			c.Header = nil
		}
		r.keep(l, c, put("b", seq))
	}
	r.same()
	var got []uint64
	err := r.store.Headers(r.ctx, "a", func(h persist.Header) error {
		got = append(got, h.Seq)
		return nil
	})
	if diff := cmp.Diff([]uint64{5, 4, 2, 1}, got); err != nil || diff != "" {
		r.Errorf("headers (-want +got), error %v:\n%s", err, diff)
	}
}

func getCopies(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "value")))
	for range 2 {
		got, err := r.store.Get(r.ctx, "a", 1, []byte("x"))
		if err != nil || string(got) != "value" {
			r.Fatalf("Get answered %q, %v", got, err)
		}
		copy(got, "spoil")
	}
	r.same()
}

// overlongName asks for names that a store which cuts their length to a byte
// would take for the desk "a" and the beginning of its rows.
func overlongName(r *rig) {
	r.keep(r.lead(1), put("a", 1, row('a', strings.Repeat("a", 300), "secret"), row('a', "a", "secret")))
	for n := r.store.Limits().DeskBytesMax + 1; n < 300; n++ {
		desk := strings.Repeat("a", n)
		if c := r.content(desk); diffModel(model{"a": {}}, model{"a": c}) != "" {
			r.Fatalf("a name of %d bytes shows %+v", n, c)
		}
		if v, err := r.store.Get(r.ctx, desk, 'a', []byte("a")); !errors.Is(err, persist.ErrNotFound) {
			r.Fatalf("Get with a name of %d bytes answered %q, %v", n, v, err)
		}
	}
}

// reads calls every read that has a callback, which answers to the first thing
// it is shown.
func (r *rig) reads(ctx context.Context, answer func() error) map[string]error {
	_, load := r.store.Load(ctx, "a", func(persist.Row) error { return answer() })
	return map[string]error{
		"Load":    load,
		"Desks":   r.store.Desks(ctx, func(string, persist.State) error { return answer() }),
		"Journal": r.store.Journal(ctx, "a", 0, func(persist.Record) error { return answer() }),
		"Headers": r.store.Headers(ctx, "a", func(persist.Header) error { return answer() }),
	}
}

func callbackEnds(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "v"), row(1, "y", "v")), put("b", 1))
	r.keep(l, put("a", 2))
	for _, c := range []struct{ answer, want error }{
		{persist.ErrStop, nil},
		{fmt.Errorf("enough: %w", persist.ErrStop), nil},
		{errGivenUp, errGivenUp},
	} {
		calls := 0
		for name, err := range r.reads(r.ctx, func() error { calls++; return c.answer }) {
			if !errors.Is(err, c.want) {
				r.Errorf("%s whose callback answered %v returned %v", name, c.answer, err)
			}
		}
		if calls != 4 {
			r.Errorf("callbacks that answered %v were called %d times, want once for each of 4 reads", c.answer, calls)
		}
	}
}

func contextEnds(r *rig) {
	r.keep(r.lead(1), put("a", 1, row(1, "x", "v")))
	for name, err := range r.reads(ended(), func() error { return nil }) {
		if !errors.Is(err, context.Canceled) {
			r.Errorf("%s with an ended context returned %v", name, err)
		}
	}
	if _, err := r.store.Get(ended(), "a", 1, []byte("x")); !errors.Is(err, context.Canceled) {
		r.Errorf("Get with an ended context returned %v", err)
	}
}

// oneInstant commits from within each read: what the read shows from there on
// must not contain it.
func oneInstant(r *rig) {
	l := r.lead(1)
	seq := uint64(0)
	change := func() error {
		seq++
		r.keep(l,
			put("a", seq, row(1, "first", fmt.Sprint(seq)), row(1, "last", fmt.Sprint(seq)), row(2, fmt.Sprint(seq), "v")),
			put("z", seq), put(fmt.Sprintf("zz-%d", seq), 1))
		return nil
	}
	_, _ = change(), change()

	before, got := r.model["a"], content{}
	state, err := r.store.Load(r.ctx, "a", func(row persist.Row) error {
		got.Rows = append(got.Rows, cloneRow(row))
		return change()
	})
	got.State = state
	r.instant("Load", err, content{State: before.State, Rows: before.Rows}, got)

	before, got = r.model["a"], content{}
	err = r.store.Journal(r.ctx, "a", 0, func(rec persist.Record) error {
		rec.Journal = clone(rec.Journal)
		got.Records = append(got.Records, rec)
		return change()
	})
	r.instant("Journal", err, content{Records: before.Records}, got)

	before, got = r.model["a"], content{}
	err = r.store.Headers(r.ctx, "a", func(h persist.Header) error {
		h.Value = clone(h.Value)
		got.Headers = append(got.Headers, h)
		return change()
	})
	r.instant("Headers", err, content{Headers: before.Headers}, got)

	want, desks := model{}, model{}
	for desk, c := range r.model {
		want[desk] = content{State: c.State}
	}
	err = r.store.Desks(r.ctx, func(desk string, s persist.State) error {
		desks[desk] = content{State: s}
		return change()
	})
	if diff := diffModel(want, desks); err != nil || diff != "" {
		r.Errorf("Desks during commits (-want +got), error %v:\n%s", err, diff)
	}
	r.same()
}

// instant compares what a read showed with what the desk was when it began.
func (r *rig) instant(read string, err error, want, got content) {
	r.Helper()
	if diff := diffModel(model{"a": want}, model{"a": got}); err != nil || diff != "" {
		r.Errorf("%s during commits (-want +got), error %v:\n%s", read, err, diff)
	}
}

// concurrentReaders keeps two rows of a desk and its sequence equal in every
// group; a reader that sees them differ, or go back, saw a part of a group.
func concurrentReaders(r *rig) {
	const groups = 200
	l := r.lead(1)
	var acknowledged atomic.Uint64
	var readers sync.WaitGroup
	stop, cancel := context.WithCancel(r.ctx)
	defer cancel()
	for range 3 {
		readers.Go(func() {
			var last uint64
			for stop.Err() == nil && !r.Failed() {
				last = r.readWhole(acknowledged.Load(), last)
			}
		})
	}
	for seq := uint64(1); seq <= groups; seq++ {
		v := fmt.Sprint(seq)
		r.keep(l, put("a", seq, row(1, "x", v), row(9, "y", v)), put("b", seq))
		acknowledged.Store(seq)
	}
	cancel()
	readers.Wait()
	r.same()
}

// readWhole loads the desk once and returns its sequence.
func (r *rig) readWhole(acknowledged, last uint64) uint64 {
	state, rows, err := loadAll(r.ctx, r.store, "a")
	if err != nil {
		r.Errorf("load: %v", err)
		return last
	}
	if state.Seq < acknowledged || state.Seq < last {
		r.Errorf("read sequence %d after %d was acknowledged and %d was read", state.Seq, acknowledged, last)
	}
	for _, row := range rows {
		if string(row.Value) != fmt.Sprint(state.Seq) {
			r.Errorf("row %q holds %s at sequence %d", row.ID, row.Value, state.Seq)
		}
	}
	records, err := journalAfter(r.ctx, r.store, "a", last)
	if err != nil {
		r.Errorf("journal: %v", err)
	}
	for i, rec := range records {
		if rec.Seq != last+uint64(i)+1 {
			r.Errorf("record %d follows sequence %d with %d between", rec.Seq, last, i)
		}
	}
	return state.Seq
}

// errGivenUp is an error that no store knows.
var errGivenUp = errors.New("given up")

// ended is a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
