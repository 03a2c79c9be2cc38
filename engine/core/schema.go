package core

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/yardmaster/yardmaster/sla"
)

// schema is a JSON Schema, as an object that encoding/json renders in order of
// keys.
type schema map[string]any

// CommandSchema returns the JSON Schema (draft 2020-12) of a line of a command
// stream, derived from the command types.
func CommandSchema() ([]byte, error) {
	var kinds []any
	for _, d := range decoders() {
		kinds = append(kinds, commandSchema(d))
	}
	return json.MarshalIndent(schema{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "A line of a Yardmaster command stream",
		"description": "One JSON object a line. `at` is the instant at which the command is given, not before that of the line before; `key` makes a retry harmless.",
		"oneOf":       kinds,
	}, "", "  ")
}

func commandSchema(d decoder) schema {
	object := structSchema(reflect.TypeOf(d.zero))
	properties, _ := object["properties"].(schema)
	properties["command"] = schema{"const": d.name}
	properties["at"] = typeSchema(reflect.TypeFor[Instant]())
	properties["key"] = schema{"type": "string", "maxLength": KeyBytesMax}
	required, _ := object["required"].([]string)
	object["title"] = d.name
	object["required"] = append([]string{"command"}, required...)
	return object
}

// structSchema describes a struct by its JSON tags: what may be left out is what
// has an omit option, unless it is tagged required.
func structSchema(t reflect.Type) schema {
	properties, required := schema{}, []string{}
	for _, f := range jsonFields(t) {
		properties[f.name] = typeSchema(f.typ)
		if !f.optional {
			required = append(required, f.name)
		}
	}
	object := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		object["required"] = required
	}
	return object
}

type jsonField struct {
	name     string
	typ      reflect.Type
	optional bool
}

func jsonFields(t reflect.Type) []jsonField {
	var fields []jsonField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			fields = append(fields, jsonFields(f.Type)...)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "" && name != "-" {
			fields = append(fields, jsonField{name, f.Type, strings.Contains(options, "omit") && f.Tag.Get("required") == ""})
		}
	}
	return fields
}

// fieldNames lists the fields of a command.
func fieldNames(command string) []string {
	d, ok := decoderOf(command)
	if !ok {
		return nil
	}
	var names []string
	for _, f := range jsonFields(reflect.TypeOf(d.zero)) {
		names = append(names, f.name)
	}
	return names
}

// typeSchema describes a field's type.
func typeSchema(t reflect.Type) schema {
	switch t {
	case reflect.TypeFor[Instant]():
		return schema{"type": "string", "format": "date-time"}
	case reflect.TypeFor[Value]():
		return schema{"type": []string{"string", "number", "boolean", "array", "null"}, "items": schema{"type": "string"}}
	case reflect.TypeFor[Priority]():
		return schema{"oneOf": []any{
			schema{"type": "integer", "minimum": 1, "maximum": int(PriorityMax)}, schema{"enum": priorityNames[1:]},
		}}
	case reflect.TypeFor[Status]():
		return schema{"enum": statusNames[1:]}
	case reflect.TypeFor[Presence]():
		return schema{"enum": presenceNames[1:]}
	case reflect.TypeFor[Role]():
		return schema{"enum": roleNames[1:]}
	case reflect.TypeFor[sla.Amount]():
		return schema{"type": "string", "examples": []string{"4h", "1h30m", "2bd", "3wd", "30d"}}
	}
	if strings.HasPrefix(t.Name(), "Opt[") {
		return nullable(typeSchema(t.Field(1).Type))
	}
	return kindSchema(t)
}

func kindSchema(t reflect.Type) schema {
	switch t.Kind() {
	case reflect.Pointer:
		return typeSchema(t.Elem())
	case reflect.Struct:
		return structSchema(t)
	case reflect.Slice:
		return schema{"type": "array", "items": typeSchema(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": typeSchema(t.Elem())}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.String:
		return schema{"type": "string"}
	default:
		return schema{"type": "integer"}
	}
}

func nullable(s schema) schema {
	return schema{"oneOf": []any{s, schema{"type": "null", "description": "clears"}}}
}
