package config

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a configuration.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1
	Column  int    `json:"column"` // from 1, in characters
	Code    string `json:"code"`   // kebab-case, such as unknown-queue
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // what would be right

	excerpt string
}

// String is the problem on one line:
//
//	desk.yaml:7:20: error[unknown-queue]: queue "biling" does not exist (did you mean "billing"?)
func (p Problem) String() string {
	if p.Hint == "" {
		return p.heading()
	}
	return fmt.Sprintf("%s (%s)", p.heading(), p.Hint)
}

// Text is the problem with the lines around it:
//
//	desk.yaml:7:20: error[unknown-queue]: queue "biling" does not exist
//	   5 |   - name: refunds
//	   6 |     when: ticket.subject contains "refund"
//	>  7 |     then: [{route: biling}]
//	                          ^
//	  did you mean "billing"?
func (p Problem) Text() string {
	text := p.heading() + "\n" + p.excerpt
	if p.Hint != "" {
		text += "  " + p.Hint + "\n"
	}
	return text
}

func (p Problem) heading() string {
	return fmt.Sprintf("%s:%d:%d: error[%s]: %s", p.File, p.Line, p.Column, p.Code, p.Message)
}

// Errors are all the problems of a source, at least one, in its order.
type Errors struct {
	Problems []Problem
	Omitted  int // problems beyond ProblemsMax
}

// Error is each problem on a line.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(append(lines, e.omitted()...), "\n")
}

// Text is each problem with the lines around it, an empty line between them.
func (e *Errors) Text() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Text()
	}
	for _, line := range e.omitted() {
		texts = append(texts, line+"\n")
	}
	return strings.Join(texts, "\n")
}

func (e *Errors) omitted() []string {
	if e.Omitted == 0 {
		return nil
	}
	return []string{fmt.Sprintf("and %d more problems", e.Omitted)}
}

// errors puts the problems found in the order of the source.
func (r *reader) errors() *Errors {
	slices.SortStableFunc(r.problems, func(a, b found) int { return a.at - b.at })
	told := r.problems[:min(len(r.problems), ProblemsMax)]
	e := &Errors{Omitted: len(r.problems) - len(told) + r.omitted}
	for _, f := range told {
		e.Problems = append(e.Problems, r.source.place(f.Problem, f.at))
	}
	return e
}
