package persist

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Gate stands where a [Memory] store would have its disk. Sync is called once
// for each group, and for each new epoch, after the group was accepted; it
// returns at once and calls done, then or later and from any goroutine, with nil
// when the group shall be durable or with an error when its storage fails. A
// group becomes durable once done was called for it and for all groups before
// it. Tests use a gate to look at a store whose disk is slow or broken.
type Gate interface {
	Sync(done func(error))
}

// Memory is a [Store] that keeps everything in memory, the journal included,
// and forgets it with the process. It is meant for tests, examples, simulations
// and replays. It is safe for concurrent use and starts no goroutine.
type Memory struct {
	gate Gate // nil: durable as soon as accepted

	mu       sync.Mutex
	drained  sync.Cond // the last group in flight was decided
	ledger   *Ledger
	inFlight []*flight // in the order of acceptance
	failed   error
	closed   bool

	// What is durable.
	epochs map[Partition]Epoch
	desks  map[string]*memoryDesk
}

// flight is a group, or a new epoch, that was accepted and is not decided.
type flight struct {
	outcome *Outcome
	commits []DeskCommit
	lead    Lease // not nil: the epoch to keep
	synced  bool
	err     error
}

// memoryDesk is the durable content of one desk. Values and records are never
// changed in place, so that readers may hold them without the lock.
type memoryDesk struct {
	state   State
	rows    map[rowKey][]byte
	records []memoryRecord
}

type rowKey struct {
	kind byte
	id   string
}

type memoryRecord struct {
	expect, seq     uint64
	at              int64
	header, journal []byte
}

// NewMemory returns an empty store in which a group is durable as soon as it is
// accepted.
func NewMemory() *Memory { return NewMemoryBehind(nil) }

// NewMemoryBehind returns an empty store in which groups become durable when the
// gate says so; a nil gate says so at once.
func NewMemoryBehind(gate Gate) *Memory {
	return newMemory(gate, map[Partition]Epoch{}, map[string]*memoryDesk{})
}

func newMemory(gate Gate, epochs map[Partition]Epoch, desks map[string]*memoryDesk) *Memory {
	m := &Memory{gate: gate, ledger: NewLedger(), epochs: epochs, desks: desks}
	m.drained.L = &m.mu
	for p, e := range epochs {
		m.ledger.RestoreEpoch(p, e)
	}
	for name, d := range desks {
		m.ledger.RestoreDesk(name, d.state.Seq)
	}
	return m
}

// Lead implements [Store].
func (m *Memory) Lead(ctx context.Context, p Partition) (Lease, error) {
	m.mu.Lock()
	if err := m.usable(); err != nil {
		m.mu.Unlock()
		return nil, fmt.Errorf("persist: lead partition %d: %w", p, err)
	}
	l := m.ledger.Raise(p)
	f := &flight{outcome: NewOutcome(), lead: l}
	m.inFlight = append(m.inFlight, f)
	m.mu.Unlock()

	m.sync(f)
	if err := f.outcome.Wait(ctx); err != nil {
		return nil, fmt.Errorf("persist: lead partition %d: %w", p, err)
	}
	return l, nil
}

// Commit implements [Store].
func (m *Memory) Commit(l Lease, g Group) Pending {
	f, err := m.accept(l, g)
	if err != nil {
		return Settled(fmt.Errorf("persist: commit group: %w", err))
	}
	m.sync(f)
	return f.outcome
}

// Desks implements [Store].
func (m *Memory) Desks(ctx context.Context, fn func(desk string, s State) error) error {
	m.mu.Lock()
	if err := m.readable(ctx); err != nil {
		m.mu.Unlock()
		return fmt.Errorf("persist: read desks: %w", err)
	}
	states := make(map[string]State, len(m.desks))
	for name, d := range m.desks {
		states[name] = d.state
	}
	m.mu.Unlock()

	for _, name := range slices.Sorted(maps.Keys(states)) {
		if err := m.step(ctx, fn(name, states[name])); err != nil {
			return stopped(err)
		}
	}
	return nil
}

