package core

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Problem is one thing wrong with a configuration.
type Problem struct {
	Path    []any  // from the configuration's root: map keys (string) and list indexes (int)
	Code    string // such as unknown-queue
	Message string
	Hint    string // what would be right; may be empty
	// Offset and Length are the byte range within the text at Path that is
	// meant; Length 0 means all of it.
	Offset, Length int
}

// Error renders "core: rules[3].when: bad-expression: unknown name subjct".
func (p Problem) Error() string {
	text := fmt.Sprintf("core: %s: %s: %s", pathText(p.Path), p.Code, p.Message)
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

// Problems are all the problems of a configuration, in the order in which
// Compile looks at it.
type Problems []Problem

// Error renders each problem on a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

func pathText(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch s := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", s)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, s)
		}
	}
	return b.String()
}

// path joins the steps to a place in the configuration.
func path(steps ...any) []any { return steps }

// byteOffset finds a line and column (both from 1, the column in characters)
// within a text.
func byteOffset(text string, line, column int) int {
	offset := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(text[offset:], '\n')
		if i < 0 {
			return len(text)
		}
		offset += i + 1
	}
	for ; column > 1 && offset < len(text); column-- {
		_, size := utf8.DecodeRuneInString(text[offset:])
		offset += size
	}
	return offset
}
