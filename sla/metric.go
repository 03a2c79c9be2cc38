package sla

// Metric is what is measured on a ticket, as conditions over the ticket's state
// and what just happened. The package does not read the conditions: whoever
// holds the tickets evaluates them and steps a Countdown with the answers.
//
// An entry that has a preset's name takes from the preset what it leaves out.
type Metric struct {
	Name   string `json:"name" yaml:"name"`
	Start  string `json:"start,omitempty" yaml:"start,omitempty"`
	Pause  string `json:"pause,omitempty" yaml:"pause,omitempty"`
	Stop   string `json:"stop,omitempty" yaml:"stop,omitempty"`
	Reset  string `json:"reset,omitempty" yaml:"reset,omitempty"`
	Cancel string `json:"cancel,omitempty" yaml:"cancel,omitempty"`
	// Repeat lets an instance start in the command that ended the one before.
	Repeat bool `json:"repeat,omitempty" yaml:"repeat,omitempty"`
	// OnReopen says what a reopened ticket does to an instance that ended when
	// the ticket was solved or closed: resume (default) | new_cycle | ignore.
	OnReopen string `json:"on_reopen,omitempty" yaml:"on_reopen,omitempty"`
}

// The choices of Metric.OnReopen.
const (
	ReopenResume   = "resume"
	ReopenNewCycle = "new_cycle"
	ReopenIgnore   = "ignore"
)

// Preset returns the built-in metric of that name, written in the same language
// as a custom one. The definitions follow the SLA metrics that helpdesks
// document: first and next reply, requester wait, agent work, resolution.
func Preset(name string) (Metric, bool) {
	const (
		created    = `event == "created"`
		finished   = `status in ["solved", "closed"]`
		agentReply = `event == "message" and event.from == "agent" and event.public`
	)
	switch name {
	case "first_reply":
		return Metric{Name: name, Start: created, Stop: agentReply, Cancel: finished, OnReopen: ReopenIgnore}, true
	case "next_reply":
		return Metric{
			Name: name, Repeat: true, OnReopen: ReopenIgnore, Stop: agentReply, Cancel: finished,
			Start: `event == "message" and event.from == "requester" and event.public and replied`,
		}, true
	case "requester_wait":
		return Metric{Name: name, Start: created, Pause: `status == "pending"`, Stop: finished, OnReopen: ReopenResume}, true
	case "agent_work":
		return Metric{Name: name, Start: created, Pause: `status in ["pending", "on_hold"]`, Stop: finished, OnReopen: ReopenResume}, true
	case "resolution":
		return Metric{Name: name, Start: created, Stop: finished, OnReopen: ReopenResume}, true
	case "time_to_assign":
		return Metric{Name: name, Start: created, Stop: `assigned`, OnReopen: ReopenIgnore}, true
	default:
		return Metric{}, false
	}
}

// PresetNames lists the presets in the order in which they are documented.
func PresetNames() []string {
	return []string{"first_reply", "next_reply", "requester_wait", "agent_work", "resolution", "time_to_assign"}
}

// Or returns m with what it leaves out taken from preset.
func (m Metric) Or(preset Metric) Metric {
	for _, f := range []struct{ own, from *string }{
		{&m.Start, &preset.Start}, {&m.Pause, &preset.Pause}, {&m.Stop, &preset.Stop},
		{&m.Reset, &preset.Reset}, {&m.Cancel, &preset.Cancel}, {&m.OnReopen, &preset.OnReopen},
	} {
		if *f.own == "" {
			*f.own = *f.from
		}
	}
	m.Repeat = m.Repeat || preset.Repeat
	return m
}
