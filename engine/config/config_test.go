package config_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

var update = flag.Bool("update", false, "write what the broken files are told into testdata/broken/*.txt")

// equateEmpty tells no empty list from none: the file cannot.
var equateEmpty = cmpopts.EquateEmpty()

// Each file of testdata/broken is told exactly what stands in its text.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := problemsOf(t, source).Text()
			expected := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(expected, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(expected)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// problemsOf parses what has to be refused.
func problemsOf(t *testing.T, source []byte) *config.Errors {
	t.Helper()
	c, err := config.Parse("desk.yaml", source)
	var problems *config.Errors
	if c != nil || !errors.As(err, &problems) || len(problems.Problems) == 0 {
		t.Fatalf("Parse = %v, %v, want problems", c, err)
	}
	return problems
}

// The forms that are shorter than the types mean what the long ones mean.
func TestShortForms(t *testing.T) {
	tests := []struct{ name, short, long string }{
		{"groups by name", "groups: [support, billing]", "groups: [{id: support}, {id: billing}]"},
		{"skills of level 1", "skills: [korean]\nagents: [{id: anna, skills: [korean]}]", "skills: [korean]\nagents: [{id: anna, skills: {korean: 1}}]"},
		{"one amount for all priorities", "sla: {policies: [{name: p, targets: {first_reply: 1h30m}}]}", "sla: {policies: [{name: p, targets: {first_reply: {any: 1h30m}}}]}"},
		{"metrics by name", "sla: {metrics: [first_reply]}", "sla: {metrics: [{name: first_reply}]}"},
		{"skill by name", "skills: [korean]\nrules: [{name: r, then: [require: korean]}]", "skills: [korean]\nrules: [{name: r, then: [{require: {skill: korean}}]}]"},
		{"priority by name", "rules: [{name: r, then: [set: {priority: high}]}]", "rules: [{name: r, then: [{set: {priority: 2}}]}]"},
		{"empty collections", "name: x\ngroups:\nsla:\ncalendars:\n", "name: x\n"},
		{"JSON", `{"name": "x", "groups": [{"id": "support"}]}`, "name: x\ngroups: [support]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(parse(t, tt.long), parse(t, tt.short), equateEmpty); diff != "" {
				t.Errorf("(-long +short)\n%s", diff)
			}
		})
	}
}

