// Package yaml reads the YAML in which configurations are written and keeps the
// place of every byte of it, so that a problem found later, even inside a
// condition, can be shown where it stands.
//
// What: mappings, lists and texts in block and flow form, plain, quoted,
// literal and folded texts, comments, one document. What a configuration does
// not need and what makes files surprising or expensive is refused with a
// sentence: anchors, aliases, merge keys, tags, directives, keys that are not
// texts, further documents, tabs in indentation.
//
// Contract: Parse reports all the problems that it can tell apart and reads in
// time and memory linear in the source, within BytesMax, NodesMax and DepthMax.
// A tree is complete only if there is no problem. Plain texts are resolved by
// the core schema of YAML 1.2.2 (section 10.3), with decimal integers only.
//
// Concurrency: Parse keeps no state; a Node is not written to after it.
//
// Why not a general reader: the one that was tried, goccy/go-yaml v1.19.2, stops
// at the first problem, puts the place of a block text behind it, takes
// {mon: [09:00-12:00]} for a mapping within the list, and needs minutes for some
// files of 256 KiB. The tests hold this package against the YAML test suite.
//
// Caveats: duplicate keys are kept, in order: whoever knows the meaning of a
// mapping judges them.
package yaml

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds on a source.
const (
	BytesMax    = 4 << 20 // its size
	NodesMax    = 1 << 19 // values and keys
	DepthMax    = 64      // collections within collections
	ProblemsMax = 100     // problems reported; reading ends there
)

// Problem is a place where the source is not what can be read.
type Problem struct {
	At      int    // byte offset into the source
	Code    string // kebab-case
	Message string
	Hint    string // what would be right; may be empty
}

// The codes of problems.
const (
	CodeSyntax      = "yaml-syntax"
	CodeIndentation = "yaml-indentation"
	CodeTab         = "yaml-tab"
	CodeUnclosed    = "yaml-unclosed"
	CodeUnsupported = "yaml-unsupported"
	CodeEncoding    = "encoding"
	CodeTooLarge    = "too-large"
)

// Parse reads a source of one document. An empty source is a Null node. With
// problems, the tree holds what could be read around them.
func Parse(src string) (*Node, []Problem) {
	p := &parser{src: src, firstOf: -1, goesOn: -1}
	if !p.admit() {
		return nullAt(0), p.problems
	}
	root := p.document()
	return root, p.problems
}

// parser reads by recursive descent. Block structure follows columns: a nested
// value stands in a column beyond that of its parent.
type parser struct {
	src      string // shortened where reading has to end
	at       int    // the next byte
	line     int    // the first byte of the current line
	goesOn   int    // the line with which a plain text went on; -1 for none
	bare     int    // where the last plain text began that stands behind no key
	first    int    // the first byte that is not space in the line at firstOf
	firstOf  int
	nodes    int
	depth    int
	problems []Problem
	over     bool // a bound was met: what follows is not worth reporting
}

// admit checks what holds for the source as a whole.
func (p *parser) admit() bool {
	if len(p.src) > BytesMax {
		p.report(0, CodeTooLarge, "", "the source has %d bytes, at most %d are read", len(p.src), BytesMax)
		return false
	}
	p.at = len(p.src) - len(strings.TrimPrefix(p.src, "\ufeff"))
	p.line = p.at
	p.admitCharacters()
	p.admitIndentation()
	return len(p.problems) == 0
}

