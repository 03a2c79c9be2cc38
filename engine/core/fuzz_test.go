package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// fuzzDesk is a small desk that has lived: its rows and entries are the seeds.
func fuzzDesk(tb testing.TB) (m *Machine, entries []Entry, keys []KeyRecord) {
	tb.Helper()
	config := &Config{
		Skills: []SkillID{"x"}, Groups: []GroupSpec{{ID: "g"}},
		Agents: []AgentSpec{
			{AgentProfile: AgentProfile{ID: "anna", Groups: []GroupID{"g"}, Skills: map[SkillID]uint8{"x": 3}, Capacity: 2}, Presence: PresenceOnline},
			{AgentProfile: AgentProfile{ID: "bob", Groups: []GroupID{"g"}}, Presence: PresenceOnline},
		},
		Queues: []QueueSpec{{ID: "q", Groups: []GroupID{"g"}, Order: "aged", Bucket: []string{`priority == 1`}}},
		Rules: []RuleSpec{
			{Name: "all", On: []string{"created"}, Then: []Action{{Require: &RequireAction{Skill: "x"}}, {Route: "q"}, {AddTags: []string{"seen"}}}},
		},
	}
	apply, err := NewApplyConfig(config)
	if err != nil {
		tb.Fatal(err)
	}
	m = New()
	at := At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	for i, command := range []Command{
		apply, PutOrganization{Organization{ID: "acme", Tier: "gold", Fields: map[string]Value{"seats": Number(12)}}},
		CreateTicket{ID: "A", Requester: "ada", Organization: "acme", Channel: ChannelChat, Fields: map[string]Value{"list": List("a", "b"), "flag": Bool(true)}},
		DeclineOffer{Ticket: "A", Agent: "anna", Why: "lunch"},
		CreateTicket{ID: "B", Priority: PriorityUrgent, Text: "help"}, AssignTicket{Ticket: "B", Agent: "bob", Force: true},
		AddMessage{Ticket: "B", From: RoleAgent, Agent: "bob", Public: true, Status: Some(StatusPending)},
		UpdateTicket{ID: "B", Status: Some(StatusSolved), Subject: Some(""), Fields: map[string]Value{"none": {}}}, ReopenTicket{Ticket: "B"},
		NextTicket{Agent: "nobody"}, SetPresence{Agent: "bob", Presence: PresenceAway}, RemoveAgent{ID: "bob"}, CloseTicket{Ticket: "B"},
	} {
		res := m.Apply(Input{At: at + Instant(i)*Instant(time.Minute), Key: string(rune('a' + i)), Command: command})
		entries = append(entries, res.Entries...)
		if res.Key != nil {
			keys = append(keys, *res.Key)
		}
	}
	return m, entries, keys
}

