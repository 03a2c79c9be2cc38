package persisttest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yardmaster/yardmaster/persist"
)

// rig is what a check works with: the open store, and a model of what it must
// hold.
type rig struct {
	testing.TB
	medium Harness
	ctx    context.Context
	store  persist.Store
	model  model
}

func newRig(t testing.TB, h Harness, patience time.Duration) *rig {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	r := &rig{TB: t, medium: h, ctx: ctx, model: model{}}
	r.open()
	t.Cleanup(func() {
		defer cancel()
		if h.Release != nil {
			h.Release()
		}
		r.close()
	})
	return r
}

// open opens the store on the medium as it is.
func (r *rig) open() {
	r.Helper()
	s, err := r.medium.Open()
	if err != nil {
		r.Fatalf("open: %v", err)
	}
	r.store = s
}

// close closes the store. Its error is not looked at: after a failure of the
// medium a store may have something to say.
func (r *rig) close() { _ = r.store.Close() }

func (r *rig) reopen() {
	r.Helper()
	r.close()
	r.open()
}

func (r *rig) lead(p persist.Partition) persist.Lease {
	r.Helper()
	l, err := r.store.Lead(r.ctx, p)
	if err != nil {
		r.Fatalf("lead partition %d: %v", p, err)
	}
	return l
}

// keep commits a group that must become durable, and tells the model.
func (r *rig) keep(l persist.Lease, commits ...persist.DeskCommit) {
	r.Helper()
	g := persist.Group{Commits: commits}
	if err := r.wait(r.store.Commit(l, g)); err != nil {
		r.Fatalf("commit: %v", err)
	}
	r.model.apply(g)
}

// refused commits a group that must not be written, for the reason given.
func (r *rig) refused(l persist.Lease, reason error, commits ...persist.DeskCommit) {
	r.Helper()
	if err := r.wait(r.store.Commit(l, persist.Group{Commits: commits})); !errors.Is(err, reason) {
		r.Errorf("commit answered %v, want %v", err, reason)
	}
}

// wait returns the outcome of a group, and gives up with the rig's patience.
func (r *rig) wait(p persist.Pending) error {
	r.Helper()
	err := p.Wait(r.ctx)
	if r.ctx.Err() != nil {
		r.Fatalf("no outcome: %v", err)
	}
	return err
}

// await waits for a channel to be closed.
func (r *rig) await(what string, c <-chan struct{}) {
	r.Helper()
	select {
	case <-c:
	case <-r.ctx.Done():
		r.Fatalf("waited in vain for %s", what)
	}
}

// notYet gives what must not happen the time to happen. It never fails a store
// that is right, however slow the machine is.
func (r *rig) notYet(what string, c <-chan struct{}) {
	r.Helper()
	select {
	case <-c:
		r.Errorf("%s", what)
	case <-time.After(20 * time.Millisecond):
	}
}

// same verifies that everything that the store shows is what the model holds.
func (r *rig) same() {
	r.Helper()
	if diff := diffModel(r.model, r.everything()); diff != "" {
		r.Fatalf("the store shows (-want +got):\n%s", diff)
	}
}

// everything reads the whole store.
func (r *rig) everything() model {
	r.Helper()
	got := model{}
	var names []string
	err := r.store.Desks(r.ctx, func(desk string, s persist.State) error {
		names = append(names, desk)
		got[desk] = content{State: s}
		return nil
	})
	if err != nil {
		r.Fatalf("desks: %v", err)
	}
	for _, desk := range names {
		got[desk] = r.content(desk)
	}
	return got
}

// content reads everything of one desk.
func (r *rig) content(desk string) content {
	r.Helper()
	var c content
	var err error
	if c.State, c.Rows, err = loadAll(r.ctx, r.store, desk); err != nil {
		r.Fatalf("load desk %q: %v", desk, err)
	}
	if c.Records, err = journalAfter(r.ctx, r.store, desk, 0); err != nil {
		r.Fatalf("journal of desk %q: %v", desk, err)
	}
	if c.Headers, err = headers(r.ctx, r.store, desk); err != nil {
		r.Fatalf("headers of desk %q: %v", desk, err)
	}
	return c
}

func loadAll(ctx context.Context, s persist.Store, desk string) (persist.State, []persist.Row, error) {
	var rows []persist.Row
	state, err := s.Load(ctx, desk, func(r persist.Row) error {
		rows = append(rows, cloneRow(r))
		return nil
	})
	return state, rows, err
}

func journalAfter(ctx context.Context, s persist.Store, desk string, after uint64) ([]persist.Record, error) {
	var records []persist.Record
	err := s.Journal(ctx, desk, after, func(rec persist.Record) error {
		rec.Journal = clone(rec.Journal)
		records = append(records, rec)
		return nil
	})
	return records, err
}

func headers(ctx context.Context, s persist.Store, desk string) ([]persist.Header, error) {
	var hs []persist.Header
	err := s.Headers(ctx, desk, func(h persist.Header) error {
		h.Value = clone(h.Value)
		hs = append(hs, h)
		return nil
	})
	return hs, err
}

// put is a commit of one new entry with a header and a journal of its own, so
// that what is mixed up shows.
func put(desk string, seq uint64, rows ...persist.Row) persist.DeskCommit {
	return span(desk, seq-1, seq, rows...)
}

// span is a commit of the entries (expect, seq].
func span(desk string, expect, seq uint64, rows ...persist.Row) persist.DeskCommit {
	return persist.DeskCommit{
		Desk: desk, Expect: expect, Seq: seq, At: int64(1_000 * seq), Rows: rows,
		Header:  fmt.Appendf(nil, "header of %q, (%d, %d]", desk, expect, seq),
		Journal: fmt.Appendf(nil, "journal of %q, (%d, %d]", desk, expect, seq),
	}
}

// row is a row with an id and a value, or a deletion if the value is missing.
func row(kind byte, id string, value ...string) persist.Row {
	r := persist.Row{Kind: kind, ID: []byte(id)}
	if len(value) > 0 {
		r.Value = []byte(value[0])
	}
	return r
}

func cloneRow(r persist.Row) persist.Row {
	return persist.Row{Kind: r.Kind, ID: clone(r.ID), Value: clone(r.Value)}
}

// clone copies bytes that are valid during a callback only; nil and empty are
// told apart.
func clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

// diffModel compares bytes as text, which is quick and can be read; it takes
// nil and empty as the same.
func diffModel(want, got model) string {
	text := cmp.Transformer("text", func(b []byte) string { return string(b) })
	lists := func(p cmp.Path) bool { return p.Last().Type() != reflect.TypeFor[[]byte]() }
	return cmp.Diff(want, got, text, cmp.FilterPath(lists, cmpopts.EquateEmpty()))
}
