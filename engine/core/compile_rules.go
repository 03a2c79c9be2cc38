package core

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yardmaster/yardmaster/rules"
	"github.com/yardmaster/yardmaster/sla"
)

// conditions compiles the rules and checks what their actions name, so that an
// action cannot fail when it fires.
func (c *compiler) conditions() {
	list := make([]rules.Rule[Action], len(c.in.Rules))
	seen := map[string]bool{}
	for i, spec := range c.in.Rules {
		c.unique(path("rules", i, "name"), spec.Name, "rule", seen[spec.Name])
		seen[spec.Name] = true
		for j, trigger := range spec.On {
			if !slices.Contains(Triggers(), trigger) {
				c.unknown(path("rules", i, "on", j), "trigger", trigger, Triggers())
			}
		}
		on := spec.On
		if len(on) == 0 {
			on = []string{happenedCreated, happenedUpdated}
		}
		list[i] = rules.Rule[Action]{Name: spec.Name, On: on, When: spec.When, Then: spec.Then, Stop: spec.Stop}
		for j := range spec.Then {
			c.action(path("rules", i, "then", j), spec.Name, &spec.Then[j])
		}
	}
	set, err := rules.Compile[Facts](list, ruleOptions())
	if err != nil {
		c.ruleProblems(err)
		return
	}
	c.out.rules = set
	c.out.paths = newFactPaths()
}

func (c *compiler) ruleProblems(err error) {
	found, ok := err.(rules.Problems) //nolint:errorlint // Compile documents the type
	if !ok {
		c.add(path("rules"), "bad-expression", "", "%v", err)
		return
	}
	for _, p := range found {
		if p.Field == "name" || strings.HasPrefix(p.Field, "on[") {
			continue // reported by conditions, in this package's words
		}
		if p.Rule < 0 {
			c.add(path("rules"), "bad-expression", p.Hint, "%s", p.Message)
			continue
		}
		c.expressionProblems(rules.Problems{p}, c.in.Rules[p.Rule].When, func(p rules.Problem) []any {
			return append(path("rules", p.Rule), specPath(p.Field)...)
		})
	}
}

func newFactPaths() factPaths {
	at := func(name string) rules.Path {
		p, err := rules.PathOf[Facts](name)
		if err != nil {
			panic("core: the facts have no " + name) // a name of this file and a tag of facts.go differ
		}
		return p
	}
	return factPaths{
		priority: at("ticket.priority"), status: at("ticket.status"), kind: at("ticket.type"), language: at("ticket.language"),
		group: at("ticket.group"), queue: at("ticket.queue"), assignee: at("ticket.assignee"), tags: at("ticket.tags"),
		fields: at("ticket.fields"), assigned: at("assigned"), groupChanged: at("group_changed"), reopened: at("reopened"),
		reopens: at("ticket.reopens"),
	}
}

func (c *compiler) action(at []any, rule string, a *Action) {
	given := 0
	for _, is := range []bool{
		a.Set != nil, a.AddTags != nil, a.RemoveTags != nil, a.Require != nil,
		a.Route != "", a.Escalate != "", a.Notify != nil, a.Reject != "",
	} {
		if is {
			given++
		}
	}
	if given != 1 {
		c.add(at, "bad-action", "one of set, add_tags, remove_tags, require, route, escalate, notify, reject",
			"an action does exactly one thing; this one of rule %q says %d", rule, given)
	}
	if a.Set != nil {
		c.set(append(at, "set"), a.Set)
	}
	c.tags(append(at, "add_tags"), a.AddTags)
	c.tags(append(at, "remove_tags"), a.RemoveTags)
	if a.Require != nil {
		c.skill(append(at, "require", "skill"), a.Require.Skill, a.Require.Level, true)
	}
	if a.Route != "" {
		c.queue(append(at, "route"), a.Route)
	}
	if a.Notify != nil && a.Notify.Channel == "" {
		c.add(append(at, "notify", "channel"), "required", "", "a notification needs a channel to go to")
	}
}

func (c *compiler) set(at []any, s *SetAction) {
	if s.Group != nil && *s.Group != "" {
		c.group(append(at, "group"), *s.Group)
	}
	if s.Queue != nil && *s.Queue != "" {
		c.queue(append(at, "queue"), *s.Queue)
	}
	if s.Status == 0 && s.Priority == 0 && s.Type == nil && s.Language == nil && s.Group == nil && s.Queue == nil && s.Assignee == nil && len(s.Fields) == 0 {
		c.add(at, "bad-action", "priority, status, type, language, group, queue, assignee or fields", "set sets nothing")
	}
	for _, name := range sortedKeys(s.Fields) {
		if !validField(name, s.Fields[name]) {
			c.add(append(at, "fields", name), "bad-value", "", "field %q is over its bounds", name)
		}
	}
}

func (c *compiler) tags(at []any, tags []string) {
	for i, tag := range tags {
		if !validTag(tag) {
			c.add(append(at, i), "bad-value", "", "tag %q is not 1 to %d bytes without spaces around", tag, TagBytesMax)
		}
	}
}

