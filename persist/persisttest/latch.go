package persisttest

import (
	"errors"
	"sync"

	"github.com/yardmaster/yardmaster/persist"
)

// ErrDisk is the error with which a failing [Latch] answers.
var ErrDisk = errors.New("persisttest: the disk failed")

// Latch is a [persist.Gate] that lets groups through, holds them or fails them.
// The zero value lets them through. It is safe for concurrent use.
//
//	         Hold                Fail
//	through ──────▶ holding ──────────────▶ failing
//	    ▲ ◀────────    │ Release                │
//	    └──────────────┴────────────────────────┘ Mend
type Latch struct {
	mu      sync.Mutex
	held    chan struct{} // not nil while holding; closed when a sync waits
	waiting []func(error)
	failing bool
}

// Sync implements [persist.Gate].
func (l *Latch) Sync(done func(error)) {
	if now, answer := l.meet(done); now {
		done(answer)
	}
}

// Hold makes every sync wait from now on. The channel is closed when the first
// one waits. Called again, it lets the first sync that waits succeed, and its
// channel is closed when another one waits.
func (l *Latch) Hold() (held <-chan struct{}) {
	l.mu.Lock()
	first := l.waiting[:min(1, len(l.waiting))]
	l.waiting = l.waiting[len(first):]
	next := make(chan struct{})
	l.held = next
	if len(l.waiting) > 0 {
		close(next)
	}
	l.mu.Unlock()
	answer(first, nil)
	return next
}

// Release lets the held syncs succeed in their order, and ends holding.
func (l *Latch) Release() { answer(l.let(false), nil) }

// Fail makes held and later syncs fail with [ErrDisk], and ends holding.
func (l *Latch) Fail() { answer(l.let(true), ErrDisk) }

// Mend ends failing; held syncs succeed.
func (l *Latch) Mend() { l.Release() }

// meet answers a sync now, or keeps it for later.
func (l *Latch) meet(done func(error)) (now bool, answer error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failing {
		return true, ErrDisk
	}
	if l.held == nil {
		return true, nil
	}
	if len(l.waiting) == 0 {
		close(l.held)
	}
	l.waiting = append(l.waiting, done)
	return false, nil
}

// let ends holding and returns what waited.
func (l *Latch) let(failing bool) (waiting []func(error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting = l.waiting
	l.waiting, l.held, l.failing = nil, nil, failing
	return waiting
}

// answer runs without the lock, for done is the store's code.
func answer(waiting []func(error), err error) {
	for _, done := range waiting {
		done(err)
	}
}

// Memory is the harness of [persist.Memory]. Its medium is what was durable in
// the store opened last.
func Memory() Harness {
	var (
		latch Latch
		last  = persist.NewMemoryBehind(&latch)
		fresh = true
	)
	reopen := func() { last, fresh = last.Reopen(), true }
	return Harness{
		Open: func() (persist.Store, error) {
			latch.Mend()
			if !fresh {
				reopen()
			}
			fresh = false
			return last, nil
		},
		Hold:    latch.Hold,
		Release: latch.Release,
		Fail:    latch.Fail,
		Crash:   reopen,
	}
}
