package core_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

var update = flag.Bool("update", false, "rewrite the scenarios with what the machine does")

// A scenario is a text file: what is shown, a desk, and a story. A line of the
// story that begins in the first column is an instant, a command's name and its
// fields; the lines indented below it are the events that it must cause, or the
// rejection, after "!". `restart` rebuilds the desk from its rows. `show` lists
// the event types that matter; all others are left out.
type scenario struct {
	title, desk string
	show        []string
	steps       []step
}

type step struct {
	line string
	want []string
}

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := readScenario(t, file)
			got := s.play(t, plainly)
			if *update {
				s.write(t, file, got)
				return
			}
			for i, step := range s.steps {
				if diff := cmp.Diff(step.want, got.told[i]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", step.line, diff)
				}
			}
			s.playOtherwise(t, got)
		})
	}
}

// playOtherwise tells the same story with ticks in between and with restarts
// after every step: no event and no digest may differ.
func (s scenario) playOtherwise(t *testing.T, want played) {
	t.Helper()
	for name, how := range map[string]manner{"ticks": ticking, "restarts": restarting} {
		got := s.play(t, how)
		if diff := cmp.Diff(want.all, got.all); diff != "" {
			t.Errorf("with %s (-want +got):\n%s", name, diff)
		}
		if got.digest != want.digest {
			t.Errorf("with %s the digest is %s, not %s", name, got.digest, want.digest)
		}
	}
}

type manner int

const (
	plainly manner = iota
	ticking
	restarting
)

// played is what a story led to.
type played struct {
	told   [][]string // by step, the events shown
	all    []string   // every event, with its instant
	digest core.Digest
}

func (s scenario) play(t *testing.T, how manner) played {
	t.Helper()
	desk, err := config.Parse("desk.yaml", []byte(s.desk))
	if err != nil {
		t.Fatalf("%v", err)
	}
	apply, err := core.NewApplyConfig(desk)
	if err != nil {
		t.Fatal(err)
	}
	m := core.New()
	m.Apply(core.Input{At: 1, Command: apply})
	var out played
	for _, step := range s.steps {
		told := []string{}
		if step.line == "restart" || how == restarting {
			m = rebuilt(t, m)
		}
		if step.line != "restart" {
			in := parseStep(t, step.line)
			if _, away := in.Command.(core.Outage); how == ticking && !away {
				out.all = append(out.all, tickUntil(m, in.At)...)
			}
			result := m.Apply(in)
			told = s.tell(result, in.At)
			out.all = append(out.all, allOf(result)...)
		}
		out.told = append(out.told, told)
	}
	out.digest = m.Digest()
	return out
}

// tickUntil wakes the machine at each of its deadlines before an instant.
func tickUntil(m *core.Machine, end core.Instant) []string {
	var all []string
	for {
		next, ok := m.Next()
		if !ok || next+1 >= end {
			return all
		}
		all = append(all, allOf(m.Apply(core.Input{At: next + 1, Command: core.Tick{}}))...)
	}
}

func allOf(result core.Result) []string {
	var all []string
	for _, entry := range result.Entries {
		for _, e := range entry.Events {
			text, _ := json.Marshal(e)
			all = append(all, string(text))
		}
	}
	return all
}

// rebuilt is the desk as its rows say, with its digest checked.
func rebuilt(t *testing.T, m *core.Machine) *core.Machine {
	t.Helper()
	loader := core.NewLoader()
	for row := range m.Rows() {
		value, err := row.Value.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := loader.Row(row.Kind, []byte(row.ID), value); err != nil {
			t.Fatal(err)
		}
	}
	again, err := loader.Machine(m.Seq(), m.Now())
	if err != nil {
		t.Fatal(err)
	}
	if m.Digest() != again.Digest() {
		t.Fatalf("the desk rebuilt from its rows has another digest")
	}
	return again
}

func parseStep(t *testing.T, line string) core.Input {
	t.Helper()
	at, rest, _ := strings.Cut(line, " ")
	name, fields, _ := strings.Cut(rest, " ")
	instant, err := core.ParseInstant(at)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if fields == "" {
		fields = "{}"
	}
	command, err := core.ParseCommand(name, []byte(fields))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return core.Input{At: instant, Command: command}
}

// tell renders what a step did.
func (s scenario) tell(result core.Result, at core.Instant) []string {
	lines := []string{}
	for _, entry := range result.Entries {
		for _, e := range entry.Events {
			if s.shows(e.Type) {
				lines = append(lines, render(e, at))
			}
		}
	}
	switch r := result.Reply; {
	case r.Rejection != nil:
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("! %s %s", r.Rejection.Reason, r.Rejection.Field)))
	case r.Empty:
		lines = append(lines, "= nothing fits")
	}
	return lines
}

func (s scenario) shows(kind core.EventType) bool {
	return slices.ContainsFunc(s.show, func(pattern string) bool {
		match, _ := path.Match(pattern, string(kind))
		return match
	})
}

// render puts an event on a line: its type, its ticket and what is particular
// to it, in the order of its fields.
func render(e core.Event, at core.Instant) string {
	var b strings.Builder
	if e.At != at {
		fmt.Fprintf(&b, "%s ", e.At)
	}
	b.WriteString(string(e.Type))
	if e.Ticket != "" {
		fmt.Fprintf(&b, " %s", e.Ticket)
	}
	text, _ := json.Marshal(e)
	for _, field := range fieldsOf(text) {
		switch name, _, _ := strings.Cut(field, "="); name {
		case "seq", "at", "type", "ticket", "priority", "calendar_ns", "instance", "calendar", "policy", "to":
		default:
			b.WriteString(" " + field)
		}
	}
	return b.String()
}

// fieldsOf lists the members of a flat JSON object as name=value, in order.
func fieldsOf(object []byte) []string {
	decoder := json.NewDecoder(strings.NewReader(string(object)))
	_, _ = decoder.Token()
	var fields []string
	for decoder.More() {
		name, _ := decoder.Token()
		var raw json.RawMessage
		_ = decoder.Decode(&raw)
		value := strings.Trim(string(raw), `"`)
		if name == "elapsed_ns" {
			var ns int64
			_ = json.Unmarshal(raw, &ns)
			name, value = "elapsed", core.Instant(ns).Time().Sub(core.Instant(0).Time()).String()
		}
		fields = append(fields, fmt.Sprintf("%v=%s", name, value))
	}
	return fields
}

func readScenario(t *testing.T, file string) scenario {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := scenario{show: []string{"*"}}
	section := &s.title
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "-- desk --":
			section = &s.desk
		case line == "-- story --":
			section = nil
		case section != nil:
			*section += line + "\n"
		case strings.HasPrefix(line, "show "):
			s.show = strings.Fields(line)[1:]
		case strings.HasPrefix(line, "  "):
			last := &s.steps[len(s.steps)-1]
			last.want = append(last.want, strings.TrimSpace(line))
		case line != "":
			s.steps = append(s.steps, step{line: line, want: []string{}})
		}
	}
	if err := lines.Err(); err != nil || len(s.steps) == 0 {
		t.Fatalf("%s: no story: %v", file, err)
	}
	return s
}

func (s scenario) write(t *testing.T, file string, got played) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s-- desk --\n%s-- story --\n", s.title, s.desk)
	if !slices.Equal(s.show, []string{"*"}) {
		fmt.Fprintf(&b, "show %s\n", strings.Join(s.show, " "))
	}
	for i, step := range s.steps {
		fmt.Fprintf(&b, "%s\n", step.line)
		for _, line := range got.told[i] {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
