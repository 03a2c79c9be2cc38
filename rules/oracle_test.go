package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/rules"
)

// Facts and conditions are drawn from few values, so that rules match, fail and influence each other often.
var (
	words = []string{"", "new", "open", "gold", "a"}
	tags  = rapid.SliceOfN(rapid.SampledFrom(words), 0, 3)
)

// drawDesk draws facts; of those that may be missing, as many are missing as gaps allows.
func drawDesk(t *rapid.T, gaps bool) *desk {
	missing := func() bool { return gaps && rapid.Bool().Draw(t, "missing") }
	facts := &desk{Ticket: ticket{
		Status: rapid.SampledFrom(words).Draw(t, "status"), Subject: rapid.SampledFrom(words).Draw(t, "subject"),
		Priority: rapid.IntRange(-1, 3).Draw(t, "priority"), Tags: tags.Draw(t, "tags"), Fields: map[string]any{},
	}}
	for _, name := range []string{"n", "s", "x"} {
		if !missing() {
			facts.Ticket.Fields[name] = rapid.SampledFrom([]any{1, 2.5, "new", true, "a"}).Draw(t, name)
		}
	}
	if !missing() {
		score := rapid.IntRange(-1, 3).Draw(t, "score")
		facts.Ticket.Score = &score
	}
	if !missing() {
		facts.Requester = &person{Name: "kim", Tier: rapid.SampledFrom(words).Draw(t, "tier")}
	}
	return facts
}

// drawSource draws a condition without shorthands that expr itself understands, over facts that are all there.
func drawSource(t *rapid.T, depth int) string {
	word := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(words).Draw(t, "word")) }
	text := func() string {
		return rapid.SampledFrom([]string{"ticket.status", "ticket.subject", "requester.tier", "ticket.fields.s", `ticket.fields["x"]`, `lower(ticket.status)`, `first(["new"])`}).Draw(t, "text")
	}
	number := func() string {
		return rapid.SampledFrom([]string{"ticket.priority", "ticket.fields.n", "ticket.score", "1", "len(ticket.tags)", "ticket.priority * 2 + 1", "ticket.priority % ticket.score", "sum(1..3)"}).Draw(t, "number")
	}
	leaves := []func() string{
		func() string { return text() + " == " + word() },
		func() string { return text() + " != " + text() },
		func() string { return text() + " in [" + word() + ", " + word() + "]" },
		func() string { return text() + " contains " + word() },
		func() string { return text() + " not startsWith " + word() },
		func() string { return text() + " matches '^[a-n]+$'" },
		func() string { return number() + " in [1, 2, " + number() + "]" },
		func() string { return number() + " in 1..3" },
		func() string { return number() + " > " + number() },
		func() string { return number() + " <= " + number() },
		func() string { return word() + " in ticket.tags" },
		func() string { return "any(ticket.tags, # == " + word() + " or # contains ticket.status)" },
		func() string { return "all(ticket.tags, # in [" + word() + "])" },
		func() string { return "count(ticket.tags, # != " + word() + ") >= " + number() },
		func() string { return "let v = " + text() + "; v == " + word() },
	}
	if depth == 0 {
		return "(" + rapid.SampledFrom(leaves).Draw(t, "leaf")() + ")"
	}
	inner := func() string { return drawSource(t, depth-1) }
	return rapid.SampledFrom([]func() string{
		func() string { return "(" + inner() + " and " + inner() + ")" },
		func() string { return "(" + inner() + " || " + inner() + ")" },
		func() string { return "not " + inner() },
		func() string { return "(" + inner() + " ? " + inner() + " : " + inner() + ")" },
		inner,
	}).Draw(t, "node")()
}