// Each kind of value reaches its field.
func TestParse(t *testing.T) {
	got := parse(t, `
name: "2026"
zone: Asia/Seoul
calendar: office
reopen: {allow: never}
calendars: {office: {hours: {mon-fri: [09:00-18:00]}, exceptions: {2026-12-24: []}, day: 9h}}
channels: {phone: {weight: 5}}
skills: [korean]
groups: [{id: support, calendar: office}]
agents: [{id: anna, name: Anna, groups: [support], skills: {korean: 10}, capacity: 8, presence: online}]
queues:
  - {id: q, order: slack, expect: 20m, rank: -1, groups: [support], buckets: [priority == 1], offer: {accept: auto, timeouts_to_away: 0}}
rules:
  - name: r
    on: [created]
    when: >-
      subject contains "x"
      and priority > 2
    then:
      - set: {priority: 7, status: pending, type: "", fields: {a: text, b: 1.50, c: true, d: [x, y], e: ~, f: "1"}}
      - route: q
    stop: true
sla:
  policies: [{name: p, targets: {first_reply: {urgent: 1bd4h, 5: 30d}}}]
`)
	none, never := "", 0
	want := &core.Config{
		Name: "2026", Zone: "Asia/Seoul", Calendar: "office",
		Reopen: core.ReopenSpec{Allow: "never"},
		Calendars: map[string]sla.CalendarSpec{"office": {
			Hours: map[string][]string{"mon-fri": {"09:00-18:00"}}, Exceptions: map[string][]string{"2026-12-24": {}}, Day: "9h",
		}},
		Channels: map[core.Channel]core.ChannelSpec{core.ChannelPhone: {Weight: 5}},
		Skills:   []core.SkillID{"korean"},
		Groups:   []core.GroupSpec{{ID: "support", Calendar: "office"}},
		Agents: []core.AgentSpec{{
			AgentProfile: core.AgentProfile{ID: "anna", Name: "Anna", Groups: []core.GroupID{"support"}, Skills: map[core.SkillID]uint8{"korean": 10}, Capacity: 8},
			Presence:     core.PresenceOnline,
		}},
		Queues: []core.QueueSpec{{
			ID: "q", Order: "slack", Expect: "20m", Rank: -1, Groups: []core.GroupID{"support"}, Bucket: []string{"priority == 1"},
			Offer: core.OfferSpec{Accept: "auto", TimeoutsToAway: &never},
		}},
		Rules: []core.RuleSpec{{
			Name: "r", On: []string{"created"}, When: `subject contains "x" and priority > 2`, Stop: true,
			Then: []core.Action{
				{Set: &core.SetAction{
					Priority: 7, Status: core.StatusPending, Type: &none,
					Fields: map[string]core.Value{"a": core.Text("text"), "b": core.Number(1.5), "c": core.Bool(true), "d": core.List("x", "y"), "e": {}, "f": core.Text("1")},
				}},
				{Route: "q"},
			},
		}},
		SLA: core.SLASpec{Policies: []sla.Policy{{
			Name: "p", Targets: map[string]map[string]sla.Amount{"first_reply": {"urgent": {BusinessDays: 1, Open: 4 * time.Hour}, "5": {Days: 30}}},
		}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.yaml")
	if _, err := config.Read(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Read of no file: %v", err)
	}
	if err := os.WriteFile(path, config.Starter(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := config.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parse(t, string(config.Starter())), got); diff != "" {
		t.Errorf("(-parsed +read)\n%s", diff)
	}
	if err := os.WriteFile(path, make([]byte, config.SourceBytesMax+1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = config.Read(path)
	want := fmt.Sprintf("%s:1:1: error[too-large]: the source has %d bytes, at most %d are read", path, config.SourceBytesMax+1, config.SourceBytesMax)
	if err == nil || err.Error() != want {
		t.Errorf("Read of a large file: %v, want %s", err, want)
	}
}

// A newcomer's ticket is routed and assigned at once.
func TestStarterAssigns(t *testing.T) {
	apply, err := core.NewApplyConfig(parse(t, string(config.Starter())))
	if err != nil {
		t.Fatal(err)
	}
	m := core.New()
	at := core.At(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	if reply := m.Apply(core.Input{At: at, Command: apply}).Reply; reply.Rejection != nil {
		t.Fatal(reply.Rejection)
	}
	tests := []struct {
		create   core.CreateTicket
		queue    core.QueueID
		assignee core.AgentID
		priority core.Priority
	}{
		{core.CreateTicket{ID: "1", Subject: "Hello"}, "support", "anna", core.PriorityNormal},
		{core.CreateTicket{ID: "2", Subject: "Refund, please"}, "billing", "bruno", core.PriorityNormal},
		{core.CreateTicket{ID: "3", Subject: "The shop is down"}, "support", "chae", core.PriorityUrgent},
		{core.CreateTicket{ID: "4", Subject: "환불", Language: "ko"}, "support", "chae", core.PriorityNormal},
	}
	for _, tt := range tests {
		if reply := m.Apply(core.Input{At: at, Command: tt.create}).Reply; reply.Rejection != nil {
			t.Fatal(reply.Rejection)
		}
		ticket, _ := m.Publish().Ticket(tt.create.ID)
		if ticket.Queue != tt.queue || ticket.Assignee != tt.assignee || ticket.Priority != tt.priority || len(ticket.Clocks) == 0 {
			t.Errorf("ticket %q is in queue %q, with %q, of priority %v, with clocks %v", tt.create.Subject, ticket.Queue, ticket.Assignee, ticket.Priority, ticket.Clocks)
		}
	}
}

func parse(t *testing.T, source string) *core.Config {
	t.Helper()
	c, err := config.Parse("desk.yaml", []byte(source))
	var problems *config.Errors
	if errors.As(err, &problems) {
		t.Fatal("\n" + problems.Text())
	}
	return c
}

// Problems beyond the bound are counted, however many there are.
func TestManyProblems(t *testing.T) {
	tests := []struct {
		name, source string
		problems     int
	}{
		{"types", "agents:\n" + strings.Repeat("  - {id: 1}\n", 120), 120},
		{"references", "queues: [{id: q, groups: [" + strings.Repeat("g, ", 3000) + "]}]", 3000},
		{"keys on one line", "{" + strings.Repeat("name: x, ", 100_001) + "}", 100_000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := problemsOf(t, []byte(tt.source))
			omitted := tt.problems - config.ProblemsMax
			if len(got.Problems) != config.ProblemsMax || got.Omitted != omitted {
				t.Errorf("%d problems and %d omitted", len(got.Problems), got.Omitted)
			}
			if end := fmt.Sprintf("\nand %d more problems", omitted); !strings.HasSuffix(got.Error(), end) || !strings.HasSuffix(got.Text(), end+"\n") {
				t.Errorf("the error does not end in %q", end)
			}
		})
	}
}

// Any source is a configuration that compiles, or problems that lie within it
// and in order. A configuration is written so that it reads back the same.
func FuzzParse(f *testing.F) {
	f.Add(config.Starter())
	files, _ := filepath.Glob("testdata/broken/*.yaml")
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		c, err := config.Parse("desk.yaml", source)
		if err == nil {
			rewritten(t, c)
			return
		}
		var problems *config.Errors
		if !errors.As(err, &problems) || c != nil {
			t.Fatalf("Parse = %v, %v", c, err)
		}
		inside(t, string(source), problems.Problems)
	})
}

// inside checks that problems are in order and within a source.
func inside(t *testing.T, source string, problems []config.Problem) {
	t.Helper()
	lines := strings.Split(source, "\n")
	line, column := 1, 1
	for _, p := range problems {
		if p.Line < line || p.Line == line && p.Column < column || p.Code == "" || p.Message == "" {
			t.Errorf("%v comes after %d:%d", p, line, column)
		}
		line, column = p.Line, p.Column
		if line > len(lines) || column > utf8.RuneCountInString(lines[line-1])+1 {
			t.Errorf("%v is outside of the source", p)
		}
	}
}

// rewritten checks that a configuration survives Write.
func rewritten(t *testing.T, c *core.Config) {
	t.Helper()
	source, err := config.Write(c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, parse(t, string(source)), equateEmpty); diff != "" {
		t.Errorf("%s\n(-config +read back)\n%s", source, diff)
	}
}

// Lines and columns are those that an editor shows.
func TestPositions(t *testing.T) {
	tests := []struct {
		name, source string
		line, column int
	}{
		{"first character", "colour: blue", 1, 1},
		{"behind a byte order mark", "\ufeffcolour: blue", 1, 1},
		{"lines that end in carriage returns", "name: x\r\ncolour: blue\r\n", 2, 1},
		{"behind letters of several bytes", "{name: 한국, colour: blue}", 1, 12},
		{"behind tabs", "name:\t\"x\"\t# y\ncalendar:\toffice\n", 2, 11},
		{"end of the source", "name:", 1, 6},
		{"bracket that is never closed", "name: x\ngroups: [a,\n  b\n\n\n", 2, 9},
		{"condition behind a comment", "rules:\n  - name: r # one\n    when: # two\n      status == nw\n", 4, 17},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := problemsOf(t, []byte(tt.source)).Problems[0]
			if p.Line != tt.line || p.Column != tt.column {
				t.Errorf("%v, want line %d, column %d", p, tt.line, tt.column)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	large := "queues: [{id: q}]\nrules:\n"
	for i := range 5_000 {
		large += fmt.Sprintf("  - name: rule %d\n    when: ticket.subject contains \"word%d\" and priority > 2\n    then: [{route: q}, {add_tags: [t%d]}]\n", i, i, i)
	}
	for _, bb := range []struct {
		name   string
		source []byte
	}{
		{"starter", config.Starter()}, {"5000 rules", []byte(large)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.source)))
			for b.Loop() {
				if _, err := config.Parse("desk.yaml", bb.source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
