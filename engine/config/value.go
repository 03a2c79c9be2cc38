package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/engine/core"
)

// value reads a node into a Go value by its type. What it cannot read it
// reports and leaves zero.
func (r *reader) value(n *yaml.Node, v reflect.Value) {
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		v.Set(reflect.New(t.Elem()))
		r.value(n, v.Elem())
		return
	}
	if text, object := ownForm(t); text || object {
		r.own(n, v, text)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		r.structure(n, v)
	case reflect.Map:
		r.mapping(n, v)
	case reflect.Slice:
		r.list(n, v)
	default:
		r.scalar(n, v)
	}
}

// step reads a value one step further down the path.
func (r *reader) step(step any, n *yaml.Node, v reflect.Value) {
	r.path = append(r.path, step)
	r.value(n, v)
	r.path = r.path[:len(r.path)-1]
}

// structure reads a mapping whose keys are known.
func (r *reader) structure(n *yaml.Node, v reflect.Value) {
	t := v.Type()
	if key, ok := shortForms[t]; ok && n.Kind == yaml.Text {
		m, _ := memberOf(t, key)
		r.step(key, n, v.FieldByIndex(m.index))
		return
	}
	if n.Kind != yaml.Map {
		r.wrongType(n, t)
		return
	}
	seen := map[string]*yaml.Node{}
	for _, pair := range n.Pairs {
		m, ok := memberOf(t, pair.Key.Text)
		switch {
		case !ok:
			r.unknownKey(pair.Key, t)
		case !r.once(seen, pair.Key), r.leftOut(pair.Value, m.typ):
		default:
			r.step(m.key, pair.Value, v.FieldByIndex(m.index))
		}
	}
}

// leftOut reports whether a key stands without a value where that can only mean
// nothing: its list or mapping is empty.
func (r *reader) leftOut(n *yaml.Node, t reflect.Type) bool {
	if _, object := ownForm(t); object || n.Kind != yaml.Null {
		return false
	}
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Slice || t.Kind() == reflect.Map
}

// once reports whether a key is new to its mapping, and refuses it if not.
func (r *reader) once(seen map[string]*yaml.Node, key *yaml.Node) bool {
	first, twice := seen[key.Text]
	if twice {
		at := r.source.place(Problem{}, first.Start)
		r.add(key.Start, "duplicate-key", "", "%q is given twice; first on line %d", key.Text, at.Line)
		return false
	}
	seen[key.Text] = key
	return true
}

// unknownKey refuses a key. Where another was meant, nothing more is said about
// that one.
func (r *reader) unknownKey(key *yaml.Node, t reflect.Type) {
	keys := memberKeys(t)
	meant := nearest(key.Text, keys)
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

// mapping reads a mapping whose keys are names.
func (r *reader) mapping(n *yaml.Node, v reflect.Value) {
	t := v.Type()
	switch {
	case t == skillsType && n.Kind == yaml.List:
		r.skills(n, v)
		return
	case t == targetsType && n.Kind != yaml.Map && n.Kind != yaml.List && n.Kind != yaml.Null:
		amount := reflect.New(t.Elem()).Elem()
		r.step("any", n, amount)
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(reflect.ValueOf("any"), amount)
		return
	case n.Kind != yaml.Map:
		r.wrongType(n, t)
		return
	}
	v.Set(reflect.MakeMapWithSize(t, len(n.Pairs)))
	seen := map[string]*yaml.Node{}
	for _, pair := range n.Pairs {
		if !r.once(seen, pair.Key) {
			continue
		}
		item := reflect.New(t.Elem()).Elem()
		r.step(pair.Key.Text, pair.Value, item)
		v.SetMapIndex(reflect.ValueOf(pair.Key.Text).Convert(t.Key()), item)
	}
}

// skills reads an agent's skills from a list of names: each at level 1.
func (r *reader) skills(n *yaml.Node, v reflect.Value) {
	levels := map[core.SkillID]uint8{}
	seen := map[string]*yaml.Node{}
	for i, item := range n.Items {
		var skill string
		r.step(i, item, reflect.ValueOf(&skill).Elem())
		if skill != "" && r.once(seen, item) {
			levels[core.SkillID(skill)] = 1
		}
	}
	v.Set(reflect.ValueOf(levels))
}

func (r *reader) list(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.List {
		r.wrongType(n, v.Type())
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		r.step(i, item, v.Index(i))
	}
}

// scalar reads a text, a truth value or a whole number.
func (r *reader) scalar(n *yaml.Node, v reflect.Value) {
	kind := v.Kind()
	switch {
	case kind == reflect.String && n.Kind == yaml.Text:
		v.SetString(n.Text)
	case kind == reflect.Bool && n.Kind == yaml.Bool:
		v.SetBool(strings.EqualFold(n.Text, "true"))
	case v.CanInt() && n.Kind == yaml.Int:
		i, err := strconv.ParseInt(n.Text, 10, v.Type().Bits())
		r.fits(n, err)
		v.SetInt(i)
	case v.CanUint() && n.Kind == yaml.Int:
		u, err := strconv.ParseUint(strings.TrimPrefix(n.Text, "+"), 10, v.Type().Bits())
		r.fits(n, err)
		v.SetUint(u)
	default:
		r.wrongType(n, v.Type())
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

// own lets a type read itself from a text or from JSON.
func (r *reader) own(n *yaml.Node, v reflect.Value, text bool) {
	t := v.Type()
	takes := n.Kind != yaml.List && n.Kind != yaml.Null || t == valueType
	var err error
	switch target := v.Addr().Interface(); {
	case !takes || n.Kind == yaml.Map:
		r.wrongType(n, t)
		return
	case text:
		err = target.(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Text))
	default:
		err = target.(json.Unmarshaler).UnmarshalJSON(appendJSON(nil, n))
	}
	if err != nil {
		r.add(n.Start, "bad-"+strings.ToLower(t.Name()), r.ownHint(n, t), "%s", ownMessage(n.Text, err))
		r.breaks()
	}
}

func (r *reader) ownHint(n *yaml.Node, t reflect.Type) string {
	if t == amountType {
		if n.Kind == yaml.Int {
			return fmt.Sprintf("give its unit, such as %sh", n.Text)
		}
		return ""
	}
	return didYouMean(n.Text, words(t))
}

// ownMessage is what a type says of a text, without who says it.
func ownMessage(text string, err error) string {
	message := strings.TrimPrefix(err.Error(), "core: ")
	if rest, ok := strings.CutPrefix(message, "sla: parse amount "); ok {
		return strings.Replace(rest, strconv.Quote(text)+": not", strconv.Quote(text)+" is not", 1)
	}
	return message
}

// appendJSON renders a node for types that read JSON.
func appendJSON(dst []byte, n *yaml.Node) []byte {
	switch n.Kind {
	case yaml.Null:
		return append(dst, "null"...)
	case yaml.Bool:
		return append(dst, strings.ToLower(n.Text)...)
	case yaml.Int, yaml.Float:
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return strconv.AppendFloat(dst, f, 'g', -1, 64)
		}
		return append(dst, "null"...)
	case yaml.List:
		dst = append(dst, '[')
		for i, item := range n.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, item)
		}
		return append(dst, ']')
	default:
		quoted, _ := json.Marshal(n.Text) // a text: it cannot fail
		return append(dst, quoted...)
	}
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
