package core

import "slices"

// applyConfig makes a new immutable configuration version. Existing tickets keep
// their own for metrics and policies; rules, queues, groups, skills and weights
// apply to all tickets at once.
func (m *Machine) applyConfig(c ApplyConfig) Reply {
	compiled := c.compiled
	if compiled == nil {
		if c.Config == nil {
			return refused(reject(ReasonRequired, "config", "there is no configuration"))
		}
		var err error
		if compiled, err = Compile(c.Config); err != nil {
			return refused(reject(ReasonInvalid, "config", "%v", err))
		}
	}
	if compiled.Same(m.config) {
		return Reply{}
	}
	if r := m.checkDropped(compiled); r != nil {
		return refused(r)
	}
	m.forgetVersions()
	if len(m.versions) >= VersionsMax {
		return refused(reject(ReasonLimit, "config", "tickets are still on %d configuration versions, the most that are kept", VersionsMax))
	}
	m.row.configs++
	m.changed(RowDesk, "", m.deskRow())
	m.changed(RowConfig, ordinalID(Ordinal(m.row.configs)), &configRow{m.row.configs, compiled.canonical})
	m.emit(Event{Type: ConfigApplied, Version: m.row.configs})
	m.adopt(m.row.configs, compiled)
	m.rebuildLoads()
	m.rebuildLines()
	m.rehire(compiled.source)
	m.match()
	return Reply{}
}

// adopt makes a version the newest.
func (m *Machine) adopt(version uint64, compiled *Compiled) {
	m.config = compiled
	m.versions[version] = compiled
	m.directory.putConfig(compiled.source)
}

// forgetVersions drops the versions that no ticket is on and that are not the
// newest.
func (m *Machine) forgetVersions() {
	for _, version := range m.versionNumbers() {
		if version != m.row.configs && m.pinned[version] == 0 {
			delete(m.versions, version)
			m.changed(RowConfig, ordinalID(Ordinal(version)), nil)
		}
	}
}

// checkDropped refuses a configuration that drops a name still in use.
func (m *Machine) checkDropped(next *Compiled) *Rejection {
	if m.config == nil {
		return nil
	}
	for i := range m.config.queues {
		id := m.config.queues[i].ID
		if _, kept := next.queueAt[id]; !kept && m.inUse(posting{listedQueue, string(id)}) {
			return reject(ReasonInUse, "config/queues", "queue %q still has tickets", id)
		}
	}
	for _, id := range sortedKeys(m.config.groups) {
		if next.groups[id] == nil && m.inUse(posting{listedGroup, string(id)}) {
			return reject(ReasonInUse, "config/groups", "group %q still has tickets", id)
		}
	}
	return m.checkPeople(next)
}

// checkPeople refuses a configuration that drops a group or skill of an agent
// who was put by command: those of the configuration come with their own.
func (m *Machine) checkPeople(next *Compiled) *Rejection {
	for a := range m.agents() {
		if a.FromConfig {
			continue
		}
		for _, group := range a.Groups {
			if next.groups[group] == nil {
				return reject(ReasonInUse, "config/groups", "agent %q is still in group %q", a.ID, group)
			}
		}
		for _, s := range sortedSkills(a.Skills) {
			if !next.skills[s.Skill] {
				return reject(ReasonInUse, "config/skills", "agent %q still has skill %q", a.ID, s.Skill)
			}
		}
	}
	return nil
}

// inUse reports whether an unfinished ticket is listed under a value.
func (m *Machine) inUse(p posting) bool {
	for slot := range m.postings.All(p) {
		if !m.tickets.Get(slot).Status.Finished() {
			return true
		}
	}
	return false
}

// rehire brings the agents that configurations keep in line with the newest.
func (m *Machine) rehire(c *Config) {
	for a := range m.agents() {
		if a.FromConfig && !slices.ContainsFunc(c.Agents, func(s AgentSpec) bool { return s.ID == a.ID }) {
			m.dismiss(a)
		}
	}
	for _, spec := range c.Agents {
		m.hire(spec.AgentProfile, spec.Presence, true)
	}
}

// rebuildLoads sums what agents hold anew: a configuration may have changed the
// channels' weights.
func (m *Machine) rebuildLoads() {
	var over []Ordinal
	for a := range m.agents() {
		if !a.room(0) {
			over = append(over, a.Ordinal)
		}
		agent := *a
		agent.Load, agent.Held, agent.Ringing = 0, 0, 0
		m.staff.Set(slotOf(a.Ordinal), &agent)
	}
	for _, t := range m.tickets.All() {
		m.reload(nil, t)
	}
	for a := range m.agents() {
		if !slices.Contains(over, a.Ordinal) {
			m.reportOver(a.Ordinal)
		}
	}
}

// versionNumbers lists the versions that are kept, ascending.
func (m *Machine) versionNumbers() []uint64 {
	numbers := make([]uint64, 0, len(m.versions))
	for version := range m.versions { // order: sorted below
		numbers = append(numbers, version)
	}
	slices.Sort(numbers)
	return numbers
}

func (m *Machine) deskRow() *deskRow {
	row := m.row
	return &row
}
