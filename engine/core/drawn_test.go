package core_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// facts is what the drawn conditions look at.
type facts struct {
	priority     core.Priority
	channel      core.Channel
	organization core.OrganizationID
	tags         []string
}

// conditions are those that buckets and policies are drawn from, each with what
// it means.
var conditions = []struct {
	source string
	holds  func(facts) bool
}{
	{`priority == 1`, func(f facts) bool { return f.priority == 1 }},
	{`priority <= 2`, func(f facts) bool { return f.priority <= 2 }},
	{`"vip" in tags`, func(f facts) bool { return slices.Contains(f.tags, "vip") }},
	{`channel == "phone"`, func(f facts) bool { return f.channel == "phone" }},
	{`organization_id == "acme"`, func(f facts) bool { return f.organization == "acme" }},
}

// holds evaluates a drawn condition.
func holds(source string, f facts) bool {
	for _, c := range conditions {
		if c.source == source {
			return c.holds(f)
		}
	}
	panic("no such condition: " + source)
}

func drawCondition(t *rapid.T, label string) string {
	return conditions[rapid.IntRange(0, len(conditions)-1).Draw(t, label)].source
}

var (
	drawnQueues = []core.QueueID{"q1", "q2", "q3", "q4"}
	drawnGroups = []core.GroupID{"g1", "g2", "g3"}
	drawnTags   = []string{"vip", "spam", "hand", "again", "other"}
)

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// some draws a subset, in the order given, of at least so many.
func some[T any](t *rapid.T, label string, from []T, least int) []T {
	var chosen []T
	for _, v := range from {
		if rapid.Bool().Draw(t, label) {
			chosen = append(chosen, v)
		}
	}
	if len(chosen) < least {
		return from[:least]
	}
	return chosen
}

// drawConfig draws a desk.
func drawConfig(t *rapid.T) *core.Config {
	c := &core.Config{
		Zone:     pick(t, "zone", "", "Europe/Rome"),
		Calendar: pick(t, "calendar", "", "office", "late"),
		Reopen: core.ReopenSpec{
			Allow: pick(t, "allow", "", "solved", "never"),
			To:    pick(t, "reopened to", "", "queue"),
		},
		Calendars: map[string]sla.CalendarSpec{
			"office": {Zone: "Europe/Rome", Hours: map[string][]string{"mon-fri": {"09:00-13:00", "14:00-18:00"}}, Day: "8h"},
			"late":   {Hours: map[string][]string{"mon-sat": {"12:00-20:00"}}, FullDay: sla.FullDayNextOpening},
		},
		Channels: map[core.Channel]core.ChannelSpec{
			"phone": {Weight: rapid.Uint32Range(0, 3).Draw(t, "phone")}, "chat": {Weight: 2},
		},
		Skills: []core.SkillID{"x", "y"},
		Groups: []core.GroupSpec{{ID: "g1"}, {ID: "g2", Calendar: pick(t, "group's calendar", "", "office")}, {ID: "g3"}},
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "agents") {
		c.Agents = append(c.Agents, core.AgentSpec{
			AgentProfile: drawProfile(t, core.AgentID(fmt.Sprintf("a%d", i+1))),
			Presence:     pick(t, "presence", core.PresenceOnline, core.PresenceOnline, core.PresenceOnline, core.PresenceOffline),
		})
	}
	for i := range rapid.IntRange(1, len(drawnQueues)).Draw(t, "queues") {
		c.Queues = append(c.Queues, drawQueue(t, drawnQueues[i]))
	}
	c.Rules = drawRules(t, c)
	c.SLA = drawSLA(t)
	return c
}

func drawProfile(t *rapid.T, id core.AgentID) core.AgentProfile {
	p := core.AgentProfile{ID: id, Groups: some(t, "groups", drawnGroups, 0), Capacity: rapid.Uint32Range(1, 5).Draw(t, "capacity")}
	for _, skill := range some(t, "skills", []core.SkillID{"x", "y"}, 0) {
		if p.Skills == nil {
			p.Skills = map[core.SkillID]uint8{}
		}
		p.Skills[skill] = rapid.Uint8Range(1, 3).Draw(t, "level")
	}
	return p
}

