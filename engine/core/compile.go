package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yardmaster/yardmaster/rules"
	"github.com/yardmaster/yardmaster/sla"
)

// Compile checks a configuration whole and makes it ready to run. The error is
// Problems: all that is wrong, each with its place.
func Compile(config *Config) (*Compiled, error) {
	// What is compiled is what a row will keep and a reopened desk will read.
	canonical, err := json.Marshal(config)
	if err != nil {
		return nil, Problems{{Code: "bad-value", Message: plain(err)}}
	}
	source := new(Config)
	if err := strict(canonical, source); err != nil {
		return nil, Problems{{Code: "bad-value", Message: plain(err)}}
	}
	c := &compiler{in: source, out: &Compiled{source: source, canonical: string(canonical)}}
	c.names()
	c.clocks()
	c.people()
	c.lines()
	c.conditions()
	c.promises()
	c.reopening()
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.out, nil
}

// compiler carries one Compile: what it reads, makes and finds wrong.
type compiler struct {
	in       *Config
	out      *Compiled
	problems Problems
}

func (c *compiler) add(at []any, code, hint, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: slices.Clone(at), Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// names gathers what others refer to: channels, skills, groups.
func (c *compiler) names() {
	c.out.channels = map[Channel]uint64{}
	for _, channel := range builtinChannels() {
		c.out.channels[channel] = 1
	}
	for _, name := range sortedKeys(c.in.Channels) {
		at := path("channels", string(name))
		c.id(at, string(name))
		weight := c.in.Channels[name].Weight
		if weight > CapacityMax {
			c.add(append(at, "weight"), "bad-value", "", "a channel's weight is at most %d", CapacityMax)
		}
		c.out.channels[name] = uint64(max(weight, 1))
	}
	c.out.skills = map[SkillID]bool{}
	for i, skill := range c.in.Skills {
		c.unique(path("skills", i), string(skill), "skill", c.out.skills[skill])
		c.out.skills[skill] = true
	}
	c.out.groups = map[GroupID]*GroupSpec{}
	for i := range c.in.Groups {
		group := &c.in.Groups[i]
		c.unique(path("groups", i, "id"), string(group.ID), "group", c.out.groups[group.ID] != nil)
		c.out.groups[group.ID] = group
	}
}

func builtinChannels() []Channel {
	return []Channel{ChannelEmail, ChannelWeb, ChannelChat, ChannelMessaging, ChannelPhone, ChannelAPI, ChannelSocial}
}

// clocks makes the zone and the calendars.
func (c *compiler) clocks() {
	always, err := sla.NewCalendar(sla.CalendarSpec{Zone: c.in.Zone, Always: true})
	if err != nil {
		c.calendarProblems(path(), err)
		always, _ = sla.NewCalendar(sla.CalendarSpec{Always: true})
	}
	c.out.always, c.out.zone = always, always.Zone()
	c.out.calendars = map[string]*sla.Calendar{}
	byContent := map[string]*sla.Calendar{}
	for _, name := range sortedKeys(c.in.Calendars) {
		at := path("calendars", name)
		c.id(at, name)
		spec := c.in.Calendars[name]
		content, _ := json.Marshal(spec) // plain data: it cannot fail
		cal := byContent[string(content)]
		if cal == nil {
			if cal, err = sla.NewCalendar(spec); err != nil {
				c.calendarProblems(at, err)
			}
			byContent[string(content)] = cal
		}
		c.out.calendars[name] = cal
	}
	c.out.own = always
	if c.in.Calendar != "" {
		c.calendar(path("calendar"), c.in.Calendar)
		if cal, known := c.out.calendars[c.in.Calendar]; known {
			c.out.own, c.out.ownName = cal, c.in.Calendar
		}
	}
	for i, group := range c.in.Groups {
		c.calendar(path("groups", i, "calendar"), group.Calendar)
	}
}

func (c *compiler) calendarProblems(at []any, err error) {
	var spec *sla.SpecError
	if !errors.As(err, &spec) {
		c.add(at, "bad-calendar", "", "%v", err)
		return
	}
	for _, p := range spec.Problems {
		c.add(append(slices.Clone(at), specPath(p.Path)...), "bad-calendar", p.Hint, "%s", p.Message)
	}
}

// specPath splits the place that a calendar's problem names, such as
// hours.mon-fri[1] or exceptions.2026-12-24[0].
func specPath(text string) []any {
	var steps []any
	for text != "" {
		end := slices.IndexFunc([]byte(text), func(b byte) bool { return b == '.' || b == '[' })
		if end < 0 {
			return append(steps, text)
		}
		if end > 0 {
			steps = append(steps, text[:end])
		}
		if text[end] == '.' {
			text = text[end+1:]
			continue
		}
		text = text[end+1:]
		digits := 0
		for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
			digits++
		}
		if n, err := strconv.Atoi(text[:digits]); err == nil {
			steps = append(steps, n)
		}
		text = text[min(len(text), digits+1):]
	}
	return steps
}

