package core_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core"
)

// TestSelectAgainstScan compares Select with a scan of all tickets.
func TestSelectAgainstScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawnDesk(t)
		view := m.Publish()
		for range 20 {
			f := core.Filter{
				Status: pick[core.Status](t, "status", 0, 0, core.StatusNew, core.StatusSolved, core.StatusPending), Queue: pick[core.QueueID](t, "queue", "", "main"),
				Assignee: pick[core.AgentID](t, "assignee", "", "", "anna"), Group: pick[core.GroupID](t, "group", "", "", "support"),
				Requester: pick[core.RequesterID](t, "requester", "", "ada", "nobody"),
				After:     core.Ordinal(rapid.Uint64Range(0, 25).Draw(t, "after")), Limit: rapid.IntRange(0, 5).Draw(t, "limit"),
			}
			if rapid.IntRange(0, 9).Draw(t, "far") == 0 {
				f.After = 1 << 40
			}
			var want, got []core.TicketID
			for row := range view.Tickets() {
				if chosen(f, row) && (f.Limit == 0 || len(want) < f.Limit) {
					want = append(want, row.ID)
				}
			}
			for _, row := range view.Select(f) {
				got = append(got, row.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%+v (-scan +select):\n%s", f, diff)
			}
		}
	})
}

func chosen(f core.Filter, t *core.Ticket) bool {
	switch {
	case t.Ordinal <= f.After, f.Status != 0 && t.Status != f.Status, f.Queue != "" && t.Queue != f.Queue,
		f.Assignee != "" && t.Assignee != f.Assignee, f.Group != "" && t.Group != f.Group, f.Requester != "" && t.Requester != f.Requester:
		return false
	}
	return true
}

// drawnDesk is the small desk with up to twenty tickets in various states.
func drawnDesk(t *rapid.T) *core.Machine {
	m, at := openDesk()
	for i := range rapid.IntRange(0, 20).Draw(t, "tickets") {
		id := core.TicketID(fmt.Sprintf("t%d", i))
		m.Apply(core.Input{At: at, Command: core.CreateTicket{
			ID: id, Requester: pick[core.RequesterID](t, "requester", "", "ada", "grace"), Group: pick[core.GroupID](t, "group", "", "support"),
		}})
		switch rapid.IntRange(0, 4).Draw(t, "then") {
		case 0:
			m.Apply(core.Input{At: at, Command: core.AssignTicket{Ticket: id, Agent: "anna", Force: true}})
		case 1:
			m.Apply(core.Input{At: at, Command: core.SolveTicket{Ticket: id}})
		case 2:
			m.Apply(core.Input{At: at, Command: core.UpdateTicket{ID: id, Status: core.Some(core.StatusPending), Queue: core.Some(core.QueueID(""))}})
		}
	}
	return m
}

// picture is all that a view shows, as text.
func picture(v *core.QueuesView) []string {
	lines := []string{fmt.Sprint(v.Seq(), v.At(), v.Len(), v.Open())}
	for t := range v.Tickets() {
		found, ok := v.Ticket(t.ID)
		lines = append(lines, fmt.Sprintf("%+v %t", *t, ok && found == t))
	}
	for a := range v.Agents() {
		found, ok := v.Agent(a.ID)
		lines = append(lines, fmt.Sprintf("%+v %t", *a, ok && found == a))
	}
	for _, o := range v.Organizations() {
		found, ok := v.Organization(o.ID)
		lines = append(lines, fmt.Sprintf("%+v %t", *o, ok && found == o))
	}
	for _, g := range v.Groups() {
		lines = append(lines, fmt.Sprintf("%+v", *g))
	}
	for _, q := range v.Queues() {
		lines = append(lines, fmt.Sprintf("%+v", q))
		for i, t := range v.Line(q.ID) {
			lines = append(lines, fmt.Sprint(i, t.ID))
		}
	}
	config, version := v.Config()
	return append(lines, fmt.Sprint(config != nil, version))
}

