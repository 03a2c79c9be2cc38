package rules_test

import (
	"fmt"
	"testing"

	"github.com/yardmaster/yardmaster/rules"
)

// benchRules are n rules as desks have them; of any hundred, one matches the sample.
func benchRules(n int) []rules.Rule[string] {
	list := make([]rules.Rule[string], n)
	for i := range list {
		when := fmt.Sprintf(`status == "open" and subject contains "word %d"`, i)
		switch i % 5 {
		case 1:
			when = fmt.Sprintf(`priority == 1 and "tag-%d" in tags`, i)
		case 2:
			when = fmt.Sprintf(`fields.product in ["a%d", "b%d"] or fields.amount > %d`, i, i, 1000+i)
		case 3:
			when = fmt.Sprintf(`requester.tier == "silver" and event.from == "agent-%d"`, i)
		}
		if i%100 == 99 {
			when = `subject contains "order"`
		}
		list[i] = rules.Rule[string]{Name: fmt.Sprint(i), On: []string{"created"}, When: when}
	}
	return list
}

func BenchmarkRun(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			s := compile(b, benchRules(n), shorthand)
			scratch, facts, on := new(rules.Scratch), sample(), s.Triggers("created")
			b.ReportAllocs()
			for b.Loop() {
				s.Run(scratch, facts, on, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rule")
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	list := benchRules(100)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Compile[desk](list, shorthand); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConditionEval(b *testing.B) {
	for _, source := range []string{
		`event == "created"`, `status in ["new", "open"]`, `fields.amount > 100`, `any(tags, # startsWith "vip-")`, `fields.product > 1`,
	} {
		b.Run(source, func(b *testing.B) {
			c, scratch, facts := condition(b, source), new(rules.Scratch), sample()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = c.Eval(scratch, facts) // the last one fails, and is measured for it
			}
		})
	}
}