// people checks the agents.
func (c *compiler) people() {
	seen := map[AgentID]bool{}
	for i := range c.in.Agents {
		agent, at := &c.in.Agents[i].AgentProfile, path("agents", i)
		c.unique(append(at, "id"), string(agent.ID), "agent", seen[agent.ID])
		seen[agent.ID] = true
		for j, group := range agent.Groups {
			c.group(append(at, "groups", j), group)
		}
		for _, skill := range sortedKeys(agent.Skills) {
			c.skill(append(at, "skills", string(skill)), skill, agent.Skills[skill], false)
		}
		if agent.Capacity > CapacityMax {
			c.add(append(at, "capacity"), "bad-value", "", "a capacity is at most %d", CapacityMax)
		}
	}
}

// lines makes the queues.
func (c *compiler) lines() {
	c.out.queueAt = map[QueueID]int{}
	for i := range c.in.Queues {
		spec, at := c.in.Queues[i], path("queues", i)
		_, twice := c.out.queueAt[spec.ID]
		c.unique(append(at, "id"), string(spec.ID), "queue", twice)
		c.out.queueAt[spec.ID] = i
		if spec.Rank == 0 {
			spec.Rank = 100
		}
		for j, group := range spec.Groups {
			c.group(append(at, "groups", j), group)
		}
		plan := queuePlan{
			QueueSpec: spec,
			order: choice(c, append(at, "order"), spec.Order, map[string]queueOrder{
				"": byPriority, "priority": byPriority, "aged": byAge, "due": byDue, "slack": bySlack,
			}),
			step:     c.duration(append(at, "step"), spec.Step, time.Hour),
			expect:   c.duration(append(at, "expect"), spec.Expect, 0),
			push:     choice(c, append(at, "assign"), spec.Assign, map[string]bool{"": true, "push": true, "pull": false}),
			auto:     choice(c, append(at, "offer", "accept"), spec.Offer.Accept, map[string]bool{"": false, "manual": false, "auto": true}),
			expires:  Instant(c.duration(append(at, "offer", "expires"), spec.Offer.Expires, time.Minute)),
			coolDown: Instant(c.duration(append(at, "offer", "cool_down"), spec.Offer.CoolDown, 5*time.Minute)),
			readmit:  Instant(c.duration(append(at, "offer", "readmit_after"), spec.Offer.ReadmitAfter, 0)),
			timeouts: 3,
			requeue:  choice(c, append(at, "on_offline"), spec.OnOffline, map[string]bool{"": false, "keep": false, "requeue": true}),
		}
		choice(c, append(at, "choose"), spec.Choose, map[string]bool{"": true, "least_loaded": true})
		if plan.expires < offerMin {
			c.add(append(at, "offer", "expires"), "bad-duration", "", "an offer stands for 1s at least")
		}
		if n := spec.Offer.TimeoutsToAway; n != nil {
			if *n < 0 || *n > 1000 {
				c.add(append(at, "offer", "timeouts_to_away"), "bad-value", "0 never sets an agent away", "timeouts_to_away is between 0 and 1000")
			}
			plan.timeouts = uint32(max(*n, 0)) //nolint:gosec // bounded above
		}
		for j, source := range spec.Bucket {
			plan.buckets = append(plan.buckets, c.condition(append(at, "buckets", j), source))
		}
		c.out.queues = append(c.out.queues, plan)
	}
}

// reopening reads what the desk allows.
func (c *compiler) reopening() {
	c.out.reopen = choice(c, path("reopen", "allow"), c.in.Reopen.Allow, map[string]reopenPlan{
		"": {solved: true, closed: true}, "solved_and_closed": {solved: true, closed: true}, "solved": {solved: true}, "never": {},
	})
	c.out.reopen.toQueue = choice(c, path("reopen", "to"), c.in.Reopen.To, map[string]bool{"": false, "previous_if_available": false, "queue": true})
}

