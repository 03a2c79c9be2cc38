package core

// Facts is what conditions see: the ticket as it stands, what just happened,
// and how things were before the command. A bare name is the ticket's, so that
// `status` means `ticket.status`; `event` alone means `event.type`.
type Facts struct {
	Event        EventFacts        `expr:"event"`
	Ticket       TicketFacts       `expr:"ticket"`
	Was          WasFacts          `expr:"was"`
	Requester    RequesterFacts    `expr:"requester"`
	Organization OrganizationFacts `expr:"organization"`

	CreatedBy    string `expr:"created_by"`    // role of the creator
	Reopened     bool   `expr:"reopened"`      // by this command
	Replied      bool   `expr:"replied"`       // an agent has replied in public, this command included
	Unanswered   bool   `expr:"unanswered"`    // a requester's message waits for a reply
	Assigned     bool   `expr:"assigned"`      // somebody holds the ticket
	GroupChanged bool   `expr:"group_changed"` // by this command
}

// EventFacts is what just happened.
type EventFacts struct {
	Type   string `expr:"type"`   // created, updated, message, assigned, offered, deadline
	From   string `expr:"from"`   // role of who did it
	Agent  string `expr:"agent"`  // id, when an agent did it
	Public bool   `expr:"public"` // of a message
	Text   string `expr:"text"`   // of the creation or message
}

// TicketFacts is the ticket as it stands.
type TicketFacts struct {
	ID           string         `expr:"id"`
	Subject      string         `expr:"subject"`
	Requester    string         `expr:"requester_id"`
	Organization string         `expr:"organization_id"`
	Channel      string         `expr:"channel"`
	Type         string         `expr:"type"`
	Language     string         `expr:"language"`
	Priority     int            `expr:"priority"` // 1 is the most urgent
	Status       string         `expr:"status"`
	Tags         []string       `expr:"tags"`
	Group        string         `expr:"group"`
	Queue        string         `expr:"queue"`
	Assignee     string         `expr:"assignee"`
	Reopens      int            `expr:"reopens"`
	Fields       map[string]any `expr:"fields"` // text, number, bool or list of texts
}

// WasFacts is the ticket before the command; all empty at creation.
type WasFacts struct {
	Status   string `expr:"status"`
	Priority int    `expr:"priority"`
	Group    string `expr:"group"`
	Queue    string `expr:"queue"`
	Assignee string `expr:"assignee"`
}

// RequesterFacts is who asked.
type RequesterFacts struct {
	ID string `expr:"id"`
}

// OrganizationFacts is the customer the requester belongs to.
type OrganizationFacts struct {
	ID     string         `expr:"id"`
	Name   string         `expr:"name"`
	Tier   string         `expr:"tier"`
	Fields map[string]any `expr:"fields"`
}

// The event types that conditions see as `event`.
const (
	happenedCreated  = "created"
	happenedUpdated  = "updated"
	happenedMessage  = "message"
	happenedAssigned = "assigned"
	happenedOffered  = "offered"
	happenedDeadline = "deadline"
)

// The triggers that a rule's `on` may name, beside the event types created,
// updated and message: `updated` holds for every command on a ticket that
// exists, the others for what it changed.
const (
	triggerSolved          = "solved"
	triggerClosed          = "closed"
	triggerReopened        = "reopened"
	triggerAssigned        = "assigned"
	triggerStatusChanged   = "status_changed"
	triggerPriorityChanged = "priority_changed"
	triggerGroupChanged    = "group_changed"
)

// Triggers lists what a rule's `on` may name.
func Triggers() []string {
	return []string{
		happenedCreated, happenedUpdated, happenedMessage, triggerAssigned, triggerSolved, triggerClosed,
		triggerReopened, triggerStatusChanged, triggerPriorityChanged, triggerGroupChanged,
	}
}

func (f *TicketFacts) fill(t *Ticket) {
	fields := f.Fields
	*f = TicketFacts{
		ID: string(t.ID), Subject: t.Subject, Requester: string(t.Requester), Organization: string(t.Organization),
		Channel: string(t.Channel), Type: t.Type, Language: t.Language, Priority: int(t.Priority), Status: t.Status.String(),
		Tags: t.Tags, Group: string(t.Group), Queue: string(t.Queue), Assignee: string(t.Assignee), Reopens: int(t.Reopens),
		Fields: fields,
	}
	refillFields(&f.Fields, t.Fields)
}

func (f *WasFacts) fill(t *Ticket) {
	*f = WasFacts{}
	if t != nil {
		*f = WasFacts{t.Status.String(), int(t.Priority), string(t.Group), string(t.Queue), string(t.Assignee)}
	}
}

func (f *OrganizationFacts) fill(o *Organization) {
	*f = OrganizationFacts{}
	if o != nil {
		*f = OrganizationFacts{ID: string(o.ID), Name: o.Name, Tier: o.Tier}
		refillFields(&f.Fields, sortedFields(o.Fields))
	}
}

// refillFields makes the map hold just the list, reusing it.
func refillFields(fields *map[string]any, list []Field) {
	if *fields == nil {
		*fields = make(map[string]any, len(list))
	}
	clear(*fields)
	for _, field := range list {
		(*fields)[field.Name] = field.Value.Any()
	}
}
