package core

import (
	"cmp"
	"slices"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
	"github.com/yardmaster/yardmaster/queue"
)

// posting is a value under which tickets are listed for readers.
type posting struct {
	kind postingKind
	text string
}

type postingKind uint8

const (
	listedStatus postingKind = iota + 1
	listedQueue
	listedAssignee
	listedGroup
	listedRequester
)

func (p posting) hash() uint64 { return paged.HashString(p.text) + uint64(p.kind) }

// eachPosting names the values under which a ticket is listed.
func eachPosting(t *Ticket, yield func(posting)) {
	if t == nil {
		return
	}
	yield(posting{listedStatus, t.Status.String()})
	for _, p := range [...]posting{
		{listedQueue, string(t.Queue)}, {listedAssignee, string(t.Assignee)},
		{listedGroup, string(t.Group)}, {listedRequester, string(t.Requester)},
	} {
		if p.text != "" {
			yield(p)
		}
	}
}

// replace makes a row the ticket's, and everything that is derived from rows
// follow: the one place where a ticket changes. was is nil for a new ticket.
func (m *Machine) replace(was, is *Ticket) {
	slot := slotOf(is.Ordinal)
	m.tickets.Set(slot, is)
	if was == nil {
		m.ids.Insert(string(is.ID), slot, m.idOf)
		m.pinned[is.Config]++
	}
	m.relist(slot, was, is)
	m.rearm(was, is)
	m.reload(was, is)
	m.replaceInLine(is)
	m.count(was, -1)
	m.count(is, +1)
	m.changed(RowTicket, ordinalID(is.Ordinal), is)
}

// idOf answers the index with a slot's id.
func (m *Machine) idOf(slot uint32) string { return string(m.tickets.Get(slot).ID) }

func (m *Machine) count(t *Ticket, by int) {
	if t != nil && t.Status != StatusClosed {
		m.open += by
	}
}

// relist moves the ticket between the lists that it is on.
func (m *Machine) relist(slot uint32, was, is *Ticket) {
	var before, after [8]posting
	b, a := before[:0], after[:0]
	eachPosting(was, func(p posting) { b = append(b, p) })
	eachPosting(is, func(p posting) { a = append(a, p) })
	for _, p := range b {
		if !slices.Contains(a, p) {
			m.postings.Remove(p, slot)
		}
	}
	for _, p := range a {
		if !slices.Contains(b, p) {
			m.postings.Add(p, slot)
		}
	}
}

// rearm makes the pending deadlines those that the new row implies. One that
// would lie in the past is due at the present.
func (m *Machine) rearm(was, is *Ticket) {
	var before, after [16]queue.Deadline
	b, a := before[:0], after[:0]
	eachDeadline(was, func(d queue.Deadline) { b = append(b, d) })
	eachDeadline(is, func(d queue.Deadline) { a = append(a, d) })
	for _, d := range b {
		if !slices.Contains(a, d) {
			m.deadlines.Cancel(d)
		}
	}
	for _, d := range a {
		if !slices.Contains(b, d) {
			m.deadlines.Arm(d)
		}
	}
}

// share is what one ticket takes of one agent.
type share struct {
	agent         Ordinal
	load          uint64
	held, ringing uint32
}

// eachShare names what a ticket takes: of its assignee while unfinished, and of
// every agent that it is offered to.
func (m *Machine) eachShare(t *Ticket, yield func(share)) {
	if t == nil {
		return
	}
	if o, ok := m.agentIDs[t.Assignee]; ok && t.Assignee != "" && !t.Status.Finished() {
		yield(share{agent: o, load: m.weight(t), held: 1})
	}
	for _, offer := range t.Offers {
		yield(share{agent: offer.Ordinal, load: m.weight(t), ringing: 1})
	}
}

// reload moves the ticket's weight between agents, and keeps who is offered what.
func (m *Machine) reload(was, is *Ticket) {
	m.eachShare(is, func(s share) { m.bear(s, is.Ordinal, true) })
	m.eachShare(was, func(s share) { m.bear(s, is.Ordinal, false) })
}

func (m *Machine) bear(s share, ticket Ordinal, on bool) {
	old := m.agentAt(s.agent)
	if old == nil {
		return
	}
	agent := *old
	if on {
		agent.Load, agent.Held, agent.Ringing = agent.Load+s.load, agent.Held+s.held, agent.Ringing+s.ringing
	} else {
		agent.Load, agent.Held, agent.Ringing = agent.Load-s.load, agent.Held-s.held, agent.Ringing-s.ringing
		m.stirred = true // there may be room now
	}
	m.staff.Set(slotOf(s.agent), &agent)
	if s.ringing > 0 {
		m.ring(s.agent, ticket)
	}
}

// ring notes whether a ticket, as its row stands, is offered to an agent.
func (m *Machine) ring(agent, ticket Ordinal) {
	list := m.ringing[agent]
	i, listed := slices.BinarySearch(list, ticket)
	rings := slices.ContainsFunc(m.ticketAt(ticket).Offers, func(o Offer) bool { return o.Ordinal == agent })
	switch {
	case rings && !listed:
		m.ringing[agent] = slices.Insert(list, i, ticket)
	case !rings && listed:
		m.ringing[agent] = slices.Delete(list, i, i+1)
	}
	if len(m.ringing[agent]) == 0 {
		delete(m.ringing, agent)
	}
}

// weight is what a ticket takes of an agent's capacity, in hundredths of units.
func (m *Machine) weight(t *Ticket) uint64 {
	return max(m.config.channels[t.Channel], 1) * loadUnit
}

// byEnqueue orders tickets by original enqueue, then ordinal.
func byEnqueue(a, b *Ticket) int {
	return cmp.Or(cmp.Compare(a.Enqueued, b.Enqueued), cmp.Compare(a.Ordinal, b.Ordinal))
}
