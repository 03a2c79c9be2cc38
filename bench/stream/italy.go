package stream

import (
	"fmt"
	"strconv"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// The activities of the Italian help desk, by their published numbers.
const (
	italySeriousness  = 1
	italyAnomaly      = 2
	italyInsert       = 3
	italyUpgrade      = 4
	italyAnomalyDone  = 5
	italyResolve      = 6
	italyIntervention = 7
	italyTakeInCharge = 8
	italyWait         = 9
)

// ItalyAgent is the one agent of the Italian help desk: the record names none.
const ItalyAgent core.AgentID = "agent"

// The fields in which each row leaves its trace: which activity, and its number
// within the case. Counts, variants and times are computed from their changes.
const (
	FieldActivity    = "activity"
	FieldStep        = "step"
	FieldSeriousness = "seriousness" // how often it was assigned after the first activity: the value is not published
)

// italyZone is the clock of the record: UTC+10 all year, whatever the season.
var italyZone = time.FixedZone("+10:00", 10*3600)

// ItalyActivity returns the activity's published name; empty for an unknown
// number.
func ItalyActivity(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n >= len(italyNames) {
		return ""
	}
	return italyNames[n]
}

var italyNames = [...]string{
	italySeriousness: "Assign seriousness", italyAnomaly: "Create SW anomaly", italyInsert: "Insert ticket",
	italyUpgrade: "Require upgrade", italyAnomalyDone: "Resolve SW anomaly", italyResolve: "Resolve ticket",
	italyIntervention: "Schedule intervention", italyTakeInCharge: "Take in charge ticket", italyWait: "Wait",
}

// italyRow is one activity of a case.
type italyRow struct {
	ticket      core.TicketID
	activity    int
	number      int         // within the case, from 1
	status      core.Status // after the activity; 0: as it was
	seriousness int         // given by an activity that assigned it again; 0: none
}

func (r *italyRow) command(step uint8) core.Command {
	switch step {
	case stepCreate:
		return core.CreateTicket{ID: r.ticket, Channel: core.ChannelAPI, Type: "ticket"}
	case stepReply:
		return core.AddMessage{Ticket: r.ticket, From: core.RoleAgent, Agent: ItalyAgent, Public: true}
	}
	update := core.UpdateTicket{ID: r.ticket, Fields: map[string]core.Value{
		FieldActivity: core.Text(strconv.Itoa(r.activity)),
		FieldStep:     core.Number(float64(r.number)),
	}}
	if r.status != 0 {
		update.Status = core.Some(r.status)
	}
	if r.activity == italyTakeInCharge {
		update.Assignee = core.Some(ItalyAgent)
	}
	if r.seriousness != 0 {
		update.Fields[FieldSeriousness] = core.Number(float64(r.seriousness))
	}
	return update
}

func (r *italyRow) key(prefix string, step uint8) string { return stepKey(prefix, step) }

// italyCase is what the reader remembers of a case between its rows.
type italyCase struct {
	last        core.Instant
	status      core.Status
	steps       int
	seriousness int
	replied     bool
}

// readItaly walks the rows in file order. A case's first row creates its ticket,
// whatever it is; each row is an update, and the first take in charge also the
// first reply.
func (r *reader) readItaly(in *lines) error {
	t, err := newTable(in, &r.faults, "CaseID", "ActivityID", "CompleteTimestamp")
	if err != nil {
		return err
	}
	cases := make(map[core.TicketID]*italyCase)
	for {
		if more, err := t.next(); err != nil || !more {
			return err
		}
		row, at, err := r.italyRow(t)
		if err != nil {
			t.refuse("bad-row", "%v", err)
			continue
		}
		if err := r.admit(); err != nil {
			return err
		}
		r.addItaly(t, row, at, cases)
	}
}

func (r *reader) italyRow(t *table) (*italyRow, core.Instant, error) {
	row := &italyRow{ticket: core.TicketID(r.once(t.cell("CaseID")))}
	if row.ticket == "" {
		return nil, 0, fmt.Errorf("the row names no case")
	}
	if ItalyActivity(t.cell("ActivityID")) == "" {
		return nil, 0, fmt.Errorf("ActivityID %q is not a number from 1 to 9", t.cell("ActivityID"))
	}
	row.activity, _ = strconv.Atoi(t.cell("ActivityID"))
	local, err := time.ParseInLocation("2006-01-02 15:04:05", t.cell("CompleteTimestamp"), italyZone)
	if err != nil {
		return nil, 0, fmt.Errorf("CompleteTimestamp %q is not yyyy-mm-dd HH:MM:SS", t.cell("CompleteTimestamp"))
	}
	at, err := instant(local)
	return row, at, err
}

func (r *reader) addItaly(t *table, row *italyRow, at core.Instant, cases map[core.TicketID]*italyCase) {
	c, begun := cases[row.ticket]
	if !begun {
		c = &italyCase{last: at, status: core.StatusNew}
		cases[row.ticket] = c
		r.add(at, t.rowNumber(), stepCreate, row)
	}
	if at < c.last {
		t.fault(Clamped, "goes-back", "completed at %s, the row before at %s", at, c.last)
	}
	c.last = max(at, c.last)
	c.follow(row, begun)
	r.add(c.last, t.rowNumber(), stepUpdate, row)
	if row.activity == italyTakeInCharge && !c.replied {
		c.replied = true
		r.add(c.last, t.rowNumber(), stepReply, row)
	}
}

// follow sets what the activity makes of the case. A wait lasts until the next
// activity that is not one; any activity after a resolve but a resolve reopens.
func (c *italyCase) follow(row *italyRow, begun bool) {
	c.steps++
	row.number = c.steps
	switch row.activity {
	case italyTakeInCharge, italyAnomalyDone:
		row.status = core.StatusOpen
	case italyWait:
		row.status = core.StatusPending
	case italyAnomaly, italyUpgrade, italyIntervention:
		row.status = core.StatusOnHold
	case italyResolve:
		row.status = core.StatusSolved
	default: // insert, seriousness: no status of their own
		if c.status == core.StatusPending || c.status.Finished() {
			row.status = core.StatusOpen
		}
	}
	if row.status != 0 {
		c.status = row.status
	}
	if row.activity == italySeriousness && begun {
		c.seriousness++
		row.seriousness = c.seriousness
	}
}
