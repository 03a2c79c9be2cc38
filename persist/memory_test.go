package persist_test

import (
	"context"
	"errors"
	"testing"

	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/persisttest"
)

func TestMemoryKeepsContract(t *testing.T) {
	persisttest.Run(t, func(*testing.T) persisttest.Harness { return persisttest.Memory() })
}

func TestMemoryReopensApart(t *testing.T) {
	ctx := context.Background()
	first := persist.NewMemory()
	commit(t, first, persist.DeskCommit{Desk: "a", Seq: 1, Rows: []persist.Row{{Kind: 1, Value: []byte("v")}}})
	second, third := first.Reopen(), first.Reopen()
	commit(t, second, persist.DeskCommit{Desk: "a", Expect: 1, Seq: 2, Rows: []persist.Row{{Kind: 1}}})
	if got, err := third.Get(ctx, "a", 1, nil); err != nil || string(got) != "v" {
		t.Errorf("a row that the second store deleted: the third has %q, %v", got, err)
	}
	if _, err := first.Lead(ctx, 1); !errors.Is(err, persist.ErrClosed) {
		t.Errorf("the first store still leads: %v", err)
	}
}

func TestMemoryReopenLosesWhatIsInFlight(t *testing.T) {
	ctx := context.Background()
	var latch persisttest.Latch
	m := persist.NewMemoryBehind(&latch)
	lease, err := m.Lead(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	latch.Hold()
	p := m.Commit(lease, group(step("a", 0, 1)))
	again := m.Reopen()
	if err := p.Wait(ctx); !errors.Is(err, persist.ErrFailed) {
		t.Errorf("a group in flight when the store was reopened answered %v", err)
	}
	latch.Release() // the sync of the lost group succeeds too late
	if state, err := again.Load(ctx, "a", func(persist.Row) error { return nil }); err != nil || state.Seq != 0 {
		t.Errorf("the lost group shows: %+v, %v", state, err)
	}
}

// backlog is a gate whose syncs the test answers, in any order, once it is
// told to keep them.
type backlog struct {
	keep bool
	done []func(error)
}

func (b *backlog) Sync(done func(error)) {
	if b.keep {
		b.done = append(b.done, done)
		return
	}
	done(nil)
}

func TestMemoryDecidesInOrderWhateverTheGate(t *testing.T) {
	ctx := context.Background()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	gate := &backlog{}
	m := persist.NewMemoryBehind(gate)
	lease, err := m.Lead(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	gate.keep = true
	var ps []persist.Pending
	for seq := range uint64(3) {
		ps = append(ps, m.Commit(lease, group(step("a", seq, seq+1))))
	}
	gate.done[2](nil)
	gate.done[1](nil)
	for i, p := range ps {
		if err := p.Wait(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("group %d is decided before the first: %v", i, err)
		}
	}
	gate.done[0](nil)
	for i, p := range ps {
		if err := p.Wait(ended); err != nil {
			t.Errorf("group %d: %v", i, err)
		}
	}
}

func commit(t *testing.T, s persist.Store, c persist.DeskCommit) {
	t.Helper()
	lease, err := s.Lead(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(lease, group(c)).Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
}
