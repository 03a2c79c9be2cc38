package queue

import (
	"cmp"
	"math"
)

// Deadline is one pending instant and what falls due at it.
//
// Deadlines are ordered by At, then Class, then Ordinal, then Place, then Kind, all ascending. All fields together identify a
// deadline; two that are equal are the same.
type Deadline struct {
	// At is the instant, in Unix nanoseconds.
	At int64
	// Ordinal is the place, in its owner's order of creation, of the thing that the deadline belongs to.
	Ordinal uint64
	// Place orders the deadlines of one thing among themselves.
	Place uint64
	// Class is the coarsest order within one instant: the lower class falls due first.
	Class uint8
	// Kind is the caller's tag, and the last tie.
	Kind uint8
}

// Compare returns -1 if d falls due before o, +1 if after, and 0 if they are the same deadline.
func (d Deadline) Compare(o Deadline) int {
	switch {
	case d.At != o.At:
		return cmp.Compare(d.At, o.At)
	case d.Class != o.Class:
		return cmp.Compare(d.Class, o.Class)
	case d.Ordinal != o.Ordinal:
		return cmp.Compare(d.Ordinal, o.Ordinal)
	case d.Place != o.Place:
		return cmp.Compare(d.Place, o.Place)
	default:
		return cmp.Compare(d.Kind, o.Kind)
	}
}

// Deadlines is the set of pending deadlines.
//
// A deadline goes armed → popped or armed → cancelled. Arming one at an instant that is past, or before one already popped, is
// allowed: it is popped next. To move a deadline, cancel it and arm it at its new instant.
type Deadlines struct {
	pending ranked[Deadline]
}

// NewDeadlines returns an empty set.
func NewDeadlines() *Deadlines {
	return &Deadlines{pending: newRanked(Deadline{At: math.MinInt64})}
}

// Arm adds d and reports whether it was absent.
func (s *Deadlines) Arm(d Deadline) bool { return s.pending.insert(d) }

// Cancel takes d out and reports whether it was pending.
func (s *Deadlines) Cancel(d Deadline) bool { return s.pending.delete(d) }

// Next returns an instant, in Unix nanoseconds, before which nothing falls due, and false if nothing is pending. It is a lower
// bound: a caller that wakes at it must be ready to find nothing due yet and to ask again.
func (s *Deadlines) Next() (at int64, ok bool) {
	first, ok := s.pending.min()
	return first.At, ok
}

// Pop takes out and returns the least deadline, in the order of [Deadline.Compare], whose instant lies strictly before the
// instant before, in Unix nanoseconds. It returns false if there is none. What the caller arms between two calls takes part
// in the second.
func (s *Deadlines) Pop(before int64) (Deadline, bool) {
	first, ok := s.pending.min()
	if !ok || first.At >= before {
		return Deadline{}, false
	}
	s.pending.delete(first)
	return first, true
}

// Len returns the number of pending deadlines.
func (s *Deadlines) Len() int { return s.pending.len }
