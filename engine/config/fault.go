package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/rules"
)

// unknownKey refuses a key. Where another was meant, nothing more is said about
// that one.
func (r *reader) unknownKey(key *yaml.Node, t reflect.Type) {
	keys := memberKeys(t)
	meant := rules.Nearest(key.Text, keys)
	hint := fmt.Sprintf("did you mean %q?", meant)
	if meant == "" {
		hint = "its keys are " + strings.Join(keys, ", ")
	}
	r.add(key.Start, "unknown-key", hint, "%q is no key of %s", key.Text, article(nouns[t]))
	r.breaks(key.Text)
	if meant != "" {
		r.breaks(meant)
	}
}

// breaks notes that the value at a step below the path could not be read.
func (r *reader) breaks(steps ...any) {
	r.broken = append(r.broken, append(slices.Clone(r.path), steps...))
}

// article names a mapping in a sentence: by its noun, or by its key where that
// is no noun.
func article(noun string) string {
	switch {
	case slices.Contains([]string{"reopen", "set", "require", "notify", "sla"}, noun):
		return strconv.Quote(noun)
	case noun == "desk":
		return "the desk"
	case strings.ContainsRune("aeiou", rune(noun[0])):
		return "an " + noun
	default:
		return "a " + noun
	}
}

// fits refuses a number that its type cannot hold.
func (r *reader) fits(n *yaml.Node, err error) {
	if err == nil {
		return
	}
	what := "too large"
	if strings.HasPrefix(n.Text, "-") {
		what = "too small"
	}
	r.add(n.Start, "bad-value", "", "%s is %s", n.Text, what)
	r.breaks()
}

// wrongType says what was found and what would be right.
func (r *reader) wrongType(n *yaml.Node, t reflect.Type) {
	r.breaks()
	want, hint := expected(t), r.example()
	if n.Kind == yaml.Null {
		r.add(n.Start, "wrong-type", hint, "%s has no value; it takes %s", r.label(), want)
		return
	}
	switch doc, _ := docAt(r.path); {
	case doc.lasts:
		want = "a duration"
	case t.Kind() == reflect.String && n.Kind <= yaml.Float:
		hint = fmt.Sprintf("write %q", n.Text)
	}
	r.add(n.Start, "wrong-type", hint, "%s takes %s, and this is %s", r.label(), want, n.Kind)
}

// label names the value at the path.
func (r *reader) label() string {
	if len(r.path) == 0 {
		return "the desk"
	}
	switch last := r.path[len(r.path)-1].(type) {
	case string:
		return strconv.Quote(last)
	default:
		for _, step := range slices.Backward(r.path) {
			if key, ok := step.(string); ok {
				return fmt.Sprintf("an item of %q", key)
			}
		}
		return "an item"
	}
}

// example shows the key at the path with a value, if the documentation has one.
func (r *reader) example() string {
	doc, ok := docAt(r.path)
	if !ok || doc.example == "" {
		return ""
	}
	return "such as " + doc.example
}
