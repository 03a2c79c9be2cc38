package rules_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/rules"
)

func TestExplain(t *testing.T) {
	s := compile(t, []rules.Rule[set]{
		{Name: "refunds", When: `subject contains "Refund"`, Then: []set{{"ticket.priority", 1}, {"ticket.status", "open"}}},
		{Name: "gold", When: `priority == 1 and (requester.tier == "silver" or requester.tier == nil) and vip`},
		{Name: "later", On: []string{"updated"}, When: `priority == 1`},
		{Name: "quiet", When: "status == \"open\"\n  and not (event.public or vip)"},
		{Name: "wrong", When: `status == "open" and fields.product > 10`},
		{Name: "list", When: `any(tags, # startsWith "x") and vip`},
		{Name: "lower", When: `lower(subject) endsWith ("x" + "y")`},
		{Name: "missing", When: `fields.colour in ["red", "blue"]`},
		{Name: "let", When: `let p = priority + 1; p == 2 and p in 5..6`},
		{Name: "choice", When: `priority == 1 ? waited > duration("3h") : true`},
		{Name: "fact", When: `priority == 1 and fields.unpaid`},
		{Name: "korean", When: `subject == "환불" and vip`},
		{Name: "last", Stop: true},
		{Name: "after", When: `true`},
	}, shorthand)
	facts := sample()
	got := s.Explain(facts, s.Triggers("created"), perform(t, facts))
	want := `refunds: matched, changed ticket.status, ticket.priority
gold: unmatched, requester.tier == "silver" or requester.tier == nil does not hold at 1:20
    requester.tier = "gold"
later: not listening
quiet: unmatched, event.public holds at 2:12
    event.public = true
wrong: failed, invalid operation: string > int in fields.product > 10 at 1:22
    fields.product = "Printer"
list: unmatched, any(tags, # startsWith "x") does not hold at 1:1
    tags = ["billing","vip-1"]
lower: unmatched, lower(subject) endsWith ("x" + "y") does not hold at 1:1
    lower(subject) = "refund for order 12"
    "x" + "y" = "xy"
missing: unmatched, fields.colour in ["red", "blue"] does not hold at 1:1
    fields.colour = nil
let: unmatched, p in 5..6 does not hold at 1:34
    p = 2
choice: unmatched, waited > duration("3h") does not hold at 1:17
    waited = duration("1h30m0s")
fact: unmatched, fields.unpaid does not hold at 1:19
    fields.unpaid = nil
korean: unmatched, subject == "환불" does not hold at 1:1
    subject = "Refund for order 12"
last: matched
after: not reached
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("explanation (-want +got):\n%s", diff)
	}
}

func TestExplanationAsJSON(t *testing.T) {
	s := compile(t, sources(`priority == 1`), shorthand)
	got, err := json.Marshal(s.Explain(sample(), 0, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"rule":0,"name":"priority == 1","verdict":"unmatched","part":{"line":1,"column":1,"from":0,"to":13,"source":"priority == 1",` +
		`"values":[{"source":"priority","value":"2"}]}}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVerdictHasAName(t *testing.T) {
	for v := rules.Verdict(0); v < 8; v++ {
		unknown := v < rules.Matched || v > rules.NotReached
		if got := v.String(); strings.HasPrefix(got, "Verdict(") != unknown {
			t.Errorf("verdict %d is %s", v, got)
		}
	}
}

// TestExplainEqualsRun: what is explained is what happens.
func TestExplainEqualsRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := worlds.Draw(t, "world")
		w.rules = slices.DeleteFunc(w.rules, func(r rules.Rule[set]) bool {
			_, err := rules.CompileCondition[desk](r.When, shorthand)
			return err != nil
		})
		s, err := rules.Compile[desk](w.rules, shorthand)
		if err != nil {
			t.Fatal(err)
		}
		ran, explained := w.facts[0], w.facts[0]
		on := s.Triggers(w.happened...)
		result := s.Run(nil, &ran, on, perform(nil, &ran))
		var matched []int
		var failed []rules.Problem
		for i, account := range s.Explain(&explained, on, perform(nil, &explained)) {
			switch account.Verdict {
			case rules.Matched:
				matched = append(matched, i)
			case rules.Failed:
				failed = append(failed, *account.Problem)
			}
			if p := account.Part; (p != nil) != (account.Verdict == rules.Unmatched || account.Verdict == rules.Failed) {
				t.Fatalf("rule %d: %s: part %v", i, account, p)
			} else if p != nil && !strings.Contains(strings.Join(strings.Fields(w.rules[i].When), " "), p.Source) {
				t.Fatalf("%q is no part of %q", p.Source, w.rules[i].When)
			}
		}
		if diff := cmp.Diff(append([]int(nil), result.Matched...), matched); diff != "" {
			t.Errorf("matched (-run +explain):\n%s", diff)
		}
		if diff := cmp.Diff(append([]rules.Problem(nil), result.Failed...), failed); diff != "" {
			t.Errorf("failed (-run +explain):\n%s", diff)
		}
	})
}
