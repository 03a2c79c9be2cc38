package persisttest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/yardmaster/yardmaster/persist"
)

// durabilityChecks are about what is durable when, and what is left after the
// store or its medium has ended.
func durabilityChecks() []check {
	return []check{
		{name: "everything acknowledged is there after reopening", run: reopening},
		{name: "Commit does not wait for the storage", needs: []capability{holding}, run: commitDoesNotWait},
		{name: "nothing is shown before it is durable", needs: []capability{holding}, run: nothingBeforeDurable},
		{name: "a group is shown when it is durable, and not those behind it", needs: []capability{holding}, run: oneByOne},
		{name: "an outcome may be waited for by many, and given up by some", needs: []capability{holding}, run: manyWaiters},
		{name: "Close waits for groups in flight", needs: []capability{holding}, run: closeWaits},
		{name: "a closed store refuses everything", run: closedStore},
		{name: "Close ends reads", run: closeEndsReads},
		{name: "a failed group fails all later ones", needs: []capability{holding, failing}, run: failurePoisons},
		{name: "a store that failed can be reopened and written", needs: []capability{failing}, run: afterFailure},
		{name: "a crash keeps what was acknowledged and no part of a group", needs: []capability{holding, crashing}, run: crash},
		{name: "a crash in the midst of many groups keeps what was acknowledged", needs: []capability{crashing}, run: crashBusy},
		{name: "a crash between groups loses nothing", needs: []capability{crashing}, run: crashIdle},
	}
}

func reopening(r *rig) {
	for round := uint64(1); round <= 4; round++ {
		l := r.lead(1)
		for n := range uint64(10) {
			seq := (round-1)*10 + n + 1
			r.keep(l, put("a", seq, row(1, "x", fmt.Sprint(seq)), row(2, fmt.Sprint(seq), "v"), row(2, fmt.Sprint(seq-3))), put(fmt.Sprintf("b%d", round), n+1))
		}
		r.reopen()
		r.same()
	}
}

// inFlight commits groups that build on each other, without waiting.
func (r *rig) inFlight(l persist.Lease, first uint64, n int) ([]persist.Pending, []persist.Group) {
	r.Helper()
	var ps []persist.Pending
	var gs []persist.Group
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		for i := range uint64(n) {
			seq := first + i
			g := persist.Group{Commits: []persist.DeskCommit{
				put("a", seq, row(1, "x", fmt.Sprint(seq)), row(1, fmt.Sprint("gone ", seq-1)), row(1, fmt.Sprint("gone ", seq), "v")),
				put("b", seq, row(1, "x", fmt.Sprint(seq))),
				put(fmt.Sprintf("new-%d", seq), 1),
			}}
			ps, gs = append(ps, r.store.Commit(l, g)), append(gs, g)
		}
	}()
	r.await("Commit to return", returned)
	return ps, gs
}

func commitDoesNotWait(r *rig) {
	l := r.lead(1)
	held := r.medium.Hold()
	ps, gs := r.inFlight(l, 1, 20)
	r.await("a sync to be held", held)
	for i, p := range ps {
		if err := p.Wait(ended()); !errors.Is(err, context.Canceled) {
			r.Errorf("group %d is decided with the sync held back: %v", i, err)
		}
	}
	r.medium.Release()
	for i, p := range ps {
		if err := r.wait(p); err != nil {
			r.Fatalf("group %d: %v", i, err)
		}
		r.model.apply(gs[i])
	}
	r.same()
}

func nothingBeforeDurable(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "1"), row(1, "gone 1", "v")), put("b", 1))
	held := r.medium.Hold()
	ps, gs := r.inFlight(l, 2, 3)
	r.await("a sync to be held", held)
	for range 50 {
		r.same()
		if got, err := r.store.Get(r.ctx, "a", 1, []byte("gone 4")); !errors.Is(err, persist.ErrNotFound) {
			r.Fatalf("Get of a row that is not durable answered %q, %v", got, err)
		}
		if got, err := r.store.Get(r.ctx, "a", 1, []byte("x")); err != nil || string(got) != "1" {
			r.Fatalf("Get of a row whose change is not durable answered %q, %v", got, err)
		}
	}
	r.medium.Release()
	for i, p := range ps {
		if err := r.wait(p); err != nil {
			r.Fatalf("group %d: %v", i, err)
		}
		r.model.apply(gs[i])
	}
	r.same()
	if got, err := r.store.Get(r.ctx, "a", 1, []byte("gone 4")); err != nil || string(got) != "v" {
		r.Errorf("Get of a row that is durable answered %q, %v", got, err)
	}
}

