package sla

import (
	"fmt"
	"iter"
	"math"
	"time"
)

// horizon bounds every search: 36,525 days, a century of leap years and common ones.
const horizon = 36_525 * 24 * time.Hour

// A Calendar is a set of open windows on the time line. It is immutable and safe for concurrent
// use. Make one with [NewCalendar] or [Always].
//
// Instants are those that an int64 of Unix nanoseconds covers, 1677-09-21 to 2262-04-11; nothing
// is open outside them.
type Calendar struct {
	spec    CalendarSpec
	agenda  agenda
	line    *timeline
	day     time.Duration // declared business day, or 0
	opening bool          // full_day: next_opening
}

// NewCalendar builds the calendar that a spec describes. A faulty spec gives a [*SpecError] with
// all its problems; a spec that is never open is faulty.
func NewCalendar(spec CalendarSpec) (*Calendar, error) {
	r, err := readSpec(spec)
	if err != nil {
		return nil, err
	}
	c := &Calendar{
		spec:    r.spec,
		agenda:  r.agenda,
		day:     r.day,
		opening: r.spec.FullDay == FullDayNextOpening,
	}
	c.line = newTimeline(&c.agenda)
	if c.line.total == 0 {
		r.faults.add("", "add hours, or `always: true`", "the calendar is never open")
		return nil, &r.faults
	}
	return c, nil
}

// Always is the calendar of a zone that is open around the clock.
func Always(zone string) (*Calendar, error) {
	return NewCalendar(CalendarSpec{Zone: zone, Always: true})
}

// Spec is a copy of the spec that the calendar was built from.
func (c *Calendar) Spec() CalendarSpec { return c.spec.clone() }

// Zone is the time zone of the calendar's wall clock.
func (c *Calendar) Zone() *time.Location { return c.agenda.zone }

// Always reports whether the spec says `always: true`.
func (c *Calendar) Always() bool { return c.spec.Always }

// Day is the declared length of a business day, or 0 if none is declared.
func (c *Calendar) Day() time.Duration { return c.day }

// stampsOpening reports whether a promise that ends at a closing is due at the next opening.
func (c *Calendar) stampsOpening() bool { return c.opening }

// IsOpen reports whether t lies in a window. The opening instant does, the closing does not.
func (c *Calendar) IsOpen(t time.Time) bool {
	n, inside := nanos(t)
	return inside && c.IsOpenNanos(n)
}

// IsOpenNanos is [Calendar.IsOpen] on Unix nanoseconds.
func (c *Calendar) IsOpenNanos(t int64) bool { return c.line.isOpen(t) }

// NextOpen is the first instant at or after t that is open: t itself if it is.
func (c *Calendar) NextOpen(t time.Time) (time.Time, error) {
	return c.ask(t, "find the opening after", (*Calendar).NextOpenNanos)
}

// NextOpenNanos is [Calendar.NextOpen] on Unix nanoseconds. Its error is bare.
func (c *Calendar) NextOpenNanos(t int64) (int64, error) {
	opens, found := c.line.latest(c.line.openUntil(t))
	return within(t, opens, found)
}

// NextClose is the closing instant of the window that holds t or, if t is closed, of the next
// window. A calendar that never closes again has no answer: [ErrHorizon].
func (c *Calendar) NextClose(t time.Time) (time.Time, error) {
	return c.ask(t, "find the closing after", (*Calendar).NextCloseNanos)
}

// NextCloseNanos is [Calendar.NextClose] on Unix nanoseconds. Its error is bare.
func (c *Calendar) NextCloseNanos(t int64) (int64, error) {
	open := c.line.openUntil(t)
	opens, found := c.line.latest(open)
	if !found {
		return within(t, 0, false)
	}
	closes, found := c.line.latestShut(sinceStart(opens) - open)
	return within(t, closes, found)
}

// ask puts a question about one instant in terms of nanoseconds. The answer is in t's location.
func (c *Calendar) ask(t time.Time, question string, answer func(*Calendar, int64) (int64, error)) (time.Time, error) {
	n, inside := nanos(t)
	if !inside {
		return time.Time{}, fmt.Errorf("sla: %s %v: %w", question, t, ErrRange)
	}
	a, err := answer(c, n)
	if err != nil {
		return time.Time{}, fmt.Errorf("sla: %s %v: %w", question, t, err)
	}
	return instant(a, t), nil
}

