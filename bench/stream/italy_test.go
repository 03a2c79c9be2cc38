package stream_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

func trace(activity string, step float64) map[string]core.Value {
	return map[string]core.Value{stream.FieldActivity: core.Text(activity), stream.FieldStep: core.Number(step)}
}

func TestItalyRowsBecomeCommands(t *testing.T) {
	s := read(t, stream.HelpdeskItaly, `CaseID,ActivityID,CompleteTimestamp
2,1,2012-04-03 16:55:38
2,8,2012-04-03 16:55:53
2,9,2012-04-03 17:00:00
2,1,2012-04-03 17:10:00
2,6,2012-04-05 17:15:52
2,8,2012-04-05 17:15:50
`)
	const created = "helpdesk-italy:file.csv/1/created"
	again := trace("1", 4)
	again[stream.FieldSeriousness] = core.Number(1)
	want := []core.Input{
		{At: at(t, "2012-04-03T06:55:38Z"), Key: created, Command: core.CreateTicket{ID: "2", Channel: core.ChannelAPI, Type: "ticket"}},
		{At: at(t, "2012-04-03T06:55:38Z"), Key: "helpdesk-italy:file.csv/1", Command: core.UpdateTicket{ID: "2", Fields: trace("1", 1)}},
		{At: at(t, "2012-04-03T06:55:53Z"), Key: "helpdesk-italy:file.csv/2", Command: core.UpdateTicket{
			ID: "2", Fields: trace("8", 2), Status: core.Some(core.StatusOpen), Assignee: core.Some(stream.ItalyAgent),
		}},
		{At: at(t, "2012-04-03T06:55:53Z"), Key: "helpdesk-italy:file.csv/2/reply", Command: core.AddMessage{
			Ticket: "2", From: core.RoleAgent, Agent: stream.ItalyAgent, Public: true,
		}},
		{At: at(t, "2012-04-03T07:00:00Z"), Key: "helpdesk-italy:file.csv/3", Command: core.UpdateTicket{
			ID: "2", Fields: trace("9", 3), Status: core.Some(core.StatusPending),
		}},
		{At: at(t, "2012-04-03T07:10:00Z"), Key: "helpdesk-italy:file.csv/4", Command: core.UpdateTicket{
			ID: "2", Fields: again, Status: core.Some(core.StatusOpen),
		}},
		{At: at(t, "2012-04-05T07:15:52Z"), Key: "helpdesk-italy:file.csv/5", Command: core.UpdateTicket{
			ID: "2", Fields: trace("6", 5), Status: core.Some(core.StatusSolved),
		}},
		{At: at(t, "2012-04-05T07:15:52Z"), Key: "helpdesk-italy:file.csv/6", Command: core.UpdateTicket{
			ID: "2", Fields: trace("8", 6), Status: core.Some(core.StatusOpen), Assignee: core.Some(stream.ItalyAgent),
		}},
	}
	if diff := cmp.Diff(want, inputs(s)); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"goes-back": 1}, s.Faults().ByReason); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestItalyRefusesRowsItCannotRead(t *testing.T) {
	s := read(t, stream.HelpdeskItaly, `CaseID,ActivityID,CompleteTimestamp
,1,2012-04-03 16:55:38
2,10,2012-04-03 16:55:53
2,x,2012-04-03 16:55:53
2,1,2012-04-03
2,1,2012-04-03 16:55:38,more
`)
	var got []string
	for _, fault := range s.Faults().First {
		got = append(got, fault.String())
	}
	want := []string{
		"line 2 refused [bad-row]: the row names no case",
		`line 3 refused [bad-row]: ActivityID "10" is not a number from 1 to 9`,
		`line 4 refused [bad-row]: ActivityID "x" is not a number from 1 to 9`,
		`line 5 refused [bad-row]: CompleteTimestamp "2012-04-03" is not yyyy-mm-dd HH:MM:SS`,
		"line 6 refused [bad-row]: the row has 4 cells, the header 3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if s.Len() != 0 {
		t.Errorf("%d commands came out of rows that were refused", s.Len())
	}
}
