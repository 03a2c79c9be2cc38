package config

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Bounds of an excerpt.
const (
	excerptLines = 2   // before and after the line that is meant
	excerptWidth = 120 // characters of a line
)

// source is a text with its lines.
type source struct {
	name  string
	text  string
	lines []int // the first byte of each
}

func newSource(name, text string) *source {
	s := &source{name: name, text: text}
	start := len(text) - len(strings.TrimPrefix(text, "\ufeff"))
	s.lines = append(s.lines, start)
	for i := start; i < len(text); i++ {
		if text[i] == '\n' && i+1 < len(text) {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// place completes a problem with where it is.
func (s *source) place(p Problem, at int) Problem {
	i := s.index(at)
	line := s.line(i)
	before := line[:min(max(at-s.lines[i], 0), len(line))]
	p.File, p.Line, p.Column = s.name, i+1, utf8.RuneCountInString(before)+1
	p.excerpt = s.excerpt(i, p.Column)
	return p
}

// index finds the line of a byte.
func (s *source) index(at int) int {
	return max(sort.SearchInts(s.lines, at+1)-1, 0)
}

// line returns the line of an index, without its end.
func (s *source) line(i int) string {
	end := len(s.text)
	if i+1 < len(s.lines) {
		end = s.lines[i+1]
	}
	return strings.TrimRight(s.text[s.lines[i]:end], "\r\n")
}

// excerpt shows the lines around the line of an index, and a caret below the
// column in it.
func (s *source) excerpt(i, column int) string {
	var b strings.Builder
	skip := max(column-excerptWidth*2/3, 0)
	if utf8.RuneCountInString(s.line(i)) <= excerptWidth {
		skip = 0
	}
	digits := max(len(fmt.Sprint(i+1+excerptLines)), 3)
	last := min(i+excerptLines, len(s.lines)-1)
	for n := max(i-excerptLines, 0); n <= last; n++ {
		mark, from := ' ', 0
		if n == i {
			mark, from = '>', skip
		}
		shown, _ := cut(s.line(n), from, excerptWidth)
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%c%*d | %s", mark, digits, n+1, shown), " "))
		if n == i {
			_, before := cut(s.line(i), from, column-1-from)
			fmt.Fprintf(&b, "%*s%s^\n", 1+digits+len(" | "), "", before)
		}
	}
	return b.String()
}

// cut returns at most width characters of a line from the character from on,
// with an ellipsis for what is left out, and the blank of the same width on a
// terminal.
func cut(line string, from, width int) (shown, blank string) {
	var text, space strings.Builder
	n := 0
	for _, r := range line {
		if n++; n <= from && n > 1 {
			continue
		}
		switch {
		case n == 1 && from > 0, n == from+width+1:
			r = '…'
		case n > from+width:
			return text.String(), space.String()
		case r < ' ' && r != '\t', r == 0x7f:
			r = utf8.RuneError
		}
		text.WriteRune(r)
		if n <= from+width {
			space.WriteString(blankOf(r))
		}
	}
	return text.String(), space.String()
}

// blankOf is space as wide as a character.
func blankOf(r rune) string {
	switch {
	case r == '\t':
		return "\t"
	case wide(r):
		return "  "
	default:
		return " "
	}
}

// wide reports whether terminals give a character two columns: the blocks that
// are wide in Unicode's EastAsianWidth.txt, and emoji.
func wide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0x303e || r >= 0x3041 && r <= 0xa4cf ||
		r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f ||
		r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd)
}
