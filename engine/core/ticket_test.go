package core_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// A client that reads a ticket's JSON and renders it again says the same.
func TestTicketJSONReadsBack(t *testing.T) {
	desk := &core.Config{SLA: core.SLASpec{Policies: []sla.Policy{{
		Name: "p", Targets: map[string]map[string]sla.Amount{"resolution": {"any": {Open: 3600e9}}},
	}}}}
	apply, err := core.NewApplyConfig(desk)
	if err != nil {
		t.Fatal(err)
	}
	m := core.New()
	m.Apply(core.Input{At: 1, Command: apply})
	m.Apply(core.Input{At: 2, Command: core.CreateTicket{ID: "A", Tags: []string{"x"}, Fields: map[string]core.Value{"n": core.Number(1.5)}}})
	m.Apply(core.Input{At: 3, Command: core.SolveTicket{Ticket: "A"}})
	ticket, _ := m.Publish().Ticket("A")
	first, err := json.Marshal(ticket)
	if err != nil {
		t.Fatal(err)
	}
	var read core.Ticket
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&read)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(again)); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
}
