package sla

import (
	"fmt"
	"time"
)

// Length is how many nanoseconds an amount means if it is promised at start, a Unix time in
// nanoseconds. Open time and business days are open time of the calendar, and wall is false. Working
// days and calendar days are the exact time from start to the instant meant, on the calendar's
// wall clock, and wall is true: such a length runs on a clock that is always open.
//
// Calendar days keep the local time: 30d at 09:00 is 09:00, thirty dates later, by the rules for
// wall times in the package comment. Working days keep it too, on the nth later date that has
// windows of its own; if the time lies outside them it moves on to the next opening of that date,
// or after the last window back to that date's closing.
//
// Errors wrap [ErrAmount], [ErrNoBusinessDay], [ErrHorizon] or [ErrRange].
func (c *Calendar) Length(a Amount, start int64) (length int64, wall bool, err error) {
	if err := a.Validate(); err != nil {
		return 0, false, fmt.Errorf("sla: find length of amount: %w", err)
	}
	switch {
	case a.Days > 0:
		length, err = c.until(start, c.daysLater(start, a.Days))
	case a.WorkingDays > 0:
		length, err = c.workingDaysLater(a, start)
	default:
		length, err = c.openLength(a)
	}
	if err != nil {
		return 0, false, fmt.Errorf("sla: find length of %v: %w", a, err)
	}
	return length, a.Days+a.WorkingDays > 0, nil
}

// openLength is the length of open time and business days.
func (c *Calendar) openLength(a Amount) (int64, error) {
	if a.BusinessDays > 0 && c.day == 0 {
		return 0, ErrNoBusinessDay
	}
	return int64(a.Open + time.Duration(a.BusinessDays)*c.day), nil
}

// A wallTime is an instant as a calendar's wall clock shows it.
type wallTime struct {
	date  int32
	clock int64 // seconds after the date's midnight on the clock
	rest  int64 // nanoseconds
}

// wallTime reads the clock at an instant.
func (c *Calendar) wallTime(t int64) wallTime {
	second := floorDiv(t, int64(time.Second))
	local := second + c.agenda.offsets.at(second)
	return wallTime{
		date:  dateOf(local),
		clock: floorMod(local, daySeconds),
		rest:  t - second*int64(time.Second),
	}
}

// A moment is an instant of a date that need not be in the range of the line.
type moment struct{ second, rest int64 }

// on is the instant at which the clock shows the same time on another date.
func (c *Calendar) on(date int32, w wallTime) moment {
	return moment{c.agenda.offsets.instant(int64(date)*daySeconds + w.clock), w.rest}
}

// daysLater is the same local time n dates later.
func (c *Calendar) daysLater(start int64, n int) moment {
	w := c.wallTime(start)
	return c.on(w.date+int32(n), w)
}

// workingDaysLater is the length from start to the end of an amount of working days.
func (c *Calendar) workingDaysLater(a Amount, start int64) (int64, error) {
	w := c.wallTime(start)
	date, found := c.line.dayAfter(w.date, int32(a.WorkingDays))
	if !found {
		return within(start, 0, false)
	}
	var room [8]window
	windows := c.agenda.on(room[:0], date)
	if a.AtClosing {
		return c.until(start, moment{windows[len(windows)-1].closes, 0})
	}
	return c.until(start, c.on(date, w).into(windows))
}

// into is m if it lies in one of the windows, else the next opening or, after the last window,
// its closing.
func (m moment) into(windows []window) moment {
	for _, w := range windows {
		if m.second < w.opens {
			return moment{w.opens, 0}
		}
		if m.second < w.closes {
			return m
		}
	}
	return moment{windows[len(windows)-1].closes, 0}
}

// until is the time from start to a moment, never negative: where the clock was set back by a
// whole day, a later date may be over.
func (c *Calendar) until(start int64, m moment) (int64, error) {
	const first, last = lineStart / int64(time.Second), lineEnd / int64(time.Second)
	if m.second <= first || m.second >= last {
		return within(start, 0, false)
	}
	t := m.second*int64(time.Second) + m.rest
	if t <= start {
		return 0, nil
	}
	_, err := within(start, t, true)
	return t - start, err
}
