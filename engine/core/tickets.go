package core

import (
	"cmp"
	"slices"
)

// create brings a ticket into being: it is routed, timed and put in line in the
// same step.
func (m *Machine) create(c CreateTicket) Reply {
	if r := m.checkCreate(c); r != nil {
		return refused(r)
	}
	d := m.edit(&Ticket{
		ID: c.ID, Ordinal: m.row.tickets + 1, Subject: c.Subject, Requester: c.Requester, Organization: c.Organization,
		Channel: cmp.Or(c.Channel, ChannelAPI), Type: c.Type, Language: c.Language, CreatedBy: cmp.Or(c.By, RoleRequester),
		Priority: cmp.Or(c.Priority, PriorityNormal), Status: cmp.Or(c.Status, StatusNew), Created: m.now, Config: m.row.configs,
		Fields: slices.DeleteFunc(sortedFields(c.Fields), func(f Field) bool { return f.Value.IsZero() }),
	})
	d.was = nil
	d.happens = EventFacts{Type: happenedCreated, From: d.t.CreatedBy.String(), Text: c.Text}
	d.emit(Event{
		Type: TicketCreated, Priority: d.t.Priority, Status: d.t.Status, Channel: d.t.Channel, Organization: d.t.Organization,
		By: d.t.CreatedBy, OccurredAt: c.OccurredAt,
	})
	for _, f := range d.t.Fields {
		d.emit(Event{Type: TicketFieldChanged, Field: f.Name, Value: f.Value})
	}
	d.retag(c.Tags, nil)
	d.setGroup(c.Group)
	d.setQueue(c.Queue)
	if agent := m.agent(c.Assignee); agent != nil {
		d.setAssignee(agent, viaCreate, true)
	}
	if d.t.Status.Finished() {
		d.finish(d.t.Status)
	}
	if r := d.conclude(true); r != nil {
		return refused(r)
	}
	m.row.tickets++
	m.changed(RowDesk, "", m.deskRow())
	return Reply{Ticket: c.ID}
}

func (m *Machine) checkCreate(c CreateTicket) *Rejection {
	var check checks
	check.id("id", string(c.ID))
	check.text("subject", c.Subject, SubjectBytesMax)
	check.text("text", c.Text, TextBytesMax)
	check.optionalID("requester", string(c.Requester))
	check.optionalID("organization", string(c.Organization))
	check.text("type", c.Type, TagBytesMax)
	check.text("language", c.Language, TagBytesMax)
	check.priority(c.Priority)
	check.status(c.Status)
	check.role("by", c.By)
	check.tags("tags", c.Tags)
	check.fields(c.Fields)
	check.instant("occurred_at", c.OccurredAt)
	m.names(&check, c.Channel, c.Group, c.Queue, c.Assignee)
	if m.ticket(c.ID) != nil {
		check.add(reject(ReasonExists, "id", "ticket %q exists already", c.ID))
	}
	if m.row.tickets >= ticketsMax {
		check.add(reject(ReasonLimit, "", "a desk keeps at most %d tickets", ticketsMax))
	}
	return check.first
}

// ticketsMax is how many tickets the paged table has room for.
const ticketsMax = 1<<26 - 1

// update changes what the command gives.
func (m *Machine) update(c UpdateTicket) Reply {
	t := m.ticket(c.ID)
	if t == nil {
		return refused(noTicket("id", c.ID))
	}
	d := m.edit(t)
	if r := m.checkUpdate(d, c); r != nil {
		return refused(r)
	}
	by := cmp.Or(c.By, RoleAgent)
	d.happens = EventFacts{Type: happenedUpdated, From: by.String()}
	d.apply(c, by)
	if r := d.conclude(true); r != nil {
		return refused(r)
	}
	return Reply{Ticket: c.ID}
}

