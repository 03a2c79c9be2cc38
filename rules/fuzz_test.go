package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yardmaster/yardmaster/rules"
)

// FuzzCompile: whatever the source, compiling ends without a panic, with a condition or with problems that point into the
// source; and a condition evaluates without a panic, by closures to the same as by expr's machine.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		``, ` `, `true`, `status == "new"`, `event == "created" and requester.tier == "gold"`, `fields.a.b[0] > 1`,
		`any(comments, .public and .author in ["ann", "한국어"])`, `let a = priority; a > 1 ? vip : not vip`,
		`subject matches "(?i)^re(fund)?$"`, `tags | filter(# startsWith "x") | len() > 0`, `if vip { true } else { false }`,
		`reduce(1..4000, #acc + subject, "")`, `repeat(repeat("x", 900000), 900)`, `1..9223372036854775807 == []`,
		`-9223372036854775808 == 1`, `1 in -9223372036854775807..9223372036854775807`, `0x7fffffffffffffff + 1 > 0b1`, `-2036854770858 == 1`,
		strings.Repeat("(", 200), strings.Repeat("[", 60) + strings.Repeat("]", 60) + " == nil", strings.Repeat("!", 500) + "true",
		strings.Repeat("trim(", 30) + `"a"` + strings.Repeat(`,"b")`, 30), strings.Repeat("map(", 20) + "tags" + strings.Repeat(",#+#)", 20),
		strings.Repeat("true?true:", 100) + "true", strings.Repeat("if true {true} else ", 50), strings.Repeat("a?.", 200) + "a",
		strings.Repeat("let a=1;", 100) + "true", "{'a':1}", `b"x"`, "`raw`", `"\u{1F389}" == '🎉'`, "\xff", `#`, `.x`, `::len(tags)`, `$env`, `??`,
		`fields?.[subject]`, strings.Repeat("1<[", 40) + "1" + strings.Repeat("][0]<3", 40), strings.Repeat("(", 50) + "vip" + strings.Repeat("?:vip)", 50), `subject[1:][:1] == ""`, `now() - now()`, `"&{[0 0] [ticket subject]}" == subject`, `/* open`, `a // b`, `1;2`,
		"0 matches\"(\x1fd\r\\n\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		c, err := rules.CompileCondition[desk](source, shorthand)
		if err != nil {
			checkProblems(t, source, err)
			return
		}
		linear := shorthand
		linear.Linear = true
		plain, err := rules.CompileCondition[desk](source, linear)
		if err != nil {
			t.Fatalf("%q: %v with Linear only", source, err)
		}
		for _, facts := range []*desk{{}, sample()} {
			first, firstErr := c.Eval(nil, facts)
			second, secondErr := plain.Eval(nil, facts)
			if first != second || fmt.Sprint(firstErr) != fmt.Sprint(secondErr) {
				t.Errorf("%q gives %v, %v; %v, %v with Linear", source, first, firstErr, second, secondErr)
			}
			if first && firstErr != nil {
				t.Errorf("%q holds and fails: %v", source, firstErr)
			}
		}
	})
}

func checkProblems(t *testing.T, source string, err error) {
	t.Helper()
	var found rules.Problems
	if !errors.As(err, &found) || len(found) == 0 {
		t.Fatalf("%q: %#v", source, err)
	}
	lines := strings.Split(source, "\n")
	for _, p := range found {
		if p.Message == "" || strings.Contains(p.Message, "\n") || strings.Contains(p.Message, "goroutine") {
			t.Errorf("%q: message %q", source, p.Message)
		}
		if p.Line == 0 && strings.TrimSpace(source) == "" {
			continue
		}
		if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > 1+utf8.RuneCountInString(lines[p.Line-1]) {
			t.Errorf("%q: problem at %d:%d: %s", source, p.Line, p.Column, p.Message)
		}
	}
}
