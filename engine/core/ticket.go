package core

import (
	"encoding/json"

	"github.com/yardmaster/yardmaster/sla"
)

// Ticket is a piece of work as it stands: an immutable row. A change makes a
// new one; whoever holds this one keeps what it saw. Slices are not to be
// written to.
type Ticket struct {
	ID           TicketID       `json:"id"`
	Ordinal      Ordinal        `json:"ordinal"`
	Version      Seq            `json:"version"` // the sequence of its last event
	Subject      string         `json:"subject,omitempty"`
	Requester    RequesterID    `json:"requester,omitempty"`
	Organization OrganizationID `json:"organization,omitempty"`
	Channel      Channel        `json:"channel"`
	Type         string         `json:"type,omitempty"`
	Language     string         `json:"language,omitempty"`
	CreatedBy    Role           `json:"created_by"`
	Priority     Priority       `json:"priority"`
	Status       Status         `json:"status"`
	Tags         []string       `json:"tags,omitempty"`   // sorted
	Fields       []Field        `json:"fields,omitempty"` // sorted by name
	Group        GroupID        `json:"group,omitempty"`
	Queue        QueueID        `json:"queue,omitempty"` // where it waits, or would on release
	Assignee     AgentID        `json:"assignee,omitempty"`
	Requires     []Requirement  `json:"requires,omitempty"` // sorted by skill

	Created  Instant `json:"created_at"`
	Updated  Instant `json:"updated_at"`
	Solved   Instant `json:"solved_at,omitzero"`
	Closed   Instant `json:"closed_at,omitzero"`
	Enqueued Instant `json:"enqueued_at,omitzero"` // original enqueue: survives decline, release, transfer
	Bucket   int32   `json:"bucket,omitempty"`     // of its queue's ordered conditions, as its last event left it
	Replied  Instant `json:"first_replied_at,omitzero"`

	Unanswered Instant `json:"unanswered_since,omitzero"` // the oldest requester's message without a reply
	Reopens    uint32  `json:"reopens,omitempty"`

	Offers   []Offer   `json:"offers,omitempty"`   // open ones, in order made
	Refusals []Refusal `json:"refusals,omitempty"` // pairs cooling down, until assigned or reopened

	Config  uint64  `json:"config"`            // the configuration version of its metrics and policies
	Clocks  []Clock `json:"clocks,omitempty"`  // the latest instance of each metric, in start order
	History []Span  `json:"history,omitempty"` // when status or running metrics changed
}

// Field is one custom field.
type Field struct {
	Name  string `json:"name"`
	Value Value  `json:"value"`
}

// Requirement is a skill that a ticket asks of its agent.
type Requirement struct {
	Skill SkillID `json:"skill"`
	Level uint8   `json:"level"` // at least, 1 to 10
}

// Offer is a lease on a ticket given to an agent. An accept at Expires is in time.
type Offer struct {
	Agent   AgentID `json:"agent"`
	Ordinal Ordinal `json:"-"` // the agent's
	Made    Instant `json:"made_at"`
	Expires Instant `json:"expires_at"`
}

// Refusal is an agent who will not be offered the ticket again until Until.
type Refusal struct {
	Agent   AgentID `json:"agent"`
	Ordinal Ordinal `json:"-"` // the agent's
	At      Instant `json:"at"`
	Until   Instant `json:"until"`
	// Again is when the agent may be asked again, should everybody who could take
	// the ticket have refused it; zero once that instant has passed.
	Again Instant `json:"again,omitzero"`
}

// Clock is the latest instance of a metric on a ticket, with its countdown if a
// target is attached.
type Clock struct {
	Metric   string     `json:"metric"`
	Instance uint32     `json:"instance"` // from 1
	Policy   string     `json:"policy,omitempty"`
	Calendar string     `json:"calendar,omitempty"` // its name; empty for always open in the desk's zone
	Amount   sla.Amount `json:"target,omitzero"`
	// RoundTheClock is set for targets in calendar days or working days: their
	// length is exact and runs on a clock that is always open.
	RoundTheClock bool `json:"round_the_clock,omitempty"`
	sla.Countdown
}

// DueAt returns the instant at which the countdown falls due, or fell due when
// it is late: zero while paused, once ended in time, without a target, and for a
// target that no open time reaches.
func (c *Clock) DueAt() Instant {
	if c.Due == sla.Never {
		return 0
	}
	return Instant(c.Due)
}

// MarshalJSON renders the countdown with its instants as times.
func (c Clock) MarshalJSON() ([]byte, error) {
	return json.Marshal(clockJSON{plainClock(c), Instant(c.Started), Instant(c.EndedAt), c.DueAt()})
}

// UnmarshalJSON reads what MarshalJSON renders, for clients: what only the
// machine needs to go on is not in it.
func (c *Clock) UnmarshalJSON(data []byte) error {
	var read clockJSON
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*c = Clock(read.plainClock)
	c.Countdown.Started, c.EndedAt, c.Due = int64(read.Started), int64(read.Ended), int64(read.Due)
	return nil
}

type plainClock Clock

type clockJSON struct {
	plainClock
	Started Instant `json:"started_at"`
	Ended   Instant `json:"ended_at,omitzero"`
	Due     Instant `json:"due_at,omitzero"`
}

// Span opens a stretch of a ticket's history: it lasts until the next one.
type Span struct {
	At      Instant `json:"at"`
	Status  Status  `json:"status"`
	Running uint64  `json:"running"` // a bit for each metric of the ticket's configuration, in its order
}

// Waiting reports whether the ticket stands in its queue: routed, unfinished
// and held by nobody.
func (t *Ticket) Waiting() bool {
	return t.Queue != "" && t.Assignee == "" && !t.Status.Finished()
}
