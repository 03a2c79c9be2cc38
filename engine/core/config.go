package core

import "github.com/yardmaster/yardmaster/sla"

// Config is a desk's configuration as written: what desk.yaml holds. It is a
// value; Compile checks all of it and makes it ready to run.
type Config struct {
	Name      string                      `json:"name,omitempty"`
	Zone      string                      `json:"zone,omitempty"`     // IANA name; default UTC
	Calendar  string                      `json:"calendar,omitempty"` // the desk's own; default always open in Zone
	Reopen    ReopenSpec                  `json:"reopen,omitzero"`
	Calendars map[string]sla.CalendarSpec `json:"calendars,omitempty"`
	Channels  map[Channel]ChannelSpec     `json:"channels,omitempty"`
	Skills    []SkillID                   `json:"skills,omitempty"`
	Groups    []GroupSpec                 `json:"groups,omitempty"`
	Agents    []AgentSpec                 `json:"agents,omitempty"`
	Queues    []QueueSpec                 `json:"queues,omitempty"`
	Rules     []RuleSpec                  `json:"rules,omitempty"`
	SLA       SLASpec                     `json:"sla,omitzero"`
}

// ReopenSpec says whether finished tickets come back and where they go.
type ReopenSpec struct {
	Allow string `json:"allow,omitempty"` // solved_and_closed (default) | solved | never
	To    string `json:"to,omitempty"`    // previous_if_available (default) | queue
}

// ChannelSpec is a channel's weight against an agent's capacity.
type ChannelSpec struct {
	Weight uint32 `json:"weight,omitempty"` // units; default 1
}

// GroupSpec is a team.
type GroupSpec struct {
	ID       GroupID `json:"id"`
	Name     string  `json:"name,omitempty"`
	Calendar string  `json:"calendar,omitempty"` // its own hours, for policies that name no calendar
}

// AgentSpec is an agent that the configuration keeps. One that a later
// configuration leaves out is removed; agents put by command stay.
type AgentSpec struct {
	AgentProfile
	Presence Presence `json:"presence,omitzero"` // of a new agent; default offline
}

// QueueSpec is a waiting line: its order, who serves it and how.
type QueueSpec struct {
	ID     QueueID   `json:"id"`
	Order  string    `json:"order,omitempty"`   // priority (default) | aged | due | slack
	Step   string    `json:"step,omitempty"`    // of aged: how much later a priority counts, a duration; default 1h
	Expect string    `json:"expect,omitempty"`  // of slack: expected handling, a duration; default 0
	Bucket []string  `json:"buckets,omitempty"` // ordered conditions: a ticket stands in the first that holds, else behind all
	Rank   int32     `json:"rank,omitempty"`    // among queues, lower first; default 100
	Groups []GroupID `json:"groups,omitempty"`
	Assign string    `json:"assign,omitempty"` // push (default) | pull
	Offer  OfferSpec `json:"offer,omitzero"`
	Choose string    `json:"choose,omitempty"` // least_loaded (default)
	// OnOffline says what happens to a queue's work when its agent goes offline: keep (default) | requeue.
	OnOffline string `json:"on_offline,omitempty"`
}

// OfferSpec says how a pushed ticket reaches its agent.
type OfferSpec struct {
	Accept         string `json:"accept,omitempty"`           // manual (default): an offer to accept | auto: assigned at once
	Expires        string `json:"expires,omitempty"`          // a duration; default 1m
	CoolDown       string `json:"cool_down,omitempty"`        // after a decline or timeout, for that pair; default 5m
	ReadmitAfter   string `json:"readmit_after,omitempty"`    // after a refusal, when everybody has refused; default 0s
	TimeoutsToAway *int   `json:"timeouts_to_away,omitempty"` // in a row; default 3; 0 never
}

// RuleSpec is one routing rule.
type RuleSpec struct {
	Name string   `json:"name"`
	On   []string `json:"on,omitempty"`   // triggers; default created and updated
	When string   `json:"when,omitempty"` // condition; empty always holds
	Then []Action `json:"then,omitempty"`
	Stop bool     `json:"stop,omitempty"` // end the pass after this rule
}

// Action is one thing that a rule does. Exactly one member is given.
type Action struct {
	Set        *SetAction     `json:"set,omitempty"`
	AddTags    []string       `json:"add_tags,omitempty"`
	RemoveTags []string       `json:"remove_tags,omitempty"`
	Require    *RequireAction `json:"require,omitempty"`
	Route      QueueID        `json:"route,omitempty"`
	Escalate   string         `json:"escalate,omitempty"` // a level or reason, told as an event
	Notify     *NotifyAction  `json:"notify,omitempty"`
	Reject     string         `json:"reject,omitempty"` // refuse the command, in these words
}

// SetAction changes a ticket's attributes.
type SetAction struct {
	Priority Priority         `json:"priority,omitzero"`
	Status   Status           `json:"status,omitzero"`
	Type     *string          `json:"type,omitempty"`
	Language *string          `json:"language,omitempty"`
	Group    *GroupID         `json:"group,omitempty"`
	Queue    *QueueID         `json:"queue,omitempty"`
	Assignee *AgentID         `json:"assignee,omitempty"`
	Fields   map[string]Value `json:"fields,omitempty"`
}

// RequireAction asks for a skill.
type RequireAction struct {
	Skill SkillID `json:"skill"`
	Level uint8   `json:"level,omitempty"` // 1 (default) to 10
}

// NotifyAction tells somebody; the daemon delivers what the event says.
type NotifyAction struct {
	Channel string `json:"channel"`
	Text    string `json:"text,omitempty"`
}

// SLASpec is what the desk measures and promises.
type SLASpec struct {
	Metrics  []sla.Metric `json:"metrics,omitempty"`  // default: the presets first_reply and resolution
	Policies []sla.Policy `json:"policies,omitempty"` // tried in order
}