// Load implements [Store].
func (m *Memory) Load(ctx context.Context, desk string, fn func(Row) error) (State, error) {
	state, rows, err := m.rows(ctx, desk)
	if err != nil {
		return State{}, err
	}
	slices.SortFunc(rows, compareRows)
	for _, r := range rows {
		if err := m.step(ctx, fn(r)); err != nil {
			return state, stopped(err)
		}
	}
	return state, nil
}

// Get implements [Store].
func (m *Memory) Get(ctx context.Context, desk string, kind byte, id []byte) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.durable(ctx, desk)
	if err != nil {
		return nil, err
	}
	v, ok := d.rows[rowKey{kind, string(id)}]
	if !ok {
		return nil, fmt.Errorf("persist: get row %d/%x of desk %q: %w", kind, id, desk, ErrNotFound)
	}
	return bytes.Clone(v), nil
}

// Journal implements [Store].
func (m *Memory) Journal(ctx context.Context, desk string, after uint64, fn func(Record) error) error {
	records, err := m.records(ctx, desk)
	if err != nil {
		return err
	}
	first, exact := slices.BinarySearchFunc(records, after, func(r memoryRecord, seq uint64) int {
		return cmp.Compare(r.seq, seq)
	})
	if exact {
		first++
	}
	for _, r := range records[first:] {
		rec := Record{Expect: r.expect, Seq: r.seq, At: r.at, Journal: r.journal}
		if err := m.step(ctx, fn(rec)); err != nil {
			return stopped(err)
		}
	}
	return nil
}

// Headers implements [Store].
func (m *Memory) Headers(ctx context.Context, desk string, fn func(Header) error) error {
	records, err := m.records(ctx, desk)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(records) {
		if len(r.header) == 0 {
			continue
		}
		h := Header{Expect: r.expect, Seq: r.seq, At: r.at, Value: r.header}
		if err := m.step(ctx, fn(h)); err != nil {
			return stopped(err)
		}
	}
	return nil
}

// Health implements [Store].
func (m *Memory) Health(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.usable()
}

// Limits implements [Store].
func (m *Memory) Limits() Limits { return DefaultLimits() }

// Close implements [Store].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for len(m.inFlight) > 0 {
		m.drained.Wait()
	}
	return nil
}

// Reopen returns a store, behind the same gate, that holds what is durable in
// this one, as a process finds it that starts after a crash. If this store is
// still open, it is closed as by a crash: groups in flight are lost and answer
// ErrFailed. The stores share nothing that either changes.
func (m *Memory) Reopen() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.drop(fmt.Errorf("persist: store was reopened: %w", ErrFailed))
	desks := make(map[string]*memoryDesk, len(m.desks))
	for name, d := range m.desks {
		desks[name] = &memoryDesk{state: d.state, rows: maps.Clone(d.rows), records: slices.Clone(d.records)}
	}
	return newMemory(m.gate, maps.Clone(m.epochs), desks)
}

// accept checks a group, copies it and puts it in line.
func (m *Memory) accept(l Lease, g Group) (*flight, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(); err != nil {
		return nil, err
	}
	if err := g.Check(m.Limits()); err != nil {
		m.ledger.End(l, err)
		return nil, err
	}
	if err := m.ledger.Admit(l, g); err != nil {
		return nil, err
	}
	f := &flight{outcome: NewOutcome(), commits: cloneCommits(g.Commits)}
	m.inFlight = append(m.inFlight, f)
	return f, nil
}

// sync takes one accepted flight to the gate. It runs without the lock, for the
// gate may answer at once.
func (m *Memory) sync(f *flight) {
	if m.gate == nil {
		m.land(f, nil)
		return
	}
	m.gate.Sync(func(err error) { m.land(f, err) })
}

