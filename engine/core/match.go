package core

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"github.com/yardmaster/yardmaster/queue"
)

// Obstacle is why an agent may not take a ticket now. The zero Obstacle is none.
type Obstacle uint8

// The obstacles, in the order in which they are looked for.
const (
	NotOnline  Obstacle = iota + 1 // busy, away or offline
	NotInGroup                     // in none of the queue's groups
	LacksSkill                     // below a required level
	NoRoom                         // the capacity is used up
	Refused                        // cooling down after a decline, a timeout or a release
)

// String returns the obstacle in words.
func (o Obstacle) String() string {
	return nameOf([]string{"none", "not online", "not in a group of the queue", "lacks a skill", "no room", "cooling down"}, uint8(o))
}

// obstacle says why an agent may not take a ticket: the one place that knows.
// Matching, next and every explanation ask it.
func obstacle(a *Agent, t *Ticket, groups []GroupID, weight uint64) Obstacle {
	if o := obstacleToAll(a, t.Requires, groups, weight); o != 0 {
		return o
	}
	if t.refusedBy(a.Ordinal) {
		return Refused
	}
	return 0
}

// obstacleToAll is what stands between an agent and every ticket of a signature.
func obstacleToAll(a *Agent, needs []Requirement, groups []GroupID, weight uint64) Obstacle {
	switch {
	case a.Presence != PresenceOnline:
		return NotOnline
	case !a.in(groups):
		return NotInGroup
	case !a.skilled(needs):
		return LacksSkill
	case !a.room(weight):
		return NoRoom
	default:
		return 0
	}
}

func (t *Ticket) refusedBy(agent Ordinal) bool {
	return slices.ContainsFunc(t.Refusals, func(r Refusal) bool { return r.Ordinal == agent })
}

// match gives waiting tickets to agents until nothing more fits: ticket first,
// greedy. Each push queue names its first ticket for which an agent exists; of
// these the lowest (rank, original enqueue, ordinal) is matched with its best
// agent; and again. Only when nothing fits any more are the tickets looked at
// that everybody has refused.
func (m *Machine) match() {
	if !m.stirred || m.away || m.config == nil {
		return
	}
	for m.matchOne() || m.matchExhausted() {
	}
	m.stirred = false
}

func (m *Machine) matchOne() bool {
	ticket, plan := m.firstToMatch(
		func(t *Ticket, q *queuePlan) bool { return m.bestAgent(t, q) != nil },
		func(sig signature, t *Ticket, q *queuePlan) bool {
			return sig.ready() && m.anyAgent(q, t.Requires, sig.weight)
		})
	if ticket == nil {
		return false
	}
	m.give(m.edit(ticket), m.bestAgent(ticket, plan), plan)
	return true
}

// matchExhausted asks again the least recent of those who refused a ticket, when
// everybody who could take it has. A candidate who is full but has not refused
// keeps a ticket from being exhausted.
func (m *Machine) matchExhausted() bool {
	ticket, plan := m.firstToMatch(
		func(t *Ticket, q *queuePlan) bool { return m.leastRecentRefuser(t, q) != nil },
		func(sig signature, _ *Ticket, _ *queuePlan) bool { return sig.shelf == shelfRefused })
	if ticket == nil {
		return false
	}
	agent := m.leastRecentRefuser(ticket, plan)
	d := m.edit(ticket)
	d.emit(Event{Type: AssignmentExhausted, Queue: ticket.Queue, Count: m.refusers(ticket, plan)})
	m.give(d, agent, plan)
	return true
}

// give offers the ticket to an agent, or assigns it where the queue says so.
func (m *Machine) give(d *draft, agent *Agent, plan *queuePlan) {
	d.happens = EventFacts{Type: happenedOffered, From: RoleSystem.String(), Agent: string(agent.ID)}
	if plan.auto {
		d.happens.Type = happenedAssigned
		d.setAssignee(agent, viaPush, false)
	} else {
		d.offer(agent, plan)
	}
	_ = d.conclude(false) // without rules nothing refuses
}

// leastRecentRefuser is whom to ask again: nil unless every candidate, whatever
// their load, has refused the ticket.
func (m *Machine) leastRecentRefuser(t *Ticket, q *queuePlan) *Agent {
	if len(t.Refusals) == 0 {
		return nil
	}
	var first *Agent
	var since Instant
	for a := range m.candidates(t, q) {
		i := slices.IndexFunc(t.Refusals, func(r Refusal) bool { return r.Ordinal == a.Ordinal })
		if i < 0 {
			return nil
		}
		r := t.Refusals[i]
		if r.Again != 0 || !a.room(m.weight(t)) {
			continue
		}
		if first == nil || cmp.Or(cmp.Compare(r.At, since), cmp.Compare(a.Ordinal, first.Ordinal)) < 0 {
			first, since = a, r.At
		}
	}
	return first
}

