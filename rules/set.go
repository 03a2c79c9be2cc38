package rules

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Set is an ordered list of compiled rules over facts F with actions A. It is immutable, and safe for concurrent use.
type Set[F, A any] struct {
	rules    []Rule[A]
	compiled []compiled // by rule
	triggers map[string]Triggers
	index    *index // nil: every rule is asked
	options  Options
}

type compiled struct {
	on   Triggers     // none means every pass
	when *compilation // nil means always
}

// Compile compiles rules over facts F, a struct. The error is Problems: all of them, of every rule and the options. The
// rules are copied, their actions shallowly.
func Compile[F, A any](rules []Rule[A], opts Options) (*Set[F, A], error) {
	opts.Self, opts.Triggers = maps.Clone(opts.Self), slices.Clone(opts.Triggers)
	l, found := newLanguage(reflect.TypeFor[F](), opts)
	if len(found) > 0 {
		return nil, Problems(found)
	}
	s := &Set[F, A]{
		rules:    make([]Rule[A], len(rules)),
		compiled: make([]compiled, len(rules)),
		triggers: intern(opts.Triggers, rules),
		options:  opts,
	}
	if !opts.Linear {
		l.survey = newSurvey(l)
	}
	names := make(map[string]int, len(rules))
	for i, rule := range rules {
		like := Problem{Rule: i, Name: rule.Name}
		found = append(found, nameProblems(like, names)...)
		found = append(found, s.onProblems(like, rule.On)...)
		when, inWhen := l.when(like, rule.When)
		found = append(found, inWhen...)
		rule.On, rule.Then = slices.Clone(rule.On), slices.Clone(rule.Then)
		s.rules[i], s.compiled[i] = rule, compiled{on: s.Triggers(rule.On...), when: when}
	}
	if len(found) > 0 {
		return nil, Problems(found)
	}
	if !opts.Linear {
		s.file(l.survey)
	}
	return s, nil
}

// file makes the index, for which the needs were kept.
func (s *Set[F, A]) file(survey *survey) {
	needs, conditional := make([]*need, len(s.compiled)), make([]bool, len(s.compiled))
	for i, c := range s.compiled {
		if c.when != nil {
			needs[i], conditional[i] = c.when.need, true
			c.when.need = nil
		}
	}
	s.index = newIndex(survey, needs, conditional)
}

func nameProblems(like Problem, names map[string]int) []Problem {
	like.Field = "name"
	first, taken := names[like.Name]
	switch {
	case strings.TrimSpace(like.Name) == "":
		like.Message = "empty name"
	case taken:
		like.Message = fmt.Sprintf("rule #%d has the same name", first)
	default:
		names[like.Name] = like.Rule
		return nil
	}
	return []Problem{like}
}

func (s *Set[F, A]) onProblems(like Problem, on []string) []Problem {
	var found []Problem
	for i, name := range on {
		if s.triggers[name] != 0 {
			continue
		}
		p := like
		p.Field = fmt.Sprintf("on[%d]", i)
		switch {
		case name == "":
			p.Message = "empty trigger name"
		case len(s.triggers) == TriggersMax:
			p.Message = fmt.Sprintf("trigger %q is one too many, at most %d", name, TriggersMax)
		default:
			p.Message = fmt.Sprintf("unknown trigger %q", name)
			p.Hint = Suggest(name, slices.Sorted(maps.Keys(s.triggers)))
		}
		found = append(found, p)
	}
	return found
}

// when compiles a rule's condition; a blank one is nil.
func (l *language) when(like Problem, source string) (*compilation, []Problem) {
	if strings.TrimSpace(source) == "" {
		return nil, nil
	}
	like.Field = "when"
	made, found := l.compile(source)
	return made, problems(like, source, found)
}

// Run makes one ordered pass over facts, which must not be nil, on which the triggers on happened, and returns what it did.
// The result lives in scratch, until its next Run; a nil scratch stands for a new one.
//
// A rule is considered if it listens to one of the triggers, or to none in particular. Its condition is evaluated on the
// facts as they are then. If it holds, apply is called: it performs the rule's actions, which may change facts, and says
// which it changed. It must not change the rule, and must not call Run with the same scratch, which panics. A nil apply
// changes nothing. An evaluation error is a non-match, and is reported in Result.Failed.
//
// Without failures a Run allocates nothing beside what the expressions themselves do.
func (s *Set[F, A]) Run(scratch *Scratch, facts *F, on Triggers, apply func(*Rule[A]) Changed) *Result {
	if scratch == nil {
		scratch = new(Scratch)
	}
	if scratch.running {
		panic("rules: Run called by an action with the scratch of the pass that it is in")
	}
	scratch.running = true
	defer func() { scratch.running = false }()
	result := &scratch.result
	result.reset()
	for i := s.first(scratch, facts); i >= 0; i = s.next(scratch, i) {
		if !s.compiled[i].listens(on) || !s.holds(scratch, facts, i) {
			continue
		}
		result.Matched = append(result.Matched, i)
		if apply != nil {
			s.note(scratch, facts, i, apply(&s.rules[i]))
		}
		if s.rules[i].Stop {
			result.Stop = i
			break
		}
	}
	return result
}

// first is the first rule to ask, next the one after a rule; -1 when there is none.
func (s *Set[F, A]) first(scratch *Scratch, facts *F) int {
	if s.index == nil {
		return s.next(scratch, -1)
	}
	scratch.pending.reset(len(s.rules))
	scratch.frame.begin(address(facts))
	s.index.begin(scratch)
	return scratch.pending.next()
}

func (s *Set[F, A]) next(scratch *Scratch, i int) int {
	switch {
	case s.index != nil:
		return scratch.pending.next()
	case i+1 < len(s.rules):
		return i + 1
	}
	return -1
}

// note takes down what the actions of a rule changed.
func (s *Set[F, A]) note(scratch *Scratch, facts *F, rule int, changed Changed) {
	scratch.result.Changed = scratch.result.Changed.Union(changed)
	if s.index != nil && !changed.IsZero() {
		scratch.frame.begin(address(facts))
		s.index.again(scratch, changed, rule)
	}
}

func (c compiled) listens(on Triggers) bool {
	return c.on == 0 || c.on&on != 0
}

// holds evaluates a rule's condition, and counts the evaluation or its failure.
func (s *Set[F, A]) holds(scratch *Scratch, facts *F, i int) bool {
	when := s.compiled[i].when
	if when == nil {
		return true
	}
	scratch.result.Evaluated++
	held, err := scratch.holds(when, address(facts), facts)
	if err != nil {
		like := Problem{Rule: i, Name: s.rules[i].Name, Field: "when"}
		scratch.result.Failed = append(scratch.result.Failed, failure(like, s.rules[i].When, err))
	}
	return held
}

// Len is the number of rules.
func (s *Set[F, A]) Len() int {
	return len(s.rules)
}

// Rule gives the rule at an index, which must be below Len. It is the set's own: not to be changed.
func (s *Set[F, A]) Rule(i int) *Rule[A] {
	return &s.rules[i]
}

// Unindexed lists the rules whose condition every pass has to evaluate, since nothing in it is such that the index could
// tell when it is false: all that have a condition, with Options.Linear.
func (s *Set[F, A]) Unindexed() []int {
	if s.index != nil {
		return slices.Clone(s.index.unindexed)
	}
	var out []int
	for i := range s.compiled {
		if s.compiled[i].when != nil {
			out = append(out, i)
		}
	}
	return out
}
