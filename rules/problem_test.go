package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/rules"
)

// Every kind of mistake in a condition, as its author reads it.
func TestConditionProblems(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"blank": {" \n", `
rules: condition: empty`},
		"only a comment": {"// later", `
rules: condition 1:9: unexpected end
   // later
           ^`},

		"unknown field": {`ticket.subjct contains "refund"`, `
rules: condition 1:8: unknown name subjct
   ticket.subjct contains "refund"
          ^
   did you mean "subject"?`},
		"unknown names, all of them": {`stats == "new" and evnt == "x" or any(comments, .autor == "") and zzz`, `
rules: condition 1:1: unknown name stats
   stats == "new" and evnt == "x" or any(comments, .autor == "") and zzz
   ^
   did you mean "status"?
rules: condition 1:20: unknown name evnt
   stats == "new" and evnt == "x" or any(comments, .autor == "") and zzz
                      ^
   did you mean "event"?
rules: condition 1:50: unknown name autor
   stats == "new" and evnt == "x" or any(comments, .autor == "") and zzz
                                                    ^
   did you mean "author"?
rules: condition 1:67: unknown name zzz
   stats == "new" and evnt == "x" or any(comments, .autor == "") and zzz
                                                                     ^`},
		"unknown variable": {`let total = priority; totl == 1`, `
rules: condition 1:23: unknown name totl
   let total = priority; totl == 1
                         ^
   did you mean "total"?`},
		"unexported field": {`ticket.hidden == ""`, `
rules: condition 1:8: unknown name hidden
   ticket.hidden == ""
          ^`},
		"the environment": {`$env == nil`, `
rules: condition 1:1: unknown name $env
   $env == nil
   ^`},
		"a variable out of its scope": {`(let a = 1; a == 1) and a == 1`, `
rules: condition 1:25: unknown name a
   (let a = 1; a == 1) and a == 1
                           ^`},
		"a variable named like a fact": {`let status = "x"; status == "x"`, `
rules: condition 1:5: status is a fact, let cannot redefine it
   let status = "x"; status == "x"
       ^`},
		"a variable twice": {`let a = 1; let a = 2; a == 2`, `
rules: condition 1:16: cannot redeclare variable a
   let a = 1; let a = 2; a == 2
                  ^`},

		"types": {`status == 1`, `
rules: condition 1:8: invalid operation: == (mismatched types string and int)
   status == 1
          ^`},
		"not a condition": {`priority + 1`, `
rules: condition 1:1: gives int; a condition gives true or false
   priority + 1
   ^`},
		"a pointer to no condition": {`score`, `
rules: condition 1:1: gives int; a condition gives true or false
   score
   ^`},
		"nil": {`nil`, `
rules: condition 1:1: gives nil; a condition gives true or false
   nil
   ^`},
		"order of an unlike": {`"a" < 1`, `
rules: condition 1:5: invalid operation: < (mismatched types string and int)
   "a" < 1
       ^`},
		"condition of a choice": {`status ? true : false`, `
rules: condition 1:1: non-bool expression (type string) used as condition
   status ? true : false
   ^`},
		"predicate": {`any(tags, #)`, `
rules: condition 1:11: predicate should return boolean (got string)
   any(tags, #)
             ^`},

		"end": {`status == `, `
rules: condition 1:10: unexpected end
   status == 
            ^`},
		"open string": {`status == "new`, `
rules: condition 1:15: literal not terminated
   status == "new
                 ^`},
		"bracket": {`(status == "new"`, `
rules: condition 1:17: unexpected end
   (status == "new"
                   ^`},
		"one equals sign": {`status = "new"`, `
rules: condition 1:8: unexpected "="
   status = "new"
          ^
   use "==" to compare`},
		"capitals": {`status == "new" AND priority == 1`, `
rules: condition 1:17: unexpected "AND"
   status == "new" AND priority == 1
                   ^
   use "and"`},
		"like": {`subject like "x"`, `
rules: condition 1:9: unexpected "like"
   subject like "x"
           ^
   use "contains", "startsWith", "endsWith" or "matches"`},
		"stray character": {`status @ "new"`, `
rules: condition 1:8: unrecognized character: U+0040 '@'
   status @ "new"
          ^`},
		"number": {`priority == 99999999999999999999`, `
rules: condition 1:32: invalid integer literal: strconv.ParseInt: parsing "99999999999999999999": value out of range
   priority == 99999999999999999999
                                  ^`},

		"clock": {`now() > now()`, `
rules: condition 1:1: function now is refused: it reads the clock
   now() > now()
   ^
rules: condition 1:9: function now is refused: it reads the clock
   now() > now()
           ^`},
		"map order": {`first(keys(fields)) == "a"`, `
rules: condition 1:7: function keys is refused: a map has no order
   first(keys(fields)) == "a"
         ^`},
		"unbounded text": {`repeat(repeat("x", 900000), 900) == ""`, `
rules: condition 1:1: function repeat is refused: it builds text without bound
   repeat(repeat("x", 900000), 900) == ""
   ^
rules: condition 1:8: function repeat is refused: it builds text without bound
   repeat(repeat("x", 900000), 900) == ""
          ^`},
		"other functions of expr": {`toJSON(tags) == ""`, `
rules: condition 1:1: function toJSON is not part of the language
   toJSON(tags) == ""
   ^`},
		"unknown function": {`lowr(subject) == "a"`, `
rules: condition 1:1: unknown function lowr
   lowr(subject) == "a"
   ^
   did you mean "lower"?`},
		"method": {`ticket.Shout() == ""`, `
rules: condition 1:8: methods cannot be called
   ticket.Shout() == ""
          ^`},
		"method as a value": {`ticket.Shout == nil`, `
rules: condition 1:8: unknown name Shout
   ticket.Shout == nil
          ^`},
		"power": {`priority ** 2 == 4`, `
rules: condition 1:10: operator ** is refused: its rounding differs between processors
   priority ** 2 == 4
            ^`},
		"a text that would pass for a field": {`"&{[0 0] [ticket subject]}" == subject`, `
rules: condition 1:1: a text cannot start with &{[
   "&{[0 0] [ticket subject]}" == subject
   ^
   use "contains" with what follows`},
		"map": {`{"a": 1}.a == 1`, `
rules: condition 1:1: maps cannot be written here
   {"a": 1}.a == 1
   ^`},
		"bytes": {`b"a" == b"a"`, `
rules: condition 1:1: bytes cannot be written here
   b"a" == b"a"
   ^
   use "..." without the b
rules: condition 1:9: bytes cannot be written here
   b"a" == b"a"
           ^
   use "..." without the b`},
		"chain of comparisons": {`1 < priority < 3`, `
rules: condition 1:5: this would be evaluated twice
   1 < priority < 3
       ^
   write "a < b and b < c" for a < b < c, "a ? a : b" for a ?: b`},
		"choice without a middle": {`vip ?: true`, `
rules: condition 1:1: this would be evaluated twice
   vip ?: true
   ^
   write "a < b and b < c" for a < b < c, "a ? a : b" for a ?: b`},
		"sequence": {`true; false`, `
rules: condition 1:1: of several expressions only the last would count
   true; false
   ^
   use "and" or "or" between them`},
		"index": {`tags[fields.n] == "x"`, `
rules: condition 1:13: an index must be an integer or a text
   tags[fields.n] == "x"
               ^
   use int(...) or string(...)`},
		"bound": {`tags[fields.n:] == []`, `
rules: condition 1:13: a bound must be an integer
   tags[fields.n:] == []
               ^
   use int(...)`},
		"part of an unknown": {`fields.list[1:] == []`, `
rules: condition 1:12: a part of a value of unknown type cannot be taken
   fields.list[1:] == []
              ^`},
		"duration": {`waited * 1.5 > waited`, `
rules: condition 1:8: a duration can be multiplied by an integer only
   waited * 1.5 > waited
          ^
   use int(...)`},

		"pattern": {`subject matches "(a"`, "\n" +
			"rules: condition 1:17: bad pattern: missing closing ): `(a`\n" +
			"   subject matches \"(a\"\n" +
			"                   ^"},
		"pattern of a fact": {`subject matches status`, `
rules: condition 1:17: a pattern must be a constant
   subject matches status
                   ^`},
		"pattern of a sum": {`subject matches ("a" + "b")`, `
rules: condition 1:22: a pattern must be a constant
   subject matches ("a" + "b")
                        ^`},
		"large pattern": {`subject matches "(abcdefghij){900}"`, `
rules: condition 1:17: a pattern of 11700 states with its repetitions written out, at most 5000
   subject matches "(abcdefghij){900}"
                   ^`},
		"range of a fact": {`any(1..priority, true)`, `
rules: condition 1:6: a range must be between constants
   any(1..priority, true)
        ^`},
		"range": {`reduce(1..4000, #acc + subject, "") == ""`, `
rules: condition 1:1: function reduce is refused: it builds values without bound
   reduce(1..4000, #acc + subject, "") == ""
   ^
rules: condition 1:9: a range of more than 1000 elements
   reduce(1..4000, #acc + subject, "") == ""
           ^`},
		"huge range": {`1 in -9223372036854775807..9223372036854775807`, `
rules: condition 1:26: a range of more than 1000 elements
   1 in -9223372036854775807..9223372036854775807
                            ^`},
		"steps": {`any(1..1000, any(1..1000, true))`, `
rules: condition 1:1: may take 3006004 steps, at most 1000000
   any(1..1000, any(1..1000, true))
   ^`},

		"Korean": {`"환불" == subjct`, `
rules: condition 1:9: unknown name subjct
   "환불" == subjct
             ^
   did you mean "subject"?`},
		"Korean name": {`제목 == subject`, `
rules: condition 1:1: unknown name 제목
   제목 == subject
   ^`},
		"emoji": {`"🎉" == subjct`, `
rules: condition 1:8: unknown name subjct
   "🎉" == subjct
           ^
   did you mean "subject"?`},
		"combining mark": {"\"e\u0301\" == subjct", `
rules: condition 1:9: unknown name subjct
   "` + "e\u0301" + `" == subjct
          ^
   did you mean "subject"?`},
		"lines and tabs": {"status == \"new\" and\r\n\tsubjct == \"환불\" or\r\n\t\tprority == 1", `
rules: condition 2:2: unknown name subjct
   	subjct == "환불" or
   	^
   did you mean "subject"?
rules: condition 3:3: unknown name prority
   		prority == 1
   		^
   did you mean "priority"?`},
		"long line": {strings.Repeat("true and ", 30) + "subjct" + strings.Repeat(" and true", 30), `
rules: condition 1:271: unknown name subjct
   …e and true and true and true and true and true and true and subjct and true and true and true and true and true and true…
                                                                ^
   did you mean "subject"?`},
		"end on a later line": {"status ==\n\n", `
rules: condition 1:10: unexpected end
   status ==
            ^`},
		"terminal codes": {"`\x1b[31m` == subjct", `
rules: condition 1:12: unknown name subjct
   ` + "`\uFFFD[31m`" + ` == subjct
              ^
   did you mean "subject"?`},
		"not UTF-8": {"status == \"\xff\"", `
rules: condition 1:1: not valid UTF-8
   ` + "status == \"\uFFFD\"" + `
   ^`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.CompileCondition[desk](c.source, shorthand)
			if err == nil {
				t.Fatalf("%s compiles", c.source)
			}
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), err.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Sources that would take long or much to compile or evaluate are refused, each by the bound that is for it.
func TestBounds(t *testing.T) {
	doubled := "let a0 = subject + subject; "
	for i := range 30 {
		doubled += fmt.Sprintf("let a%d = a%d + a%d; ", i+1, i, i)
	}
	for name, c := range map[string]struct{ source, want string }{
		"source":              {strings.Repeat(" ", 4097) + "true", "1:1: 4101 bytes long, at most 4096"},
		"brackets":            {strings.Repeat("(", 2000) + "true" + strings.Repeat(")", 2000), "1:65: nested more than 64 deep"},
		"open brackets":       {strings.Repeat("[", 4000), "1:65: nested more than 64 deep"},
		"not":                 {strings.Repeat("!", 1900) + "true", "nested more than 64 deep"},
		"minus":               {strings.Repeat("-", 1900) + "1 == 1", "nested more than 64 deep"},
		"choices":             {strings.Repeat("true ? true : ", 200) + "true", "nested more than 64 deep"},
		"choices with if":     {strings.Repeat("if true {true} else ", 100) + "if true {true} else {true}", "nested more than 64 deep"},
		"variables":           {doubledLets(200), "nested more than 64 deep"},
		"nodes":               {"1" + strings.Repeat("+1", 1500) + " == 1", "more than 2000 nodes"},
		"text by variables":   {doubled + `a30 == ""`, "bytes, at most 1048576"},
		"text by predicates":  {strings.Repeat("map(", 7) + "tags" + strings.Repeat(", # + #)", 7) + ` == []`, "bytes, at most 1048576"},
		"text of unknown":     {`any([` + strings.Repeat("fields.a + ", 70) + `fields.a], # == "")`, "bytes, at most 1048576"},
		"overloads":           {strings.Repeat("trim(", 40) + `"a"` + strings.Repeat(`,"b")`, 40) + ` == ""`, "calls nested more than 8 deep"},
		"comparisons":         {strings.Repeat("1<[", 50) + "1" + strings.Repeat("][0]<3", 50), "this would be evaluated twice"},
		"choices by half":     {strings.Repeat("(", 60) + "true" + strings.Repeat("?:true)", 60), "this would be evaluated twice"},
		"predicates":          {`any(tags, any(tags, any(tags, # == "")))`, "steps, at most 1000000"},
		"patterns":            {`any(1..900, any(comments, .author matches "a"))`, "steps, at most 1000000"},
		"lists of lists":      {`any([1..1000], any(#, any(tags, true)))`, "steps, at most 1000000"},
		"lists in variables":  {`let a = 1..1000; any(a, any(a, true))`, "steps, at most 1000000"},
		"memberships":         {`any(1..1000, # in map(1..1000, #))`, "steps, at most 1000000"},
		"repetitions":         {`subject matches "((a{30}){30}){2}"`, "bad pattern: invalid repeat count"},
		"pattern":             {`subject matches "` + strings.Repeat("a", 1025) + `"`, "a pattern of 1025 bytes, at most 1024"},
		"saturation of steps": {strings.Repeat("any(1..1000, ", 8) + "true" + strings.Repeat(")", 8), "may take 2147483647 steps"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.CompileCondition[desk](c.source, shorthand)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func doubledLets(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "let a%d = %d; ", i, i)
	}
	return out.String() + "true"
}

// What people write is far from the bounds.
func TestBoundsLeaveRoom(t *testing.T) {
	for _, source := range []string{
		`status == "x"` + strings.Repeat(` or status == "x"`, 200),
		`status in ["x"` + strings.Repeat(`, "x"`, 700) + `]`,
		`any(tags, any(comments, .author == #))`[:len(`any(tags, any(comments, .author == `)] + `"x"))`,
		`any(tags, # in ["a", "b"] or # contains "x" or # matches "^v")`,
		`subject matches "(?i)\\b(refund|chargeback|money back|invoice)\\b.{0,200}\\d+"`,
		strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60),
	} {
		if _, err := rules.CompileCondition[desk](source, shorthand); err != nil {
			t.Error(err)
		}
	}
}

func TestBoundsAreOptions(t *testing.T) {
	for source, opts := range map[string]rules.Options{
		`1 == 1` + strings.Repeat(" ", 5000):                         {SourceBytesMax: 6000},
		"1" + strings.Repeat("+1", 1500) + " == 1":                   {NodesMax: 5000},
		strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100): {DepthMax: 120},
		`any(1..1000, any(1..1000, true))`:                           {StepsMax: 10_000_000},
		`len(map(1..1000, map(1..100, #))) == 1`:                     {BytesMax: 2 << 20},
		`any(1..1000, subject contains "x")`:                         {TextBytesMax: 1 << 10},
		`any(tags, any(tags, any(tags, # == "")))`:                   {ElementsMax: 20},
	} {
		opts.Bare = "ticket"
		if _, err := rules.CompileCondition[desk](source, rules.Options{Bare: "ticket"}); err == nil {
			t.Errorf("%.40s compiles within the default bounds", source)
		}
		if _, err := rules.CompileCondition[desk](source, opts); err != nil {
			t.Errorf("%.40s: %v", source, err)
		}
	}
}

