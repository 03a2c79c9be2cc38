package rules

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/expr-lang/expr/checker/nature"
)

// nature and cache are expr's static type of an expression, and what it remembers about Go types.
type (
	staticType = nature.Nature
	cache      = nature.Cache
)

// A vocabulary is the names that a source may use: the top-level facts, and the fields of the bare one.
type vocabulary struct {
	top, bare map[string]staticType
	self      map[string]string
	prefix    string   // the bare fact
	all       []string // sorted, for suggestions
}

func newVocabulary(c *cache, facts reflect.Type, options Options) vocabulary {
	v := vocabulary{top: nature.StructFields(c, facts), self: options.Self, prefix: options.Bare}
	if outer, ok := v.top[options.Bare]; ok {
		v.bare = nature.StructFields(c, outer.Type)
	}
	v.all = slices.Sorted(maps.Keys(v.types()))
	return v
}

// problems says what is wrong with the options' shorthands.
func (v vocabulary) problems(c *cache, options Options) []Problem {
	var found []Problem
	if options.Bare != "" {
		if message, hint := lacksFields(v.top, options.Bare, slices.Sorted(maps.Keys(v.top))); message != "" {
			found = append(found, Problem{Rule: -1, Field: "options.bare", Message: message, Hint: hint})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(options.Self)) {
		if message, hint := v.selfProblem(c, name, options.Self[name]); message != "" {
			found = append(found, Problem{Rule: -1, Field: "options.self." + name, Message: message, Hint: hint})
		}
	}
	return found
}

func (v vocabulary) selfProblem(c *cache, name, field string) (message, hint string) {
	if message, hint = lacksFields(v.types(), name, v.all); message != "" {
		return message, hint
	}
	outer := v.types()[name]
	names := fieldNames(c, outer.Type)
	if !slices.Contains(names, field) {
		return fmt.Sprintf("%s has no field %s", name, field), Suggest(field, names)
	}
	return "", ""
}

func lacksFields(types map[string]staticType, name string, known []string) (message, hint string) {
	t, ok := types[name]
	switch {
	case !ok:
		return "unknown name " + name, Suggest(name, known)
	case deref(t.Type).Kind() != reflect.Struct:
		return fmt.Sprintf("%s is %v, not a struct", name, t.Type), ""
	}
	return "", ""
}

// types gives every name with its type, a top-level fact before a bare one.
func (v vocabulary) types() map[string]staticType {
	out := maps.Clone(v.bare)
	if out == nil {
		out = map[string]staticType{}
	}
	maps.Copy(out, v.top)
	return out
}

func (v vocabulary) isTop(name string) bool {
	_, ok := v.top[name]
	return ok
}

func (v vocabulary) isBare(name string) bool {
	_, ok := v.bare[name]
	return ok
}

func fieldNames(c *cache, t reflect.Type) []string {
	return slices.Sorted(maps.Keys(nature.StructFields(c, t)))
}

func deref(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
