package config

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/rules"
)

// Every key of every mapping is described, and nothing else is.
func TestKeysAreDescribed(t *testing.T) {
	var keys []string
	for typ, noun := range nouns {
		for _, m := range members(typ) {
			keys = append(keys, noun+"."+m.key)
		}
	}
	var described []string
	for key := range keyDocs {
		described = append(described, key)
	}
	slices.Sort(keys)
	slices.Sort(described)
	if diff := cmp.Diff(keys, described); diff != "" {
		t.Errorf("(-keys +described)\n%s", diff)
	}
}

// Every mapping that a configuration can hold has a noun.
func TestMappingsAreNamed(t *testing.T) {
	var walk func(at string, typ reflect.Type)
	walk = func(at string, typ reflect.Type) {
		if text, object := ownForm(typ); text || object {
			return
		}
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(at, typ.Elem())
		case reflect.Struct:
			if nouns[typ] == "" {
				t.Errorf("%s: %v has no noun", at, typ)
			}
			for _, m := range membersOf(typ) {
				walk(at+"."+m.key, m.typ)
			}
		}
	}
	walk("desk", reflect.TypeFor[core.Config]())
}

// The example of each key can be read by its type.
func TestExamplesAreRead(t *testing.T) {
	for typ, noun := range nouns {
		for _, m := range members(typ) {
			doc := keyDocs[noun+"."+m.key]
			root, problems := yaml.Parse(doc.example)
			if len(problems) > 0 || root.Kind != yaml.Map || len(root.Pairs) != 1 || root.Pairs[0].Key.Text != m.key {
				t.Errorf("%s.%s: example %q: %v", noun, m.key, doc.example, problems)
				continue
			}
			r := &reader{source: newSource("example", doc.example)}
			r.value(root, reflect.New(typ).Elem())
			for _, p := range r.problems {
				t.Errorf("%s.%s: example %q: %v", noun, m.key, doc.example, p.Message)
			}
			if text := root.Pairs[0].Value.Text; doc.choices != nil && root.Pairs[0].Value.Kind == yaml.Text && !slices.Contains(doc.choices, text) {
				t.Errorf("%s.%s: example %q is no choice of %v", noun, m.key, text, doc.choices)
			}
		}
	}
}

// Each choice that is described is one that the core takes.
func TestChoicesCompile(t *testing.T) {
	frames := map[string]string{
		"reopen": "reopen: {%}", "calendar": "calendars: {c: {hours: {mon: [09:00-10:00]}, %}}", "queue": "queues: [{id: q, %}]",
		"offer": "queues: [{id: q, offer: {%}}]", "rule": "rules: [{name: r, then: [{escalate: x}], %}]",
		"metric": "sla: {metrics: [{name: first_reply, %}]}", "policy": "sla: {policies: [{name: p, %}]}",
	}
	for key, doc := range keyDocs {
		for _, choice := range doc.choices {
			noun, name, _ := strings.Cut(key, ".")
			member := name + ": " + choice
			if key == "rule.on" {
				member = name + ": [" + choice + "]"
			}
			source := strings.Replace(frames[noun], "%", member, 1)
			if _, err := Parse("choice", []byte(source)); err != nil || source == "" {
				t.Errorf("%s %s: %v", key, choice, err)
			}
		}
	}
}

// The schema is of the form that editors read: each reference is defined, each
// mapping closed, each key described.
func TestSchema(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	definitions := root["$defs"].(map[string]any)
	if len(definitions) != len(nouns)-1 { // all but the root
		t.Errorf("%d definitions for %d mappings", len(definitions), len(nouns))
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(at, item)
			}
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && definitions[strings.TrimPrefix(ref, "#/$defs/")] == nil {
				t.Errorf("%s refers to %s", at, ref)
			}
			if properties, ok := v["properties"].(map[string]any); ok {
				if v["additionalProperties"] != false {
					t.Errorf("%s is open", at)
				}
				for key, property := range properties {
					if about, _ := property.(map[string]any)["description"].(string); about == "" {
						t.Errorf("%s.%s is not described", at, key)
					}
				}
			}
			for key, item := range v {
				walk(at+"."+key, item)
			}
		}
	}
	walk("", root)

	queue := definitions["queue"].(map[string]any)
	want := map[string]any{"type": "string", "enum": []any{"priority", "aged", "due", "slack"}, "description": keyDocs["queue.order"].about}
	if diff := cmp.Diff(want, queue["properties"].(map[string]any)["order"]); diff != "" {
		t.Errorf("queue.order (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]any{"id"}, queue["required"]); diff != "" {
		t.Errorf("queue's required keys (-want +got)\n%s", diff)
	}
	agent := definitions["agent"].(map[string]any)["properties"].(map[string]any)
	if diff := cmp.Diff([]any{"online", "busy", "away", "offline"}, agent["presence"].(map[string]any)["enum"]); diff != "" {
		t.Errorf("agent.presence (-want +got)\n%s", diff)
	}
}

func TestNearest(t *testing.T) {
	keys := memberKeys(reflect.TypeFor[core.QueueSpec]())
	tests := []struct{ word, want string }{
		{"ordr", "order"}, {"Order", "order"}, {"gruops", "groups"}, {"id", "id"}, {"ids", "id"}, {"x", ""}, {"or", ""}, {"policy", ""},
		{"onoffline", "on_offline"}, {strings.Repeat("order", 100), ""},
	}
	for _, tt := range tests {
		if got := rules.Nearest(tt.word, keys); got != tt.want {
			t.Errorf("nearest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}