// land notes the gate's answer for one flight and decides all flights that have
// nothing undecided before them.
func (m *Memory) land(f *flight, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f.synced, f.err = true, err
	for len(m.inFlight) > 0 && m.inFlight[0].synced {
		head := m.inFlight[0]
		if head.err != nil {
			m.failed = fmt.Errorf("persist: %w: %w", head.err, ErrFailed)
			m.drop(m.failed)
			return
		}
		m.inFlight = m.inFlight[1:]
		m.keep(head)
		head.outcome.Settle(nil)
	}
	if len(m.inFlight) == 0 {
		m.drained.Broadcast()
	}
}

// drop decides every group in flight with an error.
func (m *Memory) drop(err error) {
	for _, f := range m.inFlight {
		f.outcome.Settle(err)
	}
	m.inFlight = nil
	m.drained.Broadcast()
}

// keep makes a flight durable.
func (m *Memory) keep(f *flight) {
	if f.lead != nil {
		m.epochs[f.lead.Partition()] = f.lead.Epoch()
	}
	for i := range f.commits {
		c := &f.commits[i]
		d := m.desks[c.Desk]
		if d == nil {
			d = &memoryDesk{rows: map[rowKey][]byte{}}
			m.desks[c.Desk] = d
		}
		d.keep(c)
	}
}

func (d *memoryDesk) keep(c *DeskCommit) {
	d.state = State{Seq: c.Seq, At: c.At}
	for _, r := range c.Rows {
		k := rowKey{r.Kind, string(r.ID)}
		if r.Value == nil {
			delete(d.rows, k)
		} else {
			d.rows[k] = r.Value
		}
	}
	if c.Seq > c.Expect {
		d.records = append(d.records, memoryRecord{c.Expect, c.Seq, c.At, c.Header, c.Journal})
	}
}

// usable says whether groups are taken.
func (m *Memory) usable() error {
	if m.closed {
		return ErrClosed
	}
	return m.failed
}

// readable says whether a read may start or go on.
func (m *Memory) readable(ctx context.Context) error {
	if m.closed {
		return ErrClosed
	}
	return context.Cause(ctx)
}

// durable returns a desk's durable content, which is empty for an unknown one.
func (m *Memory) durable(ctx context.Context, desk string) (*memoryDesk, error) {
	if err := m.readable(ctx); err != nil {
		return nil, fmt.Errorf("persist: read desk %q: %w", desk, err)
	}
	if d := m.desks[desk]; d != nil {
		return d, nil
	}
	return &memoryDesk{}, nil
}

// rows returns the rows as they stand, in no order.
func (m *Memory) rows(ctx context.Context, desk string) (State, []Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.durable(ctx, desk)
	if err != nil {
		return State{}, nil, err
	}
	rows := make([]Row, 0, len(d.rows))
	for k, v := range d.rows {
		rows = append(rows, Row{Kind: k.kind, ID: []byte(k.id), Value: v})
	}
	return d.state, rows, nil
}

// records returns the journal as it stands; later appends do not change it.
func (m *Memory) records(ctx context.Context, desk string) ([]memoryRecord, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, err := m.durable(ctx, desk)
	if err != nil {
		return nil, err
	}
	return d.records, nil
}

// step says whether a read goes on after a callback answered.
func (m *Memory) step(ctx context.Context, answer error) error {
	if answer != nil {
		return answer
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.readable(ctx)
}

// stopped turns a callback's wish to stop into success.
func stopped(err error) error {
	if errors.Is(err, ErrStop) {
		return nil
	}
	return err
}

func compareRows(a, b Row) int {
	if c := cmp.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	return bytes.Compare(a.ID, b.ID)
}

func cloneCommits(from []DeskCommit) []DeskCommit {
	to := slices.Clone(from)
	for i := range to {
		c := &to[i]
		c.Header, c.Journal = bytes.Clone(c.Header), bytes.Clone(c.Journal)
		c.Rows = slices.Clone(c.Rows)
		for j := range c.Rows {
			c.Rows[j].ID, c.Rows[j].Value = bytes.Clone(c.Rows[j].ID), bytes.Clone(c.Rows[j].Value)
		}
	}
	return to
}
