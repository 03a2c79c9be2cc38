package sla

import (
	"math"
	"slices"
	"sort"
	"time"
)

const (
	daySeconds  = 24 * 60 * 60
	weekSeconds = 7 * daySeconds

	// offsetSecondsMax bounds the distance of any local clock from UTC (RFC 9636, section
	// 3.2: more than -25 hours, less than 26).
	offsetSecondsMax = 26 * 60 * 60

	// The instants that an int64 of nanoseconds covers, in seconds, with a margin for local
	// dates at the edges.
	firstSecond = math.MinInt64/int64(time.Second) - 30*daySeconds
	lastSecond  = math.MaxInt64/int64(time.Second) + 30*daySeconds
)

// offsets is the history of one zone's distance from UTC, in seconds: span i lasts from
// since[i] until since[i+1], and ahead[i] is added to UTC in it. Neighbouring spans differ.
// Local times are seconds since 1970-01-01T00:00 on the local clock; dates are days since then.
type offsets struct {
	since   []int64
	ahead   []int32
	skipped []int32 // dates that no instant has
}

// readOffsets asks loc for each of its spans in turn.
func readOffsets(loc *time.Location) offsets {
	o := offsets{}
	for t := time.Unix(firstSecond, 0).In(loc); t.Unix() < lastSecond; {
		_, ahead := t.Zone()
		o.append(t.Unix(), int32(ahead))
		end := spanEnd(t)
		if end.IsZero() {
			break
		}
		t = end
	}
	o.since[0] = math.MinInt64
	return o
}

// spanEnd is an instant after t until which t's offset holds, or the zero time if it holds for
// ever. It need not be a transition: package time also ends spans that it derives from a yearly
// rule with the UTC year, and on the last day of a leap year it names an end that has passed.
func spanEnd(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if end.IsZero() || end.After(t) {
		return end
	}
	return time.Date(t.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(t.Location())
}

// append starts a span at the instant since, unless it would continue the last one.
func (o *offsets) append(since int64, ahead int32) {
	last := len(o.ahead) - 1
	if last >= 0 && o.ahead[last] == ahead {
		return
	}
	if last >= 0 {
		o.skip(since+int64(o.ahead[last]), since+int64(ahead))
	}
	o.since = append(o.since, since)
	o.ahead = append(o.ahead, ahead)
}

// skip notes the dates that lie wholly between two local times.
func (o *offsets) skip(from, to int64) {
	for day := -floorDiv(-from, daySeconds); (day+1)*daySeconds <= to; day++ {
		o.skipped = append(o.skipped, int32(day))
	}
}

// index is the span that holds an instant.
func (o *offsets) index(second int64) int {
	return sort.Search(len(o.since), func(i int) bool { return o.since[i] > second }) - 1
}

// at is the offset in force at an instant, in seconds.
func (o *offsets) at(second int64) int64 {
	return int64(o.ahead[o.index(second)])
}

// end is the instant at which span i ends.
func (o *offsets) end(i int) int64 {
	if i+1 < len(o.since) {
		return o.since[i+1]
	}
	return math.MaxInt64 - offsetSecondsMax
}

// instant is the first one at which the local clock shows a time. A time that the clock
// jumped over is taken to be as much later as the jump was long, which is to read it with the
// offset from before the jump.
func (o *offsets) instant(local int64) int64 {
	i := o.index(local - offsetSecondsMax)
	for local >= o.end(i)+int64(o.ahead[i]) {
		i++
	}
	if i > 0 && local < o.since[i]+int64(o.ahead[i]) {
		i--
	}
	return local - int64(o.ahead[i])
}

// midnight is the instant at which a date starts.
func (o *offsets) midnight(day int32) int64 {
	return o.instant(int64(day) * daySeconds)
}

// exists reports whether any instant has the date.
func (o *offsets) exists(day int32) bool {
	return len(o.skipped) == 0 || !slices.Contains(o.skipped, day)
}

// dates are the first and last local dates that the clock may show from one instant to
// another, and at the transitions between or just before them.
func (o *offsets) dates(from, to int64) (first, last int32) {
	i := o.index(from - 1)
	least, most := o.ahead[i], o.ahead[i]
	for i++; i < len(o.since) && o.since[i] <= to; i++ {
		least, most = min(least, o.ahead[i]), max(most, o.ahead[i])
	}
	return dateOf(from + int64(least)), dateOf(to + int64(most))
}

// dateOf is the date of a local time.
func dateOf(local int64) int32 {
	return int32(floorDiv(local, daySeconds))
}

// floorDiv is a/b rounded towards minus infinity, for b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// floorMod is the remainder of [floorDiv], at least 0 and less than b.
func floorMod(a, b int64) int64 {
	return a - floorDiv(a, b)*b
}
