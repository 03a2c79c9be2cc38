package persisttest

import (
	"context"
	"sync"

	"github.com/yardmaster/yardmaster/persist"
)

// fenceChecks are about who may write.
func fenceChecks() []check {
	return []check{
		{name: "a new leader fences the former", run: newLeader},
		{name: "partitions are led apart", run: partitionsApart},
		{name: "epochs rise across reopening and old leases stay fenced", run: epochsRise},
		{name: "Lead returns when the former leader's groups are decided", needs: []capability{holding}, run: leadWaits},
		{name: "a Lead that is given up leaves the store usable", needs: []capability{holding}, run: leadGivenUp},
		{name: "a lease that the store did not give is fenced", run: foreignLease},
		{name: "a group that builds on another sequence is fenced", run: wrongSequence},
		{name: "two leases that write one desk are kept apart by its sequence", run: sharedDesk},
		{name: "a group may build on one in flight", run: pipelined},
		{name: "leases commit at the same time", run: leasesTogether},
	}
}

func newLeader(r *rig) {
	former := r.lead(1)
	r.keep(former, put("a", 1, row(1, "x", "former")))
	latter := r.lead(1)
	if former.Partition() != 1 || latter.Partition() != 1 || former.Epoch() < 1 || latter.Epoch() <= former.Epoch() {
		r.Errorf("epochs %d and %d of partitions %d and %d", former.Epoch(), latter.Epoch(), former.Partition(), latter.Partition())
	}
	r.refused(former, persist.ErrFenced, put("a", 2, row(1, "x", "stale")))
	r.same()
	r.keep(latter, put("a", 2, row(1, "x", "latter")))
	r.refused(former, persist.ErrFenced, put("b", 1))
	r.same()
}

func partitionsApart(r *rig) {
	one, two := r.lead(1), r.lead(2)
	r.keep(one, put("a", 1))
	r.lead(1)
	r.keep(two, put("b", 1))
	r.refused(one, persist.ErrFenced, put("a", 2))
	r.refused(two, persist.ErrFenced, put("b", 1))
	r.same()
}

func epochsRise(r *rig) {
	var last persist.Epoch
	var old persist.Lease
	for seq := uint64(1); seq <= 3; seq++ {
		l := r.lead(7)
		if l.Epoch() <= last {
			r.Errorf("epoch %d follows %d", l.Epoch(), last)
		}
		if old != nil {
			r.refused(old, persist.ErrFenced, put("a", seq))
		}
		r.keep(l, put("a", seq))
		old, last = l, l.Epoch()
		r.reopen()
		r.refused(old, persist.ErrFenced, put("a", seq+1))
	}
	r.same()
}

func leadWaits(r *rig) {
	former := r.lead(1)
	held := r.medium.Hold()
	inFlight := persist.Group{Commits: []persist.DeskCommit{put("a", 1, row(1, "x", "in flight"))}}
	p := r.store.Commit(former, inFlight)
	r.await("a sync to be held", held)
	if l, err := r.store.Lead(ended(), 1); err == nil {
		r.Errorf("Lead returned %v, with a group of the former leader in flight", l)
	}
	r.medium.Release()
	r.lead(1)
	if err := p.Wait(ended()); err != nil {
		r.Errorf("Lead returned before the former leader's group was decided: %v", err)
	}
	r.model.apply(inFlight)
	r.same()
}

func leadGivenUp(r *rig) {
	r.keep(r.lead(1), put("a", 1))
	held := r.medium.Hold()
	ctx, cancel := context.WithCancelCause(r.ctx)
	go func() {
		<-held
		cancel(errGivenUp)
	}()
	if l, err := r.store.Lead(ctx, 1); err == nil {
		r.Errorf("Lead returned %v with the sync held back", l)
	}
	r.medium.Release()
	r.keep(r.lead(1), put("a", 2))
	r.same()
}

func foreignLease(r *rig) {
	genuine := r.lead(1)
	r.refused(forged{genuine}, persist.ErrFenced, put("a", 1))
	r.refused(nil, persist.ErrFenced, put("a", 1))
	r.keep(genuine, put("a", 1))
	r.same()
}

// forged is a lease of the right partition and epoch that no store gave.
type forged struct{ persist.Lease }

func wrongSequence(r *rig) {
	r.keep(r.lead(1), put("a", 1), put("b", 1))
	for _, c := range []persist.DeskCommit{
		put("a", 1, row(1, "x", "repeated")),
		put("a", 3, row(1, "x", "ahead")),
		span("a", 0, 2, row(1, "x", "overlapping")),
		put("new", 2, row(1, "x", "not from the start")),
		{Desk: "a", Rows: []persist.Row{row(1, "x", "rows alone")}},
	} {
		r.refused(r.lead(1), persist.ErrFenced, put("b", 2, row(1, "x", "innocent")), c, put("c", 1))
		r.same()
	}
	r.keep(r.lead(1), put("a", 2), put("b", 2), put("c", 1))
	r.same()
}

func sharedDesk(r *rig) {
	one, two := r.lead(1), r.lead(2)
	r.keep(one, put("a", 1, row(1, "x", "one")))
	r.keep(two, put("a", 2, row(1, "x", "two")))
	r.refused(one, persist.ErrFenced, put("a", 2, row(1, "x", "late")))
	r.same()
}

func pipelined(r *rig) {
	l := r.lead(1)
	var ps []persist.Pending
	for seq := uint64(1); seq <= 100; seq++ {
		g := persist.Group{Commits: []persist.DeskCommit{put("a", seq, row(1, "x", "v"), row(2, string(rune(seq)), "v")), put("b", seq)}}
		ps = append(ps, r.store.Commit(l, g))
		r.model.apply(g)
	}
	if err := r.wait(ps[len(ps)-1]); err != nil {
		r.Fatalf("last group: %v", err)
	}
	for i, p := range ps {
		if err := p.Wait(ended()); err != nil {
			r.Fatalf("group %d is not durable, the last one is: %v", i, err)
		}
	}
	r.same()
}

func leasesTogether(r *rig) {
	var all sync.WaitGroup
	for part := range persist.Partition(4) {
		desk := string(rune('a' + part))
		l := r.lead(part)
		for seq := uint64(1); seq <= 50; seq++ {
			r.model.apply(persist.Group{Commits: []persist.DeskCommit{put(desk, seq, row(1, "x", desk))}})
		}
		all.Go(func() {
			for seq := uint64(1); seq <= 50; seq++ {
				g := persist.Group{Commits: []persist.DeskCommit{put(desk, seq, row(1, "x", desk))}}
				if err := r.store.Commit(l, g).Wait(r.ctx); err != nil {
					r.Errorf("partition %d: %v", part, err)
					return
				}
			}
		})
	}
	all.Wait()
	r.same()
}
