package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/rules"
)

// set is the action of these tests: it assigns a fact.
type set struct {
	path  string
	value any
}

// perform applies the actions of a rule to facts, and says what they changed.
func perform(t testing.TB, facts *desk) func(*rules.Rule[set]) rules.Changed {
	return func(rule *rules.Rule[set]) rules.Changed {
		var changed rules.Changed
		for _, action := range rule.Then {
			switch action.path {
			case "ticket.status":
				facts.Ticket.Status = action.value.(string)
			case "ticket.priority":
				facts.Ticket.Priority = action.value.(int)
			case "ticket.tags":
				facts.Ticket.Tags = append(slices.Clone(facts.Ticket.Tags), action.value.(string))
			case "ticket.fields":
				facts.Ticket.Fields = map[string]any{"n": action.value, "s": action.value}
			case "ticket.score":
				facts.Ticket.Score = action.value.(*int)
			case "requester":
				facts.Requester = action.value.(*person)
			default:
				t.Fatalf("no fact %s", action.path)
			}
			path, err := rules.PathOf[desk](action.path)
			if err != nil {
				t.Fatal(err)
			}
			changed = changed.With(path)
		}
		return changed
	}
}

// outcome is a Result in words.
type outcome struct {
	Matched, Failed []string
	Stop            string
	Evaluated       int
	Changed         []string
}

func outcomeOf(s *rules.Set[desk, set], r *rules.Result) outcome {
	out := outcome{Evaluated: r.Evaluated}
	for _, i := range r.Matched {
		out.Matched = append(out.Matched, s.Rule(i).Name)
	}
	for _, p := range r.Failed {
		out.Failed = append(out.Failed, p.Name)
	}
	if r.Stop >= 0 {
		out.Stop = s.Rule(r.Stop).Name
	}
	for i, name := range rules.Paths[desk]() {
		if r.Changed.Has(rules.Path(i)) {
			out.Changed = append(out.Changed, name)
		}
	}
	return out
}

func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		rules []rules.Rule[set]
		on    []string
		want  outcome
	}{
		"in order, all that hold": {
			rules: []rules.Rule[set]{
				{Name: "a", When: `priority == 2`}, {Name: "b", When: `priority == 1`}, {Name: "c"}, {Name: "d", When: " \n"},
			},
			want: outcome{Matched: []string{"a", "c", "d"}, Evaluated: 2},
		},
		"later rules see what earlier ones changed": {
			rules: []rules.Rule[set]{
				{Name: "early", When: `priority == 1`},
				{Name: "raise", When: `subject contains "Refund"`, Then: []set{{"ticket.priority", 1}, {"ticket.tags", "money"}}},
				{Name: "open", When: `"money" in tags and priority == 1`, Then: []set{{"ticket.status", "open"}}},
				{Name: "late", When: `status == "open"`},
				{Name: "too late", When: `status == "new"`},
			},
			want: outcome{
				Matched: []string{"raise", "open", "late"}, Evaluated: 5,
				Changed: []string{"ticket.status", "ticket.priority", "ticket.tags"},
			},
		},
		"stop ends the pass, if its rule matched": {
			rules: []rules.Rule[set]{{Name: "no", When: `false`, Stop: true}, {Name: "yes", Stop: true}, {Name: "after"}},
			want:  outcome{Matched: []string{"yes"}, Stop: "yes", Evaluated: 1},
		},
		"on": {
			rules: []rules.Rule[set]{
				{Name: "created", On: []string{"created"}}, {Name: "updated", On: []string{"updated"}},
				{Name: "either", On: []string{"updated", "created"}}, {Name: "any"},
				{Name: "unevaluated", On: []string{"updated"}, When: `true`},
			},
			on:   []string{"created"},
			want: outcome{Matched: []string{"created", "either", "any"}},
		},
		"on several": {
			rules: []rules.Rule[set]{{Name: "created", On: []string{"created"}}, {Name: "updated", On: []string{"updated"}}},
			on:    []string{"solved", "updated", "created"},
			want:  outcome{Matched: []string{"created", "updated"}},
		},
		"on what nobody listens to": {
			rules: []rules.Rule[set]{{Name: "created", On: []string{"created"}}, {Name: "any"}},
			on:    []string{"solved"},
			want:  outcome{Matched: []string{"any"}},
		},
		"a failure is a non-match and stops nothing": {
			rules: []rules.Rule[set]{{Name: "bad", When: `fields.product > 1`, Stop: true}, {Name: "good", When: `true`}},
			want:  outcome{Matched: []string{"good"}, Failed: []string{"bad"}, Evaluated: 2},
		},
		"no rules": {},
	} {
		t.Run(name, func(t *testing.T) {
			for _, linear := range []bool{true, false} {
				opts := shorthand
				opts.Linear = linear
				s, facts := compile(t, c.rules, opts), sample()
				got := outcomeOf(s, s.Run(nil, facts, s.Triggers(c.on...), perform(t, facts)))
				if !linear && got.Evaluated <= c.want.Evaluated {
					got.Evaluated = c.want.Evaluated // the index spares some
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("outcome with linear %v (-want +got):\n%s", linear, diff)
				}
			}
		})
	}
}

func TestRunReportsFailures(t *testing.T) {
	s := compile(t, []rules.Rule[set]{{Name: "fine"}, {Name: "bad", When: "status == \"new\" and\nfields.product > 1"}}, shorthand)
	result := s.Run(nil, sample(), 0, nil)
	want := []rules.Problem{{
		Rule: 1, Name: "bad", Field: "when", Line: 2, Column: 16,
		Message: "invalid operation: string > int",
		Snippet: "fields.product > 1\n               ^",
	}}
	if diff := cmp.Diff(want, result.Failed); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
}

