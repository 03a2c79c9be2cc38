package replay

import (
	"strconv"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Counts are a desk's events, counted by what happened.
type Counts struct {
	Tickets         int `json:"tickets"` // distinct ids
	Created         int `json:"created"`
	PriorityChanged int `json:"priority_changed"`
	GroupAssigned   int `json:"group_assigned"`
	GroupCleared    int `json:"group_cleared"`
	AgentAssigned   int `json:"agent_assigned"`
	AgentCleared    int `json:"agent_cleared"`
	Reopened        int `json:"reopened"`
	ReopenedTickets int `json:"reopened_tickets"` // that were reopened at least once
	Open            int `json:"open"`             // changes to the status
	Pending         int `json:"pending"`
	OnHold          int `json:"on_hold"`
	Solved          int `json:"solved"`
	Closed          int `json:"closed"`
}

// Attainment is how the promises of one metric went for the tickets of one
// priority, by the last verdict of each ticket.
type Attainment struct {
	Achieved int `json:"achieved"`
	Breached int `json:"breached"`
	Active   int `json:"active"` // no verdict yet
	Agrees   int `json:"agrees_with_record"`
	Compared int `json:"compared"` // tickets with a verdict here and one in the record
}

// Tally is a pure fold over a desk's events: the same events give the same
// figures, whether they are met live or read from the journal. It is not safe
// for concurrent use.
type Tally struct {
	events   uint64
	counts   Counts
	rejected map[core.Reason]int
	tickets  map[core.TicketID]*ticketTally
}

// ticketTally is what the figures need of one ticket.
type ticketTally struct {
	priority core.Priority
	reopened bool
	promises []promise // by metric, in the order in which they were first met
}

// promise is where a ticket's latest instance of a metric stands.
type promise struct {
	metric   string
	targeted bool
	ended    bool
	breached bool
}

// NewTally returns an empty tally.
func NewTally() *Tally {
	return &Tally{rejected: make(map[core.Reason]int), tickets: make(map[core.TicketID]*ticketTally)}
}

// Add folds one event. Events come in the order of their sequence.
func (t *Tally) Add(e *core.Event) {
	t.events++
	if e.Ticket == "" {
		if e.Type == core.CommandRejected {
			t.rejected[e.Reason]++
		}
		return
	}
	switch e.Type {
	case core.CommandRejected:
		t.rejected[e.Reason]++
	case core.TicketCreated:
		t.create(e)
	case core.TicketPriorityChanged:
		t.counts.PriorityChanged++
		t.reprioritize(e)
	case core.TicketStatusChanged:
		t.counts.status(e.To)
	case core.TicketReopened:
		t.reopen(e)
	case core.TicketGroupAssigned:
		t.counts.GroupAssigned++
	case core.TicketGroupCleared:
		t.counts.GroupCleared++
	case core.TicketAssigned:
		t.counts.AgentAssigned++
	case core.TicketUnassigned:
		t.counts.AgentCleared++
	case core.SLAStarted, core.SLAResumed, core.SLAReset, core.SLATargeted, core.SLARetargeted,
		core.SLAUntargeted, core.SLABreached, core.SLAEnded:
		t.promise(e)
	}
}

// Events returns how many events were folded.
func (t *Tally) Events() uint64 { return t.events }

// Counts returns the counts so far.
func (t *Tally) Counts() Counts { return t.counts }

// Rejected returns how many commands were refused, by reason.
func (t *Tally) Rejected() map[core.Reason]int { return t.rejected }

// Attainments judges the promises by metric and priority (the ticket's last, as
// a number), and compares them with what the record states: they agree when the
// breach here is a promise not kept there.
func (t *Tally) Attainments(record stream.Verdicts) map[string]map[string]*Attainment {
	result := make(map[string]map[string]*Attainment)
	for id, ticket := range t.tickets {
		kept, stated := record[id]
		for _, p := range ticket.promises {
			if !p.targeted {
				continue
			}
			a := attainmentOf(result, p.metric, ticket.priority)
			a.add(p)
			if p.ended && stated {
				a.Compared++
				if p.breached == !kept {
					a.Agrees++
				}
			}
		}
	}
	return result
}

func attainmentOf(all map[string]map[string]*Attainment, metric string, priority core.Priority) *Attainment {
	byPriority := all[metric]
	if byPriority == nil {
		byPriority = make(map[string]*Attainment)
		all[metric] = byPriority
	}
	key := strconv.Itoa(int(priority))
	if byPriority[key] == nil {
		byPriority[key] = new(Attainment)
	}
	return byPriority[key]
}

func (a *Attainment) add(p promise) {
	switch {
	case !p.ended:
		a.Active++
	case p.breached:
		a.Breached++
	default:
		a.Achieved++
	}
}

func (c *Counts) status(to string) {
	switch to {
	case core.StatusOpen.String():
		c.Open++
	case core.StatusPending.String():
		c.Pending++
	case core.StatusOnHold.String():
		c.OnHold++
	case core.StatusSolved.String():
		c.Solved++
	case core.StatusClosed.String():
		c.Closed++
	}
}

func (t *Tally) create(e *core.Event) {
	t.counts.Created++
	if t.tickets[e.Ticket] == nil {
		t.counts.Tickets++
		t.tickets[e.Ticket] = &ticketTally{priority: e.Priority}
	}
}

func (t *Tally) reopen(e *core.Event) {
	t.counts.Reopened++
	if ticket := t.tickets[e.Ticket]; ticket != nil && !ticket.reopened {
		ticket.reopened = true
		t.counts.ReopenedTickets++
	}
}

func (t *Tally) reprioritize(e *core.Event) {
	ticket := t.tickets[e.Ticket]
	if ticket == nil {
		return
	}
	if p, err := core.ParsePriority(e.To); err == nil {
		ticket.priority = p
	}
}

// promise follows the latest instance of a metric on a ticket.
func (t *Tally) promise(e *core.Event) {
	ticket := t.tickets[e.Ticket]
	if ticket == nil {
		return
	}
	p := ticket.of(e.Metric)
	switch e.Type {
	case core.SLAStarted:
		*p = promise{metric: e.Metric}
	case core.SLAResumed, core.SLAReset:
		p.ended = false
	case core.SLATargeted, core.SLARetargeted:
		p.targeted, p.breached = true, e.AttachedBreached
	case core.SLAUntargeted:
		p.targeted, p.breached = false, false
	case core.SLABreached:
		p.breached = true
	case core.SLAEnded:
		p.end(e.Outcome)
	}
}

// end takes the outcome as the event states it. A cancelled instance was never
// judged: its promise is forgotten.
func (p *promise) end(outcome string) {
	p.ended = true
	switch outcome {
	case "cancelled":
		p.targeted = false
	case "breached":
		p.breached = true
	default:
		p.breached = false
	}
}

func (t *ticketTally) of(metric string) *promise {
	for i := range t.promises {
		if t.promises[i].metric == metric {
			return &t.promises[i]
		}
	}
	t.promises = append(t.promises, promise{metric: metric})
	return &t.promises[len(t.promises)-1]
}
