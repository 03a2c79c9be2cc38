package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/rules"
)

func TestConditions(t *testing.T) {
	const yes, no = true, false
	for source, want := range map[string]bool{
		// Shorthands.
		`ticket.status == "new"`:              yes,
		`status == "new"`:                     yes,
		`event == "created"`:                  yes,
		`event.type == "created"`:             yes,
		`event.from == "end_user"`:            yes,
		`event["from"] == "end_user"`:         yes,
		`event in ["created", "updated"]`:     yes,
		`requester == "kim"`:                  yes,
		`requester.tier == "gold"`:            yes,
		`requester?.leader?.name == "lee"`:    yes,
		`(event) == "created"`:                yes,
		`let e = event; e == "created"`:       yes,
		`event == event.type`:                 yes,
		`any(["created"], # == event)`:        yes,
		`ticket == nil`:                       no,
		`let s = status; s == "new"`:          yes,
		`any(tags, let s = #; s == "vip-1")`:  yes,
		`let x = 1; let y = x + 1; y == 2`:    yes,
		`status == "new" // what a comment`:   yes,
		`/* and */ status == "new"`:           yes,
		"status ==\n\t\"new\"":                yes,
		`waited > duration("1h")`:             yes,
		`waited < duration("1h") * 2`:         yes,
		`if priority > 1 {true} else {false}`: yes,

		// Operators.
		`not (priority == 1) and priority != 3`:         yes,
		`!(priority == 2) || priority >= 3`:             no,
		`priority + 1 == 3 and priority * 2 - 1 == 3`:   yes,
		`priority / 4 == load`:                          yes,
		`priority % 2 == 0`:                             yes,
		`-priority == -2 and +priority == 2`:            yes,
		`priority in [1, 2] and priority not in [3]`:    yes,
		`priority in 1..3 and 5 not in 1..3`:            yes,
		`priority in [-2, 2.5]`:                         no,
		`load in [0.5]`:                                 yes,
		`"vip-1" in tags and "x" not in tags`:           yes,
		`"amount" in fields`:                            yes,
		`subject contains "order" ? true : false`:       yes,
		`subject startsWith "Refund"`:                   yes,
		`subject endsWith "12"`:                         yes,
		`subject not contains "x"`:                      yes,
		`subject matches "(?i)^refund.*\\d+$"`:          yes,
		`subject not matches "^x"`:                      yes,
		`"re" + "fund" == "refund"`:                     yes,
		`tags == ["billing", "vip-1"]`:                  yes,
		`tags[0] == "billing" and tags[-1] == "vip-1"`:  yes,
		`tags[0:1] == ["billing"] and len(tags[1:])==1`: yes,
		`subject[0:6] == "Refund"`:                      yes,
		`fields.amount > 100 and fields.ratio < 1`:      yes,
		`fields["amount"] == 120`:                       yes,
		`fields.product == "Printer"`:                   yes,
		`fields.paid`:                                   yes,
		`not fields.paid`:                               no,
		`fields.amount in [119, 120]`:                   yes,
		`fields.amount in ["119", "120"]`:               no,
		`fields.product in ["Printer"]`:                 yes,
		`"a" in fields.list`:                            yes,
		`score > 5 and score == 7`:                      yes,
		`vip`:                                           yes,
		`vip and not (vip == false)`:                    yes,

		// Functions.
		`all(tags, len(#) > 4) and none(tags, # == "")`:                          yes,
		`any(comments, .public and .author == "ann")`:                            yes,
		`one(comments, .public)`:                                                 yes,
		`count(comments, .public) == 1 and count(comments, true) == 2`:           yes,
		`filter(tags, # startsWith "vip") == ["vip-1"]`:                          yes,
		`map(comments, .author) == ["ann", "bob"]`:                               yes,
		`map(tags, #index) == [0, 1]`:                                            yes,
		`find(comments, not .public).author == "bob"`:                            yes,
		`findLast(tags, true) == "vip-1"`:                                        yes,
		`findIndex(tags, # == "vip-1") == 1 and findLastIndex(tags, true) == 1`:  yes,
		`sum([1, 2, priority]) == 5 and sum(comments, 1) == 2 and sum(1..4)==10`: yes,
		`first(tags) == "billing" and last(tags) == "vip-1"`:                     yes,
		`get(fields, "amount") == 120 and get(fields, "x") == nil`:               yes,
		`min(1, priority) == 1 and max([1, 5]) == 5`:                             yes,
		`abs(-2) == priority and ceil(load) == 1 and floor(load) == 0`:           yes,
		`round(load) == 1`: yes,
		`int("12") == 12 and int(12.9) == 12 and int(fields.ratio) == 0`: yes,
		`float("0.5") == load`: yes,
		`string(fields.amount) == "120" and string(load) == "0.5" and string(1.0e20) == "100000000000000000000" and string(1.0e21) == "1e+21"`: yes,
		`string(waited) == "1h30m0s" and string(true) == "true"`:                                                                               yes,
		`string("x") + string(score) == "x7"`:                                                                                                  yes,
		`type(fields.amount) == "int" and type(fields.x) == "nil"`:                                                                             yes,
		`lower(subject) contains "refund" and upper(status) == "NEW"`:                                                                          yes,
		`trim(" x ") == "x" and trim("xax", "x") == "a"`:                                                                                       yes,
		`trimPrefix(subject, "Refund") startsWith " for"`:                                                                                      yes,
		`trimSuffix(subject, "12") endsWith "order "`:                                                                                          yes,
		`indexOf(subject, "for") == 7 and lastIndexOf(subject, "r") == 15`:                                                                     yes,
		`hasPrefix(subject, "Refund") and hasSuffix(subject, "12")`:                                                                            yes,
		`tags | filter(# startsWith "vip") | len() == 1`:                                                                                       yes,
		`len("한국어") == 3`:                                                                                                                      yes,
		`true`:                                                                                                                                 yes,
		`any(1..1000, # == 1000)`:                                                                                                              yes,
		`any(3..1, true)`:                                                                                                                      no,
	} {
		if got, err := condition(t, source).Eval(nil, sample()); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", source, got, err, want)
		}
	}
}

