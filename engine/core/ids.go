package core

import (
	"strings"
	"unicode/utf8"
)

// Identifiers are text that callers give. They name things and never order
// anything: order comes from ordinals, which the machine counts itself.
type (
	// TicketID names a ticket within its desk.
	TicketID string
	// AgentID names an agent within its desk.
	AgentID string
	// GroupID names a group of agents.
	GroupID string
	// QueueID names a waiting line.
	QueueID string
	// SkillID names a skill.
	SkillID string
	// RequesterID names the person who asked.
	RequesterID string
	// OrganizationID names the customer a requester belongs to.
	OrganizationID string
)

// Seq counts a desk's events, dense from 1. A cursor into the feed is a Seq.
type Seq uint64

// Ordinal counts a desk's tickets, or its agents, in order of creation, from 1.
type Ordinal uint64

// validID reports whether text can name something: 1 to IDBytesMax bytes of
// UTF-8 without control characters and without spaces around it.
func validID(text string) bool {
	if text == "" || len(text) > IDBytesMax || !utf8.ValidString(text) {
		return false
	}
	return !strings.ContainsFunc(text, isControl) && strings.TrimSpace(text) == text
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }
