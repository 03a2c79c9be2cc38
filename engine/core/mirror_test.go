package core_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// mirror is the desk as its events tell it, and a matcher written from the words
// of the semantics: slow, plain and independent of the machine. Each offer and
// each pushed assignment must be the one that the matcher would make at that
// point, and when an entry is done the matcher must find nothing more.
type mirror struct {
	config  *core.Config
	agents  []*mirrorAgent // in order of ordinal; nil once removed
	tickets []*mirrorTicket
	passed  core.Instant // deadlines up to here have fired
	seq     core.Seq
	told    *core.Event // assignment.exhausted, until its offer
	faults  []string
}

type mirrorAgent struct {
	core.AgentProfile
	presence core.Presence
	given    core.Instant // last offered or directly assigned a ticket
	givenSeq core.Seq
	timeouts uint32
}

type mirrorTicket struct {
	facts
	id       core.TicketID
	ordinal  int
	status   core.Status
	group    core.GroupID
	queue    core.QueueID
	assignee core.AgentID
	offers   []*mirrorAgent
	refusals map[*mirrorAgent]mirrorRefusal
	enqueued core.Instant
	requires map[core.SkillID]uint8
	clocks   map[string]*mirrorClock
}

// mirrorRefusal has no again where the agent may be asked again at once.
type mirrorRefusal struct{ at, until, again core.Instant }

// mirrorClock is what the order of a queue asks of a countdown.
type mirrorClock struct {
	running bool
	due     core.Instant
}

func (m *mirror) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

// entry folds one entry. What fired is told by passed; matching says whether the
// entry ends with one.
func (m *mirror) entry(e core.Entry, passed core.Instant, matching bool) {
	m.passed = passed
	before := m.excess()
	for i := range e.Events {
		event := &e.Events[i]
		if event.Seq != m.seq+1 {
			m.fault("event %d follows %d", event.Seq, m.seq)
		}
		if event.At != e.At {
			m.fault("event %d is stamped %v in an entry of %v", event.Seq, event.At, e.At)
		}
		m.seq = event.Seq
		m.foresee(event)
		m.fold(e, event)
	}
	m.overCapacity(e, before)
	m.inOrder(e)
	if matching {
		m.settled(e.At)
	}
}

// inOrder checks the order of one instant: by class (SLA; offers), within a class
// by the tickets' creation order.
func (m *mirror) inOrder(e core.Entry) {
	class, ordinal := 0, 0
	for _, event := range e.Events {
		var next int
		switch event.Type {
		case core.SLABreached:
			next = 1
		case core.OfferExpired, core.OfferReadmitted, core.OfferCooledDown:
			next = 2
		default:
			continue
		}
		t := m.ticket(event.Ticket)
		if next < class || next == class && t.ordinal < ordinal {
			m.fault("event %d (%s of %s) fires out of order", event.Seq, event.Type, t.id)
		}
		class, ordinal = next, t.ordinal
	}
}

// settled checks invariant 8: no eligible ticket waits while an eligible agent
// has room, nor is one exhausted without being asked again.
func (m *mirror) settled(at core.Instant) {
	if t, a, _ := m.expect(); t != nil {
		m.fault("at %v ticket %s waits though agent %s could take it", at, t.id, a.ID)
	}
}

// foresee checks a decision before it is folded.
func (m *mirror) foresee(e *core.Event) {
	pushed := e.Type == core.TicketAssigned && e.Via == "push"
	if e.Type != core.OfferMade && !pushed {
		return
	}
	t, a, exhausted := m.expect()
	switch {
	case t == nil:
		m.fault("event %d gives %s to %s, the oracle nothing", e.Seq, e.Ticket, e.Agent)
	case t.id != e.Ticket || a.ID != e.Agent:
		m.fault("event %d gives %s to %s, the oracle %s to %s", e.Seq, e.Ticket, e.Agent, t.id, a.ID)
	case exhausted != (m.told != nil):
		m.fault("event %d gives %s to %s: exhausted is %t, told is %t", e.Seq, e.Ticket, e.Agent, exhausted, m.told != nil)
	case exhausted && int(m.told.Count) != len(m.candidates(t)):
		m.fault("event %d tells of %d refusers, there are %d", m.told.Seq, m.told.Count, len(m.candidates(t)))
	case e.Type == core.OfferMade && e.Expires != e.At+m.spec(t.queue).expires():
		m.fault("event %d expires at %v", e.Seq, e.Expires)
	case pushed != (m.spec(t.queue).Offer.Accept == "auto"):
		m.fault("event %d is not how queue %s gives tickets", e.Seq, t.queue)
	}
	m.told = nil
}

