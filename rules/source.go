package rules

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// A finding is a problem in a source, before it is known whose source that is.
type finding struct {
	offset  int // in characters from the start of the source, as expr counts
	message string
	hint    string
}

// problems turns the findings of one source into problems like the given one, in the order of position.
func problems(like Problem, source string, findings []finding) []Problem {
	slices.SortStableFunc(findings, func(a, b finding) int { return cmp.Compare(a.offset, b.offset) })
	out := make([]Problem, 0, len(findings))
	for _, f := range findings {
		p := like
		p.Line, p.Column = position(source, f.offset)
		p.Message, p.Hint = strings.Map(printable, f.message), f.hint
		p.Snippet = snippet(source, p.Line, p.Column)
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// position gives the line and column, both from 1, of the character at an offset.
func position(source string, offset int) (line, column int) {
	line, column = 1, 1
	for _, r := range source {
		if offset == 0 {
			break
		}
		offset--
		if r == '\n' {
			line, column = line+1, 1
		} else {
			column++
		}
	}
	return line, column
}

// snippetMax bounds the characters of a line that a snippet shows.
const snippetMax = 120

// snippet gives the line and a caret below the column, aligned as a terminal shows it. Of a long line it gives the part
// around the column.
func snippet(source string, line, column int) string {
	text, at := window(lineOf(source, line), column-1)
	var out strings.Builder
	for _, r := range text {
		out.WriteRune(printable(r))
	}
	out.WriteByte('\n')
	for _, r := range text[:at] {
		out.WriteString(blank(r))
	}
	out.WriteByte('^')
	return out.String()
}

func lineOf(source string, line int) []rune {
	for text := range strings.Lines(source) {
		if line--; line == 0 {
			return []rune(strings.TrimRight(text, "\r\n"))
		}
	}
	return nil // the empty line after a last line feed
}

// window cuts a long line, and gives where in the rest the character at a place is.
func window(text []rune, at int) ([]rune, int) {
	at = min(at, len(text))
	if len(text) <= snippetMax {
		return text, at
	}
	from, to := max(0, at-snippetMax/2), min(len(text), at+snippetMax/2)
	out := slices.Clone(text[from:to])
	if to < len(text) {
		out = append(out, '…')
	}
	if from > 0 {
		out = slices.Insert(out, 0, '…')
		at++
	}
	return out, at - from
}

// printable keeps a source from steering the terminal that shows it.
func printable(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return unicode.ReplacementChar
	}
	return r
}

// blank is the white space as wide as r: wide characters (Unicode TR 11, the scripts and pictographs that matter) take two
// cells, marks and joiners none.
func blank(r rune) string {
	switch {
	case r == '\t':
		return "\t"
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return ""
	case unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana), unicode.Is(pictographs, r):
		return "  "
	}
	return " "
}

// pictographs are the blocks of emoji, and of full-width punctuation and forms.
var pictographs = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3000, Hi: 0x303e, Stride: 1}, {Lo: 0xff01, Hi: 0xff60, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x1f300, Hi: 0x1faff, Stride: 1}},
}
