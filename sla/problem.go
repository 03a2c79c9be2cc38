package sla

import (
	"fmt"
	"strings"
)

// A Problem is one fault of a [CalendarSpec].
type Problem struct {
	// Path names the faulty part by the keys of the spec: `hours.mon-fri[1]`, `holidays[0]`,
	// `exceptions.2025-12-24[0]`, `zone`. A fault of the spec as a whole has an empty path.
	Path string

	// Message says what is wrong, quoting the value.
	Message string

	// Hint says what to write instead, if that is known.
	Hint string
}

// String is `path: message (hint)`, without the parts that are empty.
func (p Problem) String() string {
	text := p.Message
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// A SpecError holds every problem of a [CalendarSpec], in the order of its fields; dates and
// days are in the order of their text.
type SpecError struct {
	Problems []Problem // at least one
}

// Error joins all problems with semicolons.
func (e *SpecError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return "sla: read calendar: " + strings.Join(texts, "; ")
}

// add appends a problem; the message is formatted with args.
func (e *SpecError) add(path, hint, message string, args ...any) {
	e.Problems = append(e.Problems, Problem{Path: path, Message: fmt.Sprintf(message, args...), Hint: hint})
}

// orNil is e as an error, or nil if it holds no problem.
func (e *SpecError) orNil() error {
	if len(e.Problems) == 0 {
		return nil
	}
	return e
}
