package core

import "fmt"

// Status is where a ticket stands.
//
//	new ──> open ──> solved ──> closed
//	 │   ┌───┴────┐    ^           │
//	 │   v        v    │           │
//	 └> pending  on_hold           │
//	      ^────────────reopen──────┘
//
// Any status may change to any other; a change out of solved or closed to an
// unfinished status is a reopen and needs the desk's leave.
type Status uint8

// The statuses. Pending waits for the requester, on_hold for somebody else.
const (
	StatusNew Status = iota + 1
	StatusOpen
	StatusPending
	StatusOnHold
	StatusSolved
	StatusClosed
)

var statusNames = [...]string{StatusNew: "new", StatusOpen: "open", StatusPending: "pending", StatusOnHold: "on_hold", StatusSolved: "solved", StatusClosed: "closed"}

// String returns the status's name, as used everywhere in text.
func (s Status) String() string { return nameOf(statusNames[:], uint8(s)) }

// Finished reports whether the ticket is solved or closed: nobody holds it.
func (s Status) Finished() bool { return s >= StatusSolved }

// Workable reports whether a waiting ticket may be offered: new or open.
func (s Status) Workable() bool { return s == StatusNew || s == StatusOpen }

// ParseStatus reads a status's name.
func ParseStatus(text string) (Status, error) {
	v, err := parseName(statusNames[:], text, "status")
	return Status(v), err
}

// MarshalText renders the name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Status) UnmarshalText(text []byte) (err error) {
	*s, err = ParseStatus(string(text))
	return err
}

// Presence is whether an agent can take work.
type Presence uint8

// The presences. Only an online agent is offered tickets; held work stays in
// busy and away, and goes or stays in offline as the queue says.
const (
	PresenceOnline Presence = iota + 1
	PresenceBusy
	PresenceAway
	PresenceOffline
)

var presenceNames = [...]string{PresenceOnline: "online", PresenceBusy: "busy", PresenceAway: "away", PresenceOffline: "offline"}

// String returns the presence's name.
func (p Presence) String() string { return nameOf(presenceNames[:], uint8(p)) }

// MarshalText renders the name.
func (p Presence) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the name.
func (p *Presence) UnmarshalText(text []byte) error {
	v, err := parseName(presenceNames[:], string(text), "presence")
	*p = Presence(v)
	return err
}

// Role is who does something.
type Role uint8

// The roles. A requester is any end user; bots neither answer nor ask.
const (
	RoleRequester Role = iota + 1
	RoleAgent
	RoleBot
	RoleSystem
)

var roleNames = [...]string{RoleRequester: "requester", RoleAgent: "agent", RoleBot: "bot", RoleSystem: "system"}

// String returns the role's name.
func (r Role) String() string { return nameOf(roleNames[:], uint8(r)) }

// MarshalText renders the name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the name.
func (r *Role) UnmarshalText(text []byte) error {
	v, err := parseName(roleNames[:], string(text), "role")
	*r = Role(v)
	return err
}

func nameOf(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("invalid(%d)", v)
}

func parseName(names []string, text, what string) (uint8, error) {
	for i, name := range names {
		if i > 0 && name == text {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("core: %s %q is not one of %v", what, text, names[1:])
}