// oneByOne lets one sync through while groups stand behind it: what is answered
// is what is shown.
func oneByOne(r *rig) {
	l := r.lead(1)
	held := r.medium.Hold()
	ps, gs := r.inFlight(l, 1, 1)
	r.await("the first sync to be held", held)
	more, behind := r.inFlight(l, 2, 2)
	ps, gs = append(ps, more...), append(gs, behind...)

	held = r.medium.Hold()
	if err := r.wait(ps[0]); err != nil {
		r.Fatalf("first group: %v", err)
	}
	r.await("the second sync to be held", held)
	for len(ps) > 0 && ps[0].Wait(ended()) == nil {
		r.model.apply(gs[0])
		ps, gs = ps[1:], gs[1:]
	}
	if len(ps) == 0 {
		r.Errorf("all groups are decided with the sync held back")
	}
	r.same()
}

func manyWaiters(r *rig) {
	l := r.lead(1)
	held := r.medium.Hold()
	ps, gs := r.inFlight(l, 1, 1)
	r.await("a sync to be held", held)
	var waiters sync.WaitGroup
	for range 10 {
		waiters.Go(func() {
			for range 2 {
				if err := ps[0].Wait(r.ctx); err != nil {
					r.Errorf("wait: %v", err)
				}
			}
		})
		waiters.Go(func() {
			ctx, cancel := context.WithCancel(r.ctx)
			cancel()
			if err := ps[0].Wait(ctx); err != nil && !errors.Is(err, context.Canceled) {
				r.Errorf("wait with an ended context: %v", err)
			}
		})
	}
	r.medium.Release()
	waiters.Wait()
	r.model.apply(gs[0])
	r.same()
}

func closeWaits(r *rig) {
	l := r.lead(1)
	held := r.medium.Hold()
	ps, gs := r.inFlight(l, 1, 3)
	r.await("a sync to be held", held)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		if err := r.store.Close(); err != nil {
			r.Errorf("close: %v", err)
		}
	}()
	r.notYet("Close returned with groups in flight", closed)
	r.medium.Release()
	r.await("Close", closed)
	for i, p := range ps {
		if err := p.Wait(ended()); err != nil {
			r.Errorf("Close returned before group %d was decided: %v", i, err)
		}
	}
	r.open()
	for _, g := range gs {
		r.model.apply(g)
	}
	r.same()
}

func closedStore(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "v")))
	for range 2 {
		if err := r.store.Close(); err != nil {
			r.Fatalf("close: %v", err)
		}
	}
	for name, err := range r.reads(r.ctx, func() error { return errGivenUp }) {
		if !errors.Is(err, persist.ErrClosed) {
			r.Errorf("%s of a closed store returned %v", name, err)
		}
	}
	if _, err := r.store.Get(r.ctx, "a", 1, []byte("x")); !errors.Is(err, persist.ErrClosed) {
		r.Errorf("Get of a closed store returned %v", err)
	}
	if _, err := r.store.Lead(r.ctx, 1); !errors.Is(err, persist.ErrClosed) {
		r.Errorf("Lead of a closed store returned %v", err)
	}
	if err := r.store.Health(r.ctx); !errors.Is(err, persist.ErrClosed) {
		r.Errorf("Health of a closed store returned %v", err)
	}
	r.refused(l, persist.ErrClosed, put("a", 2))
	r.open()
	r.same()
}

func closeEndsReads(r *rig) {
	l := r.lead(1)
	for seq := uint64(1); seq <= 3; seq++ {
		r.keep(l, put("a", seq, row(1, fmt.Sprint(seq), "v")))
	}
	reading, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		shown := 0
		_, err := r.store.Load(r.ctx, "a", func(persist.Row) error {
			if shown++; shown == 1 {
				close(reading)
			}
			for r.ctx.Err() == nil && !errors.Is(r.store.Health(r.ctx), persist.ErrClosed) {
				runtime.Gosched()
			}
			return nil
		})
		if !errors.Is(err, persist.ErrClosed) || shown != 1 {
			r.Errorf("a read that was under way showed %d rows and returned %v", shown, err)
		}
	}()
	r.await("a reader", reading)
	r.close()
	r.await("the reader to end", ended)
	r.open()
	r.same()
}

