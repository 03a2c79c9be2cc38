package core

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yardmaster/yardmaster/queue"
	"github.com/yardmaster/yardmaster/sla"
)

// signature is what a waiting ticket asks of an agent. Tickets of one signature
// stand in one line: if nobody can take the first, nobody can take any, but for
// refusals.
type signature struct {
	needs  string // the requirements, in canonical text
	weight uint64
	shelf  shelf
}

// shelf separates the tickets of a queue that keep their place but are not
// offered from those that are.
type shelf uint8

const (
	shelfReady   shelf = iota + 1
	shelfRefused       // ready, but somebody has refused it
	shelfRinging       // an offer is open
	shelfResting       // pending or on_hold
)

// ready reports whether the line's tickets may be taken.
func (s signature) ready() bool { return s.shelf <= shelfRefused }

// place is where a waiting ticket stands.
type place struct {
	queue QueueID
	sig   signature
	key   queue.Key
}

// replaceInLine puts the ticket where its row says that it stands.
func (m *Machine) replaceInLine(t *Ticket) {
	old, stood := m.places[t.Ordinal]
	if !t.Waiting() {
		if stood {
			m.leaveLine(t.Ordinal, old)
		}
		return
	}
	now := place{t.Queue, m.signature(t), m.key(t)}
	if stood && old == now {
		if now.sig.shelf == shelfRefused {
			m.stirred = true // a refusal may have gone
		}
		return
	}
	if stood {
		m.leaveLine(t.Ordinal, old)
	}
	m.places[t.Ordinal] = now
	line := m.lines[t.Queue]
	if line == nil {
		line = queue.NewQueue[signature]()
		m.lines[t.Queue] = line
	}
	line.Put(now.sig, now.key)
	m.stirred = true
}

func (m *Machine) leaveLine(o Ordinal, from place) {
	m.lines[from.queue].Remove(from.sig, from.key)
	delete(m.places, o)
}

func (m *Machine) signature(t *Ticket) signature {
	sig := signature{weight: m.weight(t), shelf: shelfReady}
	switch {
	case !t.Status.Workable():
		sig.shelf = shelfResting
	case len(t.Offers) > 0:
		sig.shelf = shelfRinging
	case len(t.Refusals) > 0:
		sig.shelf = shelfRefused
	}
	if len(t.Requires) > 0 {
		var needs strings.Builder
		for _, need := range t.Requires {
			needs.WriteString(string(need.Skill))
			needs.WriteByte('\x00')
			needs.WriteString(strconv.Itoa(int(need.Level)))
			needs.WriteByte('\x00')
		}
		sig.needs = needs.String()
	}
	return sig
}

// key is the ticket's place in its queue's order: bucket, effective key,
// original enqueue, ordinal.
func (m *Machine) key(t *Ticket) queue.Key {
	plan := m.queuePlan(t.Queue)
	key := queue.Key{Bucket: t.Bucket, Enqueued: int64(t.Enqueued), Ordinal: uint64(t.Ordinal)}
	if plan == nil {
		return key
	}
	switch plan.order {
	case byAge:
		key.Rank = int64(t.Enqueued) + plan.step*int64(t.Priority)
	case byDue:
		key.Rank = m.earliestDue(t)
	case bySlack:
		if key.Rank = m.earliestDue(t); key.Rank != math.MaxInt64 {
			key.Rank -= plan.expect
		}
	default:
		key.Rank = int64(t.Priority)
	}
	return key
}

// rebucket finds the first of the queue's conditions that holds, else behind
// all. The answer is kept in the row, since facts of an organization may change
// without an event of the ticket.
func (d *draft) rebucket() {
	plan := d.m.queuePlan(d.t.Queue)
	if plan == nil || len(plan.buckets) == 0 {
		d.t.Bucket = 0
		return
	}
	d.look()
	i := slices.IndexFunc(plan.buckets, d.m.holds)
	if i < 0 {
		i = len(plan.buckets)
	}
	d.t.Bucket = int32(i) //nolint:gosec // few
}

// earliestDue is the earliest due instant of the running countdowns, breached
// ones too; a ticket without one comes last.
func (m *Machine) earliestDue(t *Ticket) int64 {
	due := int64(math.MaxInt64)
	for i := range t.Clocks {
		if c := &t.Clocks[i]; c.State == sla.Running && c.Bound && c.Due != 0 {
			due = min(due, c.Due)
		}
	}
	return due
}

func (m *Machine) queuePlan(id QueueID) *queuePlan {
	if i, ok := m.config.queueAt[id]; ok {
		return &m.config.queues[i]
	}
	return nil
}

// rebuildLines places every waiting ticket anew: a configuration may have
// changed orders, weights and buckets.
func (m *Machine) rebuildLines() {
	m.lines = map[QueueID]*queue.Queue[signature]{}
	m.places = map[Ordinal]place{}
	for slot := range m.tickets.High() {
		if t := m.tickets.Get(slot); t != nil && t.Waiting() {
			m.rebuildPlace(t)
		}
	}
	m.stirred = true
}

func (m *Machine) rebuildPlace(t *Ticket) {
	d := m.edit(t)
	if d.rebucket(); d.t.Bucket != t.Bucket {
		d.put()
		return
	}
	m.replaceInLine(t)
}