func drawQueue(t *rapid.T, id core.QueueID) core.QueueSpec {
	timeouts := rapid.IntRange(0, 3).Draw(t, "timeouts")
	q := core.QueueSpec{
		ID:        id,
		Order:     pick(t, "order", "", "aged", "due", "slack"),
		Step:      pick(t, "step", "", "20m"),
		Expect:    pick(t, "expect", "", "3h"),
		Rank:      pick[int32](t, "rank", 0, 1, 100, 200),
		Groups:    some(t, "served by", drawnGroups, 1),
		Assign:    pick(t, "assign", "", "", "", "pull"),
		OnOffline: pick(t, "on offline", "", "requeue"),
		Offer: core.OfferSpec{
			Accept: pick(t, "accept", "", "", "auto"), Expires: pick(t, "expires", "20m", "2h"),
			CoolDown: pick(t, "cool-down", "", "3h", "0s"), ReadmitAfter: pick(t, "readmit", "", "10m", "5h"), TimeoutsToAway: &timeouts,
		},
	}
	for range rapid.IntRange(0, 2).Draw(t, "buckets") {
		q.Bucket = append(q.Bucket, drawCondition(t, "bucket"))
	}
	return q
}

// drawRules draws from rules that touch everything that actions may touch.
func drawRules(t *rapid.T, c *core.Config) []core.RuleSpec {
	to := func(label string) core.QueueID {
		return c.Queues[rapid.IntRange(0, len(c.Queues)-1).Draw(t, label)].ID
	}
	first, group := core.AgentID("a1"), core.GroupID("g2")
	pool := []core.RuleSpec{
		{On: []string{"created"}, Then: []core.Action{{Route: to("route")}}},
		{On: []string{"created"}, When: `channel == "phone"`, Then: []core.Action{{Set: &core.SetAction{Priority: 1}}, {AddTags: []string{"vip"}}}},
		{On: []string{"created"}, When: `channel == "chat"`, Then: []core.Action{{Require: &core.RequireAction{Skill: "x", Level: 2}}, {Route: to("route")}}},
		{When: `priority == 4`, Then: []core.Action{{Set: &core.SetAction{Group: &group}}}},
		{On: []string{"group_changed"}, When: `group == "g2"`, Then: []core.Action{{Route: to("route")}}},
		{On: []string{"message"}, When: `event.from == "requester" and status in ["pending", "solved"]`, Then: []core.Action{{Set: &core.SetAction{Status: core.StatusOpen}}}},
		{On: []string{"updated"}, When: `"spam" in tags`, Then: []core.Action{{Reject: "no spam"}}},
		{When: `"hand" in tags`, Then: []core.Action{{Set: &core.SetAction{Assignee: &first}}, {RemoveTags: []string{"hand"}}}, Stop: true},
		{On: []string{"status_changed"}, When: `status == "on_hold"`, Then: []core.Action{{Escalate: "lead"}, {Notify: &core.NotifyAction{Channel: "lead"}}}},
		{On: []string{"assigned"}, When: `"other" in tags`, Then: []core.Action{{Set: &core.SetAction{Fields: map[string]core.Value{"seen": core.Bool(true)}}}}},
	}
	var rules []core.RuleSpec
	for i, rule := range pool {
		if rapid.IntRange(0, 2).Draw(t, "rule") > 0 {
			rule.Name = fmt.Sprintf("r%d", i)
			rules = append(rules, rule)
		}
	}
	return rules
}

func drawSLA(t *rapid.T) core.SLASpec {
	metrics := []sla.Metric{
		{Name: "first_reply"}, {Name: "next_reply"},
		{Name: "resolution", OnReopen: pick(t, "on reopen", "", sla.ReopenNewCycle)},
		{Name: "agent_work"}, {Name: "requester_wait"}, {Name: "time_to_assign"},
		{
			Name: "handled", Start: `assigned`, Pause: `status == "pending"`, Stop: `not assigned`, Reset: `"again" in tags`,
			Cancel: `priority == 4`, Repeat: rapid.Bool().Draw(t, "repeat"), OnReopen: pick(t, "on reopen", sla.ReopenIgnore, sla.ReopenResume),
		},
	}
	spec := core.SLASpec{Metrics: some(t, "metrics", metrics, 1)}
	for i := range rapid.IntRange(0, 3).Draw(t, "policies") {
		policy := sla.Policy{
			Name:     fmt.Sprintf("p%d", i),
			Calendar: pick(t, "calendar", "", "office", "late"),
			OnChange: pick(t, "on change", "", sla.ChangeRestart, sla.ChangeKeep),
			Targets:  map[string]map[string]sla.Amount{},
		}
		if rapid.IntRange(0, 2).Draw(t, "fallback") > 0 {
			policy.When = drawCondition(t, "when")
		}
		for _, metric := range some(t, "promised", spec.Metrics, 1) {
			policy.Targets[metric.Name] = drawTargets(t, policy.Calendar)
		}
		spec.Policies = append(spec.Policies, policy)
	}
	return spec
}

