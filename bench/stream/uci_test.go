package stream_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

const uciHeader = "number,incident_state,made_sla,caller_id,opened_at,sys_updated_at,contact_type,category,priority,assignment_group,assigned_to,resolved_at,closed_at\n"

func read(t *testing.T, format stream.Format, text string) *stream.Stream {
	t.Helper()
	s, err := stream.Read(t.Context(), strings.NewReader(text), "file.csv", format, stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inputs(s *stream.Stream) []core.Input {
	var list []core.Input
	for in := range s.Inputs() {
		list = append(list, in)
	}
	return list
}

func at(t *testing.T, text string) core.Instant {
	t.Helper()
	instant, err := core.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func update(id core.TicketID, status core.Status, group core.GroupID, agent core.AgentID) core.UpdateTicket {
	return core.UpdateTicket{
		ID: id, Priority: core.Some(core.PriorityNormal), Status: core.Some(status), Group: core.Some(group), Assignee: core.Some(agent),
	}
}

func TestUCIRowsBecomeCommands(t *testing.T) {
	s := read(t, stream.UCIServiceNow, uciHeader+
		"I1,New,true,Caller 1,29/2/2016 01:16,29/2/2016 01:23,Phone,Category 5,3 - Moderate,Group 5,?,1/3/2016 00:00,2/3/2016 00:00\n"+
		"I1,Resolved,true,Caller 1,29/2/2016 01:16,29/2/2016 08:53,Phone,Category 6,3 - Moderate,?,Resolver 7,1/3/2016 00:00,2/3/2016 00:00\n"+
		"I1,Closed,false,Caller 1,29/2/2016 01:16,5/3/2016 12:00,Phone,Category 6,3 - Moderate,Group 5,Resolver 7,1/3/2016 00:00,2/3/2016 00:00\n"+
		"I2,Awaiting Vendor,true,?,29/2/2016 01:16,29/2/2016 01:23,Self service,?,3 - Moderate,?,?,?,2/3/2016 00:00\n")
	want := []core.Input{
		{
			At: at(t, "2016-02-29T01:16:00Z"), Key: "uci-servicenow:file.csv/1/created",
			Command: core.CreateTicket{
				ID: "I1", Type: "incident", Priority: core.PriorityNormal, Requester: "Caller 1", Channel: core.ChannelPhone,
				Fields: map[string]core.Value{"category": core.Text("Category 5")},
			},
		},
		{
			At: at(t, "2016-02-29T01:16:00Z"), Key: "uci-servicenow:file.csv/4/created",
			Command: core.CreateTicket{
				ID: "I2", Type: "incident", Priority: core.PriorityNormal, Channel: core.ChannelWeb, Fields: map[string]core.Value{},
			},
		},
		{At: at(t, "2016-02-29T01:23:00Z"), Key: "uci-servicenow:file.csv/1", Command: update("I1", core.StatusNew, "Group 5", "")},
		{At: at(t, "2016-02-29T01:23:00Z"), Key: "uci-servicenow:file.csv/4", Command: update("I2", core.StatusOnHold, "", "")},
		{At: at(t, "2016-02-29T08:53:00Z"), Key: "uci-servicenow:file.csv/2", Command: update("I1", core.StatusSolved, "", "Resolver 7")},
		{At: at(t, "2016-03-05T12:00:00Z"), Key: "uci-servicenow:file.csv/3", Command: update("I1", core.StatusClosed, "Group 5", "Resolver 7")},
	}
	if diff := cmp.Diff(want, inputs(s)); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(stream.Verdicts{"I1": false, "I2": true}, s.Verdicts()); diff != "" {
		t.Errorf("the last row's verdicts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(stream.Faults{}, s.Faults()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// The columns that tell how an incident ends may hold anything: no command
// changes with them.
func TestUCINeverReadsTheFuture(t *testing.T) {
	const row = "I1,New,%,Caller 1,29/2/2016 01:16,29/2/2016 01:23,Phone,?,3 - Moderate,?,?,%,%\n"
	known := read(t, stream.UCIServiceNow, uciHeader+strings.ReplaceAll(row, "%", "1/3/2016 00:00"))
	unknown := read(t, stream.UCIServiceNow, uciHeader+strings.ReplaceAll(row, "%", "not a time"))
	if diff := cmp.Diff(inputs(known), inputs(unknown)); diff != "" {
		t.Errorf("commands differ with the outcome (-known +unknown):\n%s", diff)
	}
	if diff := cmp.Diff(known.Faults(), unknown.Faults()); diff != "" {
		t.Errorf("faults differ with the outcome (-known +unknown):\n%s", diff)
	}
}

func TestUCIFaultsAreCountedAndShown(t *testing.T) {
	const good = "I1,New,true,Caller 1,2/3/2016 09:00,2/3/2016 10:00,Phone,?,3 - Moderate,?,?,?,?\n"
	for name, tc := range map[string]struct {
		rows  string
		want  []string
		times []string // of the updates
	}{
		"a first row before the opening moves to it": {
			"I1,New,true,?,2/3/2016 09:00,2/3/2016 08:59,Phone,?,3 - Moderate,?,?,?,?\n",
			[]string{"line 2 clamped [before-opened]: updated at 2016-03-02T08:59:00Z, opened at 2016-03-02T09:00:00Z"},
			[]string{"2016-03-02T09:00:00Z"},
		},
		"a row that goes back moves to the one before": {
			good + strings.Replace(good, "10:00", "09:30", 1),
			[]string{"line 3 clamped [goes-back]: updated at 2016-03-02T09:30:00Z, the row before at 2016-03-02T10:00:00Z"},
			[]string{"2016-03-02T10:00:00Z", "2016-03-02T10:00:00Z"},
		},
		"state -100 says nothing": {
			strings.Replace(good, "New", "-100", 1),
			[]string{"line 2 overread [no-state]: incident_state -100 says nothing; the status stays as it was"},
			[]string{"2016-03-02T10:00:00Z"},
		},
		"an unknown state": {
			strings.Replace(good, "New", "Lost", 1) + good,
			[]string{`line 2 refused [bad-state]: incident_state "Lost" is not one of the record's states`},
			[]string{"2016-03-02T10:00:00Z"},
		},
		"no number": {
			strings.Replace(good, "I1", "?", 1),
			[]string{"line 2 refused [no-number]: the row names no incident"}, nil,
		},
		"a time that is none": {
			strings.Replace(good, "2/3/2016 10:00", "31/2/2016 10:00", 1),
			[]string{`line 2 refused [bad-time]: sys_updated_at: "31/2/2016 10:00" is not d/m/yyyy HH:MM`}, nil,
		},
		"an opening that is none": {
			strings.Replace(good, "2/3/2016 09:00", "?", 1),
			[]string{`line 2 refused [bad-time]: opened_at: "?" is not d/m/yyyy HH:MM`}, nil,
		},
		"a priority that is none": {
			strings.Replace(good, "3 - Moderate", "?", 1),
			[]string{`line 2 refused [bad-priority]: priority "?" does not begin with a number from 1 to 9`}, nil,
		},
		"a cell too many costs its row only": {
			"extra," + good + good,
			[]string{"line 2 refused [bad-row]: the row has 14 cells, the header 13"},
			[]string{"2016-03-02T10:00:00Z"},
		},
		"a quotation mark that never closes costs its row only": {
			strings.Replace(good, "Phone", `"Phone`, 1) + good,
			[]string{`line 2 refused [bad-row]: extraneous or missing " in quoted-field`},
			[]string{"2016-03-02T10:00:00Z"},
		},
		"a line that is not text": {
			strings.Replace(good, "Phone", "\xff", 1),
			[]string{"line 2 refused [not-utf8]: the line is not UTF-8"}, nil,
		},
		"a line without end": {
			strings.Repeat("x", stream.LineBytesMax+1) + "\n" + good,
			[]string{"line 2 refused [line-too-long]: the line is longer than 1048576 bytes"},
			[]string{"2016-03-02T10:00:00Z"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, stream.UCIServiceNow, uciHeader+tc.rows)
			var got, times []string
			for _, fault := range s.Faults().First {
				got = append(got, fault.String())
			}
			for _, in := range inputs(s) {
				if _, ok := in.Command.(core.UpdateTicket); ok {
					times = append(times, in.At.String())
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.times, times); diff != "" {
				t.Errorf("instants (-want +got):\n%s", diff)
			}
		})
	}
}

// A file is read the same packed or not, and whatever ends its lines.
func TestPackingDoesNotMatter(t *testing.T) {
	const text = uciHeader + "I1,New,true,Caller 1,2/3/2016 09:00,2/3/2016 10:00,Phone,?,3 - Moderate,?,?,?,?\n"
	var packed bytes.Buffer
	archive := gzip.NewWriter(&packed)
	if _, err := archive.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	want := inputs(read(t, stream.UCIServiceNow, text))
	for name, other := range map[string]string{
		"gzip": packed.String(), "carriage returns": strings.ReplaceAll(text, "\n", "\r\n"),
		"blank lines": text + "\n\n", "no last newline": strings.TrimSuffix(text, "\n"), "byte order mark": "\ufeff" + text,
	} {
		if diff := cmp.Diff(want, inputs(read(t, stream.UCIServiceNow, other))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