func (m *Machine) checkUpdate(d *draft, c UpdateTicket) *Rejection {
	var check checks
	if c.IfVersion != 0 && c.IfVersion != d.t.Version {
		check.add(reject(ReasonVersion, "if_version", "ticket %q is at version %d, not %d", c.ID, d.t.Version, c.IfVersion))
	}
	check.text("subject", c.Subject.Value, SubjectBytesMax)
	check.text("type", c.Type.Value, TagBytesMax)
	check.text("language", c.Language.Value, TagBytesMax)
	check.optionalID("organization", string(c.Organization.Value))
	check.priority(c.Priority.Value)
	check.status(c.Status.Value)
	check.role("by", c.By)
	check.tags("add_tags", c.AddTags)
	check.tags("remove_tags", c.RemoveTags)
	check.fields(c.Fields)
	check.instant("occurred_at", c.OccurredAt)
	m.names(&check, c.Channel.Value, c.Group.Value, c.Queue.Value, c.Assignee.Value)
	for _, given := range []struct {
		field        string
		given, empty bool
	}{
		{"priority", c.Priority.Given, c.Priority.Value == 0},
		{"status", c.Status.Given, c.Status.Value == 0},
		{"channel", c.Channel.Given, c.Channel.Value == ""},
	} {
		if given.given && given.empty {
			check.add(reject(ReasonInvalid, given.field, "a ticket cannot be without %s", given.field))
		}
	}
	if c.Status.Given && check.first == nil {
		if r := d.mayBecome(c.Status.Value); r != nil {
			check.add(r)
		}
	}
	return check.first
}

// apply makes the changes that an update gives, in the order of its fields.
func (d *draft) apply(c UpdateTicket, by Role) {
	if c.Subject.Given {
		d.setSubject(c.Subject.Value)
	}
	if c.Type.Given {
		setAttribute(d, "type", &d.t.Type, c.Type.Value)
	}
	if c.Language.Given {
		setAttribute(d, "language", &d.t.Language, c.Language.Value)
	}
	if c.Channel.Given {
		setAttribute(d, "channel", &d.t.Channel, c.Channel.Value)
	}
	if c.Organization.Given {
		setAttribute(d, "organization", &d.t.Organization, c.Organization.Value)
	}
	if c.Priority.Given {
		d.setPriority(c.Priority.Value)
	}
	if c.Group.Given {
		d.setGroup(c.Group.Value)
	}
	if c.Queue.Given {
		d.setQueue(c.Queue.Value)
	}
	if c.Status.Given {
		d.setStatus(c.Status.Value, by, c.Assignee.Given)
	}
	if c.Assignee.Given {
		d.assignOrClear(c.Assignee.Value)
	}
	d.retag(c.AddTags, c.RemoveTags)
	for _, f := range sortedFields(c.Fields) {
		d.setField(f.Name, f.Value)
	}
}

func (d *draft) assignOrClear(id AgentID) {
	if agent := d.m.agent(id); agent != nil {
		d.setAssignee(agent, viaUpdate, true)
		return
	}
	d.unassign()
}

// message says something on a ticket.
func (m *Machine) message(c AddMessage) Reply {
	t := m.ticket(c.Ticket)
	if t == nil {
		return refused(noTicket("ticket", c.Ticket))
	}
	d := m.edit(t)
	if r := m.checkMessage(d, c); r != nil {
		return refused(r)
	}
	d.happens = EventFacts{Type: happenedMessage, From: c.From.String(), Agent: string(c.Agent), Public: c.Public, Text: c.Text}
	d.emit(Event{Type: TicketMessageAdded, From: c.From.String(), By: c.From, Agent: c.Agent, Public: c.Public, OccurredAt: c.OccurredAt})
	d.hear(c)
	if c.Status.Given {
		d.setStatus(c.Status.Value, c.From, false)
	}
	if r := d.conclude(true); r != nil {
		return refused(r)
	}
	return Reply{Ticket: c.Ticket, Agent: c.Agent}
}

func (m *Machine) checkMessage(d *draft, c AddMessage) *Rejection {
	var check checks
	check.role("from", c.From)
	if c.From == 0 {
		check.add(reject(ReasonRequired, "from", "a message is from a requester, an agent, a bot or the system"))
	}
	check.text("text", c.Text, TextBytesMax)
	check.optionalID("agent", string(c.Agent))
	check.instant("occurred_at", c.OccurredAt)
	check.status(c.Status.Value)
	if c.Status.Given && c.Status.Value == 0 {
		check.add(reject(ReasonInvalid, "status", "a ticket cannot be without status"))
	}
	if c.Status.Given && check.first == nil {
		if r := d.mayBecome(c.Status.Value); r != nil {
			check.add(r)
		}
	}
	return check.first
}

