package core

import (
	"cmp"
	"iter"
	"slices"
)

// agents iterates over the agents in ordinal order.
func (m *Machine) agents() iter.Seq[*Agent] {
	return func(yield func(*Agent) bool) {
		for slot := range m.staff.High() {
			if a := m.staff.Get(slot); a != nil && !yield(a) {
				return
			}
		}
	}
}

// setAgent makes a row the agent's: its own part changed, not only what is
// derived from tickets.
func (m *Machine) setAgent(a *Agent) {
	m.staff.Set(slotOf(a.Ordinal), a)
	m.changed(RowAgent, ordinalID(a.Ordinal), a)
}

// putAgent adds an agent or replaces a profile.
func (m *Machine) putAgent(c PutAgent) Reply {
	if r := m.checkAgent(c); r != nil {
		return refused(r)
	}
	m.hire(c.AgentProfile, c.Presence, false)
	return Reply{Agent: c.ID}
}

func (m *Machine) checkAgent(c PutAgent) *Rejection {
	var check checks
	check.id("id", string(c.ID))
	check.text("name", c.Name, SubjectBytesMax)
	if len(c.Groups) > GroupsPerAgentMax || len(c.Skills) > SkillsPerAgentMax {
		check.add(reject(ReasonTooLarge, "groups", "an agent has at most %d groups and %d skills", GroupsPerAgentMax, SkillsPerAgentMax))
	}
	for _, group := range c.Groups {
		if m.config.groups[group] == nil {
			check.add(reject(ReasonNotFound, "groups", "there is no group %q", group))
		}
	}
	for _, s := range sortedSkills(c.Skills) {
		if !m.config.skills[s.Skill] {
			check.add(reject(ReasonNotFound, "skills", "there is no skill %q", s.Skill))
		}
		if s.Level < 1 || s.Level > SkillLevelMax {
			check.add(reject(ReasonInvalid, "skills", "the level of skill %q is not between 1 and %d", s.Skill, SkillLevelMax))
		}
	}
	if c.Capacity > CapacityMax {
		check.add(reject(ReasonInvalid, "capacity", "a capacity is at most %d", CapacityMax))
	}
	if c.Presence > PresenceOffline {
		check.add(reject(ReasonInvalid, "presence", "%d is not a presence", c.Presence))
	}
	return check.first
}

// hire writes a profile; the running state of an agent who is there stays.
func (m *Machine) hire(p AgentProfile, presence Presence, fromConfig bool) {
	p.Groups = slices.Clone(p.Groups)
	slices.Sort(p.Groups)
	p.Groups = slices.Compact(p.Groups)
	p.Skills = skillMap(sortedSkills(p.Skills))
	p.Capacity = cmp.Or(p.Capacity, CapacityDefault)
	agent := Agent{Presence: cmp.Or(presence, PresenceOffline)}
	old := m.agent(p.ID)
	if old != nil {
		agent = *old
		m.enlist(old, false)
	} else {
		m.row.agents++
		agent.Ordinal = m.row.agents
		m.agentIDs[p.ID] = agent.Ordinal
		m.changed(RowDesk, "", m.deskRow())
	}
	agent.AgentProfile, agent.FromConfig = p, fromConfig
	m.setAgent(&agent)
	m.enlist(&agent, true)
	m.directory.putAgent(&agent)
	m.stirred = true
	m.emit(Event{Type: AgentPut, Agent: p.ID})
	if old != nil && p.Capacity < old.Capacity {
		m.reportOver(agent.Ordinal)
	}
}

// enlist keeps the members of groups, in ordinal order.
func (m *Machine) enlist(a *Agent, in bool) {
	for _, group := range a.Groups {
		list := m.members[group]
		i, found := slices.BinarySearch(list, a.Ordinal)
		switch {
		case in && !found:
			m.members[group] = slices.Insert(list, i, a.Ordinal)
		case !in && found:
			m.members[group] = slices.Delete(list, i, i+1)
		}
	}
}

// removeAgent takes an agent away; held work goes back to its queues.
func (m *Machine) removeAgent(c RemoveAgent) Reply {
	agent := m.agent(c.ID)
	if agent == nil {
		return refused(noAgent("id", c.ID))
	}
	m.dismiss(agent)
	return Reply{Agent: c.ID}
}

func (m *Machine) dismiss(agent *Agent) {
	m.revokeAll(agent.Ordinal, revokedByRemoval)
	m.takeBack(agent, func(*queuePlan) bool { return true })
	m.enlist(agent, false)
	m.staff.Set(slotOf(agent.Ordinal), nil)
	delete(m.agentIDs, agent.ID)
	m.directory.removeAgent(agent.ID)
	m.changed(RowAgent, ordinalID(agent.Ordinal), nil)
	m.emit(Event{Type: AgentRemoved, Agent: agent.ID})
	m.stirred = true // who is left may all have refused
}

