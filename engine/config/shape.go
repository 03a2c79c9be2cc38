package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// member is a key of a mapping that a struct holds.
type member struct {
	key      string
	index    []int // of the field
	typ      reflect.Type
	optional bool // left out of JSON when zero
}

// shapes are the keys of the mappings that nouns names.
var shapes = func() map[reflect.Type][]member {
	all := map[reflect.Type][]member{}
	for t := range nouns {
		all[t] = membersOf(t)
	}
	return all
}()

// members lists the keys of a mapping that nouns names, in the order of its
// struct.
func members(t reflect.Type) []member { return shapes[t] }

// membersOf lists the keys of a struct, those of embedded structs among them.
func membersOf(t reflect.Type) []member {
	var list []member
	for _, field := range reflect.VisibleFields(t) {
		key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || key == "" || key == "-" {
			continue
		}
		list = append(list, member{key: key, index: field.Index, typ: field.Type, optional: options != ""})
	}
	return list
}

func memberOf(t reflect.Type, key string) (member, bool) {
	list := members(t)
	i := slices.IndexFunc(list, func(m member) bool { return m.key == key })
	if i < 0 {
		return member{}, false
	}
	return list[i], true
}

func memberKeys(t reflect.Type) []string {
	var keys []string
	for _, m := range members(t) {
		keys = append(keys, m.key)
	}
	return keys
}

// nouns names the mappings that a configuration is made of, for messages and
// for the keys of keyDocs.
var nouns = map[reflect.Type]string{
	reflect.TypeFor[core.Config]():        "desk",
	reflect.TypeFor[core.ReopenSpec]():    "reopen",
	reflect.TypeFor[sla.CalendarSpec]():   "calendar",
	reflect.TypeFor[core.ChannelSpec]():   "channel",
	reflect.TypeFor[core.GroupSpec]():     "group",
	reflect.TypeFor[core.AgentSpec]():     "agent",
	reflect.TypeFor[core.QueueSpec]():     "queue",
	reflect.TypeFor[core.OfferSpec]():     "offer",
	reflect.TypeFor[core.RuleSpec]():      "rule",
	reflect.TypeFor[core.Action]():        "action",
	reflect.TypeFor[core.SetAction]():     "set",
	reflect.TypeFor[core.RequireAction](): "require",
	reflect.TypeFor[core.NotifyAction]():  "notify",
	reflect.TypeFor[core.SLASpec]():       "sla",
	reflect.TypeFor[sla.Metric]():         "metric",
	reflect.TypeFor[sla.Policy]():         "policy",
}

// shortForms are the mappings for which a text may stand: the member that it
// gives.
var shortForms = map[reflect.Type]string{
	reflect.TypeFor[core.GroupSpec]():     "id",
	reflect.TypeFor[sla.Metric]():         "name",
	reflect.TypeFor[core.RequireAction](): "skill",
}

// Types with forms of their own.
var (
	skillsType  = reflect.TypeFor[map[core.SkillID]uint8]()
	targetsType = reflect.TypeFor[map[string]sla.Amount]()
	valueType   = reflect.TypeFor[core.Value]()
	amountType  = reflect.TypeFor[sla.Amount]()

	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonType = reflect.TypeFor[json.Unmarshaler]()
)

// ownForm reports whether values of a type read themselves, from a text or from
// JSON.
func ownForm(t reflect.Type) (text, object bool) {
	p := reflect.PointerTo(t)
	return p.Implements(textType), p.Implements(jsonType)
}

// words lists the names of an enumeration that counts from 1.
func words(t reflect.Type) []string {
	if t.Kind() != reflect.Uint8 || !t.Implements(reflect.TypeFor[fmt.Stringer]()) {
		return nil
	}
	var list []string
	for i := uint64(1); i < 256; i++ {
		v := reflect.New(t).Elem()
		v.SetUint(i)
		word := v.Interface().(fmt.Stringer).String()
		if strings.ContainsAny(word, "(0123456789") {
			break
		}
		list = append(list, word)
	}
	return list
}

// expected says what a type takes, in a sentence.
func expected(t reflect.Type) string {
	if text, object := ownForm(t); text || object {
		switch list := words(t); {
		case t == amountType:
			return "an amount of time"
		case t == valueType:
			return "a text, a number, true, false or a list of texts"
		case list != nil:
			return "one of " + strings.Join(list, ", ")
		}
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "a mapping"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	default:
		return "a whole number"
	}
}
