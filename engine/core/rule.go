package core

import (
	"github.com/yardmaster/yardmaster/rules"
)

// holds evaluates a condition over the facts at hand. One that is absent, or
// that cannot be evaluated, does not hold.
func (m *Machine) holds(condition *rules.Condition[Facts]) bool {
	if condition == nil {
		return false
	}
	held, err := condition.Eval(&m.scratch, &m.facts)
	return err == nil && held
}

// look fills the facts from the draft as it stands.
func (d *draft) look() {
	f := &d.m.facts
	f.Event = d.happens
	f.Ticket.fill(&d.t)
	f.Was.fill(d.was)
	f.Requester = RequesterFacts{ID: string(d.t.Requester)}
	f.Organization.fill(d.m.organizations[d.t.Organization])
	f.CreatedBy = d.t.CreatedBy.String()
	f.Reopened = d.reopened
	f.Replied = d.t.Replied != 0
	f.Unanswered = d.t.Unanswered != 0
	f.Assigned = d.t.Assignee != ""
	f.GroupChanged = d.was != nil && d.was.Group != d.t.Group
}

// triggers names what happened, for the rules' `on`.
func (d *draft) triggers() rules.Triggers {
	names := make([]string, 0, 8)
	names = append(names, d.happens.Type)
	if d.was == nil {
		return d.cfg.rules.Triggers(names...)
	}
	was, is := d.was, &d.t
	for _, trigger := range []struct {
		name     string
		happened bool
	}{
		{happenedUpdated, true},
		{triggerStatusChanged, was.Status != is.Status},
		{triggerSolved, was.Status != is.Status && is.Status == StatusSolved},
		{triggerClosed, was.Status != is.Status && is.Status == StatusClosed},
		{triggerReopened, d.reopened},
		{triggerAssigned, was.Assignee != is.Assignee && is.Assignee != ""},
		{triggerPriorityChanged, was.Priority != is.Priority},
		{triggerGroupChanged, was.Group != is.Group},
	} {
		if trigger.happened {
			names = append(names, trigger.name)
		}
	}
	return d.cfg.rules.Triggers(names...)
}

// route makes the one ordered pass over the rules: later ones see what earlier
// ones changed. The newest rules apply, whatever version the ticket is on.
func (d *draft) route() {
	if d.cfg.rules.Len() == 0 {
		return
	}
	d.look()
	result := d.cfg.rules.Run(&d.m.scratch, &d.m.facts, d.triggers(), func(r *rules.Rule[Action]) rules.Changed {
		d.emit(Event{Type: RuleMatched, Rule: r.Name})
		d.changed = rules.Changed{}
		for i := range r.Then {
			d.act(r.Name, &r.Then[i])
		}
		if !d.changed.IsZero() {
			d.look()
		}
		return d.changed
	})
	for _, failed := range result.Failed {
		d.emit(Event{Type: RuleFailed, Rule: failed.Name, Detail: failed.Message})
	}
}

// act does one action of a rule. What it names was checked when the
// configuration was compiled; agents come and go, so an assignee is checked here.
func (d *draft) act(rule string, a *Action) {
	if d.refusal != nil {
		return
	}
	switch {
	case a.Set != nil:
		d.set(rule, a.Set)
	case a.AddTags != nil || a.RemoveTags != nil:
		d.retag(a.AddTags, a.RemoveTags)
	case a.Require != nil:
		d.requireByRule(rule, Requirement{a.Require.Skill, a.Require.Level})
	case a.Route != "":
		d.setQueue(a.Route)
	case a.Escalate != "":
		d.emit(Event{Type: TicketEscalated, Rule: rule, Detail: a.Escalate})
	case a.Notify != nil:
		d.emit(Event{Type: TicketNotified, Rule: rule, Channel: Channel(a.Notify.Channel), Detail: a.Notify.Text})
	case a.Reject != "":
		d.refusal = reject(ReasonRule, "", "%s", a.Reject)
	}
}

func (d *draft) set(rule string, s *SetAction) {
	if s.Priority != 0 {
		d.setPriority(s.Priority)
	}
	if s.Type != nil {
		setAttribute(d, "type", &d.t.Type, *s.Type)
		d.touch(d.cfg.paths.kind)
	}
	if s.Language != nil {
		setAttribute(d, "language", &d.t.Language, *s.Language)
		d.touch(d.cfg.paths.language)
	}
	if s.Group != nil {
		d.setGroup(*s.Group)
	}
	if s.Queue != nil {
		d.setQueue(*s.Queue)
	}
	for _, field := range sortedFields(s.Fields) {
		d.setField(field.Name, field.Value)
	}
	if s.Status != 0 && d.mayBecome(s.Status) == nil {
		d.setStatus(s.Status, RoleSystem, s.Assignee != nil)
	}
	if s.Assignee != nil {
		d.setAssigneeByRule(rule, *s.Assignee)
	}
}

func (d *draft) requireByRule(rule string, need Requirement) {
	if len(withRequirement(d.t.Requires, need)) > RequirementsMax {
		d.emit(Event{Type: RuleFailed, Rule: rule, Skill: need.Skill, Detail: "the ticket requires as many skills as it can"})
		return
	}
	d.require(need)
}

func (d *draft) setAssigneeByRule(rule string, id AgentID) {
	agent := d.m.agent(id)
	switch {
	case id == "":
		d.unassign()
	case agent == nil:
		d.emit(Event{Type: RuleFailed, Rule: rule, Agent: id, Detail: "there is no such agent"})
	default:
		d.setAssignee(agent, viaRule, true)
	}
}
