package config

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/engine/core"
)

// compile adds what only the core knows to be wrong, such as a reference to
// nothing, unless it follows from what could not be read.
func (r *reader) compile(root *yaml.Node, config *core.Config) {
	_, err := core.Compile(config)
	var problems core.Problems
	switch {
	case err == nil:
		return
	case !errors.As(err, &problems):
		r.add(root.Start, "bad-value", "", "%v", err)
		return
	}
	for i, p := range problems {
		switch {
		case r.follows(p):
		case i >= placedMax:
			r.omitted++
		default:
			r.add(locate(root, p), p.Code, p.Hint, "%s", p.Message)
		}
	}
}

// placedMax bounds the problems of the core that are looked up in the source:
// each may cost a walk through a large mapping.
const placedMax = 10 * ProblemsMax

// declarations are where the names that others refer to are declared: the
// collection, and the key of an item that holds its name. In a mapping the name
// is the key itself.
var declarations = map[string]struct {
	collection []any
	name       string
}{
	"unknown-calendar": {[]any{"calendars"}, ""},
	"unknown-skill":    {[]any{"skills"}, ""},
	"unknown-group":    {[]any{"groups"}, "id"},
	"unknown-queue":    {[]any{"queues"}, "id"},
	"unknown-metric":   {[]any{"sla", "metrics"}, "name"},
}

// follows reports whether a problem may be the consequence of something that
// could not be read: its own value, a part of it, what holds it, or the place
// where the name that it misses is declared.
func (r *reader) follows(p core.Problem) bool {
	declared, reference := declarations[p.Code]
	name := append(slices.Clone(declared.collection), nil, declared.name)
	return slices.ContainsFunc(r.broken, func(broken []any) bool {
		return prefix(broken, p.Path) || prefix(p.Path, broken) || reference && prefix(broken, name)
	})
}

// prefix reports whether a path begins with another; nil stands for any step.
func prefix(short, long []any) bool {
	if len(short) > len(long) {
		return false
	}
	for i, step := range short {
		if long[i] != nil && step != long[i] {
			return false
		}
	}
	return true
}

// locate finds the byte of the source that a problem of the core means.
func locate(root *yaml.Node, p core.Problem) int {
	value, key := find(root, p.Path)
	scalar := value.Kind != yaml.List && value.Kind != yaml.Map
	switch {
	case key != nil && (value.Kind == yaml.Null || named(p.Path) && (!scalar || meansName(p.Code))):
		return key.Start
	case scalar && p.Length > 0:
		return value.Place(p.Offset)
	default:
		return value.Start
	}
}

// find follows a path as far as the source goes along, to a value and the key
// that it stands behind. In the short forms the path is longer than the source.
func find(root *yaml.Node, path []any) (value, key *yaml.Node) {
	value = root
	for _, step := range path {
		switch s := step.(type) {
		case string:
			next, at := child(value, s)
			if next == nil {
				return value, key
			}
			value, key = next, at
		case int:
			if value.Kind != yaml.List || s < 0 || s >= len(value.Items) {
				return value, key
			}
			value, key = value.Items[s], nil
		}
	}
	return value, key
}

// child finds what a key means: in a list of names, the name.
func child(n *yaml.Node, key string) (value, at *yaml.Node) {
	if n.Kind == yaml.List {
		i := slices.IndexFunc(n.Items, func(item *yaml.Node) bool { return item.Text == key })
		if i < 0 {
			return nil, nil
		}
		return n.Items[i], nil
	}
	value, at, _ = n.Get(key)
	return value, at
}

// named reports whether the last step of a path is a name that the file gives:
// a key of a mapping whose keys are not known.
func named(path []any) bool {
	t, ok := typeAt(path[:max(len(path)-1, 0)])
	return ok && t.Kind() == reflect.Map
}

// meansName reports whether a problem of a named value is one of its name.
func meansName(code string) bool {
	return strings.HasPrefix(code, "unknown-") || code == "bad-name" || code == "bad-priority"
}

// typeAt follows a path through the types of a configuration.
func typeAt(path []any) (reflect.Type, bool) {
	t := reflect.TypeFor[core.Config]()
	for _, step := range path {
		key, isKey := step.(string)
		switch t.Kind() {
		case reflect.Struct:
			m, ok := memberOf(t, key)
			if !ok || !isKey {
				return nil, false
			}
			t = m.typ
		case reflect.Map, reflect.Slice:
			t = t.Elem()
		default:
			return nil, false
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	return t, true
}
