package core

import (
	"slices"

	"github.com/yardmaster/yardmaster/queue"
)

// The classes of deadlines, in which those of one instant fire.
const (
	classSLA uint8 = iota + 1
	_              // timed rules
	classAssignment
)

// The kinds of deadlines.
const (
	kindBreach uint8 = iota + 1
	kindOffer
	kindReadmit
	kindCoolDown
)

// eachDeadline names the deadlines that a ticket's row implies. They are a
// function of the row alone, so that a desk rebuilt from its rows has the same.
func eachDeadline(t *Ticket, yield func(queue.Deadline)) {
	if t == nil {
		return
	}
	for i := range t.Clocks {
		if c := &t.Clocks[i]; c.Pending() {
			yield(queue.Deadline{At: c.Due, Class: classSLA, Ordinal: uint64(t.Ordinal), Place: uint64(i), Kind: kindBreach})
		}
	}
	for _, o := range t.Offers {
		yield(queue.Deadline{At: int64(o.Expires), Class: classAssignment, Ordinal: uint64(t.Ordinal), Place: uint64(o.Ordinal), Kind: kindOffer})
	}
	for _, r := range t.Refusals {
		if r.Again != 0 && r.Again < r.Until {
			yield(queue.Deadline{At: int64(r.Again), Class: classAssignment, Ordinal: uint64(t.Ordinal), Place: uint64(r.Ordinal), Kind: kindReadmit})
		}
		yield(queue.Deadline{At: int64(r.Until), Class: classAssignment, Ordinal: uint64(t.Ordinal), Place: uint64(r.Ordinal), Kind: kindCoolDown})
	}
}

// fire lets every deadline strictly before an instant happen: instant by
// instant, each with its matching, each an entry.
func (m *Machine) fire(before Instant, res *Result) {
	for {
		at, ok := m.deadlines.Next()
		if !ok || at >= int64(before) {
			return
		}
		m.fireInstant(at, res)
	}
}

// fireInstant fires the deadlines of the earliest instant. A deadline that was
// armed in the past happens at the present. It ends: whatever a firing arms lies
// at least offerMin later.
func (m *Machine) fireInstant(at int64, res *Result) {
	m.now = max(m.floor, Instant(at))
	for {
		d, ok := m.deadlines.Pop(at + 1)
		if !ok {
			break
		}
		m.happen(d)
	}
	m.match()
	if m.closeEntry("", nil, Reply{Seq: m.seq}, res) {
		m.floor = m.now + 1
	}
}

// happen does what one deadline stands for.
func (m *Machine) happen(d queue.Deadline) {
	t := m.ticketAt(Ordinal(d.Ordinal))
	if t == nil {
		return
	}
	switch d.Kind {
	case kindBreach:
		m.breach(t, int(d.Place)) //nolint:gosec // an index into the ticket's clocks
	case kindOffer:
		m.expire(t, Ordinal(d.Place))
	case kindReadmit:
		m.readmit(t, Ordinal(d.Place))
	case kindCoolDown:
		m.warm(t, Ordinal(d.Place))
	}
}

// wake takes in that the machine was away. At the instant at which it went, and
// before any deadline of its absence, offers are revoked and cool-downs move;
// then what fell due fires at its own instants, but nothing is matched until the
// machine is back: nobody could have answered.
func (m *Machine) wake(o Outage, key string, at Instant, res *Result) {
	m.fire(o.From, res)
	m.away = true
	m.perform(Input{Key: key, Command: o}, max(o.From, m.floor), res)
	m.fire(at, res)
	m.away = false
	m.matchAt(at, res)
}

// check says what is wrong with an outage that is told at an instant.
func (o Outage) check(at Instant) *Rejection {
	switch {
	case !o.From.known() || o.From == 0:
		return reject(ReasonInvalid, "from", "an outage begins within the years 1700 to 2250")
	case o.To <= o.From:
		return reject(ReasonInvalid, "to", "an outage ends after it begins")
	case o.To != at:
		return reject(ReasonInvalid, "to", "an outage is told when it ends: at %s, not %s", at, o.To)
	}
	return nil
}

// outage revokes every open offer, without cool-down or timeout, and moves what
// remains of cool-downs by the length of the absence.
func (m *Machine) outage(o Outage) Reply {
	if !m.away {
		return refused(o.check(m.now))
	}
	m.emit(Event{Type: DeskOutage, OccurredAt: o.From, Ends: o.To})
	for agent := range m.agents() {
		m.revokeAll(agent.Ordinal, revokedByOutage)
	}
	for slot, t := range m.tickets.All() {
		if len(t.Refusals) > 0 {
			m.shiftRefusals(m.tickets.Get(slot), o)
		}
	}
	return Reply{}
}

func (m *Machine) shiftRefusals(t *Ticket, o Outage) {
	d := m.edit(t)
	d.t.Refusals = slices.Clone(t.Refusals)
	for i := range d.t.Refusals {
		r := &d.t.Refusals[i]
		if r.Until > o.From {
			r.Until += o.To - o.From
		}
		if r.Again > o.From {
			r.Again += o.To - o.From
		}
	}
	d.put()
}

// matchAt runs the matching in an entry of its own.
func (m *Machine) matchAt(at Instant, res *Result) {
	m.now = at
	m.match()
	if m.closeEntry("", nil, Reply{Seq: m.seq}, res) {
		m.floor = at
	}
}
