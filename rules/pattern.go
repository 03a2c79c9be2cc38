package rules

import (
	"fmt"
	"regexp/syntax"
	"strings"

	"github.com/expr-lang/expr/ast"
)

const (
	// patternBytesMax bounds the source of a pattern.
	patternBytesMax = 1 << 10
	// patternStatesMax bounds a pattern once its repetitions are written out: a match costs states times length of text,
	// and 1,024 bytes can ask for a million.
	patternStatesMax = 5_000
)

// patternProblem says why a pattern is refused; empty when it is not. The syntax is RE2's, as in package regexp.
func patternProblem(pattern string) string {
	if len(pattern) > patternBytesMax {
		return fmt.Sprintf("a pattern of %d bytes, at most %d", len(pattern), patternBytesMax)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "bad pattern: " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	if n := states(tree); n > patternStatesMax {
		return fmt.Sprintf("a pattern of %d states with its repetitions written out, at most %d", n, patternStatesMax)
	}
	return ""
}

// statesOf is the number of states of a constant pattern.
func statesOf(node ast.Node) int {
	if literal, ok := node.(*ast.StringNode); ok {
		if tree, err := syntax.Parse(literal.Value, syntax.Perl); err == nil {
			return states(tree)
		}
	}
	return patternStatesMax
}

// states estimates the instructions that a pattern compiles to. syntax.Parse has bounded the product of repetitions, so
// the sum cannot overflow.
func states(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += states(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return n
}