// expect is the next match: each push queue names its first ticket for which an
// agent exists; of these the lowest (rank, original enqueue, ordinal) is matched
// with its best agent. Only when there is none is one looked for that every
// candidate has refused.
func (m *mirror) expect() (t *mirrorTicket, a *mirrorAgent, exhausted bool) {
	if t, a = m.first(m.best); t != nil {
		return t, a, false
	}
	t, a = m.first(m.leastRecentRefuser)
	return t, a, true
}

func (m *mirror) first(agentFor func(*mirrorTicket) *mirrorAgent) (t *mirrorTicket, a *mirrorAgent) {
	if m.config == nil {
		return nil, nil
	}
	var rank int32
	for i := range m.config.Queues {
		q := spec{&m.config.Queues[i]}
		if q.Assign == "pull" {
			continue
		}
		for _, next := range m.line(q.ID) {
			if !next.ready() {
				continue
			}
			agent := agentFor(next)
			if agent == nil {
				continue
			}
			if t == nil || cmp.Or(cmp.Compare(q.rank(), rank), cmp.Compare(next.enqueued, t.enqueued), cmp.Compare(next.ordinal, t.ordinal)) < 0 {
				t, a, rank = next, agent, q.rank()
			}
			break
		}
	}
	return t, a
}

// best is the least loaded of the agents who may take the ticket; of equals, the
// one longest without a ticket, never first; of equals, the elder.
func (m *mirror) best(t *mirrorTicket) *mirrorAgent {
	var best *mirrorAgent
	for _, a := range m.candidates(t) {
		if m.refused(t, a) || m.load(a)+m.weight(t) > uint64(a.Capacity)*100 {
			continue
		}
		if best == nil || m.prefer(a, best) {
			best = a
		}
	}
	return best
}

// prefer reports whether a, who is younger than b, goes before b.
func (m *mirror) prefer(a, b *mirrorAgent) bool {
	x, y := m.load(a)*uint64(b.Capacity), m.load(b)*uint64(a.Capacity)
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.given, b.given), cmp.Compare(a.givenSeq, b.givenSeq)) < 0
}

// leastRecentRefuser is nil unless every candidate, whatever their load, is
// cooling down for the ticket.
func (m *mirror) leastRecentRefuser(t *mirrorTicket) *mirrorAgent {
	var first *mirrorAgent
	for _, a := range m.candidates(t) {
		if !m.refused(t, a) {
			return nil
		}
		r := t.refusals[a]
		if r.again > m.passed || m.load(a)+m.weight(t) > uint64(a.Capacity)*100 {
			continue
		}
		if first == nil || r.at < t.refusals[first].at {
			first = a
		}
	}
	return first
}

// candidates are the agents online, in the queue's groups and skilled, whatever
// their load, by ordinal.
func (m *mirror) candidates(t *mirrorTicket) []*mirrorAgent {
	var list []*mirrorAgent
	for _, a := range m.agents {
		if a != nil && a.presence == core.PresenceOnline && m.serves(a, t) {
			list = append(list, a)
		}
	}
	return list
}

func (m *mirror) serves(a *mirrorAgent, t *mirrorTicket) bool {
	for skill, level := range t.requires {
		if a.Skills[skill] < level {
			return false
		}
	}
	groups := m.spec(t.queue).Groups
	return slices.ContainsFunc(a.Groups, func(g core.GroupID) bool { return slices.Contains(groups, g) })
}

func (m *mirror) refused(t *mirrorTicket, a *mirrorAgent) bool {
	r, ok := t.refusals[a]
	return ok && r.until > m.passed
}

// line is a queue's waiting tickets in a full sort by the documented key.
func (m *mirror) line(queue core.QueueID) []*mirrorTicket {
	var line []*mirrorTicket
	for _, t := range m.tickets {
		if t.waiting() && t.queue == queue {
			line = append(line, t)
		}
	}
	q := m.spec(queue)
	slices.SortFunc(line, func(a, b *mirrorTicket) int {
		return cmp.Or(
			cmp.Compare(q.bucket(a), q.bucket(b)), cmp.Compare(q.key(a), q.key(b)),
			cmp.Compare(a.enqueued, b.enqueued), cmp.Compare(a.ordinal, b.ordinal))
	})
	return line
}

