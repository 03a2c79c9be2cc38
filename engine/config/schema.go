package config

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/yardmaster/yardmaster/engine/core"
)

// Schema returns a JSON Schema (draft 2020-12) of desk.yaml, with which editors
// complete and check it. What only a desk as a whole can tell, such as whether
// a queue exists, is left to Parse.
func Schema() ([]byte, error) {
	s := &schema{definitions: map[string]any{}}
	root := s.structure(reflect.TypeFor[core.Config]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Yardmaster desk"
	root["$defs"] = s.definitions
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("config: marshal schema: %w", err)
	}
	return append(text, '\n'), nil
}

type node = map[string]any

// schema gathers the definitions of the mappings, by noun.
type schema struct {
	definitions map[string]any
}

// of describes what may stand where a type is read.
func (s *schema) of(t reflect.Type) node {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case skillsType:
		return anyOf(s.mapping(t), list(node{"type": "string"}))
	case targetsType:
		return anyOf(s.mapping(t), s.of(amountType))
	case amountType:
		return node{"type": "string", "pattern": `^([0-9]+(bd|wd|d|h|m|s))+( at closing)?$`}
	case valueType:
		return node{"type": []string{"string", "number", "boolean", "array", "null"}, "items": node{"type": "string"}}
	case reflect.TypeFor[core.Priority]():
		return anyOf(node{"enum": words(t)}, node{"type": "integer", "minimum": 1, "maximum": core.PriorityMax})
	}
	if text, _ := ownForm(t); text {
		return node{"enum": words(t)}
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.reference(t)
	case reflect.Map:
		return s.mapping(t)
	case reflect.Slice:
		return list(s.of(t.Elem()))
	case reflect.String:
		return node{"type": "string"}
	case reflect.Bool:
		return node{"type": "boolean"}
	default:
		return integer(t)
	}
}

func anyOf(forms ...node) node { return node{"anyOf": forms} }

func list(items node) node { return node{"type": "array", "items": items} }

func (s *schema) mapping(t reflect.Type) node {
	return node{"type": "object", "additionalProperties": s.of(t.Elem())}
}

// integer bounds a number by its type.
func integer(t reflect.Type) node {
	n := node{"type": "integer"}
	if v := reflect.Zero(t); v.CanUint() {
		n["minimum"] = 0
		n["maximum"] = uint64(1)<<t.Bits() - 1
	}
	return n
}

// reference defines a mapping once and refers to it.
func (s *schema) reference(t reflect.Type) node {
	noun := nouns[t]
	if _, ok := s.definitions[noun]; !ok {
		s.definitions[noun] = nil // its place is taken
		s.definitions[noun] = s.structure(t)
	}
	ref := node{"$ref": "#/$defs/" + noun}
	if _, ok := shortForms[t]; ok {
		return anyOf(ref, node{"type": "string"})
	}
	return ref
}

func (s *schema) structure(t reflect.Type) node {
	properties := node{}
	var required []string
	for _, m := range members(t) {
		doc := keyDocs[nouns[t]+"."+m.key]
		property := s.of(m.typ)
		property["description"] = doc.about
		choose(property, doc.choices)
		if doc.lasts {
			property["pattern"] = `^([0-9]+(\.[0-9]+)?(h|m|s|ms))+$`
		}
		properties[m.key] = property
		if !m.optional {
			required = append(required, m.key)
		}
	}
	n := node{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		n["required"] = required
	}
	if t == reflect.TypeFor[core.Action]() {
		n["minProperties"], n["maxProperties"] = 1, 1
	}
	return n
}

// choose limits a text, or the texts of a list, to its choices.
func choose(property node, choices []string) {
	if choices == nil {
		return
	}
	if items, ok := property["items"].(node); ok {
		property = items
	}
	property["enum"] = choices
}