func drawTargets(t *rapid.T, calendar string) map[string]sla.Amount {
	amounts := []string{"20m", "2h", "8h", "1wd", "2wd at closing", "3d", "16h"}
	if calendar == "office" {
		amounts = append(amounts, "1bd", "2bd")
	}
	targets := map[string]sla.Amount{}
	for _, priority := range some(t, "priorities", []string{"urgent", "2", "normal", sla.AnyPriority}, 1) {
		amount, err := sla.ParseAmount(pick(t, "amount", amounts...))
		if err != nil {
			t.Fatal(err)
		}
		targets[priority] = amount
	}
	return targets
}

// drawGap draws how long nothing happens: often until a deadline exactly, or
// just past it.
func drawGap(t *rapid.T, m *core.Machine, now core.Instant) core.Instant {
	next, ok := m.Next()
	switch kind := rapid.IntRange(0, 9).Draw(t, "gap"); {
	case ok && kind <= 1 && next >= now:
		return next - now
	case ok && kind <= 3 && next >= now:
		return next - now + 1
	case kind <= 5:
		return 0
	case kind <= 8:
		return core.Instant(rapid.Int64Range(1, 90).Draw(t, "minutes")) * core.Instant(time.Minute)
	default:
		return core.Instant(rapid.Int64Range(1, 40).Draw(t, "hours")) * core.Instant(time.Hour)
	}
}

// drawCommand draws a command; most of them can be done, but not all.
func drawCommand(t *rapid.T, s *core.Snapshot, config *core.Config, at core.Instant) core.Command {
	ticket := core.TicketID(fmt.Sprintf("t%d", rapid.IntRange(1, max(2, min(s.Len(), rapid.SampledFrom([]int{2, 5, 50}).Draw(t, "of")))).Draw(t, "ticket")))
	agent := core.AgentID(fmt.Sprintf("a%d", rapid.IntRange(1, 6).Draw(t, "agent")))
	switch rapid.SampledFrom(commandNames).Draw(t, "command") {
	case pauseOrResume:
		return core.UpdateTicket{ID: ticket, Status: core.Some(pick(t, "status", core.StatusPending, core.StatusOpen))}
	case reprioritize:
		return core.UpdateTicket{ID: ticket, Priority: core.Some(pick[core.Priority](t, "priority", 1, 2, 3, 4))}
	case core.NameCreateTicket:
		return drawCreate(t, core.TicketID(fmt.Sprintf("t%d", s.Len()+1)), config)
	case core.NameUpdateTicket:
		return drawUpdate(t, ticket, agent, config)
	case core.NameAddMessage:
		m := core.AddMessage{Ticket: ticket, From: pick(t, "from", core.RoleRequester, core.RoleAgent, core.RoleBot), Public: rapid.Bool().Draw(t, "public")}
		if rapid.IntRange(0, 3).Draw(t, "with status") == 0 {
			m.Status = core.Some(drawStatus(t))
		}
		return m
	case core.NameAssignTicket:
		return core.AssignTicket{Ticket: ticket, Agent: agent, Force: rapid.IntRange(0, 3).Draw(t, "force") == 0}
	case core.NameAcceptOffer:
		ticket, agent = drawOffer(t, s, ticket, agent)
		return core.AcceptOffer{Ticket: ticket, Agent: agent}
	case core.NameDeclineOffer:
		ticket, agent = drawOffer(t, s, ticket, agent)
		return core.DeclineOffer{Ticket: ticket, Agent: agent}
	case core.NameReleaseTicket:
		return core.ReleaseTicket{Ticket: ticket}
	case core.NameSolveTicket:
		return core.SolveTicket{Ticket: ticket}
	case core.NameReopenTicket:
		return core.ReopenTicket{Ticket: ticket}
	case core.NameCloseTicket:
		return core.CloseTicket{Ticket: ticket}
	case core.NamePutAgent:
		return core.PutAgent{AgentProfile: drawProfile(t, agent), Presence: core.PresenceOnline}
	case core.NameRemoveAgent:
		return core.RemoveAgent{ID: agent}
	case core.NameSetPresence:
		return core.SetPresence{Agent: agent, Presence: pick(t, "presence", core.PresenceOnline, core.PresenceOnline, core.PresenceBusy, core.PresenceAway, core.PresenceOffline)}
	case core.NameNextTicket:
		return core.NextTicket{Agent: agent}
	case core.NamePutOrganization:
		return core.PutOrganization{Organization: core.Organization{ID: "acme", Tier: pick(t, "tier", "", "gold"), Calendar: pick(t, "calendar", "", "office", "nowhere")}}
	default:
		return core.Tick{}
	}
}

// Updates of one thing, which lead deeper than those of many.
const (
	pauseOrResume = "pause or resume"
	reprioritize  = "reprioritize"
)

