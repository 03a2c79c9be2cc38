package loop

import "github.com/yardmaster/yardmaster/engine/core"

// A group closes at about 1 MiB. Its bytes are known only once it is encoded,
// which happens once, when it has closed; until then they are estimated: what a
// command can make long is counted, the rest is taken at its usual size.
const (
	rowWeight    = 512
	entryWeight  = 192
	eventWeight  = 96
	idWeight     = 64
	configWeight = GroupBytesMax // a configuration closes its group
)

// weigh estimates the encoded size of journal entries.
func weigh(entries []core.Entry) int {
	total := 0
	for i := range entries {
		total += entryWeight + len(entries[i].Events)*eventWeight + weighCommand(entries[i].Command)
	}
	return total
}

// weighCommand counts the parts of a command that may be long: they are in its
// entry, in the rows it changes and, fields and tags, in its events.
func weighCommand(c core.Command) int {
	switch c := c.(type) {
	case core.CreateTicket:
		return 2*len(c.Subject) + len(c.Text) + 2*len(c.Tags)*idWeight + 2*weighFields(c.Fields)
	case core.UpdateTicket:
		return 2*len(c.Subject.Value) + 2*(len(c.AddTags)+len(c.RemoveTags))*idWeight + 3*weighFields(c.Fields)
	case core.AddMessage:
		return len(c.Text)
	case core.PutAgent:
		return 2 * (len(c.Groups) + len(c.Skills)) * idWeight
	case core.PutOrganization:
		return 2 * weighFields(c.Fields)
	case core.ApplyConfig:
		return configWeight
	default:
		return 0
	}
}

func weighFields(fields map[string]core.Value) int {
	total := 0
	for name, value := range fields { // order: a sum
		total += len(name) + len(value.String())
	}
	return total
}
