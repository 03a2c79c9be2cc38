package rules

import (
	"math"
	"reflect"
	"time"
)

// kind is what a value is. Closures know the kinds that facts usually have; all else is strange to them, and left to expr's
// machine.
type kind uint8

const (
	absent kind = iota + 1
	boolean
	whole // a Go int; the other integers that fit it count as such, as expr compares and adds them
	fraction
	text
	lapse  // a time.Duration
	object // a map of texts to anything, or a list
	strange
)

// String names the kind.
func (k kind) String() string {
	return [...]string{"none", "absent", "boolean", "whole", "fraction", "text", "lapse", "object", "strange"}[k]
}

// value is a value in the hands of closures: expr's any, without the allocation of making one.
type value struct {
	kind kind
	bits uint64 // of a boolean, whole, fraction or lapse
	text string
	any  any // of an object
}

func ofBool(b bool) value {
	if b {
		return value{kind: boolean, bits: 1}
	}
	return value{kind: boolean}
}

func ofInt(n int) value       { return value{kind: whole, bits: uint64(n)} } //nolint:gosec // the bits are what is kept
func ofText(s string) value   { return value{kind: text, text: s} }
func ofFloat(f float64) value { return value{kind: fraction, bits: math.Float64bits(f)} }

// ofAny is the value of what a map or a list of anything holds.
//
// float: the value is passed on.
func ofAny(x any) value {
	switch x := x.(type) {
	case nil:
		return value{kind: absent}
	case string:
		return ofText(x)
	case bool:
		return ofBool(x)
	case int:
		return ofInt(x)
	case float64:
		return ofFloat(x)
	case map[string]any, []any, []string:
		return value{kind: object, any: x}
	}
	return ofRare(x)
}

// ofRare is the value of a type that facts seldom have. Integers that an int cannot hold are strange: expr compares their
// wrapped bits with integers and their true size with floats.
//
// float: the value is passed on.
func ofRare(x any) value {
	switch x := x.(type) {
	case int64:
		return ofInt64(x)
	case int32:
		return ofInt(int(x))
	case int16:
		return ofInt(int(x))
	case int8:
		return ofInt(int(x))
	case uint8:
		return ofInt(int(x))
	case uint16:
		return ofInt(int(x))
	case float32:
		return ofFloat(float64(x))
	case time.Duration:
		return value{kind: lapse, bits: uint64(x)} //nolint:gosec // the bits are what is kept
	}
	return value{kind: strange}
}

func ofInt64(n int64) value {
	if n != int64(int(n)) {
		return value{kind: strange}
	}
	return ofInt(int(n))
}

func (v value) truth() bool    { return v.bits != 0 }
func (v value) whole() int     { return int(v.bits) } //nolint:gosec // the bits are what was kept
func (v value) float() float64 { return math.Float64frombits(v.bits) }

func (v value) isNumber() bool { return v.kind == whole || v.kind == fraction }

// number is a number as a float.
//
// float: expr compares an integer with a float as floats, and so must this.
func (v value) number() float64 {
	if v.kind == whole {
		return float64(v.whole())
	}
	return v.float()
}

// isNil reports whether v equals nil; known is false when that is for expr to say.
func (v value) isNil() (is, known bool) {
	switch v.kind {
	case strange:
		return false, false
	case absent:
		return true, true
	case object:
		return reflect.ValueOf(v.any).IsNil(), true
	}
	return false, true
}

// equals reports whether a == b; known is false when that is for expr to say.
func (v value) equals(w value) (is, known bool) {
	switch {
	case v.kind == strange || w.kind == strange:
		return false, false
	case v.kind == absent:
		return w.isNil()
	case w.kind == absent:
		return v.isNil()
	case v.kind == object || w.kind == object:
		return false, v.kind != w.kind // a list or map and a plain value differ
	case v.kind == text:
		return w.kind == text && v.text == w.text, true
	case v.kind == w.kind && v.kind != fraction:
		return v.bits == w.bits, true
	case v.isNumber() && w.isNumber():
		return v.number() == w.number(), true
	}
	return false, true
}

// compare orders two numbers, texts or durations; known is false for all else. Not a number is in no order.
func (v value) compare(w value) (order order, known bool) {
	switch {
	case v.kind == whole && w.kind == whole, v.kind == lapse && w.kind == lapse:
		return orderOf(int64(v.bits), int64(w.bits)), true //nolint:gosec // the bits are what was kept
	case v.kind == text && w.kind == text:
		return orderOf(v.text, w.text), true
	case v.isNumber() && w.isNumber():
		return orderOf(v.number(), w.number()), true
	}
	return unordered, false
}

// order is how one value stands to another. Its values are bits, so that an operator is the set of those that satisfy it.
type order uint8

const (
	below     order = 1
	same      order = 2
	above     order = 4
	unordered order = 8
)

// orders are the operators of order, as the orders that satisfy them.
var orders = map[string]order{"<": below, "<=": below | same, ">": above, ">=": above | same}

func orderOf[T int64 | string | float64](a, b T) order {
	switch {
	case a < b:
		return below
	case a > b:
		return above
	case a == b:
		return same
	}
	return unordered
}