// Add is the earliest instant with exactly d of open time since t; with `full_day: next_opening`
// the last such instant. Add(t, 0) is t. For a negative d it is the latest instant with that much
// open time between it and t. The answer is in t's location.
func (c *Calendar) Add(t time.Time, d time.Duration) (time.Time, error) {
	n, inside := nanos(t)
	if !inside {
		return time.Time{}, fmt.Errorf("sla: add %v to %v: %w", d, t, ErrRange)
	}
	a, err := c.AddNanos(n, int64(d))
	if err != nil {
		return time.Time{}, fmt.Errorf("sla: add %v to %v: %w", d, t, err)
	}
	return instant(a, t), nil
}

// AddNanos is [Calendar.Add] on Unix nanoseconds. Its error is bare.
func (c *Calendar) AddNanos(t, d int64) (int64, error) {
	switch {
	case d > 0:
		return c.forward(t, uint64(d))
	case d < 0:
		return c.backward(t, -uint64(d))
	default:
		return t, nil
	}
}

// forward moves t on by open time.
func (c *Calendar) forward(t int64, open uint64) (int64, error) {
	wanted := c.line.openUntil(t) + open
	if wanted < open { // beyond all open time that a line can hold
		return within(t, 0, false)
	}
	if c.opening {
		due, found := c.line.latest(wanted)
		return within(t, due, found)
	}
	due, found := c.line.earliest(wanted)
	return within(t, due, found)
}

// backward moves t back by open time.
func (c *Calendar) backward(t int64, open uint64) (int64, error) {
	until := c.line.openUntil(t)
	if until >= open {
		from, found := c.line.latest(until - open)
		if found && sinceStart(t)-sinceStart(from) <= uint64(horizon) {
			return from, nil
		}
	}
	if sinceStart(t) < uint64(horizon) {
		return 0, ErrRange
	}
	return 0, ErrHorizon
}

// within checks the answer to a search that began at t and went forward.
func within(t, answer int64, found bool) (int64, error) {
	switch {
	case found && sinceStart(answer)-sinceStart(t) <= uint64(horizon):
		return answer, nil
	case !found && sinceStart(lineEnd)-sinceStart(t) < uint64(horizon):
		return 0, ErrRange
	default:
		return 0, ErrHorizon
	}
}

// Between is the open time from a to b, negative if b is before a. Instants outside the range of
// the calendar count as its first or last; a sum that exceeds a Duration is the greatest one.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	from, _ := nanos(a)
	to, _ := nanos(b)
	return time.Duration(c.BetweenNanos(from, to))
}

// BetweenNanos is [Calendar.Between] on Unix nanoseconds.
func (c *Calendar) BetweenNanos(a, b int64) int64 {
	from, to := c.line.openUntil(a), c.line.openUntil(b)
	if to < from {
		return -saturate(from - to)
	}
	return saturate(to - from)
}

func saturate(length uint64) int64 { return int64(min(length, math.MaxInt64)) }

// Windows are the open windows from one instant to another, cut to them, in order: openings and
// closings in the location of from. Touching windows are one. The horizon does not bound them.
func (c *Calendar) Windows(from, to time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(opens, closes time.Time) bool) {
		cursor, _ := nanos(from)
		end, _ := nanos(to)
		for cursor < end {
			open := c.line.openUntil(cursor)
			opens, found := c.line.latest(open)
			if !found || opens >= end {
				return
			}
			closes, found := c.line.latestShut(sinceStart(opens) - open)
			if !found || closes > end {
				closes = end
			}
			if !yield(instant(opens, from), instant(closes, from)) {
				return
			}
			cursor = closes
		}
	}
}

// nanos is t in Unix nanoseconds, or the nearest instant that has them.
func nanos(t time.Time) (n int64, inside bool) {
	const first, last = lineStart / int64(time.Second), lineEnd / int64(time.Second)
	second, rest := t.Unix(), int64(t.Nanosecond())
	switch {
	case second > first && second < last:
		return second*int64(time.Second) + rest, true
	case second < first && t.Before(time.Unix(0, lineStart)):
		return lineStart, false
	case second >= last && t.After(time.Unix(0, lineEnd)):
		return lineEnd, false
	default:
		return t.UnixNano(), true
	}
}

// instant is n in the location of t.
func instant(n int64, t time.Time) time.Time {
	return time.Unix(0, n).In(t.Location())
}