func TestCompileReportsAllProblems(t *testing.T) {
	_, err := rules.Compile[desk]([]rules.Rule[string]{
		{Name: "refunds", On: []string{"created", "updatd"}, When: `ticket.subjct contains "refund"`},
		{Name: "fine", When: `status == "new"`},
		{Name: "refunds", When: `status = "new"`},
		{Name: " ", On: []string{""}, When: "true and\n  prority == 1"},
		{When: `1`},
	}, rules.Options{Bare: "ticket", Triggers: []string{"created", "updated"}})
	want := strings.TrimPrefix(`
rules: rule "refunds" on[1]: unknown trigger "updatd"
   did you mean "updated"?
rules: rule "refunds" when 1:8: unknown name subjct
   ticket.subjct contains "refund"
          ^
   did you mean "subject"?
rules: rule "refunds" name: rule #0 has the same name
rules: rule "refunds" when 1:8: unexpected "="
   status = "new"
          ^
   use "==" to compare
rules: rule " " name: empty name
rules: rule " " on[0]: empty trigger name
rules: rule " " when 2:3: unknown name prority
     prority == 1
     ^
   did you mean "priority"?
rules: rule #4 name: empty name
rules: rule #4 when 1:1: gives int; a condition gives true or false
   1
   ^`, "\n")
	if err == nil {
		t.Fatal("it compiles")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestProblemsAreErrors(t *testing.T) {
	_, err := rules.Compile[desk](sources(`subjct == ""`, `nil`), shorthand)
	var all rules.Problems
	if !errors.As(err, &all) || len(all) != 2 {
		t.Fatalf("got %#v", err)
	}
	var first rules.Problem
	if !errors.As(err, &first) {
		t.Fatalf("got %#v", err)
	}
	want := rules.Problem{
		Rule: 0, Name: `subjct == ""`, Field: "when", Line: 1, Column: 1,
		Message: "unknown name subjct", Snippet: "subjct == \"\"\n^", Hint: `did you mean "subject"?`,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
}

// hiding has a fact named like a function.
type hiding struct {
	Count int `expr:"count"`
}

func TestFactsHideFunctions(t *testing.T) {
	if _, err := rules.CompileCondition[hiding](`count == 1`, rules.Options{}); err != nil {
		t.Error(err)
	}
	_, err := rules.CompileCondition[hiding](`count([1], true) == 1`, rules.Options{})
	if err == nil || !strings.Contains(err.Error(), "function count is hidden by a fact of that name") {
		t.Errorf("got %v", err)
	}
}

func TestFactsMustBeAStruct(t *testing.T) {
	_, err := rules.CompileCondition[*desk](`true`, rules.Options{})
	if err == nil || err.Error() != "rules: facts: *rules_test.desk is not a struct" {
		t.Errorf("got %v", err)
	}
}

func TestOptionProblems(t *testing.T) {
	_, err := rules.Compile[desk]([]rules.Rule[string]{{When: "not looked at"}}, rules.Options{
		Bare:           "tickt",
		Self:           map[string]string{"event": "typ", "waited": "x", "reqester": "name"},
		Triggers:       []string{"created", " ", "created"},
		SourceBytesMax: -1, NodesMax: 1 << 30, DepthMax: 257, StepsMax: -5,
	})
	want := strings.TrimPrefix(`
rules: options.source_bytes_max: -1 is not between 0 (the default, 4096) and 65536
rules: options.nodes_max: 1073741824 is not between 0 (the default, 2000) and 20000
rules: options.depth_max: 257 is not between 0 (the default, 64) and 256
rules: options.steps_max: -5 is not between 0 (the default, 1000000) and 100000000
rules: options.triggers[1]: empty trigger name
rules: options.triggers[2]: trigger "created" is listed twice
rules: options.bare: unknown name tickt
   did you mean "ticket"?
rules: options.self.event: event has no field typ
   did you mean "type"?
rules: options.self.reqester: unknown name reqester
   did you mean "requester"?
rules: options.self.waited: waited is time.Duration, not a struct`, "\n")
	if err == nil {
		t.Fatal("it compiles")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestOptionsValidate(t *testing.T) {
	if err := (rules.Options{}).Validate(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
	opts := rules.Options{StepsMax: -1}
	for i := range rules.TriggersMax + 1 {
		opts.Triggers = append(opts.Triggers, fmt.Sprint(i))
	}
	err := opts.Validate()
	want := "rules: options.steps_max: -1 is not between 0 (the default, 1000000) and 100000000\nrules: options.triggers: 65 triggers, at most 64"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
