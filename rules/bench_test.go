package rules_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/yardmaster/yardmaster/rules"
)

// inquiry is the facts of the benchmarks, shaped as a helpdesk's.
type inquiry struct {
	Ticket       request      `expr:"ticket"`
	Organization organization `expr:"organization"`
}

type request struct {
	Subject  string         `expr:"subject"`
	Channel  string         `expr:"channel"`
	Language string         `expr:"language"`
	Priority int            `expr:"priority"`
	Tags     []string       `expr:"tags"`
	Fields   map[string]any `expr:"fields"`
}

type organization struct {
	Tier   string `expr:"tier"`
	Region string `expr:"region"`
}

var (
	channels  = []string{"email", "web", "chat", "messaging", "phone", "api", "social"}
	tiers     = []string{"free", "silver", "gold", "platinum"}
	regions   = []string{"emea", "apac", "latam", "na", "kr", "jp"}
	languages = []string{"en", "ko", "de", "fr", "es", "ja", "pt", "it"}
)

// mixed are n rules of four shapes. Of ten thousand five match the inquiry, and of fewer one, whatever n.
func mixed(n int) []rules.Rule[string] {
	list := make([]rules.Rule[string], n)
	for i := range list {
		var when string
		switch k := i / 4; i % 4 {
		case 0:
			when = fmt.Sprintf(`channel == %q and organization.tier in [%q, %q] and subject contains "case-%d"`,
				channels[k%len(channels)], tiers[k%len(tiers)], tiers[(k+1)%len(tiers)], k)
		case 1:
			when = fmt.Sprintf(`fields.product == "product-%d" and priority >= %d`, k, 1+k%4)
		case 2:
			when = fmt.Sprintf(`any(tags, # == "tag-%d") and organization.region == %q`, k, regions[k%len(regions)])
		case 3:
			when = fmt.Sprintf(`fields.amount > %d and language == %q and fields.product == "product-%d"`, 10*(k%100), languages[k%len(languages)], k)
		}
		list[i] = rules.Rule[string]{Name: fmt.Sprint(i), On: []string{"created"}, When: when}
	}
	for _, i := range matching(n) {
		list[i].When = []string{
			`channel == "email" and organization.tier in ["gold", "platinum"] and subject contains "refund"`,
			`fields.product == "Printer" and priority >= 2`,
			`any(tags, # == "vip") and organization.region == "kr"`,
			`fields.amount > 100 and language == "ko" and fields.product == "Printer"`,
		}[i%4]
	}
	return list
}

// common are n rules whose values are few, whatever n: a value leads to more rules the more there are.
func common(n int) []rules.Rule[string] {
	list := make([]rules.Rule[string], n)
	for i := range list {
		k := i / 4 * 7919 // a prime, so that values meet in every way
		when := []string{
			fmt.Sprintf(`channel == %q and organization.tier == %q and subject contains "word-%d"`, channels[k%7], tiers[k%4], k%300),
			fmt.Sprintf(`fields.product == "product-%d" and priority >= %d and language == %q`, k%500, 1+k%4, languages[k%8]),
			fmt.Sprintf(`any(tags, # == "tag-%d") and organization.region == %q`, k%200, regions[k%6]),
			fmt.Sprintf(`fields.amount > %d and language == %q and fields.product == "product-%d"`, 10*(k%100), languages[k%8], k%500),
		}[i%4]
		list[i] = rules.Rule[string]{Name: fmt.Sprint(i), On: []string{"created"}, When: when}
	}
	return list
}

