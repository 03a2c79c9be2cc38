package persist

import (
	"context"
	"sync"
)

// Outcome is a [Pending] for those who write a store: the store settles it once,
// anybody waits for it. It is safe for concurrent use.
type Outcome struct {
	once sync.Once
	done chan struct{}
	err  error // written before done is closed
}

// NewOutcome returns an outcome that is not known yet.
func NewOutcome() *Outcome {
	return &Outcome{done: make(chan struct{})}
}

// Settled returns an outcome that is known: nil, or the reason of a refusal.
func Settled(err error) *Outcome {
	o := NewOutcome()
	o.Settle(err)
	return o
}

// Settle makes the outcome known. The first call counts, later ones do nothing.
func (o *Outcome) Settle(err error) {
	o.once.Do(func() {
		o.err = err
		close(o.done)
	})
}

// Wait implements [Pending]. A known outcome is returned even if ctx has ended.
func (o *Outcome) Wait(ctx context.Context) error {
	select {
	case <-o.done:
		return o.err
	default:
	}
	select {
	case <-o.done:
		return o.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
