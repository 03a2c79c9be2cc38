package rules_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/rules"
)

// A world is rules and facts to match them against.
type world struct {
	rules    []rules.Rule[set]
	facts    []desk
	happened []string
}

// The texts are few, so that they meet; among them are Korean, whose letters may also be written as parts, emoji of several
// code points, a letter with a combining mark, one whose lower case is longer, and bytes that are not UTF-8.
var (
	sparse = []string{
		"", "a", "A", "ab", "gold", "GOLD", "new", "newer", "환불", "환불 요청", "\u1112\u116a\u11ab\u1107\u116e\u11af", "👩‍👧", "👩", "e\u0301", "\u00e9",
		"\u0130", "ß", "a\xffb", "12", "1",
	}
	numerals = []any{0, 1, -1, 2, 3, 1.0, 2.5, -0.5, math.NaN(), math.Inf(1), math.Copysign(0, -1), 1 << 53, 1<<53 + 1, float64(1 << 53), math.MaxInt}
	oddities = []any{
		nil, true, false, int64(2), int32(1), uint8(1), uint64(math.MaxUint64), float32(2.5), time.Hour, []string{"a", "gold"}, []any{"a", 1, nil}, []any(nil),
		map[string]any{"a": 1}, map[string]any(nil), new(int), (*int)(nil), status("new"), struct{ A int }{1},
	}
)

// status is a text of a named type.
type status string

// worlds draws whole worlds. The conditions are made of parts that closures and the index know, of parts that they do not,
// and of parts that fail.
var worlds = rapid.Custom(func(t *rapid.T) world {
	w := world{happened: rapid.SliceOfN(rapid.SampledFrom([]string{"created", "updated"}), 1, 2).Draw(t, "happened")}
	leaves, depths := rapid.IntRange(0, 27), []int{0, 1, 1, 2, 3}
	if pick(t, true, false, false) { // rules of one kind fill one table
		leaves, depths = rapid.Just(pick(t, rapid.IntRange(0, 27).Draw(t, "kind"), 5, 7, 26, 26)), []int{0, 0, 0, 1}
	}
	for i := range rapid.IntRange(1, 40).Draw(t, "rules") {
		w.rules = append(w.rules, rules.Rule[set]{
			Name: fmt.Sprint(i),
			On:   rapid.SampledFrom([][]string{nil, nil, {"created"}, {"updated"}}).Draw(t, "on"),
			When: drawWhen(t, pick(t, depths...), leaves),
			Then: drawActions(t),
			Stop: rapid.IntRange(0, 15).Draw(t, "stop") == 0,
		})
	}
	for range rapid.IntRange(1, 40).Draw(t, "facts") {
		w.facts = append(w.facts, drawFacts(t))
	}
	return w
})

func pick[T any](t *rapid.T, of ...T) T { return rapid.SampledFrom(of).Draw(t, "of") }

func drawFacts(t *rapid.T) desk {
	anything := func() any {
		switch pick(t, 1, 1, 1, 2, 2, 3) {
		case 1:
			return pick(t, sparse...)
		case 2:
			return pick(t, numerals...)
		}
		return pick(t, oddities...)
	}
	facts := desk{
		Ticket: ticket{
			Status: pick(t, sparse...), Subject: pick(t, sparse...) + pick(t, " ", "") + pick(t, sparse...) + pick(t, sparse...),
			Priority: pick(t, -1, 0, 1, 2, 3, 1<<53, 1<<53+1), Load: pick(t, 0, 1, 2.5, -0.5, math.NaN(), math.Inf(-1)),
		},
		Event:  event{Type: pick(t, sparse...), Public: pick(t, true, false)},
		Waited: pick(t, 0, time.Minute, time.Hour, 25*time.Hour, -time.Hour),
	}
	for range pick(t, 0, 0, 1, 2, 3) {
		facts.Ticket.Tags = append(facts.Ticket.Tags, pick(t, sparse...))
	}
	for range pick(t, 0, 1, 2) {
		facts.Ticket.Comments = append(facts.Ticket.Comments, comment{pick(t, sparse...), pick(t, true, false)})
	}
	if pick(t, true, true, true, false) {
		facts.Ticket.Fields = map[string]any{}
	}
	for _, name := range []string{"n", "s", "x", "list"} {
		if facts.Ticket.Fields != nil && pick(t, true, true, false) {
			facts.Ticket.Fields[name] = anything()
		}
	}
	if pick(t, true, false) {
		facts.Ticket.Score = new(pick(t, 0, 1, 2, 3))
	}
	if pick(t, true, false) {
		facts.Ticket.VIP = new(pick(t, true, false))
	}
	if pick(t, true, true, false) {
		facts.Requester = &person{Name: pick(t, sparse...), Tier: pick(t, sparse...)}
		if pick(t, true, false) {
			facts.Requester.Leader = &person{Name: pick(t, sparse...)}
		}
	}
	return facts
}