// TestRunEqualsExpr: a pass is what expr, asked about one rule after the other, without types, makes of the same sources.
func TestRunEqualsExpr(t *testing.T) {
	names := []string{"created", "updated", "solved"}
	rapid.Check(t, func(t *rapid.T) {
		var list []rules.Rule[set]
		for i := range rapid.IntRange(1, 6).Draw(t, "rules") {
			list = append(list, rules.Rule[set]{
				Name: fmt.Sprint(i),
				On:   rapid.SliceOfN(rapid.SampledFrom(names), 0, 2).Draw(t, "on"),
				When: drawSource(t, rapid.IntRange(0, 2).Draw(t, "depth")),
				Then: []set{{"ticket.status", rapid.SampledFrom(words).Draw(t, "set status")}, {"ticket.priority", rapid.IntRange(-1, 3).Draw(t, "set priority")}},
				Stop: rapid.IntRange(0, 9).Draw(t, "stop") == 0,
			})
		}
		happened := rapid.SliceOfN(rapid.SampledFrom(names), 1, 2).Draw(t, "happened")
		facts := drawDesk(t, false)
		copied := *facts

		s, err := rules.Compile[desk](list, rules.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := outcomeOf(s, s.Run(nil, facts, s.Triggers(happened...), perform(nil, facts)))
		matched, failed := askExpr(list, happened, &copied)
		if diff := cmp.Diff(matched, got.Matched); diff != "" {
			t.Errorf("matched (-expr +got):\n%s", diff)
		}
		if diff := cmp.Diff(failed, got.Failed); diff != "" {
			t.Errorf("failed (-expr +got):\n%s", diff)
		}
		if diff := cmp.Diff(&copied, facts, cmp.AllowUnexported(ticket{})); diff != "" {
			t.Errorf("facts (-expr +got):\n%s", diff)
		}
	})
}

// askExpr is the pass in its dumbest form.
func askExpr(list []rules.Rule[set], happened []string, facts *desk) (matched, failed []string) {
	for i := range list {
		rule := &list[i]
		if len(rule.On) > 0 && !slices.ContainsFunc(rule.On, func(on string) bool { return slices.Contains(happened, on) }) {
			continue
		}
		held, err := expr.Eval(rule.When, facts)
		switch {
		case err != nil:
			failed = append(failed, rule.Name)
		case held.(bool):
			matched = append(matched, rule.Name)
			perform(nil, facts)(rule)
			if rule.Stop {
				return matched, failed
			}
		}
	}
	return matched, failed
}

// A term is a source with its meaning, written down a second time: value gives nil for what is missing, and panics with
// broken where an evaluation fails.
type term struct {
	source string
	value  func(*desk) any
}

type broken struct{}

// TestMissingValuesEqualTheirDescription: conditions over facts with gaps mean what the package comment says.
func TestMissingValuesEqualTheirDescription(t *testing.T) {
	scratch := new(rules.Scratch)
	rapid.Check(t, func(t *rapid.T) {
		c := drawTruth(t, rapid.IntRange(0, 3).Draw(t, "depth"))
		facts := drawDesk(t, true)
		compiled, err := rules.CompileCondition[desk](c.source, shorthand)
		if err != nil {
			t.Fatal(err)
		}
		got, err := compiled.Eval(scratch, facts)
		want, fails := meaning(c, facts)
		if got != want || (err != nil) != fails {
			t.Errorf("%s: got %v, %v; want %v, failure %v", c.source, got, err, want, fails)
		}
	})
}

func meaning(c term, facts *desk) (held, fails bool) {
	defer func() {
		if r := recover(); r != nil {
			if r != (broken{}) {
				panic(r)
			}
			held, fails = false, true
		}
	}()
	return truth(c.value(facts)), false
}

// truth is the meaning of a value as a condition.
func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	}
	panic(broken{})
}

func drawTruth(t *rapid.T, depth int) term {
	if depth == 0 {
		return rapid.SampledFrom([]func(*rapid.T) term{drawComparison, drawTextTest, drawField, drawNilTest, drawAny}).Draw(t, "leaf")(t)
	}
	a, b := drawTruth(t, depth-1), drawTruth(t, depth-1)
	return rapid.SampledFrom([]term{
		{"(" + a.source + " and " + b.source + ")", func(d *desk) any { return truth(a.value(d)) && truth(b.value(d)) }},
		{"(" + a.source + " or " + b.source + ")", func(d *desk) any { return truth(a.value(d)) || truth(b.value(d)) }},
		{"not " + a.source, func(d *desk) any { return !truth(a.value(d)) }},
		{"(" + a.source + " ? " + b.source + " : " + a.source + ")", func(d *desk) any {
			if truth(a.value(d)) {
				return truth(b.value(d))
			}
			return truth(a.value(d))
		}},
		a,
	}).Draw(t, "node")
}

func drawComparison(t *rapid.T) term {
	a, b := drawNumber(t), drawNumber(t)
	return rapid.SampledFrom([]term{
		{"(" + a.source + " > " + b.source + ")", func(d *desk) any { return ordered(a.value(d), b.value(d), func(x, y float64) bool { return x > y }) }},
		{"(" + a.source + " <= " + b.source + ")", func(d *desk) any { return ordered(a.value(d), b.value(d), func(x, y float64) bool { return x <= y }) }},
		{"(" + a.source + " == " + b.source + ")", func(d *desk) any { return equal(a.value(d), b.value(d)) }},
		{"(" + a.source + " in [1, 2.5])", func(d *desk) any { v := a.value(d); return v != nil && (equal(v, 1) || equal(v, 2.5)) }},
	}).Draw(t, "comparison")
}

// drawNumber draws a number; fields.n and fields.x may be missing, or no numbers.
func drawNumber(t *rapid.T) term {
	leaves := []term{
		{"1", func(*desk) any { return 1 }},
		{"priority", func(d *desk) any { return d.Ticket.Priority }},
		{"score", func(d *desk) any {
			if d.Ticket.Score == nil {
				return nil
			}
			return *d.Ticket.Score
		}},
		{"fields.n", func(d *desk) any { return d.Ticket.Fields["n"] }},
		{"fields.x", func(d *desk) any { return d.Ticket.Fields["x"] }},
		{"fields.n.a.b", func(d *desk) any { return member(d.Ticket.Fields["n"]) }},
	}
	a, b := rapid.SampledFrom(leaves).Draw(t, "a"), rapid.SampledFrom(leaves).Draw(t, "b")
	return rapid.SampledFrom([]term{
		a,
		{"(" + a.source + " * " + b.source + ")", func(d *desk) any { return times(a.value(d), b.value(d)) }},
		{"(" + a.source + " ?? " + b.source + ")", func(d *desk) any {
			if v := a.value(d); v != nil {
				return v
			}
			return b.value(d)
		}},
		{"max(" + a.source + ", priority)", func(d *desk) any {
			v := a.value(d)
			if v == nil {
				return nil
			}
			if _, ok := number(v); !ok {
				panic(broken{})
			}
			if ordered(v, d.Ticket.Priority, func(x, y float64) bool { return x < y }) {
				return d.Ticket.Priority
			}
			return v
		}},
	}).Draw(t, "number")
}

