package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/rules"
)

// desk is the facts of most tests: every kind of fact that the package knows.
type desk struct {
	Ticket    ticket        `expr:"ticket"`
	Event     event         `expr:"event"`
	Requester *person       `expr:"requester"`
	Waited    time.Duration `expr:"waited"`
}

type ticket struct {
	Subject  string         `expr:"subject"`
	Status   string         `expr:"status"`
	Priority int            `expr:"priority"`
	Load     float64        `expr:"load"`
	Tags     []string       `expr:"tags"`
	Comments []comment      `expr:"comments"`
	Fields   map[string]any `expr:"fields"`
	Score    *int           `expr:"score"`
	VIP      *bool          `expr:"vip"`
	hidden   string
}

type event struct {
	Type   string `expr:"type"`
	From   string `expr:"from"`
	Public bool   `expr:"public"`
}

type person struct {
	Name   string  `expr:"name"`
	Tier   string  `expr:"tier"`
	Leader *person `expr:"leader"`
}

type comment struct {
	Author string `expr:"author"`
	Public bool   `expr:"public"`
}

// Shout is a method, which no source may call.
func (t ticket) Shout() string { return t.Subject + t.hidden + "!" }

// shorthand is the options of most tests.
var shorthand = rules.Options{Bare: "ticket", Self: map[string]string{"event": "type", "requester": "name"}}

// sample is a desk of which every fact is there.
func sample() *desk {
	score, vip := 7, true
	return &desk{
		Ticket: ticket{
			Subject: "Refund for order 12", Status: "new", Priority: 2, Load: 0.5,
			Tags:     []string{"billing", "vip-1"},
			Comments: []comment{{"ann", true}, {"bob", false}},
			Fields:   map[string]any{"amount": 120, "ratio": 0.25, "product": "Printer", "paid": true, "list": []any{"a", "b"}},
			Score:    &score, VIP: &vip,
		},
		Event:     event{Type: "created", From: "end_user", Public: true},
		Requester: &person{Name: "kim", Tier: "gold", Leader: &person{Name: "lee"}},
		Waited:    90 * time.Minute,
	}
}

func compile[A any](t testing.TB, list []rules.Rule[A], opts rules.Options) *rules.Set[desk, A] {
	t.Helper()
	set, err := rules.Compile[desk](list, opts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func condition(t testing.TB, source string) *rules.Condition[desk] {
	t.Helper()
	c, err := rules.CompileCondition[desk](source, shorthand)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sources makes a rule of each source, named after it, without actions.
func sources(list ...string) []rules.Rule[string] {
	var out []rules.Rule[string]
	for _, source := range slices.Compact(list) {
		out = append(out, rules.Rule[string]{Name: source, When: source})
	}
	return out
}