// Each source is evaluated on facts of which nothing is there, but a field without a name: it must not pass for a missing one.
func TestMissingValuesAreNotErrors(t *testing.T) {
	const yes, no = true, false
	for source, want := range map[string]bool{
		`fields.amount == nil and score == nil`:                   yes,
		`fields.amount != nil`:                                    no,
		`fields.amount == ""`:                                     no,
		`fields.amount == 0`:                                      no,
		`fields.amount > 10 or fields.amount <= 10`:               no,
		`10 < fields.amount or fields.amount < fields.other`:      no,
		`not (fields.amount > 10)`:                                yes,
		`score > 5 or score < 5`:                                  no,
		`not (score >= 0)`:                                        yes,
		`vip`:                                                     no,
		`not vip`:                                                 yes,
		`vip and true or vip`:                                     no,
		`fields.paid`:                                             no,
		`!fields.paid`:                                            yes,
		`fields.paid ? false : true`:                              yes,
		`fields.product contains "x" or "x" in fields`:            no,
		`fields.product startsWith ""`:                            no,
		`fields.product endsWith "" or fields.product == nil`:     yes,
		`fields.product matches ".*"`:                             no,
		`fields.product in ["", "x"]`:                             no,
		`fields.product in [nil]`:                                 no,
		`fields.product in fields or fields[fields.product] == 1`: no,
		`fields[fields.product] == nil`:                           yes,
		`"x" in fields.list`:                                      no,
		`requester == nil`:                                        yes,
		`requester == ""`:                                         no,
		`requester.tier == "gold"`:                                no,
		`requester.tier != "gold"`:                                yes,
		`requester.leader.leader.name contains "a"`:               no,
		`requester.leader.leader.name == nil`:                     yes,
		`fields.address.city == nil`:                              yes,
		`fields.address.city.zip > 3`:                             no,
		`fields.list[0] == nil and tags[1:] == []`:                yes,
		`(fields.amount ?? 5) == 5`:                               yes,
		`(fields.amount ?? 5) > 4`:                                yes,
		`fields.amount + 1 == nil`:                                yes,
		`fields.amount * 2 - 1 > 0 or -fields.amount < 0`:         no,
		`fields.amount % 2 == 0`:                                  no,
		`let a = fields.amount; a > 1`:                            no,
		`let a = requester.tier; a == "gold" or a contains ""`:    no,
		`lower(fields.product) == nil`:                            yes,
		`lower(requester.name) contains "k"`:                      no,
		`int(fields.amount) == nil and string(score) == nil`:      yes,
		`trim(fields.a) == nil and indexOf(fields.a, "") == nil`:  yes,
		`len(fields.list) == 0 and len(requester.tier) == 0`:      yes,
		`any(fields.list, true) or one(fields.list, true)`:        no,
		`all(fields.list, false) and none(fields.list, true)`:     yes,
		`count(fields.list, true) == 0 and sum(fields.list)==0`:   yes,
		`filter(fields.list, true) == []`:                         yes,
		`map(fields.list, #) == []`:                               yes,
		`first(tags) == "x" or last(tags) == "x"`:                 no,
		`first(tags) == nil and last(fields.list) == nil`:         yes,
		`first(tags) > "a"`:                                       no,
		`find(tags, # == "x") == "x"`:                             no,
		`find(comments, .public).author == "ann"`:                 no,
		`findIndex(tags, true) == nil`:                            yes,
		`findIndex(tags, true) >= 0`:                              no,
		`max(tags) == nil and min([]) == nil`:                     yes,
		`get(fields, "x").y.z == nil`:                             yes,
		`type(fields.amount) == "nil"`:                            yes,
		`any([fields.a, requester.tier], # == "x")`:               no,
		`any([fields.a, 3], # > 2)`:                               yes,
		`count([fields.a, true], #) == 1`:                         yes,
		`map([requester.tier], # == "gold") == [false]`:           yes,
		`filter([score], # > 1) == []`:                            yes,
		`[requester.tier][0] == "gold"`:                           no,
		`(priority > 5 ? "x" : nil) == "x"`:                       no,
		`(priority > 5 ? 1 : nil) > 0`:                            no,
		`priority > 5 ? vip : score > 5`:                          no,
		`requester?.tier == "gold" or requester?.tier > "a"`:      no,
		`fields?.amount?.x == nil`:                                yes,
	} {
		if got, err := condition(t, source).Eval(nil, &desk{Ticket: ticket{Fields: map[string]any{"": 1}}}); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", source, got, err, want)
		}
	}
}

