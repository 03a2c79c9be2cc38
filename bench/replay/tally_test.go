package replay_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

func tallied(events ...core.Event) *replay.Tally {
	tally := replay.NewTally()
	for i := range events {
		tally.Add(&events[i])
	}
	return tally
}

func TestTallyCountsWhatHappened(t *testing.T) {
	tally := tallied(
		core.Event{Type: core.ConfigApplied},
		core.Event{Type: core.TicketCreated, Ticket: "a", Priority: 3},
		core.Event{Type: core.TicketCreated, Ticket: "b", Priority: 4},
		core.Event{Type: core.TicketPriorityChanged, Ticket: "a", From: "normal", To: "urgent"},
		core.Event{Type: core.TicketGroupAssigned, Ticket: "a"},
		core.Event{Type: core.TicketGroupAssigned, Ticket: "a"},
		core.Event{Type: core.TicketGroupCleared, Ticket: "a"},
		core.Event{Type: core.TicketAssigned, Ticket: "a"},
		core.Event{Type: core.TicketUnassigned, Ticket: "a"},
		core.Event{Type: core.TicketStatusChanged, Ticket: "a", To: "open"},
		core.Event{Type: core.TicketStatusChanged, Ticket: "a", To: "pending"},
		core.Event{Type: core.TicketStatusChanged, Ticket: "a", To: "on_hold"},
		core.Event{Type: core.TicketStatusChanged, Ticket: "a", To: "solved"},
		core.Event{Type: core.TicketStatusChanged, Ticket: "a", To: "open"},
		core.Event{Type: core.TicketReopened, Ticket: "a"},
		core.Event{Type: core.TicketReopened, Ticket: "a"},
		core.Event{Type: core.TicketReopened, Ticket: "b"},
		core.Event{Type: core.TicketStatusChanged, Ticket: "a", To: "closed"},
		core.Event{Type: core.CommandRejected, Ticket: "a", Reason: core.ReasonTransition},
		core.Event{Type: core.CommandRejected, Reason: core.ReasonNotFound},
	)
	want := replay.Counts{
		Tickets: 2, Created: 2, PriorityChanged: 1, GroupAssigned: 2, GroupCleared: 1, AgentAssigned: 1, AgentCleared: 1,
		Reopened: 3, ReopenedTickets: 2, Open: 2, Pending: 1, OnHold: 1, Solved: 1, Closed: 1,
	}
	if diff := cmp.Diff(want, tally.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[core.Reason]int{core.ReasonTransition: 1, core.ReasonNotFound: 1}, tally.Rejected()); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if got := tally.Events(); got != 20 {
		t.Errorf("events = %d, want 20", got)
	}
}

// Each case is what happened to one promise of one ticket of priority 3, and how
// it counts.
func TestAttainmentFollowsTheLastVerdict(t *testing.T) {
	sla := func(kind core.EventType, outcome string) core.Event {
		return core.Event{Type: kind, Ticket: "a", Metric: "resolution", Outcome: outcome}
	}
	started, targeted := sla(core.SLAStarted, ""), sla(core.SLATargeted, "")
	breached, resumed := sla(core.SLABreached, ""), sla(core.SLAResumed, "")
	met, missed, cancelled := sla(core.SLAEnded, "met"), sla(core.SLAEnded, "breached"), sla(core.SLAEnded, "cancelled")
	late := targeted
	late.Type, late.AttachedBreached = core.SLARetargeted, true
	kept, broken := stream.Verdicts{"a": true}, stream.Verdicts{"a": false}
	for name, tc := range map[string]struct {
		events []core.Event
		record stream.Verdicts
		want   *replay.Attainment // nil: does not count
	}{
		"kept here and there":             {[]core.Event{started, targeted, met}, kept, &replay.Attainment{Achieved: 1, Agrees: 1, Compared: 1}},
		"kept here, broken there":         {[]core.Event{started, targeted, met}, broken, &replay.Attainment{Achieved: 1, Compared: 1}},
		"broken here and there":           {[]core.Event{started, targeted, breached, missed}, broken, &replay.Attainment{Breached: 1, Agrees: 1, Compared: 1}},
		"broken here, kept there":         {[]core.Event{started, targeted, breached, missed}, kept, &replay.Attainment{Breached: 1, Compared: 1}},
		"no record":                       {[]core.Event{started, targeted, met}, nil, &replay.Attainment{Achieved: 1}},
		"no verdict yet":                  {[]core.Event{started, targeted, breached}, broken, &replay.Attainment{Active: 1}},
		"no target, nothing to keep":      {[]core.Event{started, met}, kept, nil},
		"a target that went away":         {[]core.Event{started, targeted, sla(core.SLAUntargeted, ""), met}, kept, nil},
		"cancelled is never judged":       {[]core.Event{started, targeted, cancelled}, kept, nil},
		"resumed, the last verdict":       {[]core.Event{started, targeted, met, resumed, breached, missed}, broken, &replay.Attainment{Breached: 1, Agrees: 1, Compared: 1}},
		"resumed and not ended":           {[]core.Event{started, targeted, met, resumed}, kept, &replay.Attainment{Active: 1}},
		"a new instance forgets":          {[]core.Event{started, targeted, breached, missed, started, targeted, met}, kept, &replay.Attainment{Achieved: 1, Agrees: 1, Compared: 1}},
		"retargeted when used up already": {[]core.Event{started, targeted, late, missed}, broken, &replay.Attainment{Breached: 1, Agrees: 1, Compared: 1}},
		"retargeted in time":              {[]core.Event{started, targeted, breached, targeted, met}, kept, &replay.Attainment{Achieved: 1, Agrees: 1, Compared: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			events := append([]core.Event{{Type: core.TicketCreated, Ticket: "a", Priority: 3}}, tc.events...)
			want := map[string]map[string]*replay.Attainment{}
			if tc.want != nil {
				want["resolution"] = map[string]*replay.Attainment{"3": tc.want}
			}
			if diff := cmp.Diff(want, tallied(events...).Attainments(tc.record)); diff != "" {
				t.Errorf("attainment (-want +got):\n%s", diff)
			}
		})
	}
}

// A ticket counts under the priority that it has in the end.
func TestAttainmentIsByTheLastPriority(t *testing.T) {
	tally := tallied(
		core.Event{Type: core.TicketCreated, Ticket: "a", Priority: 3},
		core.Event{Type: core.SLAStarted, Ticket: "a", Metric: "m"},
		core.Event{Type: core.SLATargeted, Ticket: "a", Metric: "m"},
		core.Event{Type: core.SLAEnded, Ticket: "a", Metric: "m", Outcome: "met"},
		core.Event{Type: core.TicketPriorityChanged, Ticket: "a", From: "normal", To: "7"},
	)
	want := map[string]map[string]*replay.Attainment{"m": {"7": {Achieved: 1}}}
	if diff := cmp.Diff(want, tally.Attainments(nil)); diff != "" {
		t.Errorf("attainment (-want +got):\n%s", diff)
	}
}
