package stream

import (
	"fmt"
	"strings"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// The steps of a row: what its ticket needs before the row itself.
const (
	stepCreate uint8 = iota // only of a ticket's first row
	stepUpdate
	stepReply
)

// uciAttributes are the columns that a ticket is created with, by the names of
// its fields.
var uciAttributes = [...]struct{ field, column string }{
	{"location", "location"}, {"category", "category"}, {"subcategory", "subcategory"},
	{"symptom", "u_symptom"}, {"item", "cmdb_ci"}, {"impact", "impact"}, {"urgency", "urgency"},
}

// uciRequired are the columns without which a row cannot be read. made_sla is
// wanted for Verdicts only; resolved_at, closed_at, resolved_by and closed_code
// tell the future and are never looked at.
var uciRequired = []string{
	"number", "incident_state", "opened_at", "sys_updated_at", "priority", "assignment_group", "assigned_to",
}

// uciRow is an incident as it stood after one update.
type uciRow struct {
	ticket   core.TicketID
	status   core.Status // 0: the row names none
	priority core.Priority
	group    core.GroupID
	agent    core.AgentID
	opening  *uciOpening // of the ticket's first row
}

// uciOpening is what is known when an incident is opened.
type uciOpening struct {
	requester core.RequesterID
	channel   core.Channel
	fields    map[string]core.Value
}

func (r *uciRow) command(step uint8) core.Command {
	if step == stepCreate {
		return core.CreateTicket{
			ID: r.ticket, Type: "incident", Priority: r.priority,
			Requester: r.opening.requester, Channel: r.opening.channel, Fields: r.opening.fields,
		}
	}
	update := core.UpdateTicket{
		ID: r.ticket, Priority: core.Some(r.priority), Group: core.Some(r.group), Assignee: core.Some(r.agent),
	}
	if r.status != 0 {
		update.Status = core.Some(r.status)
	}
	return update
}

func (r *uciRow) key(prefix string, step uint8) string { return stepKey(prefix, step) }

// stepKey names a step: the row's own change has the row's key.
func stepKey(prefix string, step uint8) string {
	switch step {
	case stepCreate:
		return prefix + "/created"
	case stepReply:
		return prefix + "/reply"
	default:
		return prefix
	}
}

// uciTicket is what the reader remembers of an incident between its rows.
type uciTicket struct{ opened, last core.Instant }

// readUCI walks the rows of each incident in file order. The first gives a
// creation at opened_at and, like every other, an update with the whole state at
// sys_updated_at: the engine finds out what changed.
func (r *reader) readUCI(in *lines) error {
	t, err := newTable(in, &r.faults, uciRequired...)
	if err != nil {
		return err
	}
	_, labelled := t.columns["made_sla"]
	if labelled {
		r.verdicts = make(Verdicts)
	}
	tickets := make(map[core.TicketID]*uciTicket)
	for {
		if more, err := t.next(); err != nil || !more {
			return err
		}
		row, ok := r.uciRow(t)
		if !ok {
			continue
		}
		if err := r.admit(); err != nil {
			return err
		}
		if r.addUCI(t, row, tickets) && labelled {
			r.verdicts[row.ticket] = t.cell("made_sla") == "true"
		}
	}
}

func (r *reader) addUCI(t *table, row *uciRow, tickets map[core.TicketID]*uciTicket) bool {
	at, err := uciTime(t.cell("sys_updated_at"))
	if err != nil {
		t.refuse("bad-time", "sys_updated_at: %v", err)
		return false
	}
	ticket := tickets[row.ticket]
	if ticket == nil {
		opened, err := uciTime(t.cell("opened_at"))
		if err != nil {
			t.refuse("bad-time", "opened_at: %v", err)
			return false
		}
		ticket = &uciTicket{opened: opened, last: opened}
		tickets[row.ticket] = ticket
		row.opening = r.uciOpening(t)
		r.add(opened, t.rowNumber(), stepCreate, row)
	}
	at = ticket.clamp(t, at)
	r.add(at, t.rowNumber(), stepUpdate, row)
	return true
}

// clamp moves a time that goes back to the earliest that the row can have.
func (k *uciTicket) clamp(t *table, at core.Instant) core.Instant {
	switch {
	case at < k.opened:
		t.fault(Clamped, "before-opened", "updated at %s, opened at %s", at, k.opened)
	case at < k.last:
		t.fault(Clamped, "goes-back", "updated at %s, the row before at %s", at, k.last)
	}
	k.last = max(at, k.last)
	return k.last
}

// uciRow reads the state of a row; a row that cannot be understood is refused.
func (r *reader) uciRow(t *table) (*uciRow, bool) {
	row := &uciRow{
		ticket: core.TicketID(r.once(known(t.cell("number")))),
		group:  core.GroupID(r.once(known(t.cell("assignment_group")))),
		agent:  core.AgentID(r.once(known(t.cell("assigned_to")))),
	}
	if row.ticket == "" {
		t.refuse("no-number", "the row names no incident")
		return nil, false
	}
	var ok bool
	if row.priority, ok = uciPriority(t.cell("priority")); !ok {
		t.refuse("bad-priority", "priority %q does not begin with a number from 1 to 9", t.cell("priority"))
		return nil, false
	}
	state := t.cell("incident_state")
	if state == "-100" {
		t.fault(Overread, "no-state", "incident_state -100 says nothing; the status stays as it was")
		return row, true
	}
	if row.status, ok = uciStatus(state); !ok {
		t.refuse("bad-state", "incident_state %q is not one of the record's states", state)
		return nil, false
	}
	return row, true
}

func (r *reader) uciOpening(t *table) *uciOpening {
	opening := &uciOpening{
		requester: core.RequesterID(r.once(known(t.cell("caller_id")))),
		channel:   uciChannel(t.cell("contact_type")),
		fields:    make(map[string]core.Value),
	}
	for _, a := range uciAttributes {
		if text := known(t.cell(a.column)); text != "" {
			opening.fields[a.field] = core.Text(r.once(text))
		}
	}
	return opening
}

// known reads the record's mark for a missing value as no value.
func known(text string) string {
	if text == "?" {
		return ""
	}
	return text
}

// uciTime reads d/m/yyyy HH:MM. The record's place is not named: its wall times
// are read as UTC.
func uciTime(text string) (core.Instant, error) {
	t, err := time.Parse("2/1/2006 15:04", text)
	if err != nil {
		return 0, fmt.Errorf("%q is not d/m/yyyy HH:MM", text)
	}
	return instant(t)
}

// instant refuses years that an Instant cannot hold.
func instant(t time.Time) (core.Instant, error) {
	if y := t.Year(); y < 1700 || y > 2250 {
		return 0, fmt.Errorf("the year %d lies outside 1700 to 2250", y)
	}
	return core.At(t), nil
}

// uciPriority reads the number before the label, as in "3 - Moderate".
func uciPriority(text string) (core.Priority, bool) {
	number, _, _ := strings.Cut(text, " ")
	if len(number) != 1 || number[0] < '1' || number[0] > '0'+byte(core.PriorityMax) {
		return 0, false
	}
	return core.Priority(number[0] - '0'), true
}

func uciStatus(state string) (core.Status, bool) {
	switch state {
	case "New":
		return core.StatusNew, true
	case "Active":
		return core.StatusOpen, true
	case "Awaiting User Info":
		return core.StatusPending, true
	case "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence":
		return core.StatusOnHold, true
	case "Resolved":
		return core.StatusSolved, true
	case "Closed":
		return core.StatusClosed, true
	default:
		return 0, false
	}
}

// uciChannel maps how an incident came in; what is not known came by the API.
func uciChannel(contact string) core.Channel {
	switch contact {
	case "Phone", "IVR":
		return core.ChannelPhone
	case "Email":
		return core.ChannelEmail
	case "Self service":
		return core.ChannelWeb
	default:
		return core.ChannelAPI
	}
}
