package core_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// soundDesk is a configuration in which every name that the tables of this file
// use is declared.
func soundDesk() *core.Config {
	c := smallDesk()
	c.Skills = []core.SkillID{"french"}
	c.Channels = map[core.Channel]core.ChannelSpec{core.ChannelPhone: {Weight: 3}}
	return c
}

func TestCompileProblems(t *testing.T) {
	long := strings.Repeat("x", core.IDBytesMax+1)
	group, queue, number := core.GroupID("supprot"), core.QueueID("mian"), 1001
	amount := func(text string) sla.Amount {
		a, err := sla.ParseAmount(text)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, tt := range []struct {
		name  string
		spoil func(*core.Config)
		want  []string
	}{
		{"nothing", func(*core.Config) {}, nil},
		{"a channel without a good name", func(c *core.Config) { c.Channels[" x"] = core.ChannelSpec{} }, []string{
			`channels. x: bad-name: " x" is not a name: 1 to 128 bytes without control characters or spaces around`,
		}},
		{"a channel too heavy", func(c *core.Config) { c.Channels["fax"] = core.ChannelSpec{Weight: core.CapacityMax + 1} }, []string{
			"channels.fax.weight: bad-value: a channel's weight is at most 1000000",
		}},
		{"a skill twice", func(c *core.Config) { c.Skills = append(c.Skills, "french") }, []string{
			`skills[1]: duplicate: skill "french" is given twice`,
		}},
		{"a group without a name", func(c *core.Config) { c.Groups = append(c.Groups, core.GroupSpec{}) }, []string{
			"groups[1].id: required: each group needs a name",
		}},
		{"a group twice", func(c *core.Config) { c.Groups = append(c.Groups, core.GroupSpec{ID: "support"}) }, []string{
			`groups[1].id: duplicate: group "support" is given twice`,
		}},
		{"a name too long", func(c *core.Config) { c.Groups = append(c.Groups, core.GroupSpec{ID: core.GroupID(long)}) }, []string{
			`groups[1].id: bad-name: "LONG" is not a name: 1 to 128 bytes without control characters or spaces around`,
		}},
		{"a zone that is none", func(c *core.Config) { c.Zone = "Europe/Roma" }, []string{
			`zone: bad-calendar: unknown zone "Europe/Roma" (did you mean "Europe/Rome"?)`,
		}},
		{"a calendar with faults", func(c *core.Config) {
			c.Calendars["office"] = sla.CalendarSpec{Hours: map[string][]string{"mon-fri": {"09:00-18:00", "9-5"}}, Exceptions: map[string][]string{"2026-13-01": {}}, Day: "x"}
		}, []string{
			`calendars.office.hours.mon-fri[1]: bad-calendar: "9-5" is not a range of wall-clock times from 00:00 to 24:00 (write it as "09:00-17:00")`,
			`calendars.office.exceptions.2026-13-01: bad-calendar: "2026-13-01" is not a date of the calendar`,
			`calendars.office.day: bad-calendar: "x" is not the length of a business day, more than 0 and at most 24h0m0s (write it as "8h" or "7h30m")`,
		}},
		{"a calendar with a bad name", func(c *core.Config) { c.Calendars["a "] = sla.CalendarSpec{Always: true} }, []string{
			`calendars.a : bad-name: "a " is not a name: 1 to 128 bytes without control characters or spaces around`,
		}},
		{"the desk's calendar is not declared", func(c *core.Config) { c.Calendar = "ofice" }, []string{
			`calendar: unknown-calendar: calendar "ofice" does not exist (did you mean "office"?)`,
		}},
		{"a group's calendar is not declared", func(c *core.Config) { c.Groups[0].Calendar = "night" }, []string{
			`groups[0].calendar: unknown-calendar: calendar "night" does not exist (there are office)`,
		}},
		{"an agent twice, of an unknown group, with an unknown skill", func(c *core.Config) {
			c.Agents = append(c.Agents, core.AgentSpec{AgentProfile: core.AgentProfile{ID: "anna", Groups: []core.GroupID{"suport"}, Skills: map[core.SkillID]uint8{"frensh": 1}}})
		}, []string{
			`agents[2].id: duplicate: agent "anna" is given twice`,
			`agents[2].groups[0]: unknown-group: group "suport" does not exist (did you mean "support"?)`,
			`agents[2].skills.frensh: unknown-skill: skill "frensh" does not exist (did you mean "french"?)`,
		}},
		{"an agent's levels and capacity out of bounds", func(c *core.Config) {
			c.Agents[0].Skills, c.Agents[0].Capacity = map[core.SkillID]uint8{"french": 11}, core.CapacityMax+1
		}, []string{
			`agents[0].skills.french: bad-value: the level of skill "french" is 11: levels are 1 to 10`,
			"agents[0].capacity: bad-value: a capacity is at most 1000000",
		}},
		{"a level of nothing", func(c *core.Config) { c.Agents[0].Skills = map[core.SkillID]uint8{"french": 0} }, []string{
			`agents[0].skills.french: bad-value: the level of skill "french" is 0: levels are 1 to 10`,
		}},
		{"a presence that is none", func(c *core.Config) { c.Agents[0].Presence = 9 }, []string{
			`: bad-value: presence "invalid(9)" is not one of [online busy away offline]`,
		}},
		{"a queue twice", func(c *core.Config) { c.Queues = append(c.Queues, core.QueueSpec{ID: "main"}) }, []string{
			`queues[1].id: duplicate: queue "main" is given twice`,
		}},
		{"a queue's unknown words", func(c *core.Config) {
			c.Queues[0] = core.QueueSpec{ID: "main", Order: "prio", Assign: "pus", Choose: "random", OnOffline: "drop", Offer: core.OfferSpec{Accept: "atuo"}}
		}, []string{
			`queues[0].order: bad-value: "prio" is not one of aged, due, priority, slack`,
			`queues[0].assign: bad-value: "pus" is not one of pull, push (did you mean "push"?)`,
			`queues[0].offer.accept: bad-value: "atuo" is not one of auto, manual (did you mean "auto"?)`,
			`queues[0].on_offline: bad-value: "drop" is not one of keep, requeue`,
			`queues[0].choose: bad-value: "random" is not one of least_loaded`,
		}},
		{"a queue's durations", func(c *core.Config) {
			c.Queues[0] = core.QueueSpec{ID: "main", Step: "1", Expect: "-1h", Offer: core.OfferSpec{Expires: "100000h", CoolDown: "x", ReadmitAfter: "5 m"}}
		}, []string{
			`queues[0].step: bad-duration: "1" is not a duration from 0s to ten years (write it like 90s, 5m or 1h30m)`,
			`queues[0].expect: bad-duration: "-1h" is not a duration from 0s to ten years (write it like 90s, 5m or 1h30m)`,
			`queues[0].offer.expires: bad-duration: "100000h" is not a duration from 0s to ten years (write it like 90s, 5m or 1h30m)`,
			`queues[0].offer.cool_down: bad-duration: "x" is not a duration from 0s to ten years (write it like 90s, 5m or 1h30m)`,
			`queues[0].offer.readmit_after: bad-duration: "5 m" is not a duration from 0s to ten years (write it like 90s, 5m or 1h30m)`,
		}},
		{"an offer that cannot be answered", func(c *core.Config) { c.Queues[0].Offer.Expires = "999ms" }, []string{
			"queues[0].offer.expires: bad-duration: an offer stands for 1s at least",
		}},
		{"timeouts out of bounds", func(c *core.Config) { c.Queues[0].Offer.TimeoutsToAway = &number }, []string{
			"queues[0].offer.timeouts_to_away: bad-value: timeouts_to_away is between 0 and 1000 (0 never sets an agent away)",
		}},
		{"a queue of an unknown group", func(c *core.Config) { c.Queues[0].Groups = []core.GroupID{"support", "sales"} }, []string{
			`queues[0].groups[1]: unknown-group: group "sales" does not exist (there are support)`,
		}},
		{"a bucket that is no condition", func(c *core.Config) { c.Queues[0].Bucket = []string{"priority == 1", "priority =="} }, []string{
			"queues[0].buckets[1]: bad-expression: unexpected end",
		}},
		{"a bucket with an unknown name", func(c *core.Config) { c.Queues[0].Bucket = []string{"prioriti == 1"} }, []string{
			`queues[0].buckets[0]: bad-expression: unknown name prioriti (did you mean "priority"?)`,
		}},
		{"a bucket that is no truth value", func(c *core.Config) { c.Queues[0].Bucket = []string{"priority"} }, []string{
			"queues[0].buckets[0]: bad-expression: gives int; a condition gives true or false",
		}},
		{"a rule without a name", func(c *core.Config) { c.Rules[0].Name = "" }, []string{
			"rules[0].name: required: each rule needs a name",
		}},
		{"a rule twice", func(c *core.Config) { c.Rules = append(c.Rules, c.Rules[0]) }, []string{
			`rules[1].name: duplicate: rule "all to main" is given twice`,
		}},
		{"a rule on an unknown trigger", func(c *core.Config) { c.Rules[0].On = []string{"creatd"} }, []string{
			`rules[0].on[0]: unknown-trigger: trigger "creatd" does not exist (did you mean "created"?)`,
		}},
		{"a rule's condition with an unknown name", func(c *core.Config) { c.Rules[0].When = `channel == "phone" and subjct contains "x"` }, []string{
			`rules[0].when: bad-expression: unknown name subjct (did you mean "subject"?)`,
		}},
		{"a rule's condition with a wrong type", func(c *core.Config) { c.Rules[0].When = `priority == "high"` }, []string{
			"rules[0].when: bad-expression: invalid operation: == (mismatched types int and string)",
		}},
		{"an action that does nothing", func(c *core.Config) { c.Rules[0].Then = []core.Action{{}} }, []string{
			`rules[0].then[0]: bad-action: an action does exactly one thing; this one of rule "all to main" says 0 (one of set, add_tags, remove_tags, require, route, escalate, notify, reject)`,
		}},
		{"an action that does two things", func(c *core.Config) { c.Rules[0].Then = []core.Action{{Route: "main", Escalate: "lead"}} }, []string{
			`rules[0].then[0]: bad-action: an action does exactly one thing; this one of rule "all to main" says 2 (one of set, add_tags, remove_tags, require, route, escalate, notify, reject)`,
		}},
		{"a set that sets nothing", func(c *core.Config) { c.Rules[0].Then = []core.Action{{Set: &core.SetAction{}}} }, []string{
			"rules[0].then[0].set: bad-action: set sets nothing (priority, status, type, language, group, queue, assignee or fields)",
		}},
		{"a set of what is not declared", func(c *core.Config) {
			c.Rules[0].Then = []core.Action{{Set: &core.SetAction{Group: &group, Queue: &queue}}}
		}, []string{
			`rules[0].then[0].set.group: unknown-group: group "supprot" does not exist (did you mean "support"?)`,
			`rules[0].then[0].set.queue: unknown-queue: queue "mian" does not exist (did you mean "main"?)`,
		}},
		{"a set of a field over its bounds", func(c *core.Config) {
			c.Rules[0].Then = []core.Action{{Set: &core.SetAction{Fields: map[string]core.Value{"f": core.Text(strings.Repeat("x", core.FieldValueBytesMax+1))}}}}
		}, []string{
			`rules[0].then[0].set.fields.f: bad-value: field "f" is over its bounds`,
		}},
		{"a priority that is none", func(c *core.Config) { c.Rules[0].Then = []core.Action{{Set: &core.SetAction{Priority: 10}}} }, []string{
			`: bad-value: priority "10" is not urgent, high, normal, low or a number from 1 to 9`,
		}},
		{"tags that are none", func(c *core.Config) {
			c.Rules[0].Then = []core.Action{{AddTags: []string{"a", ""}}, {RemoveTags: []string{" b"}}}
		}, []string{
			`rules[0].then[0].add_tags[1]: bad-value: tag "" is not 1 to 64 bytes without spaces around`,
			`rules[0].then[1].remove_tags[0]: bad-value: tag " b" is not 1 to 64 bytes without spaces around`,
		}},
		{"a requirement of what is not declared", func(c *core.Config) {
			c.Rules[0].Then = []core.Action{{Require: &core.RequireAction{Skill: "german", Level: 11}}}
		}, []string{
			`rules[0].then[0].require.skill: unknown-skill: skill "german" does not exist (there are french)`,
			`rules[0].then[0].require.skill: bad-value: the level of skill "german" is 11: levels are 1 to 10`,
		}},
		{"a route to nowhere", func(c *core.Config) { c.Rules[0].Then = []core.Action{{Route: "mian"}} }, []string{
			`rules[0].then[0].route: unknown-queue: queue "mian" does not exist (did you mean "main"?)`,
		}},
		{"a notification to nobody", func(c *core.Config) { c.Rules[0].Then = []core.Action{{Notify: &core.NotifyAction{}}} }, []string{
			"rules[0].then[0].notify.channel: required: a notification needs a channel to go to",
		}},
		{"a metric without a start", func(c *core.Config) { c.SLA.Metrics = append(c.SLA.Metrics, sla.Metric{Name: "own"}) }, []string{
			`sla.metrics[1].start: required: metric "own" says not when it starts (or take a preset: first_reply, next_reply, requester_wait, agent_work, resolution, time_to_assign)`,
		}},
		{"a metric twice, without a name", func(c *core.Config) {
			c.SLA.Metrics = append(c.SLA.Metrics, sla.Metric{Name: "first_reply"}, sla.Metric{Start: "assigned"})
		}, []string{
			`sla.metrics[1].name: duplicate: metric "first_reply" is given twice`,
			"sla.metrics[2].name: required: each metric needs a name",
		}},
		{"a metric's conditions and choice", func(c *core.Config) {
			c.SLA.Metrics = append(c.SLA.Metrics, sla.Metric{Name: "own", Start: "asigned", Stop: "status ==", OnReopen: "again"})
		}, []string{
			`sla.metrics[1].on_reopen: bad-value: "again" is not one of ignore, new_cycle, resume`,
			`sla.metrics[1].start: bad-expression: unknown name asigned (did you mean "assigned"?)`,
			"sla.metrics[1].stop: bad-expression: unexpected end",
		}},
		{"too many metrics", func(c *core.Config) {
			for i := range core.MetricsMax {
				c.SLA.Metrics = append(c.SLA.Metrics, sla.Metric{Name: "m" + string(rune(0x4e00+i)), Start: "assigned"})
			}
		}, []string{
			"sla.metrics: too-many: a desk has at most 64 metrics",
		}},
		{"a policy twice, without a name", func(c *core.Config) { c.SLA.Policies = append(c.SLA.Policies, c.SLA.Policies[0], sla.Policy{}) }, []string{
			`sla.policies[1].name: duplicate: policy "standard" is given twice`,
			"sla.policies[2].name: required: each policy needs a name",
		}},
		{"a policy's calendar, choice and condition", func(c *core.Config) {
			c.SLA.Policies[0].Calendar, c.SLA.Policies[0].OnChange, c.SLA.Policies[0].When = "ofice", "cary", "tier == 1"
		}, []string{
			`sla.policies[0].calendar: unknown-calendar: calendar "ofice" does not exist (did you mean "office"?)`,
			`sla.policies[0].on_change: bad-value: "cary" is not one of carry, keep, restart (did you mean "carry"?)`,
			"sla.policies[0].when: bad-expression: unknown name tier",
		}},
		{"a target of an unknown metric", func(c *core.Config) {
			c.SLA.Policies[0].Targets["first_repli"] = map[string]sla.Amount{"any": amount("1h")}
		}, []string{
			`sla.policies[0].targets.first_repli: unknown-metric: metric "first_repli" does not exist (did you mean "first_reply"?)`,
		}},
		{"a target of an unknown priority", func(c *core.Config) { c.SLA.Policies[0].Targets["first_reply"]["hihg"] = amount("1h") }, []string{
			`sla.policies[0].targets.first_reply.hihg: bad-priority: "hihg" is not a priority: urgent, high, normal, low, 1 to 9, or any (did you mean "high"?)`,
		}},
		{"a target of nothing", func(c *core.Config) { c.SLA.Policies[0].Targets["first_reply"]["high"] = sla.Amount{} }, []string{
			"sla.policies[0].targets.first_reply.high: bad-value: a target of nothing is late at once (leave the priority out to promise nothing)",
		}},
		{"business days without a day", func(c *core.Config) { c.SLA.Policies[0].Targets["first_reply"]["high"] = amount("2bd") }, []string{
			`sla.policies[0].targets.first_reply.high: bad-target: target 2bd counts business days, and calendar "office" declares none (add "day: 8h" to it)`,
		}},
		{"reopening in unknown words", func(c *core.Config) { c.Reopen = core.ReopenSpec{Allow: "sloved", To: "same"} }, []string{
			`reopen.allow: bad-value: "sloved" is not one of never, solved, solved_and_closed (did you mean "solved"?)`,
			`reopen.to: bad-value: "same" is not one of previous_if_available, queue`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := soundDesk()
			tt.spoil(c)
			var got []string
			var problems core.Problems
			if _, err := core.Compile(c); errors.As(err, &problems) {
				for _, p := range problems {
					text := strings.TrimPrefix(p.Error(), "core: ")
					got = append(got, strings.ReplaceAll(text, long, "LONG"))
				}
			} else if err != nil {
				t.Fatalf("%T: %v", err, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestProblemPointsIntoTheExpression checks the byte range that a caret is drawn
// under, after characters of several bytes and on a later line.
func TestProblemPointsIntoTheExpression(t *testing.T) {
	for source, want := range map[string]string{
		`subjct == "x"`:                          "subjct",
		`subject == "é" and prioriti == 1`:       "prioriti",
		"priority == 1 and\n\tstatis == \"new\"": "statis",
	} {
		c := soundDesk()
		c.Rules[0].When = source
		_, err := core.Compile(c)
		var problems core.Problems
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Fatalf("%q: %v", source, err)
		}
		p := problems[0]
		if p.Length == 0 || !strings.HasPrefix(source[p.Offset:], want) {
			t.Errorf("%q: points at byte %d, length %d, want %q", source, p.Offset, p.Length, want)
		}
	}
}

func TestCompiledIsItsOwn(t *testing.T) {
	config := soundDesk()
	compiled, err := core.Compile(config)
	if err != nil {
		t.Fatal(err)
	}
	config.Queues[0].Rank = 7
	if got := compiled.Source().Queues[0].Rank; got != 0 {
		t.Errorf("the queue's rank is %d after a change of what was compiled", got)
	}
	again, err := core.Compile(soundDesk())
	if err != nil {
		t.Fatal(err)
	}
	other, err := core.Compile(config)
	if err != nil {
		t.Fatal(err)
	}
	if !compiled.Same(again) || compiled.Same(other) || compiled.Same(nil) {
		t.Error("Same tells configurations apart wrongly")
	}
	if got := compiled.Zone().String(); got != "Europe/Rome" {
		t.Errorf("zone %s", got)
	}
	if _, ok := compiled.Calendar("office"); !ok {
		t.Error("the calendar is not to be found")
	}
	if _, ok := compiled.Calendar("night"); ok {
		t.Error("a calendar is found that there is not")
	}
}

// TestMetricsDefault checks which metrics a desk measures that declares none,
// and that a promised preset need not be declared.
func TestMetricsDefault(t *testing.T) {
	names := func(spec core.SLASpec) []string {
		c := soundDesk()
		c.SLA = spec
		compiled, err := core.Compile(c)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range compiled.Metrics() {
			names = append(names, m.Name)
		}
		return names
	}
	promised := soundDesk().SLA.Policies
	promised[0].Targets["agent_work"] = promised[0].Targets["first_reply"]
	for _, tt := range []struct {
		spec core.SLASpec
		want []string
	}{
		{core.SLASpec{}, []string{"first_reply", "resolution"}},
		{core.SLASpec{Policies: promised}, []string{"first_reply", "resolution", "agent_work"}},
		{core.SLASpec{Metrics: []sla.Metric{{Name: "agent_work"}}, Policies: promised}, []string{"agent_work", "first_reply"}},
	} {
		if diff := cmp.Diff(tt.want, names(tt.spec)); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
	}
}
