package sla

// Policy is a set of promises: for each metric an amount by priority. Policies
// with a condition are tried in order; only if none holds, the first without
// one applies, wherever it stands. A priority without a target has none, and no
// other policy is asked.
type Policy struct {
	Name     string `json:"name" yaml:"name"`
	When     string `json:"when,omitempty" yaml:"when,omitempty"`
	Calendar string `json:"calendar,omitempty" yaml:"calendar,omitempty"` // default: the organization's, else the group's, else the desk's
	// OnChange says what a changed target does to a countdown under way:
	// carry (default) what was counted, restart from now, or keep the old one.
	OnChange string `json:"on_change,omitempty" yaml:"on_change,omitempty"`
	// Targets: metric name, then priority (urgent, high, normal, low, 1 to 9, or
	// any for all that are not named), then the amount.
	Targets map[string]map[string]Amount `json:"targets,omitempty" yaml:"targets,omitempty"`
}

// The choices of Policy.OnChange.
const (
	ChangeCarry   = "carry"
	ChangeRestart = "restart"
	ChangeKeep    = "keep"
)

// AnyPriority is the key of a target for all priorities that are not named.
const AnyPriority = "any"
