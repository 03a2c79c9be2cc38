package config

import (
	"reflect"
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
		r.add(key.Start, "duplicate-key", "", "%q is given twice; first on line %d", key.Text, r.source.index(first.Start)+1)
		return false
	}
	seen[key.Text] = key
	return true
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
