package rules

// Rule is one rule: on a trigger, when a condition holds, then actions.
type Rule[A any] struct {
	// Name identifies the rule in problems and to the caller; it is required and unique within a set.
	Name string
	// On names the triggers that the rule listens to. Empty means every pass.
	On []string
	// When is the condition, in the language of the package comment. Blank means always.
	When string
	// Then is what the rule does; the package hands it to the caller and never looks at it.
	Then []A
	// Stop ends the pass after this rule matched.
	Stop bool
}
