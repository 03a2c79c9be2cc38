package core_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// smallDesk is a group of two, a queue, a rule and a promise.
func smallDesk() *core.Config {
	fourHours, err := sla.ParseAmount("4h")
	if err != nil {
		panic(err)
	}
	return &core.Config{
		Zone:     "Europe/Rome",
		Calendar: "office",
		Calendars: map[string]sla.CalendarSpec{
			"office": {Zone: "Europe/Rome", Hours: map[string][]string{"mon-fri": {"09:00-18:00"}}},
		},
		Groups: []core.GroupSpec{{ID: "support"}},
		Agents: []core.AgentSpec{
			{AgentProfile: core.AgentProfile{ID: "anna", Groups: []core.GroupID{"support"}}, Presence: core.PresenceOnline},
			{AgentProfile: core.AgentProfile{ID: "bob", Groups: []core.GroupID{"support"}}},
		},
		Queues: []core.QueueSpec{{ID: "main", Groups: []core.GroupID{"support"}}},
		Rules: []core.RuleSpec{
			{Name: "all to main", On: []string{"created"}, Then: []core.Action{{Route: "main"}}},
		},
		SLA: core.SLASpec{
			Metrics:  []sla.Metric{{Name: "first_reply"}},
			Policies: []sla.Policy{{Name: "standard", Targets: map[string]map[string]sla.Amount{"first_reply": {sla.AnyPriority: fourHours}}}},
		},
	}
}

// openDesk is a machine with the small desk's configuration in force.
func openDesk() (*core.Machine, core.Instant) {
	apply, err := core.NewApplyConfig(smallDesk())
	if err != nil {
		panic(err)
	}
	m, nine := core.New(), core.At(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)) // nine o'clock in Rome
	m.Apply(core.Input{At: nine, Command: apply})
	return m, nine
}

func ExampleMachine() {
	m, nine := openDesk()

	result := m.Apply(core.Input{At: nine, Command: core.CreateTicket{ID: "T-1", Subject: "No sound"}})
	for _, entry := range result.Entries {
		for _, e := range entry.Events {
			fmt.Println(strings.TrimSpace(fmt.Sprintln(e.Seq, e.Type, e.Agent, e.Queue)))
		}
	}
	refused := m.Apply(core.Input{At: nine, Command: core.AcceptOffer{Ticket: "T-1", Agent: "bob"}})
	fmt.Println(refused.Reply.Rejection)

	next, _ := m.Next()
	fmt.Println("wake up after", next)
	// Output:
	// 4 ticket.created
	// 5 rule.matched
	// 6 ticket.routed  main
	// 7 ticket.queued  main
	// 8 sla.started
	// 9 sla.targeted
	// 10 offer.made anna main
	// core: no_offer: agent: ticket "T-1" is not offered to agent "bob"
	// wake up after 2026-03-02T08:01:00Z
}

// A deadline fires at its own instant, whoever brings the time and however late.
func ExampleMachine_deadlines() {
	m, nine := openDesk()
	m.Apply(core.Input{At: nine, Command: core.CreateTicket{ID: "T-1"}})
	m.Apply(core.Input{At: nine, Command: core.AcceptOffer{Ticket: "T-1", Agent: "anna"}})

	late := m.Apply(core.Input{At: nine.Add(72 * time.Hour), Command: core.Tick{}})
	for _, entry := range late.Entries {
		for _, e := range entry.Events {
			fmt.Println(e.At, e.Type, e.Metric, e.Target)
		}
	}
	// Output:
	// 2026-03-02T12:00:00Z sla.breached first_reply 4h
}

// All that is wrong is reported at once, each problem with its place.
func ExampleCompile_problems() {
	desk := smallDesk()
	desk.Queues[0].Groups = []core.GroupID{"suport"}
	desk.Rules[0].When = `priority = 1`
	desk.Rules[0].Then[0].Route = "mian"

	_, err := core.Compile(desk)
	var problems core.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Println(p.Path, p.Code, p.Hint)
		}
	}
	// Output:
	// [queues 0 groups 0] unknown-group did you mean "support"?
	// [rules 0 then 0 route] unknown-queue did you mean "main"?
	// [rules 0 when] bad-expression use "==" to compare
}

func ExampleParseInput() {
	in, err := core.ParseInput([]byte(`{"at":"2026-03-02T09:00:00Z","key":"mail-17","command":"ticket.create","id":"T-1","priority":"high"}`))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%v %s %+v\n", in.At, in.Key, in.Command.(core.CreateTicket).Priority)

	_, err = core.ParseInput([]byte(`{"command":"ticket.create","id":"T-1","prioritty":"high"}`))
	var rejection *core.Rejection
	if errors.As(err, &rejection) {
		fmt.Println(rejection.Field, rejection.Reason)
		fmt.Println(rejection.Detail)
	}
	// Output:
	// 2026-03-02T09:00:00Z mail-17 high
	// prioritty invalid
	// ticket.create has no field "prioritty"; did you mean "priority"?
}

func ExampleSnapshot_Select() {
	m, nine := openDesk()
	for i, id := range []core.TicketID{"T-1", "T-2", "T-3", "T-4"} {
		m.Apply(core.Input{At: nine, Command: core.CreateTicket{ID: id, Requester: []core.RequesterID{"ada", "grace"}[i%2]}})
	}
	view := m.Publish()
	m.Apply(core.Input{At: nine, Command: core.SolveTicket{Ticket: "T-3"}}) // the view does not see it

	page := core.Filter{Status: core.StatusNew, Requester: "ada", Limit: 1}
	for found := view.Select(page); len(found) > 0; found = view.Select(page) {
		fmt.Println(found[0].ID, found[0].Status)
		page.After = found[0].Ordinal
	}
	// Output:
	// T-1 new
	// T-3 new
}

// The schema of a line is derived from the command types, so that editors and
// clients in other languages can check a stream before it is sent.
func ExampleCommandSchema() {
	schema, err := core.CommandSchema()
	if err != nil {
		panic(err)
	}
	for _, name := range core.CommandNames()[:3] {
		fmt.Println(name, strings.Contains(string(schema), `"const": "`+name+`"`))
	}
	// Output:
	// ticket.create true
	// ticket.update true
	// ticket.message true
}

// A desk that is written down row by row is the same desk when it is read.
func ExampleLoader() {
	m, nine := openDesk()
	m.Apply(core.Input{At: nine, Command: core.CreateTicket{ID: "T-1"}})

	loader := core.NewLoader()
	for row := range m.Rows() {
		value, err := row.Value.AppendBinary(nil)
		if err != nil {
			panic(err)
		}
		if err := loader.Row(row.Kind, []byte(row.ID), value); err != nil {
			panic(err)
		}
	}
	again, err := loader.Machine(m.Seq(), m.Now())
	if err != nil {
		panic(err)
	}
	fmt.Println(again.Digest() == m.Digest())
	// Output:
	// true
}