// id checks that a text can name something.
func (c *compiler) id(at []any, text string) {
	if !validID(text) {
		c.add(at, "bad-name", "", "%q is not a name: 1 to %d bytes without control characters or spaces around", text, IDBytesMax)
	}
}

func (c *compiler) unique(at []any, text, what string, taken bool) {
	if text == "" {
		c.add(at, "required", "", "each %s needs a name", what)
		return
	}
	c.id(at, text)
	if taken {
		c.add(at, "duplicate", "", "%s %q is given twice", what, text)
	}
}

func (c *compiler) calendar(at []any, name string) {
	if _, ok := c.out.calendars[name]; !ok && name != "" {
		c.unknown(at, "calendar", name, textKeys(c.out.calendars))
	}
}

func (c *compiler) group(at []any, id GroupID) {
	if c.out.groups[id] == nil {
		c.unknown(at, "group", string(id), textKeys(c.out.groups))
	}
}

func (c *compiler) queue(at []any, id QueueID) {
	if _, ok := c.out.queueAt[id]; !ok {
		c.unknown(at, "queue", string(id), textKeys(c.out.queueAt))
	}
}

// skill checks a skill and its level; a level left out of a requirement is 1.
func (c *compiler) skill(at []any, id SkillID, level uint8, optional bool) {
	if !c.out.skills[id] {
		c.unknown(at, "skill", string(id), textKeys(c.out.skills))
	}
	if level > SkillLevelMax || level == 0 && !optional {
		c.add(at, "bad-value", "", "the level of skill %q is %d: levels are 1 to %d", id, level, SkillLevelMax)
	}
}

func (c *compiler) unknown(at []any, what, name string, known []string) {
	hint := ""
	switch {
	case len(c.problems) >= hintsMax:
	case len(known) == 0:
		hint = fmt.Sprintf("no %s is declared", what)
	default:
		hint = rules.Suggest(name, known)
	}
	if hint == "" && len(known) > 0 && len(known) <= 12 {
		hint = "there are " + strings.Join(known, ", ")
	}
	c.add(at, "unknown-"+what, hint, "%s %q does not exist", what, name)
}

// hintsMax is for how many problems a near name is looked for: each look costs
// as much as there are names.
const hintsMax = 100

// duration reads a non-negative Go duration of at most ten years.
func (c *compiler) duration(at []any, text string, usual time.Duration) int64 {
	if text == "" {
		return int64(usual)
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 10*365*24*time.Hour {
		c.add(at, "bad-duration", "write it like 90s, 5m or 1h30m", "%q is not a duration from 0s to ten years", text)
		return int64(usual)
	}
	return int64(d)
}

// choice reads one of a few words; the empty word is the default.
func choice[T any](c *compiler, at []any, text string, choices map[string]T) T {
	v, ok := choices[text]
	if !ok {
		words := slices.DeleteFunc(sortedKeys(choices), func(w string) bool { return w == "" })
		c.add(at, "bad-value", rules.Suggest(text, words), "%q is not one of %s", text, strings.Join(words, ", "))
		return choices[""]
	}
	return v
}

// condition compiles an expression; a bad one is reported and nil.
func (c *compiler) condition(at []any, source string) *rules.Condition[Facts] {
	condition, err := rules.CompileCondition[Facts](source, ruleOptions())
	if err != nil {
		c.expressionProblems(err, source, func(rules.Problem) []any { return at })
		return nil
	}
	return condition
}

// optional compiles an expression that may be left out.
func (c *compiler) optional(at []any, source string) *rules.Condition[Facts] {
	if source == "" {
		return nil
	}
	return c.condition(at, source)
}

func (c *compiler) expressionProblems(err error, source string, at func(rules.Problem) []any) {
	var found rules.Problems
	if !errors.As(err, &found) {
		c.add(at(rules.Problem{}), "bad-expression", "", "%v", err)
		return
	}
	for _, p := range found {
		problem := Problem{Path: slices.Clone(at(p)), Code: "bad-expression", Message: p.Message, Hint: p.Hint}
		if p.Line > 0 {
			problem.Offset, problem.Length = byteOffset(source, p.Line, p.Column), 1
		}
		c.problems = append(c.problems, problem)
	}
}

func ruleOptions() rules.Options {
	return rules.Options{Bare: "ticket", Self: map[string]string{"event": "type"}, Triggers: Triggers()}
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m { // order: sorted below
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func textKeys[K ~string, V any](m map[K]V) []string {
	texts := make([]string, 0, len(m))
	for _, k := range sortedKeys(m) {
		texts = append(texts, string(k))
	}
	return texts
}
