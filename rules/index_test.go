package rules_test

import (
	"fmt"
	"testing"

	"github.com/yardmaster/yardmaster/rules"
)

// What the index knows: none of these is evaluated on facts that are not like it, and none is unindexed.
func TestIndexed(t *testing.T) {
	for _, source := range []string{
		`status == "x"`, `"x" == status`, `fields.product == "x"`, `fields["product"] == "x"`, `requester.tier == "x"`, `requester?.leader?.name == "x"`,
		`event == "x"`, `priority == 9`, `priority == -1`, `load == 2.5`, `fields.amount == 1`, `fields.paid == false`, `score == nil`, `fields.amount == nil`,
		`status in ["x", "y"]`, `priority in [7, 8]`, `priority in 7..9`, `fields.amount in [1, "x"]`, `status in []`,
		`"x" in tags`, `"x" in fields.list`, `any(tags, # == "x")`, `any(tags, # in ["x", "y"])`, `one(tags, # startsWith "x")`, `any(fields.list, # == "x")`,
		`any(comments, .author == "x")`, `any(comments, .author == "x" and .public)`, `any(tags, lower(#) == "x" or # contains "yy")`,
		`subject contains "x"`, `subject startsWith "x"`, `subject endsWith "x"`, `subject startsWith "order"`, `subject endsWith "Refund"`,
		`lower(subject) contains "x"`, `upper(status) == "x"`, `fields.product contains "x"`, `lower(requester.tier) startsWith "x"`,
		`priority > 5`, `5 <= priority`, `priority < 0`, `fields.amount > 1000`, `load >= 1.5`, `waited > duration("9h")`, `duration("1s") >= waited`,
		`not vip`, `not event.public`, `!(vip or priority > 1)`, `not (status != "x")`,
		`status == "x" or priority == 9`, `status == "x" or any(tags, # == "x") or subject contains "x"`, `(status == "x" or priority == 9) and true`,
		`len(tags) > 1 and status == "x"`, `vip and status == "x"`, `fields.amount > 1 and status == "x"`, `fields.product contains "P" and status == "x"`,
		`status != "y" and subject matches "^x" and priority == 9`, `false`, `status == "new" and false`,
		`fields.address.city == "x"`, `subject contains "한국"`, `subject contains "🎉"`,
	} {
		s := compile(t, sources(source), shorthand)
		if unindexed := s.Unindexed(); len(unindexed) > 0 {
			t.Errorf("%s is not indexed", source)
		}
		if got := s.Run(nil, sample(), 0, nil); got.Evaluated > 0 || len(got.Failed) > 0 {
			t.Errorf("%s is evaluated, matched %v, failed %v", source, got.Matched, got.Failed)
		}
	}
}

// What the index does not know: these are listed, and evaluated in every pass.
func TestUnindexed(t *testing.T) {
	for _, source := range []string{
		`status != "new"`, `not (priority > 1)`, `true`, `len(tags) > 5`, `status == fields.product`, `subject matches "^x"`, `status == "x" or len(tags) > 5`,
		`subject contains ""`, `none(tags, # == "billing")`, `all(tags, # == "x")`, `priority + 1 == 9`, `priority == 9 ? true : false`, `let p = priority; p == 9`,
		`fields.paid`, `tags[5] == "x" and status == "x"`, `fields.product > 1 ? true : false`, `int(fields.product) == 1 and status == "x"`,
	} {
		s := compile(t, append(sources(source), rules.Rule[string]{Name: "always"}), shorthand)
		if got := fmt.Sprint(s.Unindexed()); got != "[0]" {
			t.Errorf("%s: unindexed are %s", source, got)
		}
		if got := s.Run(nil, sample(), 0, nil); got.Evaluated != 1 {
			t.Errorf("%s is not evaluated", source)
		}
	}
	linear := shorthand
	linear.Linear = true
	if got := fmt.Sprint(compile(t, sources(`priority == 1`, `vip`), linear).Unindexed()); got != "[0 1]" {
		t.Errorf("of a linear set unindexed are %s", got)
	}
}

// What would fail is still evaluated and reported, though the rule is found by another part of it.
func TestIndexKeepsFailures(t *testing.T) {
	s := compile(t, sources(`fields.product > 1 and status == "x"`, `fields.amount contains "x" and status == "x"`, `fields.amount > 500`, `fields.product.a == 1`), shorthand)
	got := s.Run(nil, sample(), 0, nil)
	if len(got.Failed) != 3 || len(got.Matched) != 0 || got.Evaluated != 3 {
		t.Errorf("evaluated %d, matched %v, failed %v", got.Evaluated, got.Matched, got.Failed)
	}
}

// Conditions made of what closures know allocate nothing, whatever they give.
func TestClosuresAllocateNothing(t *testing.T) {
	for _, source := range []string{
		`status == "new" and subject contains "order" and event == "created"`, `fields.amount > 100 and fields.product in ["Printer", "Scanner"]`,
		`requester.tier == "gold" or requester.leader.name startsWith "l"`, `any(tags, # startsWith "vip-") and none(comments, .author == "x")`,
		`all(comments, .author != "" and (.public or .author == "bob"))`, `one(tags, # in ["billing"]) and count(tags, # != "") == 2`,
		`lower(subject) contains "refund" and upper(status) == "NEW" and trim(status) == "new"`, `status + "er" == "newer" and subject endsWith "12"`,
		`subject matches "(?i)^refund"`, `len(tags) == 2 and len(subject) > 3 and len(fields.list) == 2`, `priority * 2 + 1 == 5 and priority / 4 == load and priority % 2 == 0`,
		`(fields.missing ?? 3) > 2 and vip ? score > 5 : false`, `let p = priority + 1; p == 3 and p in 1..5`, `"a" in fields.list and "amount" in fields`,
		`waited > duration("1h") or waited == waited`, `not (vip == false) and score >= 7 and fields.missing == nil`, `any(tags, any(comments, .author == "bob") and # == "vip-1")`,
	} {
		c, scratch, facts := condition(t, source), new(rules.Scratch), sample()
		held, err := c.Eval(scratch, facts)
		if !held || err != nil {
			t.Errorf("%s: %v, %v", source, held, err)
		}
		if got := testing.AllocsPerRun(50, func() { _, _ = c.Eval(scratch, facts) }); got > 0 {
			t.Errorf("%s: %v allocations", source, got)
		}
	}
}
