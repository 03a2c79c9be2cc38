package core

import "encoding/json"

// Opt is a value that a command may leave out. The zero Opt is "not given"; a
// given zero value clears. In JSON, an absent key is not given and null clears.
type Opt[T comparable] struct {
	Given bool
	Value T
}

// Some returns a given value.
func Some[T comparable](v T) Opt[T] { return Opt[T]{Given: true, Value: v} }

// IsZero reports "not given", for the omitzero JSON option.
func (o Opt[T]) IsZero() bool { return !o.Given }

// MarshalJSON renders the value; a zero one as null.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	var zero T
	if o.Value == zero {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// UnmarshalJSON reads a value; null is a given zero value.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	o.Given = true
	if string(data) == "null" {
		var zero T
		o.Value = zero
		return nil
	}
	return json.Unmarshal(data, &o.Value)
}
