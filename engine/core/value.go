package core

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Value is what a custom field holds: a text, a truth value, a number or a list
// of texts. Numbers are kept as the shortest decimal text that reads back as
// the same float64, so that rows hold no floats. The zero Value is "no value".
type Value struct {
	kind valueKind
	text string
	list []string
	num  float64 // float: parsed once for conditions; never stored, never compared
}

type valueKind uint8

const (
	valueNone valueKind = iota
	valueText
	valueBool
	valueNumber
	valueList
)

// Text returns a text value.
func Text(s string) Value { return Value{kind: valueText, text: s} }

// Bool returns a truth value.
func Bool(b bool) Value { return Value{kind: valueBool, text: strconv.FormatBool(b)} }

// Number returns a number. A NaN or an infinity becomes no value.
// float: what is kept is the text.
func Number(f float64) Value {
	if f-f != 0 {
		return Value{}
	}
	return Value{kind: valueNumber, text: strconv.FormatFloat(f, 'g', -1, 64), num: f}
}

// List returns a list of texts.
func List(items ...string) Value { return Value{kind: valueList, list: slices.Clone(items)} }

// IsZero reports "no value".
func (v Value) IsZero() bool { return v.kind == valueNone }

// Equal reports whether both hold the same kind and content.
func (v Value) Equal(o Value) bool {
	return v.kind == o.kind && v.text == o.text && slices.Equal(v.list, o.list)
}

// Any returns the value as conditions see it: string, bool, float64, []string
// or nil.
// float: comparisons in conditions are exact, and nothing else is done with it.
func (v Value) Any() any {
	switch v.kind {
	case valueText:
		return v.text
	case valueBool:
		return v.text == "true"
	case valueNumber:
		return v.num
	case valueList:
		return v.list
	default:
		return nil
	}
}

// String renders the value for people.
func (v Value) String() string {
	if v.kind == valueList {
		return fmt.Sprint(v.list)
	}
	return v.text
}

// MarshalJSON renders a string, boolean, number, list or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case valueText:
		return json.Marshal(v.text)
	case valueBool, valueNumber:
		return []byte(v.text), nil
	case valueList:
		if len(v.list) == 0 {
			return []byte("[]"), nil
		}
		return json.Marshal(v.list)
	default:
		return []byte("null"), nil
	}
}

// UnmarshalJSON reads a string, boolean, number, list of strings or null.
func (v *Value) UnmarshalJSON(data []byte) error {
	var raw any
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	value, err := ValueOf(raw)
	if err != nil {
		return err
	}
	*v = value
	return nil
}

// ValueOf converts what a JSON or YAML decoder yields.
// float: what is kept is the text.
func ValueOf(raw any) (Value, error) {
	switch x := raw.(type) {
	case nil:
		return Value{}, nil
	case string:
		return Text(x), nil
	case bool:
		return Bool(x), nil
	case float64:
		return Number(x), nil
	case int:
		return Number(float64(x)), nil
	case int64:
		return Number(float64(x)), nil
	case uint64:
		return Number(float64(x)), nil
	case []string:
		return List(x...), nil
	case []any:
		items := make([]string, len(x))
		for i, item := range x {
			s, ok := item.(string)
			if !ok {
				return Value{}, fmt.Errorf("core: item %d of a list field is not a text", i)
			}
			items[i] = s
		}
		return List(items...), nil
	default:
		return Value{}, fmt.Errorf("core: a field is a text, a number, true, false or a list of texts, not %T", raw)
	}
}

// bytes is the length of the value's texts.
func (v Value) bytes() int {
	n := len(v.text)
	for _, item := range v.list {
		n += len(item)
	}
	return n
}

// fits reports whether the value is within its bounds and is UTF-8.
func (v Value) fits() bool {
	if len(v.text) > FieldValueBytesMax || len(v.list) > FieldListMax || !utf8.ValidString(v.text) {
		return false
	}
	for _, item := range v.list {
		if len(item) > FieldValueBytesMax || !utf8.ValidString(item) {
			return false
		}
	}
	return true
}
