package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/file"
)

// Result is what one pass did.
type Result struct {
	// Matched are the indexes of the rules that matched, in order.
	Matched []int
	// Stop is the index of the rule that ended the pass, or -1.
	Stop int
	// Evaluated counts the conditions that were evaluated.
	Evaluated int
	// Failed are the rules whose evaluation failed, and so did not match, in order.
	Failed []Problem
	// Changed is all that the actions changed.
	Changed Changed
}

func (r *Result) reset() {
	clear(r.Failed)
	*r = Result{Matched: r.Matched[:0], Stop: -1, Failed: r.Failed[:0]}
}

// failure words an evaluation error.
func failure(like Problem, source string, err error) Problem {
	f := finding{message: reworded(err.Error())}
	var at *file.Error
	if errors.As(err, &at) {
		f = finding{offset: at.From, message: reworded(at.Message)}
	}
	return problems(like, source, []finding{f})[0]
}

// reworded says what Go's runtime or expr means in the terms of the language.
func reworded(message string) string {
	message = strings.TrimPrefix(firstLine(message), "runtime error: ")
	if message == "memory budget exceeded" {
		return fmt.Sprintf("builds lists of more than %d elements", elementsMax)
	}
	if types, ok := strings.CutPrefix(message, "interface conversion: interface {} is "); ok {
		return "got " + types
	}
	if given, ok := strings.CutPrefix(message, "invalid operation: bool("); ok {
		return fmt.Sprintf("gives %s; a condition gives true or false", strings.TrimSuffix(given, ")"))
	}
	return message
}
