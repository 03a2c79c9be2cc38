package core

import "slices"

// Agent is somebody who works, as they stand: an immutable row, like Ticket.
type Agent struct {
	AgentProfile
	Ordinal         Ordinal  `json:"ordinal"`
	Presence        Presence `json:"presence"`
	LastAssigned    Instant  `json:"last_assigned_at,omitzero"` // the last offer or direct assignment
	LastAssignedSeq Seq      `json:"-"`
	Timeouts        uint32   `json:"timeouts,omitempty"` // offers expired in a row
	FromConfig      bool     `json:"from_config,omitempty"`

	// Load, Held and Ringing are derived from tickets and offers: cached here,
	// never stored, built anew when a desk is opened.
	Load    uint64 `json:"load"`    // hundredths of capacity units, offers included
	Held    uint32 `json:"held"`    // unfinished tickets assigned
	Ringing uint32 `json:"ringing"` // open offers
}

// loadUnit is one unit of capacity in the terms of Agent.Load: hundredths, so
// that weights in percent stay integers.
const loadUnit = 100

// room reports whether weight more units fit.
func (a *Agent) room(weight uint64) bool {
	return a.Load+weight <= uint64(a.Capacity)*loadUnit
}

// in reports whether the agent is in any of the groups.
func (a *Agent) in(groups []GroupID) bool {
	return slices.ContainsFunc(a.Groups, func(g GroupID) bool { return slices.Contains(groups, g) })
}

// skilled reports whether the agent meets every requirement.
func (a *Agent) skilled(needs []Requirement) bool {
	for _, need := range needs {
		if a.Skills[need.Skill] < need.Level {
			return false
		}
	}
	return true
}

// lessLoaded is the preset least_loaded: load over capacity, then the longest
// since the last assignment (never comes first), then the ordinal. Ratios are
// compared as cross products, so that no rounding decides.
func (a *Agent) lessLoaded(b *Agent) bool {
	if x, y := a.Load*uint64(b.Capacity), b.Load*uint64(a.Capacity); x != y {
		return x < y
	}
	if a.LastAssigned != b.LastAssigned {
		return a.LastAssigned < b.LastAssigned
	}
	if a.LastAssignedSeq != b.LastAssignedSeq {
		return a.LastAssignedSeq < b.LastAssignedSeq
	}
	return a.Ordinal < b.Ordinal
}

// sortedSkills lists skills by name: the canonical form of the map.
func sortedSkills(skills map[SkillID]uint8) []Requirement {
	list := make([]Requirement, 0, len(skills))
	for skill, level := range skills { // order: sorted below
		list = append(list, Requirement{skill, level})
	}
	slices.SortFunc(list, compareRequirements)
	return list
}

func skillMap(list []Requirement) map[SkillID]uint8 {
	if len(list) == 0 {
		return nil
	}
	skills := make(map[SkillID]uint8, len(list))
	for _, s := range list {
		skills[s.Skill] = s.Level
	}
	return skills
}
