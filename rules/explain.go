package rules

import (
	"fmt"
	"strings"
)

// Verdict is what became of one rule in a pass.
type Verdict uint8

// The verdicts.
const (
	Matched      Verdict = iota + 1 // the condition holds, or there is none
	Unmatched                       // the condition does not hold
	Failed                          // the condition could not be evaluated, and so did not match
	NotListening                    // the rule listens to other triggers
	NotReached                      // a rule before it ended the pass
)

// String names the verdict.
func (v Verdict) String() string {
	if v < Matched || v > NotReached {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return [...]string{"matched", "unmatched", "failed", "not listening", "not reached"}[v-1]
}

// MarshalText is String, for JSON.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Explanation is what a pass made of each rule of a set, in order.
type Explanation []Account

// Account is what a pass made of one rule.
type Account struct {
	Rule    int     `json:"rule"`    // index in the set
	Name    string  `json:"name"`    // of the rule
	Verdict Verdict `json:"verdict"` // what became of it
	// Part is why the condition does not hold or could not be evaluated; nil for the other verdicts.
	Part *Part `json:"part,omitempty"`
	// Problem is what failed; nil for the other verdicts.
	Problem *Problem `json:"problem,omitempty"`
	// Changed are the dotted names of the facts that the actions changed.
	Changed []string `json:"changed,omitempty"`
}

// Part is the first part of a condition to settle it: of and, the first side that does not hold.
type Part struct {
	// Line and Column are where it begins in the source; both count from 1, Column in characters.
	Line   int `json:"line"`
	Column int `json:"column"`
	// From and To are its characters in the source, [From, To).
	From int `json:"from"`
	To   int `json:"to"`
	// Source is its text, with white space as single spaces.
	Source string `json:"source"`
	// Held is true for a part that does hold, where not is written before it.
	Held bool `json:"held,omitempty"`
	// Values are the facts that it compares, and what is calculated from them, in the order of the source.
	Values []Operand `json:"values,omitempty"`
}

// Operand is one side of a comparison.
type Operand struct {
	Source string `json:"source"` // its text in the condition
	Value  string `json:"value"`  // as a source would write it; nil for what is missing, "failed: ..." for what cannot be had
}

// Explain makes a pass over facts as Run does, and accounts for every rule. Like Run it leaves the actions to apply and
// changes nothing itself: give it an apply that changes a copy, and that copy as facts. It takes the time of several
// compilations for each condition that does not hold.
func (s *Set[F, A]) Explain(facts *F, on Triggers, apply func(*Rule[A]) Changed) Explanation {
	out := make(Explanation, 0, len(s.rules))
	scratch := new(Scratch)
	scratch.result.reset()
	d := newDissector(scratch, facts, s.options)
	names, ended := Paths[F](), false
	for i := range s.rules {
		account := Account{Rule: i, Name: s.rules[i].Name}
		switch {
		case ended:
			account.Verdict = NotReached
		case !s.compiled[i].listens(on):
			account.Verdict = NotListening
		case s.holds(scratch, facts, i):
			account.Verdict, ended = Matched, s.rules[i].Stop
			if apply != nil {
				account.Changed = apply(&s.rules[i]).names(names)
			}
		default:
			account.Verdict = Unmatched
			if failed := scratch.result.Failed; len(failed) > 0 {
				account.Verdict, account.Problem = Failed, new(failed[0])
				scratch.result.Failed = failed[:0]
			}
			account.Part = d.part(s.rules[i].When)
		}
		out = append(out, account)
	}
	return out
}

// names lists the paths in c, except for those below others.
func (c Changed) names(all []string) []string {
	var out []string
	for i, name := range all[:min(len(all), PathsMax)] {
		if !c.Has(Path(i)) {
			continue
		}
		if n := len(out); n > 0 && strings.HasPrefix(name, out[n-1]+".") {
			continue
		}
		out = append(out, name)
	}
	return out
}

// String renders the explanation, a rule a line, and below it why it did not match:
//
//	refunds: matched, changed ticket.priority
//	gold: unmatched, requester.tier == "gold" does not hold at 1:22
//	    requester.tier = "silver"
func (e Explanation) String() string {
	var out strings.Builder
	for _, account := range e {
		out.WriteString(account.String())
		out.WriteByte('\n')
	}
	return out.String()
}

// String renders the account of one rule, without a line feed at the end.
func (a Account) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %v", a.Name, a.Verdict)
	if len(a.Changed) > 0 {
		fmt.Fprintf(&out, ", changed %s", strings.Join(a.Changed, ", "))
	}
	if a.Problem != nil {
		fmt.Fprintf(&out, ", %s", a.Problem.Message)
	}
	if a.Part == nil {
		return out.String()
	}
	switch p := a.Part; {
	case a.Problem != nil:
		fmt.Fprintf(&out, " in %s at %d:%d", p.Source, p.Line, p.Column)
	case p.Held:
		fmt.Fprintf(&out, ", %s holds at %d:%d", p.Source, p.Line, p.Column)
	default:
		fmt.Fprintf(&out, ", %s does not hold at %d:%d", p.Source, p.Line, p.Column)
	}
	for _, v := range a.Part.Values {
		fmt.Fprintf(&out, "\n    %s = %s", v.Source, v.Value)
	}
	return out.String()
}
