package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Write renders a configuration as YAML, in the order of its types, names
// sorted, what is left out left out. Parse reads it back as it was. The error
// is of a text that is not UTF-8.
func Write(c *core.Config) ([]byte, error) {
	w := &writer{}
	w.structure(reflect.ValueOf(c).Elem(), 0, "")
	if w.err != nil {
		return nil, w.err
	}
	if len(w.out) == 0 {
		return []byte("{}\n"), nil // an empty file is no configuration
	}
	return w.out, nil
}

// writer carries one Write. Each value starts behind its key, or behind the
// dash of its list item, and ends its line.
type writer struct {
	out []byte
	err error
}

func (w *writer) add(text string) { w.out = append(w.out, text...) }

// value writes a value whose parent is indented by indent.
func (w *writer) value(v reflect.Value, indent int) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if text, ok := w.line(v); ok {
		w.add(" " + text + "\n")
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		w.add("\n")
		w.structure(v, indent+2, pad(indent+2))
	case reflect.Map:
		w.add("\n")
		w.mapping(v, indent+2)
	case reflect.Slice:
		w.add("\n")
		for _, item := range v.Seq2() {
			w.item(item, indent+2)
		}
	default:
		w.literal(v.String(), indent+2)
	}
}

// literal writes a text of several lines as it is.
func (w *writer) literal(text string, indent int) {
	w.add(" |-\n")
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			w.add(pad(indent) + line)
		}
		w.add("\n")
	}
}

// literal reports whether a text can and should be written line by line.
func literal(text string) bool {
	if !strings.Contains(text, "\n") || strings.HasPrefix(text, "\n") || strings.HasPrefix(text, " ") || strings.HasSuffix(text, "\n") {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		content := strings.TrimLeft(line, " ")
		if strings.HasPrefix(content, "\t") || content == "" && line != "" {
			return false
		}
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfeff })
}

// line renders what fits on the line of its key: scalars, lists of them, and
// what is empty.
func (w *writer) line(v reflect.Value) (text string, ok bool) {
	if value, ok := v.Interface().(core.Value); ok {
		return w.field(value), true
	}
	if own, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := own.MarshalText()
		if err != nil {
			w.fail(err)
		}
		return w.text(string(text)), true
	}
	switch v.Kind() {
	case reflect.String:
		return w.text(v.String()), !literal(v.String())
	case reflect.Slice:
		return w.flow(v)
	case reflect.Map:
		return "{}", v.Len() == 0
	case reflect.Struct:
		return "{}", v.IsZero()
	default:
		return fmt.Sprint(v.Interface()), true
	}
}

// flow renders a list of scalars.
func (w *writer) flow(v reflect.Value) (text string, ok bool) {
	texts := make([]string, v.Len())
	for i, item := range v.Seq2() {
		if kind := item.Kind(); kind == reflect.Struct || kind == reflect.Map || kind == reflect.Slice {
			return "", false
		}
		if texts[i.Int()], ok = w.line(item); !ok {
			return "", false
		}
	}
	return "[" + strings.Join(texts, ", ") + "]", true
}

// field renders the value of a custom field.
func (w *writer) field(v core.Value) string {
	switch raw := v.Any().(type) {
	case nil:
		return "null"
	case string:
		return w.text(raw)
	case []string:
		texts := make([]string, len(raw))
		for i, text := range raw {
			texts[i] = w.text(text)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	default:
		return v.String()
	}
}

// structure writes a mapping in a column, its first key behind lead.
func (w *writer) structure(v reflect.Value, column int, lead string) {
	for _, m := range members(v.Type()) {
		field := v.FieldByIndex(m.index)
		if m.optional && field.IsZero() {
			continue
		}
		w.add(lead + m.key + ":")
		w.value(field, column)
		lead = pad(column)
	}
}

func (w *writer) mapping(v reflect.Value, column int) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		w.add(pad(column) + w.text(key.String()) + ":")
		w.value(v.MapIndex(key), column)
	}
}

// item writes an item of a list whose dash stands in a column. A mapping starts
// behind the dash.
func (w *writer) item(v reflect.Value, column int) {
	if _, ok := w.line(v); !ok && v.Kind() == reflect.Struct {
		w.structure(v, column+2, pad(column)+"- ")
		return
	}
	w.add(pad(column) + "-")
	w.value(v, column)
}

func pad(n int) string { return strings.Repeat(" ", n) }

// text renders a text on one line: plain where that reads back as the same
// text, else in double quotes as JSON writes it.
func (w *writer) text(text string) string {
	if !utf8.ValidString(text) {
		w.fail(fmt.Errorf("config: write %q: not UTF-8", text))
	}
	if n, problems := yaml.Parse(text); len(problems) == 0 && n.Kind == yaml.Text && !n.Quoted && n.Text == text && !strings.ContainsAny(text, ",[]{}\n") {
		return text
	}
	return w.quoted(text)
}

func (w *writer) quoted(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		w.fail(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