// lively are commands that change everything a view shows.
func lively() []core.Command {
	config := smallDesk()
	config.Groups = append(config.Groups, core.GroupSpec{ID: "second"})
	config.Queues = append(config.Queues, core.QueueSpec{ID: "other", Assign: "pull"})
	apply, err := core.NewApplyConfig(config)
	if err != nil {
		panic(err)
	}
	return []core.Command{
		core.CreateTicket{ID: "A", Requester: "ada"}, core.AcceptOffer{Ticket: "A", Agent: "anna"}, core.CreateTicket{ID: "B"},
		core.PutOrganization{Organization: core.Organization{ID: "acme"}}, core.PutOrganization{Organization: core.Organization{ID: "acme", Tier: "gold"}},
		core.PutAgent{AgentProfile: core.AgentProfile{ID: "carl", Groups: []core.GroupID{"support"}}, Presence: core.PresenceOnline},
		core.UpdateTicket{ID: "A", Priority: core.Some(core.PriorityUrgent), AddTags: []string{"x"}}, apply, core.CreateTicket{ID: "C", Queue: "other"},
		core.SolveTicket{Ticket: "A"}, core.CloseTicket{Ticket: "A"}, core.RemoveAgent{ID: "anna"}, core.ReopenTicket{Ticket: "A"},
		core.SetPresence{Agent: "carl", Presence: core.PresenceOffline}, core.Tick{},
	}
}

// TestSnapshotIsUnaffected takes a view after each command; none may show
// anything else once all commands are done.
func TestSnapshotIsUnaffected(t *testing.T) {
	m, at := openDesk()
	views := []*core.QueuesView{core.New().PublishQueues(), m.PublishQueues()}
	pictures := [][]string{picture(views[0]), picture(views[1])}
	for i, command := range lively() {
		m.Apply(core.Input{At: at + core.Instant(i)*core.Instant(time.Minute), Command: command})
		view := m.PublishQueues()
		views, pictures = append(views, view), append(pictures, picture(view))
		if view.Seq() != m.Seq() {
			t.Errorf("after %s the view ends at %d, the desk at %d", command.Kind(), view.Seq(), m.Seq())
		}
	}
	for i, view := range views {
		if diff := cmp.Diff(pictures[i], picture(view)); diff != "" {
			t.Errorf("view %d has changed (-then +now):\n%s", i, diff)
		}
	}
	if cmp.Equal(pictures[2], pictures[len(pictures)-1]) {
		t.Error("the commands change nothing that a view shows")
	}
}

// TestReadersBesideTheMachine lets readers look at views while the machine goes
// on: for the race detector, and every picture must stay as it is.
func TestReadersBesideTheMachine(t *testing.T) {
	m, at := openDesk()
	views := make(chan *core.QueuesView, 4)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for view := range views {
				first := picture(view)
				view.Select(core.Filter{Status: core.StatusNew, Limit: 3})
				if diff := cmp.Diff(first, picture(view)); diff != "" {
					t.Errorf("a view changed under its reader:\n%s", diff)
				}
			}
		})
	}
	for round := range 10 {
		for i, command := range lively() {
			if create, ok := command.(core.CreateTicket); ok {
				create.ID = core.TicketID(fmt.Sprintf("%s%d", create.ID, round))
				command = create
			}
			m.Apply(core.Input{At: at + core.Instant(round*60+i)*core.Instant(time.Minute), Command: command})
			if i%4 == 0 {
				views <- m.PublishQueues()
			}
		}
	}
	close(views)
	readers.Wait()
}

func TestSnapshotFindsNothing(t *testing.T) {
	m, _ := openDesk()
	v := m.PublishQueues()
	if _, ok := v.Ticket("none"); ok {
		t.Error("a ticket is found that there is not")
	}
	if _, ok := v.Agent("none"); ok {
		t.Error("an agent is found that there is not")
	}
	if _, ok := v.Organization("none"); ok {
		t.Error("an organization is found that there is not")
	}
	for range v.Line("none") {
		t.Error("a queue has tickets that there is not")
	}
	if empty := core.New().Publish(); empty.Queues() != nil || empty.Len() != 0 {
		t.Error("an empty desk shows something")
	}
}

func TestSnapshotLastKey(t *testing.T) {
	m, at := openDesk()
	m.Apply(core.Input{At: at, Key: "k", Command: core.CreateTicket{ID: "A"}})
	if got := m.Publish().LastKey(); got != core.HashKey("k") {
		t.Errorf("last key %x", got)
	}
}