func (t *mirrorTicket) waiting() bool {
	return t.queue != "" && t.assignee == "" && !t.status.Finished()
}

func (t *mirrorTicket) ready() bool {
	return len(t.offers) == 0 && (t.status == core.StatusNew || t.status == core.StatusOpen)
}

// load is what an agent holds and is offered, in hundredths.
func (m *mirror) load(a *mirrorAgent) uint64 {
	sum := uint64(0)
	for _, t := range m.tickets {
		if m.holds(a, t) || slices.Contains(t.offers, a) {
			sum += m.weight(t)
		}
	}
	return sum
}

func (m *mirror) holds(a *mirrorAgent, t *mirrorTicket) bool {
	return t.assignee == a.ID && !t.status.Finished()
}

func (m *mirror) weight(t *mirrorTicket) uint64 {
	return 100 * uint64(max(1, m.config.Channels[t.channel].Weight))
}

// next is what `next` must give an agent.
func (m *mirror) next(a *mirrorAgent) *mirrorTicket {
	var best *mirrorTicket
	var rank int32
	for i := range m.config.Queues {
		q := spec{&m.config.Queues[i]}
		for _, t := range m.line(q.ID) {
			if !t.ready() || !m.serves(a, t) || m.refused(t, a) || m.load(a)+m.weight(t) > uint64(a.Capacity)*100 {
				continue
			}
			if best == nil || cmp.Or(cmp.Compare(q.rank(), rank), cmp.Compare(t.enqueued, best.enqueued), cmp.Compare(t.ordinal, best.ordinal)) < 0 {
				best, rank = t, q.rank()
			}
			break
		}
	}
	return best
}

// spec reads a queue's words with their documented defaults.
type spec struct{ *core.QueueSpec }

func (m *mirror) spec(id core.QueueID) spec {
	i := slices.IndexFunc(m.config.Queues, func(q core.QueueSpec) bool { return q.ID == id })
	if i < 0 {
		return spec{&core.QueueSpec{}}
	}
	return spec{&m.config.Queues[i]}
}

func (q spec) rank() int32 { return cmp.Or(q.Rank, 100) }

func (q spec) expires() core.Instant { return length(q.Offer.Expires, time.Minute) }

func (q spec) bucket(t *mirrorTicket) int {
	for i, condition := range q.Bucket {
		if holds(condition, t.facts) {
			return i
		}
	}
	return len(q.Bucket)
}

func (q spec) key(t *mirrorTicket) int64 {
	due := t.earliestDue()
	switch {
	case q.Order == "aged":
		return int64(t.enqueued + length(q.Step, time.Hour)*core.Instant(t.priority))
	case q.Order == "due" || q.Order == "slack" && due == math.MaxInt64:
		return due
	case q.Order == "slack":
		return due - int64(length(q.Expect, 0))
	default:
		return int64(t.priority)
	}
}

func (t *mirrorTicket) earliestDue() int64 {
	due := int64(math.MaxInt64)
	for _, c := range t.clocks { // order: the least of all
		if c.running && c.due != 0 {
			due = min(due, int64(c.due))
		}
	}
	return due
}

func length(text string, usual time.Duration) core.Instant {
	d, err := time.ParseDuration(text)
	if text == "" {
		d, err = usual, nil
	}
	if err != nil {
		panic(err)
	}
	return core.Instant(d)
}

// excess is by how much agents are above capacity, in hundredths.
func (m *mirror) excess() map[*mirrorAgent]uint64 {
	excess := map[*mirrorAgent]uint64{}
	for _, a := range m.agents {
		if a != nil && m.load(a) > uint64(a.Capacity)*100 {
			excess[a] = m.load(a) - uint64(a.Capacity)*100
		}
	}
	return excess
}

// overCapacity checks invariant 3: whomever an entry brought above capacity it
// reports, and whom it gave still more; a configuration reports only the new ones.
func (m *mirror) overCapacity(e core.Entry, before map[*mirrorAgent]uint64) {
	_, config := e.Command.(core.ApplyConfig)
	for a, now := range m.excess() { // order: each by itself
		reported := slices.ContainsFunc(e.Events, func(o core.Event) bool { return o.Type == core.AgentOverCapacity && o.Agent == a.ID })
		if !reported && (before[a] == 0 || !config && now > before[a]) {
			m.fault("entry of %v (%v) leaves %s above capacity and does not say so", e.At, e.Command, a.ID)
		}
	}
}