// prefix verifies that the store holds the model and the first of the groups
// that were in flight, each as a whole, and tells the model. Each group moves
// the desk "a", whose sequence tells how many they are.
func (r *rig) prefix(gs []persist.Group) {
	r.Helper()
	state, _, err := loadAll(r.ctx, r.store, "a")
	if err != nil {
		r.Fatalf("load: %v", err)
	}
	for _, g := range gs {
		if r.model["a"].State.Seq < state.Seq {
			r.model.apply(g)
		}
	}
	r.same()
}

func failurePoisons(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1, row(1, "x", "1")), put("b", 1))
	held := r.medium.Hold()
	ps, gs := r.inFlight(l, 2, 3)
	ps = append(ps, r.store.Commit(l, persist.Group{}))
	r.await("a sync to be held", held)
	r.medium.Fail()
	for i, p := range ps {
		if err := r.wait(p); !errors.Is(err, persist.ErrFailed) {
			r.Errorf("group %d in flight when the storage failed: %v", i, err)
		}
	}
	r.refused(l, persist.ErrFailed, put("a", 5))
	if _, err := r.store.Lead(r.ctx, 2); !errors.Is(err, persist.ErrFailed) {
		r.Errorf("Lead after a failure answered %v", err)
	}
	if err := r.store.Health(r.ctx); !errors.Is(err, persist.ErrFailed) {
		r.Errorf("Health after a failure answered %v", err)
	}
	r.same()
	r.reopen()
	r.prefix(gs)
}

func afterFailure(r *rig) {
	l := r.lead(1)
	r.keep(l, put("a", 1))
	r.medium.Fail()
	g := persist.Group{Commits: []persist.DeskCommit{put("a", 2), put("b", 1)}}
	if err := r.wait(r.store.Commit(l, g)); !errors.Is(err, persist.ErrFailed) {
		r.Errorf("commit on a failing medium answered %v", err)
	}
	r.reopen()
	r.prefix([]persist.Group{g})
	l = r.lead(1)
	r.keep(l, put("a", r.model["a"].State.Seq+1), put("c", 1))
	r.reopen()
	r.same()
}

func crash(r *rig) {
	for range 5 {
		l := r.lead(1)
		seq := r.model["a"].State.Seq
		r.keep(l, put("a", seq+1), put("b", seq+1))
		r.keep(l, put("a", seq+2), put("b", seq+2))
		held := r.medium.Hold()
		ps, gs := r.inFlight(l, seq+3, 4)
		r.await("a sync to be held", held)
		for len(ps) > 0 && ps[0].Wait(ended()) == nil {
			r.model.apply(gs[0])
			ps, gs = ps[1:], gs[1:]
		}
		r.medium.Crash()
		r.medium.Release()
		r.reopen()
		r.prefix(gs)
	}
}

func crashIdle(r *rig) {
	var epoch persist.Epoch
	for seq := uint64(1); seq <= 10; seq++ {
		l := r.lead(1)
		if l.Epoch() <= epoch {
			r.Errorf("epoch %d follows %d", l.Epoch(), epoch)
		}
		epoch = l.Epoch()
		r.keep(l, put("a", seq, row(1, "x", fmt.Sprint(seq)), row(2, fmt.Sprint(seq), "v")))
		r.medium.Crash()
		r.reopen()
		r.same()
	}
}

// crashBusy crashes while groups are committed and answered, at no special
// point.
func crashBusy(r *rig) {
	const inFlight = 3
	for round := range uint64(3) {
		l := r.lead(1)
		ps, gs := make(chan persist.Pending, inFlight), []persist.Group(nil)
		first := r.model["a"].State.Seq
		for n := range uint64(1_000) {
			gs = append(gs, persist.Group{Commits: []persist.DeskCommit{
				put("a", first+n+1, row(1, fmt.Sprint(n), "v")),
				put("b", first+n+1, row(1, "x", fmt.Sprint(first+n+1))),
			}})
		}
		go func() {
			defer close(ps)
			for _, g := range gs {
				ps <- r.store.Commit(l, g)
			}
		}()
		acknowledged, crashed := uint64(0), false
		for p := range ps {
			err := r.wait(p)
			if crashed {
				continue // the store goes on with a medium that nobody will read
			}
			if err != nil {
				r.Fatalf("commit: %v", err)
			}
			if acknowledged++; acknowledged == 50+round {
				r.medium.Crash()
				crashed = true
			}
		}
		for _, g := range gs[:acknowledged] {
			r.model.apply(g)
		}
		r.reopen()
		r.prefix(gs[acknowledged:])
	}
}
