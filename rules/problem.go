package rules

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a rule, a condition or the options, or one evaluation that failed.
type Problem struct {
	// Rule is the rule's index in its set; -1 when the problem is not a rule's.
	Rule int `json:"rule"`
	// Name is the rule's name, as given.
	Name string `json:"name"`
	// Field is where below the rule: name, on[1], when; else condition, or options.bare and the like.
	Field string `json:"field"`
	// Line and Column count from 1 within the field's source, Column in characters; both are 0 when the field has no source.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Message says what is wrong.
	Message string `json:"message"`
	// Snippet is the source line and, below it, a caret; empty when the field has no source.
	Snippet string `json:"snippet,omitempty"`
	// Hint is what to try, when there is a good guess.
	Hint string `json:"hint,omitempty"`
}

// Error renders the problem over several lines:
//
//	rules: rule "refunds" when 1:8: unknown name subjct
//	   ticket.subjct contains "refund"
//	          ^
//	   did you mean "subject"?
func (p Problem) Error() string {
	var out strings.Builder
	out.WriteString("rules: ")
	out.WriteString(p.where())
	out.WriteString(": ")
	out.WriteString(p.Message)
	for line := range strings.Lines(p.Snippet) {
		out.WriteString("\n   ")
		out.WriteString(strings.TrimSuffix(line, "\n"))
	}
	if p.Hint != "" {
		out.WriteString("\n   ")
		out.WriteString(p.Hint)
	}
	return out.String()
}

func (p Problem) where() string {
	where := p.Field
	switch {
	case p.Rule >= 0 && p.Name == "":
		where = fmt.Sprintf("rule #%d %s", p.Rule, p.Field)
	case p.Rule >= 0:
		where = fmt.Sprintf("rule %q %s", p.Name, p.Field)
	}
	if p.Line > 0 {
		where += fmt.Sprintf(" %d:%d", p.Line, p.Column)
	}
	return where
}

// Problems are all the problems found, in the order of rules and, within a source, of position.
type Problems []Problem

// Error renders every problem, each starting on its own line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single Problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

func (ps Problems) orNil() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

func optionProblem(field, message string) Problem {
	return Problem{Rule: -1, Field: "options." + field, Message: message}
}
