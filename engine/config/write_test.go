package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

func TestWrite(t *testing.T) {
	never := 0
	c := &core.Config{
		Name:      "Support: first line",
		Calendars: map[string]sla.CalendarSpec{"office": {Hours: map[string][]string{"mon-fri": {"09:00-18:00"}}, Day: "9h"}, "24": {Always: true}},
		Groups:    []core.GroupSpec{{ID: "support"}, {ID: "42", Name: "true"}},
		Agents:    []core.AgentSpec{{AgentProfile: core.AgentProfile{ID: "anna", Groups: []core.GroupID{"support", "42"}}, Presence: core.PresenceOnline}},
		Queues:    []core.QueueSpec{{ID: "q", Groups: []core.GroupID{}, Offer: core.OfferSpec{TimeoutsToAway: &never}}},
		Rules: []core.RuleSpec{{Name: "r", When: "status == \"new\"\n  and priority > 2", Then: []core.Action{
			{Set: &core.SetAction{Priority: core.PriorityHigh, Fields: map[string]core.Value{"b": core.List("x, y", "z"), "a": core.Number(0.5), "c": {}}}},
			{Route: "q"}, {AddTags: []string{"- a", "b"}},
		}}},
		SLA: core.SLASpec{Policies: []sla.Policy{{Name: "p", Targets: map[string]map[string]sla.Amount{"first_reply": {"any": {Open: 90 * time.Minute}}}}}},
	}
	want := `name: "Support: first line"
calendars:
  "24":
    always: true
  office:
    hours:
      mon-fri: [09:00-18:00]
    day: 9h
groups:
  - id: support
  - id: "42"
    name: "true"
agents:
  - id: anna
    groups: [support, "42"]
    presence: online
queues:
  - id: q
    groups: []
    offer:
      timeouts_to_away: 0
rules:
  - name: r
    when: |-
      status == "new"
        and priority > 2
    then:
      - set:
          priority: high
          fields:
            a: 0.5
            b: ["x, y", z]
            c: null
      - route: q
      - add_tags: ["- a", b]
sla:
  policies:
    - name: p
      targets:
        first_reply:
          any: 1h30m
`
	got, err := config.Write(c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	rewritten(t, c)
}

func TestWriteRefusesWhatIsNotText(t *testing.T) {
	if out, err := config.Write(&core.Config{Name: "caf\xe9"}); err == nil || out != nil {
		t.Errorf("Write = %q, %v", out, err)
	}
}

// Whatever its texts are, a configuration reads back as it was written.
func TestWriteReadsBack(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("ab :-#'\"\\[]{},|>&*!?%@\n\té한😀0.~\u0085")), 0, 16, -1),
		rapid.SampledFrom([]string{"", "true", "null", "~", "1", "-1.5", "0x1", "---", "...", "<<", "a: b", "a #b", "- a", "|", "a\n\nb", "\n", " a", "a\n b\n", "a \nb", "2026-12-24"}),
	)
	value := rapid.Custom(func(t *rapid.T) core.Value {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return core.Text(text.Draw(t, "text"))
		case 1:
			return core.Bool(rapid.Bool().Draw(t, "bool"))
		case 2:
			return core.Number(rapid.Float64().Draw(t, "number"))
		case 3:
			return core.List(rapid.SliceOfN(text, 0, 3).Draw(t, "list")...)
		default:
			return core.Value{}
		}
	})
	name := rapid.StringOfN(rapid.RuneFrom([]rune("ab:-#'\"[],한0~")), 1, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		kind := text.Draw(t, "type")
		c := &core.Config{
			Name:   text.Draw(t, "name"),
			Skills: []core.SkillID{core.SkillID(name.Draw(t, "skill"))},
			Groups: []core.GroupSpec{{ID: core.GroupID(name.Draw(t, "group")), Name: text.Draw(t, "group's name")}},
			Rules: []core.RuleSpec{{
				Name: name.Draw(t, "rule"),
				When: strings.Repeat("\n", rapid.IntRange(0, 2).Draw(t, "breaks")) + `subject == "` + strings.Repeat("x\\n", rapid.IntRange(0, 2).Draw(t, "escapes")) + "\"\n or status == 'new'",
				Then: []core.Action{
					{Set: &core.SetAction{Type: &kind, Fields: rapid.MapOfN(name, value, 0, 3).Draw(t, "fields")}},
					{Escalate: "x" + text.Draw(t, "escalate")},
					{Notify: &core.NotifyAction{Channel: "ops", Text: text.Draw(t, "text")}},
				},
			}},
		}
		source, err := config.Write(c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := config.Parse("desk.yaml", source)
		if err != nil {
			t.Fatalf("%s\n%v", source, err)
		}
		if diff := cmp.Diff(c, got, equateEmpty); diff != "" {
			t.Fatalf("%s\n(-config +read back)\n%s", source, diff)
		}
	})
}