func (m *mirror) agent(id core.AgentID) *mirrorAgent {
	for _, a := range m.agents {
		if a != nil && a.ID == id {
			return a
		}
	}
	return nil
}

func (m *mirror) ticket(id core.TicketID) *mirrorTicket {
	for _, t := range m.tickets {
		if t.id == id {
			return t
		}
	}
	return nil
}

// fold takes in one event.
func (m *mirror) fold(entry core.Entry, e *core.Event) {
	switch {
	case e.Type == core.ConfigApplied:
		m.config = entry.Command.(core.ApplyConfig).Config
	case e.Type == core.DeskOutage:
		m.outage(e.OccurredAt, e.Ends)
	case e.Type == core.AssignmentExhausted:
		m.told = e
	case strings.HasPrefix(string(e.Type), "agent."):
		m.foldAgent(entry, e)
	case e.Type == core.TicketCreated:
		create, ok := entry.Command.(core.CreateTicket)
		if !ok {
			m.fault("event %d: %T creates a ticket", e.Seq, entry.Command)
			return
		}
		m.tickets = append(m.tickets, &mirrorTicket{
			facts: facts{priority: e.Priority, channel: e.Channel, organization: e.Organization},
			id:    e.Ticket, queue: create.Queue, ordinal: len(m.tickets) + 1, status: e.Status, refusals: map[*mirrorAgent]mirrorRefusal{},
			requires: map[core.SkillID]uint8{}, clocks: map[string]*mirrorClock{},
		})
	case strings.HasPrefix(string(e.Type), "sla."):
		m.ticket(e.Ticket).foldClock(e)
	case strings.HasPrefix(string(e.Type), "offer."):
		m.foldOffer(m.ticket(e.Ticket), e)
	case e.Ticket != "":
		m.foldTicket(entry, m.ticket(e.Ticket), e)
	}
}

func (m *mirror) outage(from, to core.Instant) {
	for _, t := range m.tickets {
		for a, r := range t.refusals { // order: each by itself
			if r.until > from {
				r.until += to - from
			}
			if r.again > from {
				r.again += to - from
			}
			t.refusals[a] = r
		}
	}
}

func (m *mirror) foldAgent(entry core.Entry, e *core.Event) {
	a := m.agent(e.Agent)
	switch e.Type {
	case core.AgentPut:
		profile, presence := profileOf(entry.Command, e.Agent)
		profile.Capacity = cmp.Or(profile.Capacity, core.CapacityDefault)
		if a == nil {
			a = &mirrorAgent{presence: cmp.Or(presence, core.PresenceOffline)}
			m.agents = append(m.agents, a)
		}
		a.AgentProfile = profile
	case core.AgentRemoved:
		m.agents[slices.Index(m.agents, a)] = nil
	case core.AgentPresenceChanged:
		if e.From != a.presence.String() {
			m.fault("event %d: %s was %v, not %s", e.Seq, a.ID, a.presence, e.From)
		}
		if err := a.presence.UnmarshalText([]byte(e.To)); err != nil {
			m.fault("event %d: %v", e.Seq, err)
		}
		a.timeouts = 0
	}
}

func profileOf(command core.Command, id core.AgentID) (core.AgentProfile, core.Presence) {
	switch c := command.(type) {
	case core.PutAgent:
		return c.AgentProfile, c.Presence
	case core.ApplyConfig:
		for _, a := range c.Config.Agents {
			if a.ID == id {
				return a.AgentProfile, a.Presence
			}
		}
	}
	panic(fmt.Sprintf("%T puts no agent %s", command, id))
}

func (m *mirror) foldOffer(t *mirrorTicket, e *core.Event) {
	if e.Type == core.OfferReadmitted || e.Type == core.OfferCooledDown {
		m.foldRefusal(t, e)
		return
	}
	a := m.agent(e.Agent)
	had := slices.Contains(t.offers, a)
	if had == (e.Type == core.OfferMade) {
		m.fault("event %d: %s of %s to %s, offered before: %t", e.Seq, e.Type, t.id, e.Agent, had)
	}
	t.offers = slices.DeleteFunc(t.offers, func(o *mirrorAgent) bool { return o == a })
	switch e.Type {
	case core.OfferMade:
		t.offers = append(t.offers, a)
		a.given, a.givenSeq = e.At, e.Seq
	case core.OfferDeclined, core.OfferExpired:
		m.refuse(t, a, e.At)
	}
}

