package core_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// benchDesk is a desk of so many agents in ten groups, with ten rules, two
// metrics and one policy, and so many tickets in line that nobody may take.
func benchDesk(b *testing.B, agents, waiting int) (m *core.Machine, at core.Instant) {
	b.Helper()
	c := smallDesk()
	c.Groups, c.Agents, c.Queues = nil, nil, nil
	for i := range 10 {
		c.Groups = append(c.Groups, core.GroupSpec{ID: core.GroupID(fmt.Sprintf("g%d", i))})
		c.Rules = append(c.Rules, core.RuleSpec{Name: fmt.Sprintf("r%d", i), When: fmt.Sprintf(`type == "kind %d"`, i), Then: []core.Action{{AddTags: []string{"t"}}}})
	}
	for i := range agents {
		c.Agents = append(c.Agents, core.AgentSpec{
			AgentProfile: core.AgentProfile{ID: core.AgentID(fmt.Sprintf("a%d", i)), Groups: []core.GroupID{c.Groups[i%10].ID}, Capacity: core.CapacityMax},
			Presence:     core.PresenceOnline,
		})
	}
	c.Queues = []core.QueueSpec{
		{ID: "main", Groups: []core.GroupID{"g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9"}, Offer: core.OfferSpec{Accept: "auto"}},
		{ID: "nobody", Order: "due"},
	}
	c.SLA.Metrics = []sla.Metric{{Name: "first_reply"}, {Name: "resolution"}}
	apply, err := core.NewApplyConfig(c)
	if err != nil {
		b.Fatal(err)
	}
	m, at = core.New(), core.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	m.Apply(core.Input{At: at, Command: apply})
	for i := range waiting {
		must(b, m, at, core.CreateTicket{ID: core.TicketID(fmt.Sprintf("w%d", i))})
		must(b, m, at, core.UpdateTicket{ID: core.TicketID(fmt.Sprintf("w%d", i)), Queue: core.Some(core.QueueID("nobody")), Assignee: core.Some(core.AgentID(""))})
	}
	return m, at
}

func must(b *testing.B, m *core.Machine, at core.Instant, command core.Command) {
	if r := m.Apply(core.Input{At: at, Command: command}).Reply.Rejection; r != nil {
		b.Fatal(r)
	}
}

// sizes runs a benchmark on desks of several sizes.
func sizes(b *testing.B, run func(b *testing.B, m *core.Machine, at core.Instant)) {
	for _, waiting := range []int{10, 1000} {
		for _, agents := range []int{10, 100} {
			b.Run(fmt.Sprintf("waiting=%d/agents=%d", waiting, agents), func(b *testing.B) {
				m, at := benchDesk(b, agents, waiting)
				b.ReportAllocs()
				run(b, m, at)
			})
		}
	}
}

// BenchmarkCreate creates a ticket, runs the rules, starts its countdowns, puts
// it in line and assigns it.
func BenchmarkCreate(b *testing.B) {
	sizes(b, func(b *testing.B, m *core.Machine, at core.Instant) {
		ids := make([]core.TicketID, b.N)
		for i := range ids {
			ids[i] = core.TicketID(fmt.Sprintf("t%d", i))
		}
		b.ResetTimer()
		for _, id := range ids {
			must(b, m, at, core.CreateTicket{ID: id, Subject: "No sound", Requester: "ada"})
		}
	})
}

// BenchmarkUpdate changes the priority of a waiting ticket, and with it its
// targets and its place in line.
func BenchmarkUpdate(b *testing.B) {
	sizes(b, func(b *testing.B, m *core.Machine, at core.Instant) {
		for i := range b.N {
			must(b, m, at, core.UpdateTicket{ID: "w5", Priority: core.Some(core.Priority(1 + i%4))})
		}
	})
}

// BenchmarkMessage adds notes to a waiting ticket.
func BenchmarkMessage(b *testing.B) {
	sizes(b, func(b *testing.B, m *core.Machine, at core.Instant) {
		for range b.N {
			must(b, m, at, core.AddMessage{Ticket: "w5", From: core.RoleAgent, Agent: "a1", Text: "noted"})
		}
	})
}

// BenchmarkPublish is 64 updates of different tickets and a snapshot of them.
func BenchmarkPublish(b *testing.B) {
	m, at := benchDesk(b, 10, 1000)
	b.ReportAllocs()
	for i := range b.N {
		for j := range 64 {
			must(b, m, at, core.UpdateTicket{ID: core.TicketID(fmt.Sprintf("w%d", (i*64+j)%1000)), Priority: core.Some(core.Priority(1 + i%4))})
		}
		m.Publish()
	}
}

func BenchmarkDigest(b *testing.B) {
	m, _ := benchDesk(b, 100, 1000)
	b.ReportAllocs()
	for range b.N {
		m.Digest()
	}
}