func (m *Machine) refusers(t *Ticket, q *queuePlan) uint32 {
	n := uint32(0)
	for range m.candidates(t, q) {
		n++
	}
	return n
}

// candidates are the agents online, in the queue's groups and skilled, whatever
// their load. One who is in several of the groups comes once.
func (m *Machine) candidates(t *Ticket, q *queuePlan) iter.Seq[*Agent] {
	return func(yield func(*Agent) bool) {
		for i, group := range q.Groups {
			for _, o := range m.members[group] {
				a := m.agentAt(o)
				if a.in(q.Groups[:i]) || a.Presence != PresenceOnline || !a.skilled(t.Requires) {
					continue
				}
				if !yield(a) {
					return
				}
			}
		}
	}
}

// firstToMatch is the ticket that the push queues name together: of each, the
// first that fits, in a line where one may.
func (m *Machine) firstToMatch(fits func(*Ticket, *queuePlan) bool, may func(signature, *Ticket, *queuePlan) bool) (best *Ticket, plan *queuePlan) {
	for i := range m.config.queues {
		q := &m.config.queues[i]
		if !q.push {
			continue
		}
		t := m.firstOf(q,
			func(t *Ticket) bool { return fits(t, q) },
			func(sig signature, t *Ticket) bool { return may(sig, t, q) })
		if t != nil && (best == nil || before(t, q, best, plan)) {
			best, plan = t, q
		}
	}
	return best, plan
}

// before orders the first tickets of two queues. Their keys are never compared.
func before(a *Ticket, qa *queuePlan, b *Ticket, qb *queuePlan) bool {
	return cmp.Or(cmp.Compare(qa.Rank, qb.Rank), byEnqueue(a, b)) < 0
}

// firstOf is a queue's first ticket that fits. A line in which none may is passed
// over whole, so that blocked heads cost nothing.
func (m *Machine) firstOf(q *queuePlan, fits func(*Ticket) bool, may func(signature, *Ticket) bool) *Ticket {
	line := m.lines[q.ID]
	if line == nil {
		return nil
	}
	var best *Ticket
	bestKey := queue.Key{Bucket: math.MaxInt32}
	for sig, front := range line.Fronts() {
		if best != nil && front.Compare(bestKey) > 0 {
			break
		}
		if !may(sig, m.ticketAt(Ordinal(front.Ordinal))) {
			continue
		}
		for key := range line.Line(sig) {
			if best != nil && key.Compare(bestKey) > 0 {
				break
			}
			if t := m.ticketAt(Ordinal(key.Ordinal)); fits(t) {
				best, bestKey = t, key
				break
			}
		}
	}
	return best
}

// anyAgent reports whether some agent could take a ticket of a signature, but
// for refusals.
func (m *Machine) anyAgent(q *queuePlan, needs []Requirement, weight uint64) bool {
	for _, group := range q.Groups {
		for _, o := range m.members[group] {
			if obstacleToAll(m.agentAt(o), needs, q.Groups, weight) == 0 {
				return true
			}
		}
	}
	return false
}

// bestAgent is the least loaded of the agents who may take the ticket.
func (m *Machine) bestAgent(t *Ticket, q *queuePlan) *Agent {
	var best *Agent
	weight := m.weight(t)
	for _, group := range q.Groups {
		for _, o := range m.members[group] {
			a := m.agentAt(o)
			if (best == nil || a.lessLoaded(best)) && obstacle(a, t, q.Groups, weight) == 0 {
				best = a
			}
		}
	}
	return best
}

// firstFor is the ticket that next gives an agent: each queue that the agent's
// groups serve names its first that fits, and of these the lowest (rank,
// original enqueue, ordinal) is it.
func (m *Machine) firstFor(a *Agent) *Ticket {
	var best *Ticket
	var plan *queuePlan
	for i := range m.config.queues {
		q := &m.config.queues[i]
		if !a.in(q.Groups) {
			continue
		}
		t := m.firstOf(q,
			func(t *Ticket) bool { return obstacle(a, t, q.Groups, m.weight(t)) == 0 },
			func(sig signature, t *Ticket) bool {
				return sig.ready() && obstacleToAll(a, t.Requires, q.Groups, sig.weight) == 0
			})
		if t != nil && (best == nil || before(t, q, best, plan)) {
			best, plan = t, q
		}
	}
	return best
}