func TestEvaluationErrors(t *testing.T) {
	for source, want := range map[string]string{
		`fields.product > 10`: `rules: condition 1:16: invalid operation: string > int
   fields.product > 10
                  ^`,
		`true and fields.product`: `rules: condition 1:1: gives string; a condition gives true or false
   true and fields.product
   ^`,
		`fields.product and true`: `rules: condition 1:16: got string, not bool
   fields.product and true
                  ^`,
		`fields.product`: `rules: condition 1:1: gives string; a condition gives true or false
   fields.product
   ^`,
		`tags[5] == "x"`: `rules: condition 1:5: index out of range: 5 (array length is 2)
   tags[5] == "x"
       ^`,
		`priority % (priority - 2) == 0`: `rules: condition 1:10: integer divide by zero
   priority % (priority - 2) == 0
            ^`,
		"status == \"new\" and\n  int(fields.product) == 1": `rules: condition 2:3: int("Printer") has no exact value
     int(fields.product) == 1
     ^`,
		`int(1.0e300) == 1`: `rules: condition 1:1: int(1e+300) has no exact value
   int(1.0e300) == 1
   ^`,
		`string(tags) == ""`: `rules: condition 1:1: string([]string) is not a plain value
   string(tags) == ""
   ^`,
		`duration(status) > waited`: `rules: condition 1:1: time: invalid duration "new"
   duration(status) > waited
   ^`,
		`len(map(1..900, map(1..900, #))) == 0`: `rules: condition 1:17: builds lists of more than 100000 elements
   len(map(1..900, map(1..900, #))) == 0
                   ^`,
	} {
		opts := shorthand
		opts.StepsMax, opts.BytesMax = 100_000_000, 64<<20
		c, err := rules.CompileCondition[desk](source, opts)
		if err != nil {
			t.Error(err)
			continue
		}
		held, err := c.Eval(nil, sample())
		if held {
			t.Errorf("%s holds", source)
		}
		if err == nil {
			t.Errorf("%s: no error", source)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
}

func TestConditionKeepsItsSource(t *testing.T) {
	const source = ` status == "new"  // as written`
	if got := condition(t, source).Source(); got != source {
		t.Errorf("got %q, want %q", got, source)
	}
}

// A scratch carries nothing from one evaluation to the next, not even from one that failed half way.
func TestScratchIsShared(t *testing.T) {
	list := []string{
		`any(tags, any(comments, .author == "bob"))`, `tags[9] == ""`, `let a = priority; let b = a; b == 2`,
		`all(tags, all(comments, fields.product > 1))`, `score > 5`, `let x = 7; x == score`,
	}
	scratch := new(rules.Scratch)
	for range 3 {
		for _, source := range list {
			c := condition(t, source)
			want, wantErr := c.Eval(nil, sample())
			got, err := c.Eval(scratch, sample())
			if got != want || (err == nil) != (wantErr == nil) {
				t.Errorf("%s: %v, %v with a used scratch, %v, %v with a new one", source, got, err, want, wantErr)
			}
		}
	}
}