func drawActions(t *rapid.T) []set {
	return pick(t,
		nil, nil,
		[]set{{"ticket.status", pick(t, "a", "gold")}},
		[]set{{"ticket.status", pick(t, sparse...)}},
		[]set{{"ticket.priority", pick(t, 0, 1, 2, 3)}},
		[]set{{"ticket.tags", pick(t, sparse...)}, {"ticket.status", pick(t, sparse...)}},
		[]set{{"ticket.fields", pick(t, any(1), any("gold"), any(2.5), any(nil), any([]any{"a"}))}},
		[]set{{"ticket.score", pick(t, nil, new(2), new(3))}},
		[]set{{"requester", pick(t, nil, &person{Name: "kim", Tier: "gold"})}},
	)
}

// drawWhen draws a condition.
func drawWhen(t *rapid.T, depth int, leaves *rapid.Generator[int]) string {
	if depth == 0 {
		return "(" + drawLeaf(t, leaves) + ")"
	}
	a, b := drawWhen(t, depth-1, leaves), drawWhen(t, depth-1, leaves)
	return pick(t,
		"("+a+" and "+b+")", "("+a+" and "+b+")", a+" && "+b+" and "+drawLeaf(t, leaves), "("+a+" or "+b+")", "("+a+" || "+b+")", "not ("+a+")", "!("+a+" or "+b+")",
		"("+a+" ? "+b+" : "+drawLeaf(t, leaves)+")", "(let v = "+drawText(t).source+"; v == "+word(t)+" or "+a+")",
		"(if "+a+" {"+b+"} else {false})",
	)
}

func word(t *rapid.T) string {
	return fmt.Sprintf("%q", strings.ToValidUTF8(pick(t, sparse...), "?"))
}

