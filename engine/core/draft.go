package core

import (
	"github.com/yardmaster/yardmaster/rules"
)

// draft is a ticket being changed by one command or deadline. Each change emits
// its event at once; nothing of the machine changes until the draft is put, so
// that a rule may still refuse the command.
type draft struct {
	m       *Machine
	cfg     *Compiled // the newest: rules, queues, groups and skills
	was     *Ticket   // nil for a new ticket
	t       Ticket
	happens EventFacts
	changed rules.Changed // facts changed since the rules last looked
	mark    Seq           // the desk's sequence when the draft was begun

	reopened bool
	left     string     // why it stopped waiting, if it did
	given    Ordinal    // the agent that it was offered or directly assigned to
	refusal  *Rejection // of a rule
}

// edit begins to change a ticket.
func (m *Machine) edit(t *Ticket) *draft {
	return &draft{m: m, cfg: m.config, was: t, t: *t, mark: m.seq}
}

// emit adds an event of the ticket.
func (d *draft) emit(e Event) {
	e.Ticket = d.t.ID
	d.m.emit(e)
}

func (d *draft) touch(paths ...rules.Path) { d.changed = d.changed.With(paths...) }

func (d *draft) setSubject(subject string) {
	if d.t.Subject != subject {
		d.t.Subject = subject
		d.emit(Event{Type: TicketSubjectChanged})
	}
}

// setAttribute changes one of the plain texts.
func setAttribute[T ~string](d *draft, name string, at *T, value T) {
	if *at != value {
		d.emit(Event{Type: TicketAttributeChanged, Field: name, From: string(*at), To: string(value)})
		*at = value
	}
}

func (d *draft) setPriority(p Priority) {
	if d.t.Priority == p {
		return
	}
	d.emit(Event{Type: TicketPriorityChanged, From: d.t.Priority.String(), To: p.String(), Priority: p})
	d.t.Priority = p
	d.touch(d.cfg.paths.priority)
}

func (d *draft) setGroup(group GroupID) {
	if d.t.Group == group {
		return
	}
	kind := TicketGroupAssigned
	if group == "" {
		kind = TicketGroupCleared
	}
	d.emit(Event{Type: kind, Group: group, From: string(d.t.Group), To: string(group)})
	d.t.Group = group
	d.touch(d.cfg.paths.group, d.cfg.paths.groupChanged)
}

func (d *draft) setField(name string, value Value) {
	fields, was := withField(d.t.Fields, name, value)
	if was.Equal(value) {
		return
	}
	d.emit(Event{Type: TicketFieldChanged, Field: name, From: was.String(), Value: value})
	d.t.Fields = fields
	d.touch(d.cfg.paths.fields)
}

func (d *draft) retag(add, remove []string) {
	tags, removed := withoutTags(d.t.Tags, remove)
	tags, added := withTags(tags, add)
	if len(added)+len(removed) == 0 {
		return
	}
	d.t.Tags = tags
	d.emit(Event{Type: TicketTagsChanged, Added: added, Removed: removed})
	d.touch(d.cfg.paths.tags)
}

func (d *draft) require(need Requirement) {
	need.Level = max(need.Level, 1)
	needs := withRequirement(d.t.Requires, need)
	if len(needs) == len(d.t.Requires) && (len(needs) == 0 || &needs[0] == &d.t.Requires[0]) {
		return
	}
	d.t.Requires = needs
	d.emit(Event{Type: TicketRequirementAdded, Skill: need.Skill, Level: need.Level})
}

// setStatus changes the status. Out of solved or closed to an unfinished one is
// a reopen: a new wait begins, refusals are forgotten, and the agent before
// keeps the ticket only if keep says so or the desk sends it back and they can
// take it.
func (d *draft) setStatus(s Status, by Role, keep bool) {
	from := d.t.Status
	if from == s {
		return
	}
	d.t.Status = s
	d.emit(Event{Type: TicketStatusChanged, From: from.String(), To: s.String(), Status: s, By: by})
	d.touch(d.cfg.paths.status)
	switch {
	case from.Finished() && !s.Finished():
		d.reopen(from, s, by, keep)
	case s.Finished():
		d.finish(s)
	}
}

func (d *draft) reopen(from, to Status, by Role, keep bool) {
	d.reopened = true
	d.t.Reopens++
	d.t.Solved, d.t.Closed, d.t.Enqueued, d.t.Refusals = 0, 0, 0, nil
	d.emit(Event{Type: TicketReopened, From: from.String(), To: to.String(), Status: to, By: by})
	d.touch(d.cfg.paths.reopened, d.cfg.paths.reopens)
	d.dropUnknown()
	if agent := d.m.agent(d.t.Assignee); keep || agent != nil && !d.cfg.reopen.toQueue &&
		agent.Presence != PresenceOffline && agent.room(d.weight()) {
		return
	}
	d.unassign()
}

// dropUnknown clears the names that the configuration has dropped while the
// ticket was finished: it would wait where nobody looks.
func (d *draft) dropUnknown() {
	if d.m.queuePlan(d.t.Queue) == nil {
		d.setQueue("")
	}
	if d.cfg.groups[d.t.Group] == nil {
		d.setGroup("")
	}
}

func (d *draft) finish(s Status) {
	d.left = leftFinished
	d.t.Refusals = nil
	if d.t.Solved == 0 {
		d.t.Solved = d.m.now
	}
	if s == StatusClosed {
		d.t.Closed = d.m.now
	}
}

