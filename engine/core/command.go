package core

// Input is a stamped command: what somebody wants, the instant at which the
// machine is told, and the key under which it is done once only.
type Input struct {
	At      Instant // not before the instant of the input before it
	Key     string  // idempotency key, at most KeyBytesMax bytes; empty for none
	Command Command
}

// Command is an intent. The set is closed: the types of this file.
type Command interface {
	// Kind returns the command's name, such as "ticket.create".
	Kind() string
}

// Commands on tickets.
type (
	// CreateTicket brings a ticket into being. Left out, the status is new, the
	// priority normal, the channel api, the creator a requester.
	CreateTicket struct {
		ID           TicketID         `json:"id"`
		Subject      string           `json:"subject,omitempty"`
		Text         string           `json:"text,omitempty"` // seen by rules at creation, not kept on the ticket
		Requester    RequesterID      `json:"requester,omitempty"`
		Organization OrganizationID   `json:"organization,omitempty"`
		Channel      Channel          `json:"channel,omitempty"`
		Type         string           `json:"type,omitempty"`
		Language     string           `json:"language,omitempty"`
		Priority     Priority         `json:"priority,omitzero"`
		Status       Status           `json:"status,omitzero"`
		Tags         []string         `json:"tags,omitempty"`
		Fields       map[string]Value `json:"fields,omitempty"`
		Group        GroupID          `json:"group,omitempty"`
		Queue        QueueID          `json:"queue,omitempty"`
		Assignee     AgentID          `json:"assignee,omitempty"` // forced: neither presence nor room is asked
		By           Role             `json:"by,omitzero"`
		OccurredAt   Instant          `json:"occurred_at,omitzero"` // recorded, without effect
	}

	// UpdateTicket changes what it gives and leaves the rest. A given empty
	// group, queue or assignee clears; a field with no value is removed.
	UpdateTicket struct {
		ID           TicketID            `json:"id"`
		IfVersion    Seq                 `json:"if_version,omitzero"` // reject unless the ticket's version is this
		Subject      Opt[string]         `json:"subject,omitzero"`
		Type         Opt[string]         `json:"type,omitzero"`
		Language     Opt[string]         `json:"language,omitzero"`
		Channel      Opt[Channel]        `json:"channel,omitzero"`
		Organization Opt[OrganizationID] `json:"organization,omitzero"`
		Priority     Opt[Priority]       `json:"priority,omitzero"`
		Status       Opt[Status]         `json:"status,omitzero"`
		Group        Opt[GroupID]        `json:"group,omitzero"`
		Queue        Opt[QueueID]        `json:"queue,omitzero"`
		Assignee     Opt[AgentID]        `json:"assignee,omitzero"` // forced: neither presence nor room is asked
		AddTags      []string            `json:"add_tags,omitempty"`
		RemoveTags   []string            `json:"remove_tags,omitempty"`
		Fields       map[string]Value    `json:"fields,omitempty"`
		By           Role                `json:"by,omitzero"` // default agent
		OccurredAt   Instant             `json:"occurred_at,omitzero"`
	}

	// AddMessage says something on a ticket. A public message of an agent is a
	// reply; one of a requester asks. Notes (not public) do neither.
	AddMessage struct {
		Ticket     TicketID    `json:"ticket"`
		From       Role        `json:"from,omitzero" required:"true"`
		Agent      AgentID     `json:"agent,omitempty"` // who writes, when an agent does
		Public     bool        `json:"public,omitempty"`
		Text       string      `json:"text,omitempty"` // seen by rules, not kept on the ticket
		Status     Opt[Status] `json:"status,omitzero"`
		OccurredAt Instant     `json:"occurred_at,omitzero"`
	}

	// AssignTicket gives a ticket to an agent by hand. The agent must not be
	// offline and must have room; Force skips both.
	AssignTicket struct {
		Ticket TicketID `json:"ticket"`
		Agent  AgentID  `json:"agent"`
		Force  bool     `json:"force,omitempty"`
	}

	// AcceptOffer takes a ticket that is offered to the agent.
	AcceptOffer struct {
		Ticket TicketID `json:"ticket"`
		Agent  AgentID  `json:"agent"`
	}

	// DeclineOffer refuses a ticket that is offered to the agent.
	DeclineOffer struct {
		Ticket TicketID `json:"ticket"`
		Agent  AgentID  `json:"agent"`
		Why    string   `json:"why,omitempty"`
	}

	// ReleaseTicket gives an assigned ticket back to its queue, in its old place.
	ReleaseTicket struct {
		Ticket TicketID `json:"ticket"`
	}

	// SolveTicket makes a ticket solved. Like reopen and close, it changes the
	// status and nothing else.
	SolveTicket struct {
		Ticket TicketID `json:"ticket"`
		By     Role     `json:"by,omitzero"`
	}
	// ReopenTicket brings a solved or closed ticket back to open.
	ReopenTicket struct {
		Ticket TicketID `json:"ticket"`
		By     Role     `json:"by,omitzero"`
	}
	// CloseTicket makes a ticket closed.
	CloseTicket struct {
		Ticket TicketID `json:"ticket"`
		By     Role     `json:"by,omitzero"`
	}
)

