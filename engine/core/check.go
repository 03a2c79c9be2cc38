package core

import (
	"strings"
	"unicode/utf8"
)

// noTicket, noAgent and their like are the rejections for names that nothing has.
func noTicket(field string, id TicketID) *Rejection {
	return reject(ReasonNotFound, field, "there is no ticket %q", id)
}

func noAgent(field string, id AgentID) *Rejection {
	return reject(ReasonNotFound, field, "there is no agent %q", id)
}

// checks gathers the first thing wrong with a command's fields.
type checks struct{ first *Rejection }

func (c *checks) add(r *Rejection) {
	if c.first == nil {
		c.first = r
	}
}

func (c *checks) id(field, text string) {
	switch {
	case text == "":
		c.add(reject(ReasonRequired, field, "%s is required", field))
	case len(text) > IDBytesMax:
		c.add(reject(ReasonTooLarge, field, "an id has at most %d bytes, not %d", IDBytesMax, len(text)))
	case !validID(text):
		c.add(reject(ReasonInvalid, field, "%q is not an id: UTF-8 without control characters or spaces around", text))
	}
}

// optionalID checks an id that may be left out.
func (c *checks) optionalID(field, text string) {
	if text != "" {
		c.id(field, text)
	}
}

func (c *checks) text(field, text string, limit int) {
	if len(text) > limit {
		c.add(reject(ReasonTooLarge, field, "%s has at most %d bytes, not %d", field, limit, len(text)))
	} else if !utf8.ValidString(text) {
		c.add(reject(ReasonInvalid, field, "%s is not UTF-8", field))
	}
}

func (c *checks) priority(p Priority) {
	if p > PriorityMax {
		c.add(reject(ReasonInvalid, "priority", "priority %d is not between 1 and %d", p, PriorityMax))
	}
}

func (c *checks) status(s Status) {
	if s > StatusClosed {
		c.add(reject(ReasonInvalid, "status", "%d is not a status", s))
	}
}

func (c *checks) instant(field string, i Instant) {
	if !i.known() {
		c.add(reject(ReasonInvalid, field, "%s lies outside the years 1700 to 2250", field))
	}
}

func (c *checks) role(field string, r Role) {
	if r > RoleSystem {
		c.add(reject(ReasonInvalid, field, "%d is not a role", r))
	}
}

func (c *checks) tags(field string, tags []string) {
	if len(tags) > TagsMax {
		c.add(reject(ReasonTooLarge, field, "a ticket has at most %d tags, not %d", TagsMax, len(tags)))
	}
	for _, tag := range tags {
		if !validTag(tag) {
			c.add(reject(ReasonInvalid, field, "tag %q is not 1 to %d bytes of UTF-8 without spaces around", tag, TagBytesMax))
		}
	}
}

func (c *checks) fields(fields map[string]Value) {
	if len(fields) > FieldsMax {
		c.add(reject(ReasonTooLarge, "fields", "a ticket has at most %d fields, not %d", FieldsMax, len(fields)))
	}
	for _, f := range sortedFields(fields) {
		if !validField(f.Name, f.Value) {
			c.add(reject(ReasonTooLarge, "fields/"+f.Name, "a field has a name of 1 to %d bytes and at most %d bytes or %d items of UTF-8",
				FieldNameBytesMax, FieldValueBytesMax, FieldListMax))
		}
	}
}

// names checks what a command refers to in the newest configuration.
func (m *Machine) names(c *checks, channel Channel, group GroupID, queue QueueID, assignee AgentID) {
	if _, ok := m.config.channels[channel]; channel != "" && !ok {
		c.add(reject(ReasonNotFound, "channel", "there is no channel %q", channel))
	}
	if group != "" && m.config.groups[group] == nil {
		c.add(reject(ReasonNotFound, "group", "there is no group %q", group))
	}
	if queue != "" && m.queuePlan(queue) == nil {
		c.add(reject(ReasonNotFound, "queue", "there is no queue %q", queue))
	}
	if assignee != "" && m.agent(assignee) == nil {
		c.add(noAgent("assignee", assignee))
	}
}

func validTag(tag string) bool {
	return tag != "" && len(tag) <= TagBytesMax && utf8.ValidString(tag) && strings.TrimSpace(tag) == tag
}

func validField(name string, value Value) bool {
	return name != "" && len(name) <= FieldNameBytesMax && utf8.ValidString(name) && value.fits()
}