// foldRefusal checks that a refusal softens and ends exactly when it should.
func (m *mirror) foldRefusal(t *mirrorTicket, e *core.Event) {
	for a, r := range t.refusals { // order: at most one is meant
		switch {
		case a.ID != e.Agent:
		case e.Type == core.OfferReadmitted && min(r.again, r.until) == e.At:
			return
		case e.Type == core.OfferCooledDown && r.until == e.At:
			delete(t.refusals, a)
			return
		}
	}
	m.fault("event %d: %s of %s to %s, which is not then", e.Seq, e.Type, e.Ticket, e.Agent)
}

func (m *mirror) refuse(t *mirrorTicket, a *mirrorAgent, at core.Instant) {
	q := m.spec(t.queue)
	cool, again := length(q.Offer.CoolDown, 5*time.Minute), length(q.Offer.ReadmitAfter, 0)
	if cool != 0 && t.queue != "" {
		r := mirrorRefusal{at: at, until: at + cool}
		if again != 0 {
			r.again = at + again
		}
		t.refusals[a] = r
	}
}

func (m *mirror) foldTicket(entry core.Entry, t *mirrorTicket, e *core.Event) {
	switch e.Type {
	case core.TicketPriorityChanged:
		t.priority = e.Priority
	case core.TicketAttributeChanged:
		switch e.Field {
		case "channel":
			t.channel = core.Channel(e.To)
		case "organization":
			t.organization = core.OrganizationID(e.To)
		}
	case core.TicketTagsChanged:
		t.tags = slices.DeleteFunc(slices.Clone(t.tags), func(tag string) bool { return slices.Contains(e.Removed, tag) })
		t.tags = append(t.tags, e.Added...)
	case core.TicketGroupAssigned, core.TicketGroupCleared:
		t.group = e.Group
	case core.TicketRequirementAdded:
		t.requires[e.Skill] = max(t.requires[e.Skill], e.Level)
	case core.TicketStatusChanged:
		if e.From != t.status.String() {
			m.fault("event %d: %s was %v, not %s", e.Seq, t.id, t.status, e.From)
		}
		t.status = e.Status
	case core.TicketReopened:
		t.enqueued = 0
		clear(t.refusals)
	case core.TicketRouted:
		t.queue = e.Queue
	case core.TicketQueued:
		if e.Queue != t.queue || !t.waiting() {
			m.fault("event %d: %s enters %s, though it belongs to %q", e.Seq, t.id, e.Queue, t.queue)
		}
		t.enqueued = cmp.Or(t.enqueued, e.At)
	case core.TicketAssigned:
		m.foldAssigned(t, e)
	case core.TicketUnassigned:
		if release, ok := entry.Command.(core.ReleaseTicket); ok && release.Ticket == t.id && t.assignee != "" {
			m.refuse(t, m.agent(t.assignee), e.At)
		}
		t.assignee = ""
	}
}

func (m *mirror) foldAssigned(t *mirrorTicket, e *core.Event) {
	a := m.agent(e.Agent)
	if a == nil {
		m.fault("event %d assigns to %s, who is not there", e.Seq, e.Agent)
		return
	}
	if !e.Forced && e.Via != "offer" && m.load(a)+m.weight(t) > uint64(a.Capacity)*100 && !slices.Contains(t.offers, a) {
		m.fault("event %d takes %s above capacity", e.Seq, a.ID)
	}
	t.assignee, t.offers = a.ID, nil
	clear(t.refusals)
	if e.Via != "offer" {
		a.given, a.givenSeq = e.At, e.Seq
	}
}

func (t *mirrorTicket) foldClock(e *core.Event) {
	c := t.clocks[e.Metric]
	if c == nil {
		c = &mirrorClock{}
		t.clocks[e.Metric] = c
	}
	switch e.Type {
	case core.SLAStarted, core.SLAResumed:
		c.running = true
	case core.SLAPaused, core.SLAEnded:
		c.running = false
	}
	c.due = e.Due
}
