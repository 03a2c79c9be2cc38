package sla

import (
	"math"
	"sort"
	"time"
)

// A timeline is the open time of all instants, in a form that answers at once: years in order,
// each with the open time before it and the shape of its own. Open and closed time are counted
// from the first instant, as unsigned numbers, since the whole line is longer than an int64.
type timeline struct {
	years []year
	open  cycle  // the regular week
	shut  cycle  // its complement
	total uint64 // open time of the line
	days  int32  // dates with windows on it
}

// A year of a timeline starts at local midnight of 1 January by the offset that is in force
// around then; the first is cut to the line.
type year struct {
	start int64  // Unix nanoseconds
	open  uint64 // open time before it
	shape *shape
	date  int32 // 1 January
	days  int32 // dates with windows before it
}

// The line: all instants that an int64 of nanoseconds covers.
const (
	lineStart = math.MinInt64
	lineEnd   = math.MaxInt64

	// lineYear is the calendar year of the first instant, lineYearNanos the average length of a
	// Gregorian year, and lineYearPart what had passed of lineYear at the first instant.
	lineYear      = 1677
	lineYearLast  = 2262
	lineYearNanos = uint64(31_556_952 * time.Second)
	lineYearPart  = uint64(263 * 24 * time.Hour)
)

// yearAt is the year that holds an instant. Years are so even that a division finds it, or
// a neighbour.
func (l *timeline) yearAt(t int64) *year {
	i := min(int((sinceStart(t)/4+lineYearPart/4)/(lineYearNanos/4)), len(l.years)-1)
	for l.years[i].start > t {
		i--
	}
	for i+1 < len(l.years) && l.years[i+1].start <= t {
		i++
	}
	return &l.years[i]
}

// sinceStart is the time from the start of the line to an instant.
func sinceStart(t int64) uint64 {
	return uint64(t) - 1<<63 // lineStart, modulo 2^64
}

// isOpen reports whether an instant is open.
func (l *timeline) isOpen(t int64) bool {
	y := l.yearAt(t)
	return y.shape.holds(&l.open, t-y.start)
}

// openUntil is the open time before an instant.
func (l *timeline) openUntil(t int64) uint64 {
	y := l.yearAt(t)
	return y.open + uint64(y.shape.openUntil(&l.open, t-y.start))
}

// earliest is the first instant with the given open time before it, which is more than 0. There
// is none if the line holds less.
func (l *timeline) earliest(open uint64) (t int64, found bool) {
	if open > l.total {
		return 0, false
	}
	y := l.yearHolding(open-1, false)
	return y.start + y.shape.earliest(&l.open, int64(open-y.open)), true
}

// latest is the last instant with no more than the given open time before it: an instant that is
// open. There is none if the line ends before.
func (l *timeline) latest(open uint64) (t int64, found bool) {
	if open >= l.total {
		return 0, false
	}
	y := l.yearHolding(open, false)
	return y.start + y.shape.latest(tally{week: &l.open, form: openForm}, int64(open-y.open)), true
}

// latestShut is the last instant with no more than the given closed time before it: an instant
// that is closed.
func (l *timeline) latestShut(shut uint64) (t int64, found bool) {
	if shut >= sinceStart(lineEnd)-l.total {
		return 0, false
	}
	y := l.yearHolding(shut, true)
	return y.start + y.shape.latest(tally{week: &l.shut, form: shutForm, shut: true}, int64(shut-y.before(true))), true
}

// yearHolding is the last year with at most the given open, or closed, time before it.
func (l *timeline) yearHolding(length uint64, shut bool) *year {
	low, high := 1, len(l.years)
	for low < high {
		middle := int(uint(low+high) / 2)
		if l.years[middle].before(shut) <= length {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return &l.years[low-1]
}

// before is the open, or closed, time before the year.
func (y *year) before(shut bool) uint64 {
	if shut {
		return sinceStart(y.start) - y.open
	}
	return y.open
}

// dayAfter is the nth date after another, counted in dates that have windows; n is at least 1.
// There is none if the line ends before.
func (l *timeline) dayAfter(date, n int32) (day int32, found bool) {
	i := sort.Search(len(l.years), func(i int) bool { return l.years[i].date > date+1 }) - 1
	if i < 0 {
		return 0, false
	}
	wanted := l.years[i].days + l.years[i].shape.daysBefore(date+1-l.years[i].date) + n - 1
	if wanted >= l.days {
		return 0, false
	}
	i = sort.Search(len(l.years), func(i int) bool { return l.years[i].days > wanted }) - 1
	y := &l.years[i]
	return y.date + y.shape.dayAfter(wanted-y.days), true
}