// member is the value of any member of a field: fields hold no structs.
func member(v any) any {
	if v != nil {
		panic(broken{})
	}
	return nil
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func equal(a, b any) bool {
	x, xOK := number(a)
	y, yOK := number(b)
	if xOK && yOK {
		return x == y
	}
	return a == b
}

func ordered(a, b any, less func(x, y float64) bool) bool {
	if a == nil || b == nil {
		return false
	}
	x, xOK := number(a)
	y, yOK := number(b)
	if xOK && yOK {
		return less(x, y)
	}
	s, sOK := a.(string)
	u, uOK := b.(string)
	if !sOK || !uOK {
		panic(broken{})
	}
	return less(float64(strings.Compare(s, u)), 0)
}

func times(a, b any) any {
	if a == nil || b == nil {
		return nil
	}
	x, xOK := number(a)
	y, yOK := number(b)
	if !xOK || !yOK {
		panic(broken{})
	}
	return x * y
}

func drawText(t *rapid.T) term {
	a := rapid.SampledFrom([]term{
		{"status", func(d *desk) any { return d.Ticket.Status }},
		{"requester.tier", func(d *desk) any {
			if d.Requester == nil {
				return nil
			}
			return d.Requester.Tier
		}},
		{"requester?.leader.name", func(*desk) any { return nil }},
		{"fields.s", func(d *desk) any { return d.Ticket.Fields["s"] }},
		{"first(tags)", func(d *desk) any {
			if len(d.Ticket.Tags) == 0 {
				return nil
			}
			return d.Ticket.Tags[0]
		}},
		{`find(tags, # == "new")`, func(d *desk) any {
			if !slices.Contains(d.Ticket.Tags, "new") {
				return nil
			}
			return "new"
		}},
	}).Draw(t, "text")
	return rapid.SampledFrom([]term{
		a,
		{"lower(" + a.source + ")", func(d *desk) any {
			v := a.value(d)
			if _, ok := v.(string); !ok && v != nil {
				panic(broken{})
			}
			return v
		}},
		{"(let v = " + a.source + "; v)", a.value},
		{`(` + a.source + ` == "a" ? nil : ` + a.source + `)`, func(d *desk) any {
			if v := a.value(d); v != "a" {
				return v
			}
			return nil
		}},
	}).Draw(t, "function")
}

func drawTextTest(t *rapid.T) term {
	a := drawText(t)
	word := rapid.SampledFrom(words).Draw(t, "word")
	return rapid.SampledFrom([]term{
		{fmt.Sprintf("(%s == %q)", a.source, word), func(d *desk) any { return a.value(d) == any(word) }},
		{fmt.Sprintf("(%s != %q)", a.source, word), func(d *desk) any { return a.value(d) != any(word) }},
		{fmt.Sprintf("(%s in [%q, \"gold\"])", a.source, word), func(d *desk) any { v := a.value(d); return v == any(word) || v == "gold" }},
		{fmt.Sprintf("(%s contains %q)", a.source, word), func(d *desk) any {
			switch v := a.value(d).(type) {
			case nil:
				return false
			case string:
				return strings.Contains(v, word)
			}
			panic(broken{})
		}},
		{fmt.Sprintf("(len(%s) == 3)", a.source), func(d *desk) any {
			switch v := a.value(d).(type) {
			case nil:
				return false
			case string:
				return len(v) == 3
			}
			panic(broken{})
		}},
	}).Draw(t, "test")
}

func drawField(t *rapid.T) term {
	name := rapid.SampledFrom([]string{"n", "s", "x", "never"}).Draw(t, "field")
	return term{"(fields." + name + " ?? nil)", func(d *desk) any { return d.Ticket.Fields[name] }}
}

func drawNilTest(t *rapid.T) term {
	a := rapid.SampledFrom([]term{drawText(t), drawNumber(t)}).Draw(t, "of")
	return term{"(" + a.source + " == nil)", func(d *desk) any { return a.value(d) == nil }}
}

func drawAny(t *rapid.T) term {
	a, b := drawNumber(t), drawNumber(t)
	return term{"any([" + a.source + ", " + b.source + "], # > 1)", func(d *desk) any {
		x, y := a.value(d), b.value(d)
		above := func(x, y float64) bool { return x > y }
		return ordered(x, 1, above) || ordered(y, 1, above)
	}}
}