func drawLeaf(t *rapid.T, leaves *rapid.Generator[int]) string {
	texts := func() string {
		return pick(t, "status", "subject", "ticket.subject", "event", "requester", "requester.tier", "requester.leader.name", "fields.s", `fields["x"]`, "fields.n",
			"fields.s.deep", "lower(status)", "upper(subject)", "lower(requester.tier)", "lower(fields.s)", "trim(status)", `status + "b"`,
			`trimPrefix(subject, "a")`, "first(tags)", "status[0:1]", "string(priority)")
	}
	numbers := func() string {
		return pick(t, "priority", "load", "score", "fields.n", "fields.x", "fields.s", "len(tags)", "len(subject)", "len(fields.list)", "priority + 1", "load * 2", "fields.n - 1",
			"priority % score", "priority / 2", "-priority", "-fields.n", "count(tags, # != \"a\")", "max(score, 1)", "(fields.n ?? 2)", "fields.n + fields.x")
	}
	numeral := func() string {
		return pick(t, "0", "1", "2", "3", "-1", "2.5", "1.0", "9007199254740992", "9007199254740993", "-0.5")
	}
	lists := func() string {
		return pick(t, "tags", "tags", "fields.list", "fields.s", "[status, \"a\"]", "filter(tags, # != \"\")", "requester.name")
	}
	search := func() string { return pick(t, "contains", "startsWith", "endsWith", "not contains") }
	order := func() string { return pick(t, "<", "<=", ">", ">=", "==", "!=") }
	switch leaves.Draw(t, "leaf") {
	case 0, 1:
		return texts() + " == " + word(t)
	case 2:
		return word(t) + pick(t, " == ", " != ") + texts()
	case 3:
		return texts() + " in [" + word(t) + ", " + word(t) + ", " + word(t) + "]"
	case 4:
		return pick(t, texts(), "subject") + " " + search() + " " + word(t)
	case 5:
		return "subject " + search() + " " + pick(t, `"ew"`, `"e"`, `"wer"`, `"newe"`, `"ewer "`, `"old"`, `"ld"`, `"불 요"`, `"불"`, `"golden"`, `"ab"`, `"b"`, `" "`)
	case 6:
		return texts() + " " + search() + " " + texts()
	case 7, 8:
		return numbers() + " " + order() + " " + numeral()
	case 9:
		return numeral() + " " + order() + " " + numbers()
	case 10:
		return numbers() + " " + order() + " " + numbers()
	case 11:
		return numbers() + pick(t, " in ", " not in ") + pick(t, "[1, 2]", "[1, 2.5, \"a\"]", "1..3", "[0]", "[]", "[-1, nil]")
	case 12:
		return word(t) + " in " + lists()
	case 13:
		return pick(t, "any", "one", "all", "none") + "(" + lists() + ", # == " + word(t) + ")"
	case 14:
		return pick(t, "any", "one", "all") + "(" + lists() + ", # " + search() + " " + word(t) + " or # in [" + word(t) + "])"
	case 15:
		return pick(t, "any", "one", "none") + "(comments, .author == " + word(t) + " and .public)"
	case 16:
		return pick(t, "any", "all") + "(comments, .public or any(tags, # == \"a\" and status == #))"
	case 17:
		return pick(t, "vip", "not vip", "event.public", "not event.public", "fields.x", "vip == true", "vip == nil", "fields.x == true")
	case 18:
		return pick(t, texts(), numbers(), "requester.leader", "fields.list") + pick(t, " == nil", " != nil")
	case 19:
		return "waited " + order() + " duration(\"1h\")"
	case 20:
		return texts() + " matches " + pick(t, `"^a"`, `"(?i)gold"`, `"불"`, `"."`)
	case 21:
		return word(t) + " in fields or \"n\" in fields"
	case 22:
		return "count(" + lists() + ", # == " + word(t) + ") " + order() + " " + pick(t, "0", "1", "2")
	case 23:
		return "hasPrefix(" + texts() + ", " + word(t) + ") or " + texts() + " == " + word(t)
	case 24:
		return pick(t, "any", "one") + "(tags, lower(#) " + pick(t, "==", "contains") + " \"gold\")"
	case 26:
		return pick(t, "status == ", "subject contains ", "event == ", "fields.s == ") + pick(t, `"a"`, `"gold"`) + " and " +
			pick(t, "status == ", "lower(status) == ", "lower(fields.s) == ", "event == ", "fields.s == ", "requester.tier == ", "fields.x == ") + pick(t, `"a"`, `"gold"`, `"new"`) +
			pick(t, "", " and priority == 1", " and fields.x in [1, 2.5, true]")
	case 25:
		return pick(t, "true", "false", "fields.s", "fields.missing")
	}
	return pick(t, "fields.n > 1 and status == ", "fields.s contains \"a\" and status == ", "fields.n.a == 1 and status == ", "fields.s and status == ") + word(t)
}

