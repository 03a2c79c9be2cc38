package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/yardmaster/yardmaster/engine/config/internal/yaml"
	"github.com/yardmaster/yardmaster/rules"
)

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
	return rules.Suggest(n.Text, words(t))
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
