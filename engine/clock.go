package engine

import "time"

// Clock is where an engine's time comes from. It is safe for concurrent use.
type Clock interface {
	// Now returns the wall time. It may jump in either direction.
	Now() time.Time
	// AfterFunc calls wake once, from another goroutine, when d has passed. Stop
	// keeps it from being called, unless it is too late.
	AfterFunc(d time.Duration, wake func()) (stop func())
}

// systemClock is the machine's.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, wake func()) func() {
	t := time.AfterFunc(d, wake)
	return func() { t.Stop() }
}

// alarm wakes a partition at the earliest instant that was asked for. It is used
// by one goroutine.
type alarm struct {
	clock Clock
	wake  func()
	at    time.Time // when it goes off; zero while it is not set
	stop  func()
}

// alarmMax is the longest sleep while a deadline is pending: a machine that was
// suspended lets its timers stand still, so the wall is looked at again.
const alarmMax = 30 * time.Second

// set asks to be woken at an instant. An alarm that goes off earlier is left
// alone: whoever is woken asks again.
func (a *alarm) set(now, at time.Time) {
	if limit := now.Add(alarmMax); at.After(limit) {
		at = limit
	}
	if !a.at.IsZero() && a.at.After(now) && !at.Before(a.at) {
		return
	}
	a.clear()
	a.at = at
	a.stop = a.clock.AfterFunc(at.Sub(now), a.wake)
}

// clear takes the alarm back.
func (a *alarm) clear() {
	if a.stop != nil {
		a.stop()
	}
	a.at, a.stop = time.Time{}, nil
}