// difference runs the same passes over the same facts with the sets, and tells where they differ.
func difference(plain, fast *rules.Set[desk, set], w world, t testing.TB) string {
	slow, quick := new(rules.Scratch), new(rules.Scratch)
	on := plain.Triggers(w.happened...)
	for i := range w.facts {
		wanted, given := w.facts[i], w.facts[i]
		want := *plain.Run(slow, &wanted, on, perform(t, &wanted))
		got := *fast.Run(quick, &given, fast.Triggers(w.happened...), perform(t, &given))
		if got.Evaluated > want.Evaluated {
			return fmt.Sprintf("the index has %d conditions evaluated, the scan %d", got.Evaluated, want.Evaluated)
		}
		got.Evaluated = want.Evaluated
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(rules.Changed{})); diff != "" {
			return fmt.Sprintf("facts %d (-linear +indexed):\n%s", i, diff)
		}
		if diff := cmp.Diff(wanted, given, cmp.AllowUnexported(ticket{}), cmpopts.EquateNaNs()); diff != "" {
			return fmt.Sprintf("facts %d afterwards (-linear +indexed):\n%s", i, diff)
		}
	}
	return ""
}

// pair compiles the rules of a world twice, to be asked one by one and with an index.
func pair(t testing.TB, w world) (plain, fast *rules.Set[desk, set]) {
	opts := shorthand
	opts.Linear = true
	return compile(t, w.rules, opts), compile(t, w.rules, shorthand)
}

// matchesLinear is the property: a pass with index and closures gives what asking every rule on expr's machine gives. It
// returns how many pairs of a rule and facts it compared.
func matchesLinear(t *rapid.T) int {
	w := worlds.Draw(t, "world")
	opts := shorthand
	w.rules = slices.DeleteFunc(w.rules, func(r rules.Rule[set]) bool {
		_, err := rules.CompileCondition[desk](r.When, opts)
		return err != nil // a few do not pass the type checker
	})
	opts.Linear = true
	plain, err := rules.Compile[desk](w.rules, opts)
	if err != nil {
		t.Fatal(err)
	}
	fast, err := rules.Compile[desk](w.rules, shorthand)
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(plain, fast, w, nil); diff != "" {
		t.Fatal(diff)
	}
	return len(w.rules) * len(w.facts)
}

// TestMatchEqualsLinear compares some ten thousand pairs; with -rapid.checks=N, N times a hundredth of that.
func TestMatchEqualsLinear(t *testing.T) {
	pairs := 0
	rapid.Check(t, func(t *rapid.T) { pairs += matchesLinear(t) })
	t.Logf("%d pairs of a rule and facts", pairs)
}

func FuzzMatch(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { matchesLinear(t) }))
}

// secondFacts is a world in which rules found by one fact wait for another to change.
func secondFacts() world {
	w := world{facts: []desk{*sample()}, happened: []string{"created"}}
	for i, when := range []string{
		`true`, `status == "new" and fields.s == "gold"`, `status == "new" and fields.s == "gold" and vip`, `status == "new" and fields.s == "gold"`,
		`fields.s == "gold" and status == "new"`, `status == "open"`, `status == "solved"`,
	} {
		w.rules = append(w.rules, rules.Rule[set]{Name: fmt.Sprint(i), When: when})
	}
	w.rules[0].Then = []set{{"ticket.fields", "gold"}}
	return w
}

// TestMatchFindsFaults: a fault in the index does not survive the comparison. Worlds are drawn from fixed seeds.
func TestMatchFindsFaults(t *testing.T) {
	drawn := []world{secondFacts()}
	for seed := range 300 {
		w := worlds.Example(seed)
		w.rules = slices.DeleteFunc(w.rules, func(r rules.Rule[set]) bool {
			_, err := rules.CompileCondition[desk](r.When, shorthand)
			return err != nil
		})
		drawn = append(drawn, w)
	}
	for fault := range rules.Damages {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			for _, w := range drawn {
				plain, fast := pair(t, w)
				if fast.Damage(fault); difference(plain, fast, w, t) != "" {
					return
				}
			}
			t.Error("the fault was not found")
		})
	}
}
