package rules

// TriggersMax is how many distinct triggers a set can tell apart.
const TriggersMax = 64

// Triggers is a set of triggers, a bit each. The zero value is none.
type Triggers uint64

// Triggers gives the bits of the named triggers. A name that no rule can listen to has none: a pass on it alone considers
// the rules that listen to everything.
func (s *Set[F, A]) Triggers(names ...string) Triggers {
	var out Triggers
	for _, name := range names {
		out |= s.triggers[name]
	}
	return out
}

// intern numbers the trigger names: the listed ones or, when none are listed, those that the rules mention.
func intern[A any](listed []string, rules []Rule[A]) map[string]Triggers {
	bits := map[string]Triggers{}
	add := func(name string) {
		if _, known := bits[name]; !known && name != "" && len(bits) < TriggersMax {
			bits[name] = 1 << len(bits)
		}
	}
	for _, name := range listed {
		add(name)
	}
	if len(listed) > 0 {
		return bits
	}
	for _, rule := range rules {
		for _, name := range rule.On {
			add(name)
		}
	}
	return bits
}
