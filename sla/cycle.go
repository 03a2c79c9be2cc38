package sla

import "time"

// weekNanos is the length of a week without a clock change.
const weekNanos = int64(7 * 24 * time.Hour)

// A cycle is a set of stretches of a week that repeats for ever. Positions are nanoseconds
// after Monday 00:00 on the local clock, in [0, weekNanos); the measure of a position is the
// length of the set before it. A distance is counted from a position onwards, over any number
// of weeks.
type cycle struct {
	parts []part // in order, apart
	total int64  // the sum of their lengths
}

// A part is one stretch of a cycle: [from, to), with the measure of from.
type part struct{ from, to, before int64 }

// newCycle is the regular week of an agenda.
func newCycle(week *[7][]wallRange) cycle {
	var windows []window
	for day, ranges := range week {
		for _, r := range ranges {
			from, to := position(day, r.from), position(day, r.to)
			windows = append(windows, window{from, min(to, weekNanos)})
			if to > weekNanos {
				windows = append(windows, window{0, to - weekNanos})
			}
		}
	}
	c := cycle{}
	for _, w := range merge(windows) {
		c.append(w.opens, w.closes)
	}
	return c
}

// position is a minute of a weekday's wall clock as a position, or beyond the week.
func position(day int, minute int32) int64 {
	return int64(day*dayMinutes+int(minute)) * int64(time.Minute)
}

// append adds a stretch after the last one.
func (c *cycle) append(from, to int64) {
	if from == to {
		return
	}
	c.parts = append(c.parts, part{from, to, c.total})
	c.total += to - from
}

// complement is the rest of the week.
func (c *cycle) complement() cycle {
	rest, end := cycle{}, int64(0)
	for _, p := range c.parts {
		rest.append(end, p.from)
		end = p.to
	}
	rest.append(end, weekNanos)
	return rest
}

// contains reports whether a position is in the set.
func (c *cycle) contains(position int64) bool {
	i := c.partAt(position)
	return i >= 0 && position < c.parts[i].to
}

// measure is the length of the set before a position.
func (c *cycle) measure(position int64) int64 {
	i := c.partAt(position)
	if i < 0 {
		return 0
	}
	p := &c.parts[i]
	return p.before + min(position, p.to) - p.from
}

// partAt is the last part that starts at or before a position, or -1.
func (c *cycle) partAt(position int64) int {
	low, high := 0, len(c.parts)
	for low < high {
		middle := int(uint(low+high) / 2)
		if c.parts[middle].from <= position {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}

// over is the length of the set in a distance from a position.
func (c *cycle) over(position, distance int64) int64 {
	weeks, end := (position+distance)/weekNanos, (position+distance)%weekNanos
	return weeks*c.total + c.measure(end) - c.measure(position)
}

// earliest is the least distance from a position that holds length of the set, which is more
// than 0. The set is not empty.
func (c *cycle) earliest(position, length int64) int64 {
	length += c.measure(position)
	weeks := (length - 1) / c.total
	length -= weeks * c.total
	p := &c.parts[c.partHolding(length-1)]
	return weeks*weekNanos + p.from + length - p.before - position
}

// latest is the greatest distance from a position that holds no more than length of the set. The
// set is not empty.
func (c *cycle) latest(position, length int64) int64 {
	length += c.measure(position)
	weeks := length / c.total
	length -= weeks * c.total
	p := &c.parts[c.partHolding(length)]
	return weeks*weekNanos + p.from + length - p.before - position
}

// partHolding is the last part with at most a measure before it.
func (c *cycle) partHolding(measure int64) int {
	low, high := 1, len(c.parts)
	for low < high {
		middle := int(uint(low+high) / 2)
		if c.parts[middle].before <= measure {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}
