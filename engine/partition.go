package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
	"github.com/yardmaster/yardmaster/persist"
)

// partition carries the ins and outs of one loop, with two goroutines:
//
//	the writer makes the loop's steps and carries out their effects;
//	the waiter waits for the store's outcomes, one after the other.
//
// The writer ends when the loop is drained, the waiter when the writer has
// ended and the groups in flight are decided. Every field without a note is the
// writer's alone.
type partition struct {
	number   int
	store    persist.Store
	lease    persist.Lease
	clock    Clock
	folds    []Fold
	observer Observer

	inbox  *inbox // anybody's
	loop   *loop.Loop
	alarm  alarm
	desks  []*Desk // opened, in order
	failed atomic.Pointer[error]

	flights chan flight // from the writer to the waiter
	sent    [loop.InFlightMax + 1]time.Time
	done    chan struct{} // closed when both goroutines have ended
}

// flight is a group at the store.
type flight struct {
	number  uint64
	pending persist.Pending
}

func newPartition(store persist.Store, lease persist.Lease, opts Options) *partition {
	p := &partition{
		number: int(lease.Partition()), store: store, lease: lease,
		clock: opts.Clock, folds: opts.Folds, observer: opts.Observer,
		inbox: newInbox(),
		loop: loop.New(loop.Options{
			TimeFromInputs: opts.TimeFromInputs,
			GroupBytesMax:  store.Limits().GroupBytesMax / 4,
		}),
		flights: make(chan flight, loop.InFlightMax),
		done:    make(chan struct{}),
	}
	p.alarm = alarm{clock: opts.Clock, wake: p.inbox.poke}
	return p
}

// start starts the two goroutines. They carry labels, so that profiles and
// goroutine dumps name them.
func (p *partition) start() {
	named := func(role string, f func()) {
		labels := pprof.Labels("yardmaster", role, "partition", strconv.Itoa(p.number))
		pprof.Do(context.Background(), labels, func(context.Context) { f() })
	}
	waited := make(chan struct{})
	go named("waiter", func() {
		defer close(waited)
		p.await()
	})
	go named("writer", func() {
		defer close(p.done)
		p.write()
		close(p.flights)
		<-waited
	})
}

// wait returns when both goroutines have ended.
func (p *partition) wait(ctx context.Context) error {
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// failure returns why the partition stopped, or nil. Anybody may ask.
func (p *partition) failure() error {
	if err := p.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// write is the writer: it steps whenever something is in the inbox.
func (p *partition) write() {
	var in loop.In
	var out loop.Out
	for !out.Drained {
		if !out.More {
			<-p.inbox.signal
		}
		in = p.inbox.take(in)
		now := p.clock.Now()
		in.Now = core.At(now)
		for _, d := range in.Opened {
			p.admit(owner(d))
		}
		p.step(in, &out)
		p.perform(&out, now)
	}
	p.alarm.clear()
	for _, d := range p.desks {
		d.feed.end(ErrClosed)
	}
}

// admit notes a desk whose readers are to be told of the partition's end.
func (p *partition) admit(d *Desk) {
	p.desks = append(p.desks, d)
	if err := p.failure(); err != nil {
		d.feed.end(err)
	}
}

// step makes the loop's step. A panic is a broken invariant of a desk, whose
// state in memory can no longer be trusted: the partition fails, nothing half
// applied is committed or answered, and the rest of the process goes on.
func (p *partition) step(in loop.In, out *loop.Out) {
	defer func() {
		if broken := recover(); broken != nil {
			err := fmt.Errorf("%w: broken invariant: %v", ErrFailed, broken)
			p.fail(err, debug.Stack())
			p.loop.Fail(err, out)
		}
	}()
	p.loop.Step(in, out)
}

// perform carries out the effects of a step, in their order.
func (p *partition) perform(out *loop.Out, now time.Time) {
	if out.Err != nil && p.failure() == nil {
		p.fail(out.Err, nil)
	}
	for _, effect := range out.Effects {
		switch effect := effect.(type) {
		case loop.Commit:
			p.sent[effect.Number%uint64(len(p.sent))] = now
			p.flights <- flight{effect.Number, p.store.Commit(p.lease, effect.Group)}
		case loop.Publish:
			owner(effect.Desk).snapshot.Store(effect.Snapshot)
		case loop.Fold:
			p.fold(effect)
		case loop.Feed:
			owner(effect.Desk).feed.publish(effect.Entries)
		case loop.Answers:
			p.answer(effect)
		case loop.Views:
			p.show(effect)
		case loop.Durable:
			p.report(effect, now)
		}
	}
	if out.Wake != 0 {
		p.alarm.set(now, out.Wake.Time())
	}
}

func owner(d *loop.Desk) *Desk { return d.Owner().(*Desk) }

func (p *partition) fold(f loop.Fold) {
	if len(f.Entries) == 0 {
		return
	}
	for _, fold := range p.folds {
		fold.Fold(f.Desk.ID(), f.Entries)
	}
}

func (p *partition) answer(answers loop.Answers) {
	for _, a := range answers {
		a.Token.(*Batch).settle(a, p.explain(a.Err))
	}
}

func (p *partition) show(views loop.Views) {
	for _, v := range views {
		v.Err = p.explain(v.Err)
		v.Token.(reader) <- v
	}
}

// explain returns the error that callers see instead of the loop's.
func (p *partition) explain(err error) error {
	if err == nil {
		return nil
	}
	return p.failure()
}

func (p *partition) report(d loop.Durable, now time.Time) {
	if told := p.observer.GroupDurable; told != nil {
		took := now.Sub(p.sent[d.Number%uint64(len(p.sent))])
		told(GroupDurable{Partition: p.number, Desks: d.Desks, Commands: d.Commands, Bytes: d.Bytes, Took: took})
	}
}

// fail notes why the partition stops, and tells everybody who listens.
func (p *partition) fail(cause error, stack []byte) {
	if !errors.Is(cause, ErrFailed) {
		cause = fmt.Errorf("%w: %w", ErrFailed, cause)
	}
	p.failed.Store(&cause)
	for _, d := range p.desks {
		d.feed.end(cause)
	}
	if told := p.observer.PartitionFailed; told != nil {
		told(PartitionFailed{Partition: p.number, Err: cause, Stack: stack})
	}
}

// await is the waiter: the store decides groups in their order, so they are
// waited for in it.
func (p *partition) await() {
	for f := range p.flights {
		p.inbox.settled(loop.Settled{Number: f.number, Err: f.pending.Wait(context.Background())})
	}
}