// FuzzParseInput checks that what is read is written so that it is read again
// as the same.
func FuzzParseInput(f *testing.F) {
	_, entries, _ := fuzzDesk(f)
	for _, e := range entries {
		if e.Command == nil {
			continue
		}
		line, err := json.Marshal(Input{At: e.At, Key: e.Key, Command: e.Command})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	for _, line := range []string{
		``, `{}`, `[]`, `{"command":"ticket.creat"}`, `{"command":"desk.tick"} {}`, `{"command":"desk.tick","at":"never"}`,
		`{"command":"ticket.update","id":"x","priority":null,"status":"open","fields":{"a":[1]}}`, `{"command":"agent.put","id":"a","skills":{"x":300}}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		in, err := ParseInput(line)
		if err != nil {
			var rejection *Rejection
			if !errors.As(err, &rejection) {
				t.Fatalf("error is no rejection: %v", err)
			}
			return
		}
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatalf("%q cannot be written: %v", line, err)
		}
		result := answer(t, in)
		again, err := ParseInput(text)
		if err != nil {
			// A field was cleared that must have a value: the machine refuses it too.
			if result.Reply.Rejection == nil || len(result.Entries) > 0 {
				t.Fatalf("%q was written as %s, which is refused: %v", line, text, err)
			}
			return
		}
		twice, err := json.Marshal(again)
		if err != nil || !bytes.Equal(text, twice) {
			t.Fatalf("%s reads back as %s (%v)", text, twice, err)
		}
	})
}

// answer gives an input with a key to a desk. Whatever can be read, the machine
// answers, and its journal reads back.
func answer(t *testing.T, in Input) Result {
	t.Helper()
	config, err := NewApplyConfig(&Config{Queues: []QueueSpec{{ID: "q"}}})
	if err != nil {
		t.Fatal(err)
	}
	m := New()
	m.Apply(Input{Command: config})
	in.Key = "k"
	result := m.Apply(in)
	data, err := AppendEntries(nil, result.Entries)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeEntries(data); err != nil {
		t.Fatalf("%s: the journal cannot be read: %v", in.Command.Kind(), err)
	}
	return result
}

func FuzzDecodeEntries(f *testing.F) {
	_, entries, _ := fuzzDesk(f)
	for _, list := range [][]Entry{nil, entries[:1], entries[1:3], entries} {
		data, err := AppendEntries(nil, list)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := DecodeEntries(data)
		if err != nil {
			return
		}
		once, err := AppendEntries(nil, read)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := DecodeEntries(once)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		twice, err := AppendEntries(nil, again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("written once % x, twice % x (%v)", once, twice, err)
		}
	})
}

func FuzzDecodeKeys(f *testing.F) {
	_, _, keys := fuzzDesk(f)
	f.Add(AppendKeys(nil, keys))
	f.Add(AppendKeys(nil, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := DecodeKeys(data)
		if err != nil {
			return
		}
		once := AppendKeys(nil, read)
		again, err := DecodeKeys(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice := AppendKeys(nil, again); !bytes.Equal(once, twice) {
			t.Fatalf("written once % x, twice % x", once, twice)
		}
	})
}

// FuzzLoaderRow puts one foreign row among those of a real desk. A desk that
// takes it must be whole: it has a digest, answers commands, and its own rows
// are taken again.
func FuzzLoaderRow(f *testing.F) {
	m, _, _ := fuzzDesk(f)
	var rows []Row
	for row := range m.Rows() {
		value, err := row.Value.AppendBinary(nil)
		if err != nil {
			f.Fatal(err)
		}
		rows = append(rows, row)
		f.Add(byte(row.Kind), []byte(row.ID), value)
	}
	f.Fuzz(func(t *testing.T, kind byte, id, value []byte) {
		loader, taken := NewLoader(), false
		for _, row := range rows {
			bytes, err := row.Value.AppendBinary(nil)
			if err != nil {
				t.Fatal(err)
			}
			if !taken && row.Kind == RowKind(kind) {
				taken = true
				if loader.Row(RowKind(kind), id, value) != nil {
					return
				}
				continue
			}
			if loader.Row(row.Kind, []byte(row.ID), bytes) != nil {
				return
			}
		}
		again, err := loader.Machine(m.Seq(), m.Now())
		if err != nil {
			return
		}
		outlive(t, again)
	})
}

// outlive lets a desk work, and be rebuilt.
func outlive(t *testing.T, m *Machine) {
	at := m.Now() + Instant(time.Hour)
	for _, command := range []Command{
		CreateTicket{ID: "new"}, UpdateTicket{ID: "A", Priority: Some(PriorityLow)}, ReopenTicket{Ticket: "B"},
		SetPresence{Agent: "anna", Presence: PresenceOffline}, Tick{},
	} {
		m.Apply(Input{At: at, Command: command})
	}
	loader := NewLoader()
	for row := range m.Rows() {
		value, err := row.Value.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := loader.Row(row.Kind, []byte(row.ID), value); err != nil {
			t.Fatalf("a row that the desk made itself: %v", err)
		}
	}
	again, err := loader.Machine(m.Seq(), m.Now())
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != m.Digest() {
		t.Fatal("the desk rebuilt from its rows has another digest")
	}
}