// BenchmarkCommonValues: an inquiry whose values are among those of the rules.
func BenchmarkCommonValues(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		s, err := rules.Compile[inquiry](common(n), rules.Options{Bare: "ticket"})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			scratch, facts, on := new(rules.Scratch), asked(), s.Triggers("created")
			facts.Ticket.Subject, facts.Ticket.Tags = "about word-7", []string{"tag-3", "tag-4"}
			facts.Ticket.Fields["product"] = "product-11"
			b.ReportAllocs()
			stop := reportProcessor(b)
			matched, evaluated := 0, 0
			for b.Loop() {
				got := s.Run(scratch, facts, on, nil)
				matched, evaluated = len(got.Matched), got.Evaluated
			}
			stop()
			b.ReportMetric(float64(matched), "matched")
			b.ReportMetric(float64(evaluated), "evaluated")
		})
	}
}

// matching are the rules that match: one in the middle, in large sets five.
func matching(n int) []int {
	if n < 10_000 {
		return []int{n / 2}
	}
	return []int{n / 2, n/2 + 1, n/2 + n/8 + 2, n/2 + n/4 + 3, n - 4}
}

func asked() *inquiry {
	return &inquiry{
		Ticket: request{
			Subject: "Please refund my last order 20931, it arrived broken", Channel: "email", Language: "ko", Priority: 3,
			Tags: []string{"billing", "vip", "returning"}, Fields: map[string]any{"product": "Printer", "amount": 250.5, "serial": "X-1"},
		},
		Organization: organization{Tier: "gold", Region: "kr"},
	}
}

// scans are the ways to match.
func scans(b *testing.B, list []rules.Rule[string]) map[string]*rules.Set[inquiry, string] {
	made := func(linear bool) *rules.Set[inquiry, string] {
		s, err := rules.Compile[inquiry](list, rules.Options{Bare: "ticket", Linear: linear})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	indexed := made(false)
	return map[string]*rules.Set[inquiry, string]{"linear": made(true), "closures": indexed.WithoutIndex(), "indexed": indexed}
}

func sizes() []int { return []int{10, 100, 1_000, 10_000, 100_000} }

// BenchmarkRun: first is a pass that ends at the first match, all one without an end, change one in which two rules change
// a fact that others need.
func BenchmarkRun(b *testing.B) {
	runtime.GC()
	language, err := rules.PathOf[inquiry]("ticket.language")
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range sizes() {
		list := mixed(n)
		stopping := mixed(n)
		for i := range stopping {
			stopping[i].Stop = true
		}
		changes := 0
		for name, apply := range map[string]func(*rules.Rule[string]) rules.Changed{
			"first": func(*rules.Rule[string]) rules.Changed { return rules.Changed{} },
			"all":   func(*rules.Rule[string]) rules.Changed { return rules.Changed{} },
			"change": func(*rules.Rule[string]) rules.Changed {
				if changes++; changes > 2 {
					return rules.Changed{}
				}
				return rules.Changed{}.With(language)
			},
		} {
			of := list
			if name == "first" {
				of = stopping
			}
			for way, s := range scans(b, of) {
				b.Run(fmt.Sprintf("rules=%d/%s/%s", n, name, way), func(b *testing.B) {
					scratch, facts, on := new(rules.Scratch), asked(), s.Triggers("created")
					b.ReportAllocs()
					stop := reportProcessor(b)
					for b.Loop() {
						changes = 0
						if got := s.Run(scratch, facts, on, apply); len(got.Matched) == 0 {
							b.Fatal("nothing matched")
						}
					}
					stop()
				})
			}
		}
	}
}

// BenchmarkCompile: linear is what expr's own compilation takes, with its checks.
func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		for _, linear := range []bool{true, false} {
			b.Run(fmt.Sprintf("rules=%d/linear=%v", n, linear), func(b *testing.B) {
				list := mixed(n)
				b.ReportAllocs()
				stop := reportProcessor(b)
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				var last *rules.Set[inquiry, string]
				for b.Loop() {
					s, err := rules.Compile[inquiry](list, rules.Options{Bare: "ticket", Linear: linear})
					if err != nil {
						b.Fatal(err)
					}
					last = s
				}
				stop()
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/float64(n), "B/rule")
				runtime.KeepAlive(last)
			})
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