// takeBack unassigns an agent's unfinished work of the queues that say so, in
// order of original enqueue.
func (m *Machine) takeBack(agent *Agent, takes func(*queuePlan) bool) {
	var held []*Ticket
	for slot := range m.postings.All(posting{listedAssignee, string(agent.ID)}) {
		if t := m.tickets.Get(slot); !t.Status.Finished() && takes(m.queuePlan(t.Queue)) {
			held = append(held, t)
		}
	}
	slices.SortFunc(held, byEnqueue)
	for _, t := range held {
		d := m.edit(t)
		d.happens = EventFacts{Type: happenedUpdated, From: RoleSystem.String()}
		d.unassign()
		_ = d.conclude(false)
	}
}

// setPresence says whether an agent takes work. It ends a row of timeouts.
func (m *Machine) setPresence(c SetPresence) Reply {
	agent := m.agent(c.Agent)
	switch {
	case agent == nil:
		return refused(noAgent("agent", c.Agent))
	case c.Presence < PresenceOnline || c.Presence > PresenceOffline:
		return refused(reject(ReasonInvalid, "presence", "a presence is online, busy, away or offline"))
	}
	if agent.Timeouts > 0 && agent.Presence == c.Presence {
		m.emit(Event{Type: AgentPresenceChanged, Agent: agent.ID, From: c.Presence.String(), To: c.Presence.String()})
	}
	m.resetTimeouts(agent.Ordinal)
	m.become(agent.Ordinal, c.Presence)
	return Reply{Agent: c.Agent}
}

// become changes a presence. Leaving online revokes open offers at once,
// without cool-down; offline work stays or goes as its queue says.
func (m *Machine) become(o Ordinal, presence Presence) {
	old := m.agentAt(o)
	if old.Presence == presence {
		return
	}
	agent := *old
	agent.Presence = presence
	if presence == PresenceAway || presence == PresenceOnline {
		agent.Timeouts = 0
	}
	m.setAgent(&agent)
	m.emit(Event{Type: AgentPresenceChanged, Agent: agent.ID, From: old.Presence.String(), To: presence.String()})
	m.stirred = true // there is somebody more, or those who are left have all refused
	if presence == PresenceOnline {
		return
	}
	m.revokeAll(o, revokedByPresence)
	if presence == PresenceOffline {
		m.takeBack(&agent, func(q *queuePlan) bool { return q != nil && q.requeue })
	}
}

func (m *Machine) resetTimeouts(o Ordinal) {
	if old := m.agentAt(o); old.Timeouts != 0 {
		agent := *old
		agent.Timeouts = 0
		m.setAgent(&agent)
	}
}

// noteGiven keeps when an agent was last offered or directly assigned a ticket.
func (m *Machine) noteGiven(o Ordinal) {
	if o == 0 {
		return
	}
	agent := *m.agentAt(o)
	agent.LastAssigned, agent.LastAssignedSeq = m.now, m.seq
	m.setAgent(&agent)
}

// reportOver tells that an agent is above capacity. Nothing is taken away.
func (m *Machine) reportOver(o Ordinal) {
	if agent := m.agentAt(o); agent != nil && !agent.room(0) {
		m.emit(Event{Type: AgentOverCapacity, Agent: agent.ID})
	}
}

// reportHeavier tells of the agents to whom a ticket weighs more than before and
// who are now above capacity.
func (m *Machine) reportHeavier(was, is *Ticket) {
	m.eachShare(is, func(now share) {
		before := uint64(0)
		m.eachShare(was, func(s share) {
			if s.agent == now.agent {
				before = s.load
			}
		})
		if now.load > before {
			m.reportOver(now.agent)
		}
	})
}

// putOrganization adds or replaces an organization. Tickets see it at their next
// event.
func (m *Machine) putOrganization(c PutOrganization) Reply {
	var check checks
	check.id("id", string(c.ID))
	check.text("name", c.Name, SubjectBytesMax)
	check.text("tier", c.Tier, TagBytesMax)
	check.fields(c.Fields)
	if _, ok := m.config.calendars[c.Calendar]; c.Calendar != "" && !ok {
		check.add(reject(ReasonNotFound, "calendar", "there is no calendar %q", c.Calendar))
	}
	if check.first != nil {
		return refused(check.first)
	}
	o := c.Organization
	o.Fields = fieldMap(sortedFields(o.Fields))
	m.organizations[o.ID] = &o
	m.directory.putOrganization(&o)
	m.changed(RowOrganization, string(o.ID), &o)
	m.emit(Event{Type: OrganizationPut, Organization: o.ID})
	return Reply{}
}
