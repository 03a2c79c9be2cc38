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
		p.Message, p.Hint = f.message, f.hint
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

// snippet gives the line and a caret below the column, aligned as a terminal shows it.
func snippet(source string, line, column int) string {
	text := strings.TrimSuffix(strings.Split(source, "\n")[line-1], "\r")
	text = strings.Map(printable, text)
	var out strings.Builder
	out.WriteString(text)
	out.WriteByte('\n')
	for _, r := range text {
		if column--; column == 0 {
			break
		}
		out.WriteString(blank(r))
	}
	out.WriteByte('^')
	return out.String()
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