// Commands on agents, organizations and the desk.
type (
	// PutAgent adds an agent or replaces the profile of one; the running state
	// (presence, held work) stays. A new agent is offline unless Presence says.
	PutAgent struct {
		AgentProfile
		Presence Presence `json:"presence,omitzero"` // of a new agent only
	}

	// RemoveAgent takes an agent away; what the agent holds goes back to its
	// queues in order of original enqueue.
	RemoveAgent struct {
		ID AgentID `json:"id"`
	}

	// SetPresence says whether an agent takes work.
	SetPresence struct {
		Agent    AgentID  `json:"agent"`
		Presence Presence `json:"presence,omitzero" required:"true"`
	}

	// NextTicket claims for an agent the first waiting ticket that fits. The
	// answer may be that there is none.
	NextTicket struct {
		Agent AgentID `json:"agent"`
	}

	// PutOrganization adds or replaces an organization.
	PutOrganization struct {
		Organization
	}

	// ApplyConfig makes a new immutable configuration version. Existing tickets
	// keep the version they were created under for their metrics and policies;
	// rules, queues, groups and skills apply to all at once.
	ApplyConfig struct {
		Config   *Config `json:"config"`
		compiled *Compiled
	}

	// Outage tells the machine that it was away: open offers are revoked without
	// cool-down, cool-downs move by its length; SLA deadlines fire at their own
	// instants. The shell enters it before any deadline of the time away.
	Outage struct {
		From Instant `json:"from,omitzero" required:"true"`
		To   Instant `json:"to"`
	}

	// Tick moves time: deadlines before its instant fire. One that fires nothing
	// leaves no trace.
	Tick struct{}
)

// NewApplyConfig compiles the configuration outside the machine, so that
// applying it is quick. The error is Problems.
func NewApplyConfig(config *Config) (ApplyConfig, error) {
	compiled, err := Compile(config)
	if err != nil {
		return ApplyConfig{}, err
	}
	return ApplyConfig{Config: config, compiled: compiled}, nil
}

// The commands' names.
const (
	NameCreateTicket    = "ticket.create"
	NameUpdateTicket    = "ticket.update"
	NameAddMessage      = "ticket.message"
	NameAssignTicket    = "ticket.assign"
	NameAcceptOffer     = "ticket.accept"
	NameDeclineOffer    = "ticket.decline"
	NameReleaseTicket   = "ticket.release"
	NameSolveTicket     = "ticket.solve"
	NameReopenTicket    = "ticket.reopen"
	NameCloseTicket     = "ticket.close"
	NamePutAgent        = "agent.put"
	NameRemoveAgent     = "agent.remove"
	NameSetPresence     = "agent.presence"
	NameNextTicket      = "agent.next"
	NamePutOrganization = "organization.put"
	NameApplyConfig     = "config.apply"
	NameOutage          = "desk.outage"
	NameTick            = "desk.tick"
)

// Kind returns "ticket.create".
func (CreateTicket) Kind() string { return NameCreateTicket }

// Kind returns "ticket.update".
func (UpdateTicket) Kind() string { return NameUpdateTicket }

// Kind returns "ticket.message".
func (AddMessage) Kind() string { return NameAddMessage }

// Kind returns "ticket.assign".
func (AssignTicket) Kind() string { return NameAssignTicket }

// Kind returns "ticket.accept".
func (AcceptOffer) Kind() string { return NameAcceptOffer }

// Kind returns "ticket.decline".
func (DeclineOffer) Kind() string { return NameDeclineOffer }

// Kind returns "ticket.release".
func (ReleaseTicket) Kind() string { return NameReleaseTicket }

// Kind returns "ticket.solve".
func (SolveTicket) Kind() string { return NameSolveTicket }

// Kind returns "ticket.reopen".
func (ReopenTicket) Kind() string { return NameReopenTicket }

// Kind returns "ticket.close".
func (CloseTicket) Kind() string { return NameCloseTicket }

// Kind returns "agent.put".
func (PutAgent) Kind() string { return NamePutAgent }

// Kind returns "agent.remove".
func (RemoveAgent) Kind() string { return NameRemoveAgent }

// Kind returns "agent.presence".
func (SetPresence) Kind() string { return NameSetPresence }

// Kind returns "agent.next".
func (NextTicket) Kind() string { return NameNextTicket }

// Kind returns "organization.put".
func (PutOrganization) Kind() string { return NamePutOrganization }

// Kind returns "config.apply".
func (ApplyConfig) Kind() string { return NameApplyConfig }

// Kind returns "desk.outage".
func (Outage) Kind() string { return NameOutage }

// Kind returns "desk.tick".
func (Tick) Kind() string { return NameTick }