// hear keeps who waits for whom: a public message of an agent answers, one of a
// requester asks; the oldest question counts.
func (d *draft) hear(c AddMessage) {
	if !c.Public {
		return
	}
	switch c.From {
	case RoleAgent:
		d.t.Unanswered = 0
		d.t.Replied = cmp.Or(d.t.Replied, d.m.now)
	case RoleRequester:
		d.t.Unanswered = cmp.Or(d.t.Unanswered, d.m.now)
	}
}

// transition changes the status and nothing else: solve, reopen, close.
func (m *Machine) transition(id TicketID, by Role, to Status) Reply {
	t := m.ticket(id)
	if t == nil {
		return refused(noTicket("ticket", id))
	}
	d := m.edit(t)
	if r := d.checkTransition(by, to); r != nil {
		return refused(r)
	}
	by = cmp.Or(by, RoleAgent)
	d.happens = EventFacts{Type: happenedUpdated, From: by.String()}
	d.setStatus(to, by, false)
	return d.reply("", d.conclude(true))
}

func (d *draft) checkTransition(by Role, to Status) *Rejection {
	from := d.t.Status
	var check checks
	if check.role("by", by); check.first != nil {
		return check.first
	}
	switch {
	case from == to:
		return reject(ReasonTransition, "status", "the ticket is %s already", from)
	case to == StatusOpen && !from.Finished():
		return reject(ReasonTransition, "status", "only a solved or closed ticket is reopened; this one is %s", from)
	}
	return d.mayBecome(to)
}

// reply answers for a draft that was concluded.
func (d *draft) reply(agent AgentID, rejection *Rejection) Reply {
	if rejection != nil {
		return refused(rejection)
	}
	return Reply{Ticket: d.t.ID, Agent: agent}
}

// assign gives a ticket to an agent by hand.
func (m *Machine) assign(c AssignTicket) Reply {
	t, agent, rejection := m.pair(c.Ticket, c.Agent)
	if rejection != nil {
		return refused(rejection)
	}
	d := m.edit(t)
	if r := d.checkAssign(agent, c.Force); r != nil {
		return refused(r)
	}
	d.happens = EventFacts{Type: happenedAssigned, From: RoleAgent.String(), Agent: string(agent.ID)}
	d.setAssignee(agent, viaHand, c.Force)
	return d.reply(agent.ID, d.conclude(true))
}

func (d *draft) checkAssign(agent *Agent, force bool) *Rejection {
	switch {
	case d.t.Status.Finished():
		return reject(ReasonTransition, "ticket", "nobody holds %s work", d.t.Status)
	case force || d.t.Assignee == agent.ID:
		return nil
	case agent.Presence == PresenceOffline:
		return reject(ReasonOffline, "agent", "agent %q is offline", agent.ID)
	case !d.t.offerTo(agent.Ordinal) && !agent.room(d.weight()):
		return reject(ReasonNoRoom, "agent", "agent %q has no room", agent.ID)
	}
	return nil
}

// release gives a ticket back to its queue; the pair cools down, though it is no
// decline.
func (m *Machine) release(c ReleaseTicket) Reply {
	t := m.ticket(c.Ticket)
	switch {
	case t == nil:
		return refused(noTicket("ticket", c.Ticket))
	case t.Assignee == "" || t.Status.Finished():
		return refused(reject(ReasonNotAssigned, "ticket", "nobody holds ticket %q", c.Ticket))
	}
	d := m.edit(t)
	d.happens = EventFacts{Type: happenedUpdated, From: RoleAgent.String(), Agent: string(t.Assignee)}
	if agent := m.agent(t.Assignee); agent != nil {
		d.refuse(agent)
	}
	d.unassign()
	return d.reply("", d.conclude(true))
}

// next claims for an agent the first waiting ticket that fits. That there is
// none is an answer.
func (m *Machine) next(c NextTicket) Reply {
	agent := m.agent(c.Agent)
	switch {
	case agent == nil:
		return refused(noAgent("agent", c.Agent))
	case agent.Presence != PresenceOnline:
		return refused(reject(ReasonNotOnline, "agent", "agent %q is %s", c.Agent, agent.Presence))
	}
	t := m.firstFor(agent)
	if t == nil {
		return Reply{Agent: c.Agent, Empty: true}
	}
	d := m.edit(t)
	d.happens = EventFacts{Type: happenedAssigned, From: RoleAgent.String(), Agent: string(agent.ID)}
	d.setAssignee(agent, viaNext, false)
	return d.reply(agent.ID, d.conclude(true))
}