// mayBecome says why the status may not change so, or nil.
func (d *draft) mayBecome(s Status) *Rejection {
	from := d.t.Status
	if from == StatusClosed && s == StatusSolved {
		return reject(ReasonTransition, "status", "a closed ticket cannot become solved")
	}
	if !from.Finished() || s.Finished() {
		return nil
	}
	if from == StatusSolved && d.cfg.reopen.solved || from == StatusClosed && d.cfg.reopen.closed {
		return nil
	}
	return reject(ReasonTransition, "status", "the desk does not let a %s ticket become %s", from, s)
}

// setAssignee gives the ticket to an agent, who is known to exist. Refusals are
// forgotten, open offers end.
func (d *draft) setAssignee(agent *Agent, via string, forced bool) {
	d.left = leftAssigned
	d.revoke(revokedByAssignment, agent.Ordinal)
	if d.t.Assignee == agent.ID {
		return
	}
	d.emit(Event{Type: TicketAssigned, Agent: agent.ID, From: string(d.t.Assignee), To: string(agent.ID), Via: via, Forced: forced})
	d.t.Assignee = agent.ID
	d.t.Refusals = nil
	d.touch(d.cfg.paths.assignee, d.cfg.paths.assigned)
	if via != viaOffer {
		d.given = agent.Ordinal
	}
}

func (d *draft) unassign() {
	if d.t.Assignee == "" {
		return
	}
	d.emit(Event{Type: TicketUnassigned, Agent: d.t.Assignee, From: string(d.t.Assignee)})
	d.t.Assignee = ""
	d.touch(d.cfg.paths.assignee, d.cfg.paths.assigned)
}

// setQueue says where the ticket waits, or would. Its place in line goes with it.
func (d *draft) setQueue(queue QueueID) {
	if d.t.Queue == queue {
		return
	}
	d.emit(Event{Type: TicketRouted, Queue: queue, From: string(d.t.Queue), To: string(queue)})
	d.t.Queue = queue
	d.left = leftRouted
	d.touch(d.cfg.paths.queue)
}

// weight is what the ticket takes of an agent's capacity.
func (d *draft) weight() uint64 { return d.m.weight(&d.t) }

// The ways in which an assignment comes about.
const (
	viaOffer  = "offer"
	viaPush   = "push"
	viaNext   = "next"
	viaHand   = "hand"
	viaUpdate = "update"
	viaCreate = "create"
	viaRule   = "rule"
)

// Why a ticket stopped waiting.
const (
	leftAssigned = "assigned"
	leftFinished = "finished"
	leftRouted   = "routed"
)

// Why an offer was revoked.
const (
	revokedByAssignment = "assigned"
	revokedByStatus     = "status"
	revokedByQueue      = "routed"
	revokedByPresence   = "presence"
	revokedByOutage     = "outage"
	revokedByRemoval    = "agent_removed"
)

// conclude ends a command on the ticket: rules if it triggers them, then its
// place in line, then SLA once; then the new row is put. It says why a rule, or
// a bound, refused, with nothing of the machine changed but its sequence, which the
// caller takes back.
func (d *draft) conclude(route bool) *Rejection {
	if route {
		d.route()
		if d.refusal != nil {
			return d.refusal
		}
	}
	if r := d.fits(); r != nil {
		return r
	}
	d.line()
	d.stepClocks()
	if d.m.seq == d.mark {
		return nil
	}
	d.t.Version = d.m.seq
	d.t.Updated = d.m.now
	d.record()
	was := d.was
	d.put()
	d.m.noteGiven(d.given)
	d.m.reportHeavier(was, d.was)
	return nil
}

// fits says which bound of a ticket the draft is over, or nil.
func (d *draft) fits() *Rejection {
	bytes := 0
	for _, f := range d.t.Fields {
		bytes += len(f.Name) + f.Value.bytes()
	}
	switch {
	case len(d.t.Tags) > TagsMax:
		return reject(ReasonTooLarge, "tags", "a ticket has at most %d tags, not %d", TagsMax, len(d.t.Tags))
	case len(d.t.Fields) > FieldsMax:
		return reject(ReasonTooLarge, "fields", "a ticket has at most %d fields, not %d", FieldsMax, len(d.t.Fields))
	case bytes > FieldsBytesMax:
		return reject(ReasonTooLarge, "fields", "a ticket's fields have at most %d bytes together, not %d", FieldsBytesMax, bytes)
	}
	return nil
}

// put makes the draft the ticket's row.
func (d *draft) put() {
	row := d.t
	d.m.replace(d.was, &row)
	d.was = &row
}

// putAsOf makes the draft the ticket's row, as of the event just told: for the
// changes of deadlines that nothing else follows from.
func (d *draft) putAsOf() {
	d.t.Version, d.t.Updated = d.m.seq, d.m.now
	d.put()
}

// line settles what waiting means for the draft: offers end when the ticket
// cannot be taken any more, and entering or leaving the line is told.
func (d *draft) line() {
	moved := d.was != nil && d.was.Queue != d.t.Queue
	switch {
	case d.t.Status.Finished() || !d.t.Status.Workable():
		d.revoke(revokedByStatus, 0)
	case moved:
		d.revoke(revokedByQueue, 0)
	}
	waited := d.was != nil && d.was.Waiting()
	waits := d.t.Waiting()
	if waited && (!waits || moved) {
		d.emit(Event{Type: TicketDequeued, Queue: d.was.Queue, Detail: d.left})
	}
	if waits {
		d.rebucket()
	}
	if !waits || waited && !moved {
		return
	}
	if d.t.Enqueued == 0 {
		d.t.Enqueued = d.m.now
	}
	d.emit(Event{Type: TicketQueued, Queue: d.t.Queue})
}
