package yaml

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text gathers a scalar that does not stand in the source as it is.
type text struct {
	bytes  []byte
	pieces []piece
}

// from adds a run of the source.
func (t *text) from(src string, start, end int) { t.add(src[start:end], start) }

// add adds what stands for the source from the byte at on.
func (t *text) add(s string, at int) {
	t.pieces = append(t.pieces, piece{text: len(t.bytes), src: at})
	t.bytes = append(t.bytes, s...)
}

// fold adds n line breaks as texts over several lines read them: one is a
// space, of more the first vanishes (YAML 1.2.2, section 6.5).
func (t *text) fold(n, at int) {
	if n == 1 {
		t.add(" ", at)
		return
	}
	t.add(strings.Repeat("\n", n-1), at)
}

// plainEnd finds where a plain text ends on the line of start, and whether it
// ends at a colon that makes it a key.
func (p *parser) plainEnd(start int, flow bool) (end int, colon bool) {
	i := start
scan:
	for ; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '\n':
			break scan
		case c == '#' && i > start && isSpace(p.src[i-1]):
			break scan
		case flow && flowIndicator(c):
			break scan
		case c == ':' && (p.breaks(i+1) || flow && flowIndicator(p.src[i+1])):
			colon = true
			break scan
		}
	}
	for i > start && isSpace(p.src[i-1]) {
		i--
	}
	return i, colon
}

// plain reads a text without quotes, which may go on over further lines.
func (p *parser) plain(parent int, flow bool) *Node {
	start := p.at
	end, _ := p.plainEnd(start, flow)
	t := &text{}
	t.from(p.src, start, end)
	lines := 1
	for p.at = end; ; lines++ {
		at, breaks := p.continues(parent, flow)
		if breaks == 0 {
			break
		}
		t.fold(breaks, end)
		p.at, p.line = at, p.lineOf(at)
		end, _ = p.plainEnd(at, flow)
		t.from(p.src, at, end)
		p.at = end
	}
	if lines == 1 {
		return &Node{Kind: resolve(p.src[start:end]), Start: start, End: end, Text: p.src[start:end], body: start}
	}
	p.goesOn = p.line
	return &Node{Kind: Text, Start: start, End: end, Text: string(t.bytes), pieces: t.pieces}
}

// continues finds the next line of a plain text: where it starts and how many
// line breaks come before it, 0 if the text ends here.
func (p *parser) continues(parent int, flow bool) (at, breaks int) {
	ahead := parser{src: p.src, at: p.at, line: p.line}
	for ; ahead.at < len(ahead.src) && isSpace(ahead.src[ahead.at]); ahead.at++ {
		if ahead.src[ahead.at] == '\n' {
			breaks++
			ahead.line = ahead.at + 1
		}
	}
	switch {
	case !ahead.within(parent), ahead.src[ahead.at] == '#':
		return 0, 0
	case flow && flowIndicator(ahead.src[ahead.at]):
		return 0, 0
	}
	if end, _ := ahead.plainEnd(ahead.at, flow); end == ahead.at {
		return 0, 0
	}
	return ahead.at, breaks
}

func (p *parser) lineOf(at int) int {
	return strings.LastIndexByte(p.src[:at], '\n') + 1
}

// quoted reads a text in single or double quotes.
func (p *parser) quoted(parent int) *Node {
	start, quote := p.at, p.src[p.at]
	t := &text{}
	for p.at++; !p.eof(); {
		run := p.at
		for p.at < len(p.src) && p.src[p.at] != quote && p.src[p.at] != '\n' && (quote == '\'' || p.src[p.at] != '\\') {
			p.at++
		}
		kept := len(t.bytes)
		t.from(p.src, run, p.at)
		switch {
		case p.eof():
		case p.src[p.at] == '\n':
			if !p.quotedBreak(t, kept, parent) {
				return p.unclosed(start)
			}
		case p.src[p.at] == '\\':
			if !p.escape(t, parent) {
				return p.unclosed(start)
			}
		case quote == '\'' && strings.HasPrefix(p.src[p.at:], "''"):
			t.add("'", p.at)
			p.at += 2
		default:
			t.add("", p.at)
			p.at++
			return &Node{Kind: Text, Quoted: true, Start: start, End: p.at, Text: string(t.bytes), pieces: t.pieces}
		}
	}
	return p.unclosed(start)
}

func (p *parser) unclosed(start int) *Node {
	p.report(start, CodeUnclosed, "", "the quote %s is not closed", p.src[start:start+1])
	return &Node{Kind: Text, Quoted: true, Start: start, End: min(start+1, len(p.src)), body: start}
}

// quotedBreak folds the line break here, without the spaces around it. The
// text keeps at least its first kept bytes: an escaped space stays.
func (p *parser) quotedBreak(t *text, kept, parent int) bool {
	end := len(t.bytes)
	for end > kept && isSpace(t.bytes[end-1]) {
		end--
	}
	t.bytes = t.bytes[:end]
	at := p.at
	breaks := p.quotedLines()
	t.fold(breaks, at)
	return p.within(parent)
}

// quotedLines moves over white space and counts its line breaks.
func (p *parser) quotedLines() (breaks int) {
	for ; !p.eof() && isSpace(p.src[p.at]); p.at++ {
		if p.src[p.at] == '\n' {
			breaks++
			p.line = p.at + 1
		}
	}
	return breaks
}

// within reports whether the line here can belong to a value below parent.
func (p *parser) within(parent int) bool {
	marked := p.column() == 0 && (p.marker("---") || p.marker("..."))
	return !p.eof() && !marked && p.column() > parent
}

// Escapes of double-quoted texts (YAML 1.2.2, section 5.7).
var (
	escapes = map[byte]string{
		'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
		' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
	}
	escapeDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}
)

// escape reads a backslash and what it stands for. A wrong one is reported and
// stands for nothing; false means that the text ends within it.
func (p *parser) escape(t *text, parent int) bool {
	at := p.at
	if at+1 >= len(p.src) {
		return false
	}
	c := p.src[at+1]
	if c == '\n' || c == '\r' { // an escaped break is none; empty lines after it count
		p.at = at + 1
		if breaks := p.quotedLines(); breaks > 1 {
			t.fold(breaks, at)
		}
		return p.within(parent)
	}
	if s, ok := escapes[c]; ok {
		t.add(s, at)
		p.at += 2
		return true
	}
	r, size := p.codePoint(at)
	if size == 0 {
		p.at += 2
		p.report(at, CodeSyntax, `write \\ for a backslash, or use single quotes`, "%s is no escape", p.src[at:at+2])
		return true
	}
	t.add(string(r), at)
	p.at += size
	return true
}

// codePoint reads an escape in hexadecimal digits, and a pair of surrogates as
// JSON writes it; size 0 if there is none.
func (p *parser) codePoint(at int) (r rune, size int) {
	r, size = p.hexadecimal(at)
	if utf16.IsSurrogate(r) {
		low, lowSize := p.hexadecimal(at + size)
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return 0, 0
		}
		size += lowSize
	}
	if size == 0 || !utf8.ValidRune(r) {
		return 0, 0
	}
	return r, size
}

func (p *parser) hexadecimal(at int) (r rune, size int) {
	if at+1 >= len(p.src) || p.src[at] != '\\' {
		return 0, 0
	}
	n := escapeDigits[p.src[at+1]]
	if n == 0 || at+2+n > len(p.src) {
		return 0, 0
	}
	v, err := strconv.ParseUint(p.src[at+2:at+2+n], 16, 31)
	if err != nil {
		return 0, 0
	}
	return rune(v), 2 + n
}