func TestResultIsReused(t *testing.T) {
	s := compile(t, []rules.Rule[set]{
		{Name: "new", When: `status == "new"`, Then: []set{{"ticket.status", "open"}}},
		{Name: "bad", When: `status == "open" and fields.product > 1`, Stop: true},
		{Name: "end", Stop: true},
	}, shorthand)
	scratch, facts := new(rules.Scratch), sample()
	first := outcomeOf(s, s.Run(scratch, facts, 0, perform(t, facts)))
	second := outcomeOf(s, s.Run(scratch, &desk{}, 0, nil))
	if diff := cmp.Diff(outcome{[]string{"new", "end"}, []string{"bad"}, "end", 2, []string{"ticket.status"}}, first); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(outcome{[]string{"end"}, nil, "end", 0, nil}, second); diff != "" {
		t.Errorf("second (-want +got):\n%s", diff)
	}
}

func TestRunRefusesRecursion(t *testing.T) {
	s := compile(t, []rules.Rule[set]{{Name: "a"}}, shorthand)
	scratch := new(rules.Scratch)
	defer func() {
		if recover() == nil {
			t.Error("a pass within a pass did not panic")
		}
		if got := s.Run(scratch, sample(), 0, nil); len(got.Matched) != 1 {
			t.Error("the scratch did not survive")
		}
	}()
	s.Run(scratch, sample(), 0, func(*rules.Rule[set]) rules.Changed {
		s.Run(scratch, sample(), 0, nil)
		return rules.Changed{}
	})
}

func TestActionsMayEvaluateConditions(t *testing.T) {
	s := compile(t, []rules.Rule[set]{{Name: "a", When: `any(tags, # == "vip-1")`}, {Name: "b", When: `priority == 2`}}, shorthand)
	inner := condition(t, `all(tags, # != "")`)
	scratch := new(rules.Scratch)
	result := s.Run(scratch, sample(), 0, func(*rules.Rule[set]) rules.Changed {
		if held, err := inner.Eval(scratch, sample()); !held || err != nil {
			t.Errorf("inner condition: %v, %v", held, err)
		}
		return rules.Changed{}
	})
	if diff := cmp.Diff([]int{0, 1}, result.Matched); diff != "" {
		t.Errorf("matched (-want +got):\n%s", diff)
	}
}

func TestSetIsACopy(t *testing.T) {
	list := []rules.Rule[set]{{Name: "a", On: []string{"created"}, When: `true`, Then: []set{{"ticket.status", "open"}}, Stop: true}}
	s := compile(t, list, shorthand)
	list[0].Name, list[0].On[0], list[0].Then[0].path = "b", "updated", "ticket.priority"
	want := &rules.Rule[set]{Name: "a", On: []string{"created"}, When: `true`, Then: []set{{"ticket.status", "open"}}, Stop: true}
	if diff := cmp.Diff(want, s.Rule(0), cmp.AllowUnexported(set{})); diff != "" || s.Len() != 1 {
		t.Errorf("%d rules, the first (-want +got):\n%s", s.Len(), diff)
	}
}

func TestSetIsSafeForConcurrentUse(t *testing.T) {
	s := compile(t, sources(`any(tags, # == "vip-1")`, `fields.product matches "^P"`, `tags[7] == ""`, `let a = score; a > 6`), rules.Options{Bare: "ticket"})
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			scratch := new(rules.Scratch)
			for range 100 {
				if got := s.Run(scratch, sample(), 0, nil); len(got.Matched) != 3 || len(got.Failed) != 1 {
					t.Errorf("matched %v, failed %v", got.Matched, got.Failed)
					return
				}
			}
		})
	}
	done.Wait()
}

func TestTriggersFollowTheOptions(t *testing.T) {
	opts := rules.Options{Triggers: []string{"created", "updated", "solved"}}
	s := compile(t, []rules.Rule[set]{{Name: "a", On: []string{"solved"}}}, opts)
	if got, want := s.Triggers("solved", "created", "unheard of"), rules.Triggers(0b101); got != want {
		t.Errorf("got %b, want %b", got, want)
	}
}

func TestTriggersMax(t *testing.T) {
	var list []rules.Rule[set]
	for i := range rules.TriggersMax {
		list = append(list, rules.Rule[set]{Name: fmt.Sprint(i), On: []string{fmt.Sprint("t", i)}})
	}
	s := compile(t, list, rules.Options{})
	for i := range list {
		if got := s.Run(nil, sample(), s.Triggers(list[i].On...), nil); !slices.Equal(got.Matched, []int{i}) {
			t.Errorf("trigger %d matches %v", i, got.Matched)
		}
	}
	list = append(list, rules.Rule[set]{Name: "last", On: []string{"straw"}})
	_, err := rules.Compile[desk](list, rules.Options{})
	if err == nil || !strings.Contains(err.Error(), `trigger "straw" is one too many, at most 64`) {
		t.Errorf("got %v", err)
	}
}

// The conditions read no fact, which is where expr's machine allocates.
func TestRunAllocatesNothingItself(t *testing.T) {
	s := compile(t, []rules.Rule[set]{
		{Name: "a", On: []string{"created"}}, {Name: "b", When: `true`}, {Name: "c", When: `3 in [1, 2] or not (2 > 3)`},
	}, shorthand)
	scratch, facts, on := new(rules.Scratch), sample(), s.Triggers("created")
	apply := func(*rules.Rule[set]) rules.Changed { return rules.Changed{} }
	if got := testing.AllocsPerRun(100, func() { s.Run(scratch, facts, on, apply) }); got > 0 {
		t.Errorf("%v allocations", got)
	}
}
