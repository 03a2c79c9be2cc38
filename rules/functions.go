package rules

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
)

// admitted are the functions of expr that a source may call: deterministic, and bounded by their arguments. It is a list
// of what is in, not of what is out, so that a new version of expr brings no surprise.
var admitted = []string{
	"abs", "all", "any", "ceil", "count", "duration", "filter", "find", "findIndex", "findLast", "findLastIndex",
	"first", "float", "floor", "get", "hasPrefix", "hasSuffix", "indexOf", "int", "last", "lastIndexOf", "len", "lower",
	"map", "max", "min", "none", "one", "round", "string", "sum", "trim", "trimPrefix", "trimSuffix", "type", "upper",
}

// refused says why some of expr's functions are out; the others just are not part of the language.
var refused = map[string]string{
	"now":       "it reads the clock",
	"date":      "it reads the machine's time zones",
	"timezone":  "it reads the machine's time zones",
	"keys":      "a map has no order",
	"values":    "a map has no order",
	"toPairs":   "a map has no order",
	"repeat":    "it builds text without bound",
	"replace":   "it builds text without bound",
	"join":      "it builds text without bound",
	"reduce":    "it builds values without bound",
	"split":     "it builds lists without bound",
	"concat":    "it builds lists without bound",
	"flatten":   "it builds lists without bound",
	"sort":      "its order among equals is not defined",
	"sortBy":    "its order among equals is not defined",
	"mean":      "its rounding is not exact",
	"median":    "its rounding is not exact",
	"fromPairs": "a map has no order",
}

// functions are those that replace expr's own: int, which is exact or fails where Go's conversion depends on the
// processor, and string, which formats plain values only, so that no address and no nested list gets into a text.
func functions() conf.FunctionsTable {
	return conf.FunctionsTable{
		"int": {
			Name:  "int",
			Func:  func(args ...any) (any, error) { return toInt(args[0]) },
			Types: []reflect.Type{reflect.TypeFor[func(any) int]()},
		},
		"string": {
			Name:  "string",
			Func:  func(args ...any) (any, error) { return toString(args[0]) },
			Types: []reflect.Type{reflect.TypeFor[func(any) string]()},
		},
	}
}

func isReplaced(name string) bool {
	return name == "int" || name == "string"
}

// toInt converts a number, dropping its fraction, or the decimal digits of a text.
//
// float: a fact may be one; it is converted where every processor agrees, and refused elsewhere.
func toInt(value any) (int, error) {
	v := indirect(value)
	switch {
	case v.CanInt() && v.Int() == int64(int(v.Int())):
		return int(v.Int()), nil
	case v.CanUint() && v.Uint() <= math.MaxInt:
		return int(v.Uint()), nil
	case v.CanFloat() && v.Float() >= -1<<53 && v.Float() <= 1<<53:
		return int(v.Float()), nil
	case v.Kind() == reflect.String:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("int(%s) has no exact value", describe(value))
}

// toString formats a text, a truth value, a number or a duration.
//
// float: it is passed on.
func toString(value any) (string, error) {
	if d, ok := value.(time.Duration); ok {
		return d.String(), nil
	}
	v := indirect(value)
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	case v.CanFloat():
		return formatFloat(v.Float()), nil
	}
	return "", fmt.Errorf("string(%s) is not a plain value", describe(value))
}

// formatFloat writes a number without an exponent, as people write order numbers, unless it has more than 21 digits.
//
// float: the shortest decimal that reads back as the same bits is the same everywhere.
func formatFloat(f float64) string {
	if f <= -1e21 || f >= 1e21 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func indirect(value any) reflect.Value {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// describe names a value in an error: short ones by what they are, others by their type.
//
// float: it is only shown.
func describe(value any) string {
	v := indirect(value)
	switch {
	case v.Kind() == reflect.String && v.Len() <= 40:
		return strconv.Quote(v.String())
	case v.CanFloat():
		return formatFloat(v.Float())
	}
	return fmt.Sprintf("%T", value)
}

// callProblem says why a function may not be called; empty when it may.
func callProblem(name string) (message, hint string) {
	if slices.Contains(admitted, name) {
		return "", ""
	}
	if why, ok := refused[name]; ok {
		return fmt.Sprintf("function %s is refused: %s", name, why), ""
	}
	if _, ok := builtin.Index[name]; ok {
		return fmt.Sprintf("function %s is not part of the language", name), ""
	}
	return "unknown function " + name, Suggest(name, admitted)
}