// admitCharacters refuses what is not text (YAML 1.2.2, section 5.1). The first
// such place tells enough: the rest is often the same.
func (p *parser) admitCharacters() {
	for i := p.at; i < len(p.src); {
		r, size := utf8.DecodeRuneInString(p.src[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			p.report(i, CodeEncoding, "save the file as UTF-8", "the byte 0x%02x is not UTF-8", p.src[i])
			return
		case r == '\r' && !strings.HasPrefix(p.src[i:], "\r\n"):
			p.report(i, CodeEncoding, "end lines with a line feed", "a carriage return stands alone")
			return
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f, r == 0xfeff:
			p.report(i, CodeEncoding, "", "the control character %U cannot stand in a configuration", r)
			return
		}
		i += size
	}
}

// admitIndentation refuses tabs before the first character of a line.
func (p *parser) admitIndentation() {
	for start := p.at; start < len(p.src); {
		end := lineEnd(p.src, start)
		line := p.src[start:end]
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && strings.Trim(line, " \t\r") != "" {
			p.report(start+tab, CodeTab, "indent with spaces", "a tab cannot indent a line")
		}
		start = end + 1
	}
}

// document reads the root value and refuses what follows it.
func (p *parser) document() *Node {
	whole := p.src
	p.blank()
	if p.marker("---") && p.at == p.line {
		p.at += len("---")
		if p.next(); !p.eof() && !p.fresh() {
			p.report(p.at, CodeSyntax, "put it on a line of its own", "there is text after the document marker")
		}
	}
	p.next()
	if p.eof() {
		return nullAt(len(p.src))
	}
	if p.src[p.at] == '%' {
		p.report(p.at, CodeUnsupported, "", "directives such as %%YAML are not read here")
		return p.abandon(-1)
	}
	root := p.block(-1, false)
	for p.next(); !p.eof(); p.next() {
		p.garbage(-1)
	}
	p.further(whole)
	return root
}

// further refuses a second document after the marker at which reading ended.
func (p *parser) further(whole string) {
	rest := &parser{src: whole, at: len(p.src), line: len(p.src)}
	for rest.marker("...") {
		rest.at += len("...")
		rest.blank()
	}
	if p.over || rest.eof() {
		return
	}
	p.report(rest.at, CodeUnsupported, "keep one configuration in a file", "a second document starts here")
}

// next moves to the next content: over spaces, comments and line breaks. The
// source ends at a document marker.
func (p *parser) next() {
	p.blank()
	if p.at == p.line && (p.marker("---") || p.marker("...")) {
		p.src = p.src[:p.at]
	}
}

func (p *parser) blank() {
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == '\n':
			p.at++
			p.line = p.at
		case c == ' ' || c == '\t' || c == '\r':
			p.at++
		case c == '#' && p.spaced():
			p.at = lineEnd(p.src, p.at)
		default:
			return
		}
	}
}

// spaced reports whether the next byte stands at a line's start or after space,
// as a comment must.
func (p *parser) spaced() bool {
	return p.at == p.line || isSpace(p.src[p.at-1])
}

// marker reports whether a document marker stands here.
func (p *parser) marker(text string) bool {
	return strings.HasPrefix(p.src[p.at:], text) && p.breaks(p.at+len(text))
}

// indicator reports whether the byte c stands here, followed by space.
func (p *parser) indicator(c byte) bool {
	return p.src[p.at] == c && p.breaks(p.at+1)
}

// breaks reports whether a space, a line's end or the source's end is at i.
func (p *parser) breaks(i int) bool {
	return i >= len(p.src) || isSpace(p.src[i])
}

func (p *parser) eof() bool   { return p.at >= len(p.src) }
func (p *parser) column() int { return p.at - p.line }

// fresh reports whether only spaces stand before here on the line.
func (p *parser) fresh() bool {
	if p.firstOf != p.line || p.first < p.line {
		p.firstOf = p.line
		p.first = p.line + spaces(p.src[p.line:])
	}
	return p.at <= p.first
}

// enter counts a node, one level deeper. Over a bound it ends the source.
func (p *parser) enter() bool {
	p.nodes++
	p.depth++
	switch {
	case p.depth > DepthMax:
		p.report(p.at, CodeTooLarge, "", "values are nested more than %d deep", DepthMax)
	case p.nodes > NodesMax:
		p.report(p.at, CodeTooLarge, "", "there are more than %d values", NodesMax)
	default:
		return true
	}
	p.stop()
	return false
}

func (p *parser) leave() { p.depth-- }

// stop ends the source here; nothing more is reported.
func (p *parser) stop() {
	p.src = p.src[:min(p.at, len(p.src))]
	p.over = true
}

func (p *parser) report(at int, code, hint, format string, args ...any) {
	if p.over {
		return
	}
	p.problems = append(p.problems, Problem{At: at, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
	if len(p.problems) == ProblemsMax {
		p.stop()
	}
}

// recover leaves the rest of the line and all deeper lines after it: what a
// problem has made unreadable.
func (p *parser) recover(column int) {
	for {
		p.at = lineEnd(p.src, p.at)
		p.next()
		if p.eof() || p.column() <= column {
			return
		}
	}
}

// abandon gives up the value here and whatever is nested below it.
func (p *parser) abandon(parent int) *Node {
	at := p.at
	p.recover(parent)
	return nullAt(at)
}

func lineEnd(src string, at int) int {
	if i := strings.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(src)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
