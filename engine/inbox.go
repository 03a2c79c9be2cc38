package engine

import (
	"sync"

	"github.com/yardmaster/yardmaster/engine/internal/loop"
)

// inbox is where everybody leaves what a partition's writer takes along at its
// next step. It has no bound of its own: commands are bounded by their desk's
// room, questions by those who wait for them, outcomes by the groups in flight.
type inbox struct {
	signal chan struct{} // holds one: something is here

	mu     sync.Mutex
	in     loop.In
	closed bool
}

func newInbox() *inbox { return &inbox{signal: make(chan struct{}, 1)} }

// open leaves a desk that was read; false after close.
func (b *inbox) open(d *loop.Desk) bool {
	return b.leave(func(in *loop.In) { in.Opened = append(in.Opened, d) })
}

// work leaves commands or a question; false after close.
func (b *inbox) work(w loop.Work) bool {
	return b.leave(func(in *loop.In) { in.Work = append(in.Work, w) })
}

// settled leaves an outcome, which is taken also after close.
func (b *inbox) settled(s loop.Settled) {
	b.mu.Lock()
	b.in.Settled = append(b.in.Settled, s)
	b.mu.Unlock()
	b.poke()
}

// close takes nothing more. What is here already will be served.
func (b *inbox) close() {
	b.leave(func(in *loop.In) { in.Close, b.closed = true, true })
}

// poke makes the writer step.
func (b *inbox) poke() {
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// take returns what is here and leaves an emptied earlier In in its place.
func (b *inbox) take(spare loop.In) loop.In {
	clear(spare.Opened)
	clear(spare.Work)
	clear(spare.Settled)
	b.mu.Lock()
	defer b.mu.Unlock()
	in := b.in
	b.in = loop.In{Opened: spare.Opened[:0], Work: spare.Work[:0], Settled: spare.Settled[:0]}
	return in
}

// leave puts something down unless the inbox is closed.
func (b *inbox) leave(put func(*loop.In)) bool {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return false
	}
	put(&b.in)
	b.mu.Unlock()
	b.poke()
	return true
}
