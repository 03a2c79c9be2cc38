package sla

import (
	"math/bits"
	"slices"
)

// A shape is how open time lies in a year, told from the year's start, so that many years
// share one: a year has at most fourteen shapes for one set of yearly holidays and one rule of
// summer time. It never changes once built.
type shape struct {
	pieces []piece   // in order; the first at 0; each lasts until the next
	open   int64     // open nanoseconds of the year
	days   [6]uint64 // bit d: day d of the year, from 0, has windows that belong to it
}

// A piece is a stretch of a year that has one form.
type piece struct {
	at     int64 // nanoseconds after the year's start
	before int64 // open nanoseconds from there to here
	form   int64 // shutForm, openForm, or the position in the regular week at which it starts
}

// The forms of a piece that does not follow the regular week.
const (
	shutForm = -1 - iota
	openForm
)

// tally says which measure is meant: that of open time or that of closed time. Closed time is
// what is not open, so that one table answers both.
type tally struct {
	week *cycle // the regular week's open parts, or its closed ones
	form int64  // the form of a piece that is all in the measure
	shut bool
}

// before is the measure from the year's start to a piece.
func (m tally) before(p *piece) int64 {
	if m.shut {
		return p.at - p.before
	}
	return p.before
}

// holds reports whether a moment of the year is open.
func (s *shape) holds(week *cycle, moment int64) bool {
	p := s.pieceAt(moment)
	if p.form < 0 {
		return p.form == openForm
	}
	return week.contains((p.form + moment - p.at) % weekNanos)
}

// openUntil is the open time from the year's start to a moment.
func (s *shape) openUntil(week *cycle, moment int64) int64 {
	p := s.pieceAt(moment)
	switch p.form {
	case shutForm:
		return p.before
	case openForm:
		return p.before + moment - p.at
	default:
		return p.before + week.over(p.form, moment-p.at)
	}
}

// pieceAt is the piece that holds a moment.
func (s *shape) pieceAt(moment int64) *piece {
	low, high := 1, len(s.pieces)
	for low < high {
		middle := int(uint(low+high) / 2)
		if s.pieces[middle].at <= moment {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return &s.pieces[low-1]
}

// earliest is the first moment with the given open time before it, which is more than 0 and at
// most what the year holds.
func (s *shape) earliest(week *cycle, length int64) int64 {
	p := s.pieceHolding(tally{}, length-1)
	length -= p.before
	if p.form == openForm {
		return p.at + length
	}
	return p.at + week.earliest(p.form, length)
}

// latest is the last moment with no more than the given length of a measure before it, which is
// less than what the year holds.
func (s *shape) latest(m tally, length int64) int64 {
	p := s.pieceHolding(m, length)
	length -= m.before(p)
	if p.form == m.form {
		return p.at + length
	}
	return p.at + m.week.latest(p.form, length)
}

// pieceHolding is the last piece with at most the given length before it.
func (s *shape) pieceHolding(m tally, length int64) *piece {
	low, high := 1, len(s.pieces)
	for low < high {
		middle := int(uint(low+high) / 2)
		if m.before(&s.pieces[middle]) <= length {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return &s.pieces[low-1]
}

// markDay notes that a day of the year has windows, or that it has none.
func (s *shape) markDay(day int32, has bool) {
	if has {
		s.days[day/64] |= 1 << (day % 64)
	} else {
		s.days[day/64] &^= 1 << (day % 64)
	}
}

// daysBefore counts the days with windows before a day of the year.
func (s *shape) daysBefore(day int32) int32 {
	count := 0
	for _, word := range s.days[:day/64] {
		count += bits.OnesCount64(word)
	}
	if day%64 != 0 {
		count += bits.OnesCount64(s.days[day/64] << (64 - day%64))
	}
	return int32(count)
}

// dayAfter is the day of the year that has windows and n such days before it.
func (s *shape) dayAfter(n int32) int32 {
	for i, word := range s.days {
		count := int32(bits.OnesCount64(word))
		if n >= count {
			n -= count
			continue
		}
		for ; n > 0; n-- {
			word &= word - 1
		}
		return int32(i*64 + bits.TrailingZeros64(word))
	}
	panic("sla: a year with fewer days than counted")
}

// A sketch is a shape while it is drawn, from left to right, with as few pieces as will do. Its
// pieces stand at instants.
type sketch struct {
	week   *cycle
	pieces []piece
}

// draw adds a stretch that is open or closed throughout.
func (s *sketch) draw(from, to int64, open bool) {
	if from >= to {
		return
	}
	form := int64(shutForm)
	if open {
		form = openForm
	}
	if last := len(s.pieces) - 1; last >= 0 {
		p := s.pieces[last]
		if p.form == form || p.form >= 0 && s.agrees(p.form+from-p.at, to-from, form) {
			return
		}
	}
	s.pieces = append(s.pieces, piece{at: from, form: form})
}

// drawWeek adds a stretch that follows the regular week from a position.
func (s *sketch) drawWeek(from, to, position int64) {
	if s.week.total == 0 || s.week.total == weekNanos {
		s.draw(from, to, s.week.total > 0)
		return
	}
	if from >= to {
		return
	}
	if last := len(s.pieces) - 1; last >= 0 && s.pieces[last].form < 0 {
		p := s.pieces[last]
		start := floorMod(position-(from-p.at), weekNanos)
		if s.agrees(start, from-p.at, p.form) {
			s.pieces = s.pieces[:last]
			from, position = p.at, start
		}
	}
	if last := len(s.pieces) - 1; last >= 0 && s.pieces[last].form >= 0 {
		p := s.pieces[last]
		if (p.form+from-p.at)%weekNanos == position {
			return
		}
	}
	s.pieces = append(s.pieces, piece{at: from, form: position})
}

// agrees reports whether the regular week is, over a distance from a position, what a form says.
func (s *sketch) agrees(position, distance, form int64) bool {
	want := int64(0)
	if form == openForm {
		want = distance
	}
	return s.week.over(position%weekNanos, distance) == want
}

// finish sums up a year that lasts from start to end, and tells it from its start.
func (s *sketch) finish(start, end int64) *shape {
	done := &shape{pieces: slices.Clone(s.pieces)}
	for i := range done.pieces {
		done.pieces[i].at -= start
	}
	for i := range done.pieces {
		p, end := &done.pieces[i], end-start
		if i+1 < len(done.pieces) {
			end = done.pieces[i+1].at
		}
		p.before = done.open
		switch p.form {
		case shutForm:
		case openForm:
			done.open += end - p.at
		default:
			done.open += s.week.over(p.form, end-p.at)
		}
	}
	return done
}