// commandNames are what drawCommand chooses from: the more often, the likelier.
var commandNames = []string{
	core.NameCreateTicket, core.NameCreateTicket, core.NameCreateTicket, core.NameCreateTicket, core.NameCreateTicket, core.NameCreateTicket,
	core.NameUpdateTicket, core.NameUpdateTicket, core.NameUpdateTicket, core.NameUpdateTicket, core.NameAddMessage, core.NameAddMessage,
	core.NameAssignTicket, core.NameAcceptOffer, core.NameAcceptOffer, core.NameDeclineOffer, core.NameDeclineOffer, core.NameDeclineOffer,
	core.NameReleaseTicket, core.NameSolveTicket, core.NameReopenTicket, core.NameCloseTicket, core.NamePutAgent, core.NameRemoveAgent,
	pauseOrResume, pauseOrResume, pauseOrResume, reprioritize, reprioritize, reprioritize,
	core.NameSetPresence, core.NameSetPresence, core.NameNextTicket, core.NamePutOrganization, core.NameTick,
}

func drawStatus(t *rapid.T) core.Status {
	return pick(t, "status", core.StatusOpen, core.StatusOpen, core.StatusPending, core.StatusOnHold, core.StatusSolved, core.StatusNew, core.StatusClosed)
}

func drawQueueID(t *rapid.T, config *core.Config) core.QueueID {
	if rapid.IntRange(0, 3).Draw(t, "any queue") == 0 {
		return pick(t, "queue", append([]core.QueueID{""}, drawnQueues...)...)
	}
	return config.Queues[rapid.IntRange(0, len(config.Queues)-1).Draw(t, "queue")].ID
}

func drawCreate(t *rapid.T, id core.TicketID, config *core.Config) core.Command {
	c := core.CreateTicket{
		ID: id, Channel: pick[core.Channel](t, "channel", "", "", "phone", "chat"), Queue: drawQueueID(t, config),
		Priority: pick[core.Priority](t, "priority", 0, 1, 2, 3, 4), Organization: pick[core.OrganizationID](t, "organization", "", "acme"),
		Group: pick(t, "group", "", "g1", core.GroupID("g2")),
	}
	if rapid.IntRange(0, 2).Draw(t, "tagged") == 0 {
		c.Tags = []string{pick(t, "tag", drawnTags...)}
	}
	if rapid.IntRange(0, 5).Draw(t, "with status") == 0 {
		c.Status = drawStatus(t)
	}
	if rapid.IntRange(0, 7).Draw(t, "given") == 0 {
		c.Assignee = pick[core.AgentID](t, "assignee", "a1", "a2")
	}
	return c
}

func drawUpdate(t *rapid.T, id core.TicketID, agent core.AgentID, config *core.Config) core.Command {
	c := core.UpdateTicket{ID: id, IfVersion: pick[core.Seq](t, "if version", 0, 0, 0, 0, 0, 0, 0, 7)}
	given := func(label string, odds int) bool { return rapid.IntRange(0, odds).Draw(t, label) == 0 }
	if given("priority?", 2) {
		c.Priority = core.Some(pick[core.Priority](t, "priority", 1, 2, 3, 4))
	}
	if given("status?", 2) {
		c.Status = core.Some(drawStatus(t))
	}
	if given("queue?", 3) {
		c.Queue = core.Some(drawQueueID(t, config))
	}
	if given("group?", 4) {
		c.Group = core.Some(pick[core.GroupID](t, "group", "", "g1", "g2"))
	}
	if given("channel?", 5) {
		c.Channel = core.Some(pick[core.Channel](t, "channel", "email", "phone", "chat"))
	}
	if given("assignee?", 5) {
		c.Assignee = core.Some(pick(t, "assignee", "", agent))
	}
	if given("organization?", 5) {
		c.Organization = core.Some(pick[core.OrganizationID](t, "organization", "", "acme"))
	}
	if given("tag?", 2) {
		c.AddTags = []string{pick(t, "tag", drawnTags...)}
	}
	if given("untag?", 3) {
		c.RemoveTags = []string{pick(t, "tag", drawnTags...)}
	}
	if given("field?", 5) {
		c.Fields = map[string]core.Value{"f": pick(t, "value", core.Text("v"), core.Number(1.5), core.Bool(false), core.List("a", "b"), core.Value{})}
	}
	return c
}

// drawOffer draws an open offer, if there is one; otherwise what was drawn before.
func drawOffer(t *rapid.T, s *core.Snapshot, ticket core.TicketID, agent core.AgentID) (core.TicketID, core.AgentID) {
	var offers []core.Offer
	var of []core.TicketID
	for row := range s.Tickets() {
		for _, o := range row.Offers {
			offers, of = append(offers, o), append(of, row.ID)
		}
	}
	if len(offers) == 0 || rapid.IntRange(0, 9).Draw(t, "no offer") == 0 {
		return ticket, agent
	}
	i := rapid.IntRange(0, len(offers)-1).Draw(t, "offer")
	return of[i], offers[i].Agent
}
