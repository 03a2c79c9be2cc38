package core

// EventType names what happened.
type EventType string

// The events of tickets.
const (
	TicketCreated          EventType = "ticket.created"
	TicketSubjectChanged   EventType = "ticket.subject_changed"
	TicketAttributeChanged EventType = "ticket.attribute_changed" // type, language, channel, organization: Field, From, To
	TicketPriorityChanged  EventType = "ticket.priority_changed"
	TicketStatusChanged    EventType = "ticket.status_changed"
	TicketReopened         EventType = "ticket.reopened" // beside the status change
	TicketGroupAssigned    EventType = "ticket.group_assigned"
	TicketGroupCleared     EventType = "ticket.group_cleared"
	TicketAssigned         EventType = "ticket.assigned"
	TicketUnassigned       EventType = "ticket.unassigned"
	TicketTagsChanged      EventType = "ticket.tags_changed"
	TicketFieldChanged     EventType = "ticket.field_changed"
	TicketRequirementAdded EventType = "ticket.requirement_added"
	TicketMessageAdded     EventType = "ticket.message_added"
	TicketRouted           EventType = "ticket.routed" // to the queue in which it waits, or would
	TicketQueued           EventType = "ticket.queued"
	TicketDequeued         EventType = "ticket.dequeued"
	TicketEscalated        EventType = "ticket.escalated"
	TicketNotified         EventType = "ticket.notified"
)

// The events of rules.
const (
	RuleMatched EventType = "rule.matched"
	RuleFailed  EventType = "rule.failed" // its condition could not be evaluated: counted as no match
)

// The events of offers.
const (
	OfferMade     EventType = "offer.made"
	OfferAccepted EventType = "offer.accepted"
	OfferDeclined EventType = "offer.declined"
	OfferExpired  EventType = "offer.expired"
	OfferRevoked  EventType = "offer.revoked"

	OfferCooledDown EventType = "offer.cooled_down" // the ticket may be offered to the agent again
	OfferReadmitted EventType = "offer.readmitted"  // the agent may be asked again should everybody have refused

	// AssignmentExhausted tells that everybody who could take the ticket has
	// refused it; the least recent of them is asked again.
	AssignmentExhausted EventType = "assignment.exhausted"
)

// The events of countdowns, in the vocabulary of public metric event logs:
// activate, pause, resume, apply, breach, fulfil.
const (
	SLAStarted    EventType = "sla.started"
	SLAPaused     EventType = "sla.paused"
	SLAResumed    EventType = "sla.resumed"
	SLAReset      EventType = "sla.reset"
	SLATargeted   EventType = "sla.targeted"   // a target attached for the first time
	SLARetargeted EventType = "sla.retargeted" // a new target version; AttachedBreached if it was used up before
	SLAUntargeted EventType = "sla.untargeted" // the target is gone; the metric runs on
	SLABreached   EventType = "sla.breached"
	SLAEnded      EventType = "sla.ended" // Outcome: met, breached or cancelled
)

// The events of agents, organizations and the desk.
const (
	AgentPut             EventType = "agent.put"
	AgentRemoved         EventType = "agent.removed"
	AgentPresenceChanged EventType = "agent.presence_changed"
	AgentOverCapacity    EventType = "agent.over_capacity"
	OrganizationPut      EventType = "organization.put"
	ConfigApplied        EventType = "config.applied"
	DeskOutage           EventType = "desk.outage"
	CommandRejected      EventType = "command.rejected"  // a keyed command was refused: kept so that a retry finds it
	CommandUnchanged     EventType = "command.unchanged" // a keyed command changed nothing: kept so that a retry finds it
)

// Event is an immutable fact. The fields that its type does not use are zero
// and absent from its JSON form. It holds no personal text: a changed subject
// is told as changed, not quoted.
type Event struct {
	Seq    Seq       `json:"seq"`
	At     Instant   `json:"at"`
	Type   EventType `json:"type"`
	Ticket TicketID  `json:"ticket,omitempty"`

	From string `json:"from,omitempty"` // the value before; for a message, the author's role
	To   string `json:"to,omitempty"`   // the value after

	Group        GroupID        `json:"group,omitempty"`
	Queue        QueueID        `json:"queue,omitempty"`
	Agent        AgentID        `json:"agent,omitempty"`
	Organization OrganizationID `json:"organization,omitempty"`
	Skill        SkillID        `json:"skill,omitempty"`
	Level        uint8          `json:"level,omitempty"`
	Count        uint32         `json:"count,omitempty"` // of assignment.exhausted: how many refused
	Field        string         `json:"field,omitempty"`
	Value        Value          `json:"value,omitzero"`
	Added        []string       `json:"added,omitempty"`
	Removed      []string       `json:"removed,omitempty"`
	Priority     Priority       `json:"priority,omitzero"` // of ticket.created and the sla events
	Status       Status         `json:"status,omitzero"`   // of ticket.created
	Channel      Channel        `json:"channel,omitempty"` // of ticket.created; of a notification, where it goes
	By           Role           `json:"by,omitzero"`
	Public       bool           `json:"public,omitempty"`
	Forced       bool           `json:"forced,omitempty"`
	Via          string         `json:"via,omitempty"` // how an assignment came about: offer, push, next, hand, update, create, rule
	Rule         string         `json:"rule,omitempty"`
	Detail       string         `json:"detail,omitempty"`
	OccurredAt   Instant        `json:"occurred_at,omitzero"`
	Expires      Instant        `json:"expires,omitzero"` // of an offer

	Metric           string  `json:"metric,omitempty"`
	Instance         uint32  `json:"instance,omitempty"` // counts a ticket's instances of the metric, from 1
	Policy           string  `json:"policy,omitempty"`
	Calendar         string  `json:"calendar,omitempty"`
	Target           string  `json:"target,omitempty"`            // the amount as written, such as 4h or 2bd
	TargetVersion    uint32  `json:"target_version,omitempty"`    // counts an instance's targets, from 1
	Due              Instant `json:"due,omitzero"`                // while running
	Elapsed          int64   `json:"elapsed_ns,omitempty"`        // counted open time, nanoseconds
	ElapsedCalendar  int64   `json:"calendar_ns,omitempty"`       // the same in round-the-clock time
	Outcome          string  `json:"outcome,omitempty"`           // met, breached, cancelled
	AttachedBreached bool    `json:"attached_breached,omitempty"` // used up before it came into force

	Version uint64  `json:"version,omitempty"` // of config.applied: the configuration's number
	Ends    Instant `json:"until,omitzero"`    // of desk.outage: when it ended
	Command string  `json:"command,omitempty"` // of command.*: the command's name
	Reason  Reason  `json:"reason,omitempty"`  // of command.rejected, and why an offer or place in line ended
}