// promises makes the metrics and the policies.
func (c *compiler) promises() {
	c.out.metricAt = map[string]int{}
	declared := c.in.SLA.Metrics
	if len(declared) == 0 {
		declared = []sla.Metric{{Name: "first_reply"}, {Name: "resolution"}}
	}
	for i, metric := range declared {
		c.metric(path("sla", "metrics", i), metric)
	}
	// A preset that a policy promises is measured without being declared.
	for _, policy := range c.in.SLA.Policies {
		for _, name := range sortedKeys(policy.Targets) {
			if _, known := c.out.metricAt[name]; !known {
				if _, preset := sla.Preset(name); preset {
					c.metric(path("sla", "metrics"), sla.Metric{Name: name})
				}
			}
		}
	}
	if len(c.out.metrics) > MetricsMax {
		c.add(path("sla", "metrics"), "too-many", "", "a desk has at most %d metrics", MetricsMax)
	}
	seen := map[string]bool{}
	for i := range c.in.SLA.Policies {
		policy := c.in.SLA.Policies[i]
		c.unique(path("sla", "policies", i, "name"), policy.Name, "policy", seen[policy.Name])
		seen[policy.Name] = true
		c.policy(path("sla", "policies", i), policy)
	}
}

func (c *compiler) metric(at []any, metric sla.Metric) {
	_, taken := c.out.metricAt[metric.Name]
	c.unique(append(at, "name"), metric.Name, "metric", taken)
	preset, isPreset := sla.Preset(metric.Name)
	if isPreset {
		metric = metric.Or(preset)
	}
	if metric.Start == "" {
		c.add(append(at, "start"), "required", fmt.Sprintf("or take a preset: %s", strings.Join(sla.PresetNames(), ", ")), "metric %q says not when it starts", metric.Name)
	}
	metric.OnReopen = choice(c, append(at, "on_reopen"), metric.OnReopen, map[string]string{
		"": sla.ReopenResume, sla.ReopenResume: sla.ReopenResume, sla.ReopenNewCycle: sla.ReopenNewCycle, sla.ReopenIgnore: sla.ReopenIgnore,
	})
	c.out.metricAt[metric.Name] = len(c.out.metrics)
	c.out.metrics = append(c.out.metrics, metricPlan{
		Metric: metric,
		start:  c.optional(append(at, "start"), metric.Start),
		pause:  c.optional(append(at, "pause"), metric.Pause),
		stop:   c.optional(append(at, "stop"), metric.Stop),
		reset:  c.optional(append(at, "reset"), metric.Reset),
		cancel: c.optional(append(at, "cancel"), metric.Cancel),
	})
}

func (c *compiler) policy(at []any, policy sla.Policy) {
	c.calendar(append(at, "calendar"), policy.Calendar)
	policy.OnChange = choice(c, append(at, "on_change"), policy.OnChange, map[string]string{
		"": sla.ChangeCarry, sla.ChangeCarry: sla.ChangeCarry, sla.ChangeRestart: sla.ChangeRestart, sla.ChangeKeep: sla.ChangeKeep,
	})
	plan := policyPlan{
		Policy:  policy,
		when:    c.optional(append(at, "when"), policy.When),
		targets: make([][PriorityMax + 1]sla.Amount, len(c.out.metrics)),
	}
	for _, name := range sortedKeys(policy.Targets) {
		here := append(at, "targets", name)
		i, known := c.out.metricAt[name]
		if !known {
			c.unknown(here, "metric", name, knownMetrics(c.out.metricAt))
			continue
		}
		c.targets(here, policy, policy.Targets[name], &plan.targets[i])
	}
	c.out.policies = append(c.out.policies, plan)
}

func knownMetrics(declared map[string]int) []string {
	names := append(textKeys(declared), sla.PresetNames()...)
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *compiler) targets(at []any, policy sla.Policy, amounts map[string]sla.Amount, out *[PriorityMax + 1]sla.Amount) {
	if amount, ok := amounts[sla.AnyPriority]; ok {
		for p := range out {
			out[p] = amount
		}
	}
	for _, key := range sortedKeys(amounts) {
		c.amount(append(at, key), policy, amounts[key])
		if key == sla.AnyPriority {
			continue
		}
		p, err := ParsePriority(key)
		if err != nil {
			c.add(append(at, key), "bad-priority", rules.Suggest(key, []string{"urgent", "high", "normal", "low", sla.AnyPriority}),
				"%q is not a priority: urgent, high, normal, low, 1 to %d, or any", key, PriorityMax)
			continue
		}
		out[p] = amounts[key]
	}
}

// amount tries a target in the calendars that the configuration lets it run in,
// so that it fails here and not when a countdown starts.
func (c *compiler) amount(at []any, policy sla.Policy, amount sla.Amount) {
	if amount.IsZero() {
		c.add(at, "bad-value", "leave the priority out to promise nothing", "a target of nothing is late at once")
		return
	}
	names := []string{policy.Calendar}
	if policy.Calendar == "" {
		names[0] = c.out.ownName
		for _, group := range c.in.Groups {
			if group.Calendar != "" {
				names = append(names, group.Calendar)
			}
		}
	}
	for _, name := range names {
		cal := c.out.own
		if name != "" {
			cal = c.out.calendars[name]
		}
		if cal == nil {
			continue // reported where it is declared
		}
		if _, _, err := cal.Length(amount, 0); err != nil {
			c.badTarget(at, name, amount, err)
			return
		}
	}
}

func (c *compiler) badTarget(at []any, calendar string, amount sla.Amount, err error) {
	where := "the desk's calendar"
	if calendar != "" {
		where = fmt.Sprintf("calendar %q", calendar)
	}
	if errors.Is(err, sla.ErrNoBusinessDay) {
		c.add(at, "bad-target", `add "day: 8h" to it`, "target %s counts business days, and %s declares none", amount, where)
		return
	}
	c.add(at, "bad-target", "", "target %s in %s: %v", amount, where, err)
}
