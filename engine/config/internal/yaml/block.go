package yaml

import (
	"regexp"
	"strings"
)

// block reads the value that starts here, below a parent in column parent.
// Behind a key on the key's own line, no list item and no further key may stand.
func (p *parser) block(parent int, behindKey bool) *Node {
	if !p.enter() {
		return nullAt(p.at)
	}
	defer p.leave()
	switch c := p.src[p.at]; {
	case p.indicator('-'):
		if behindKey {
			p.report(p.at, CodeSyntax, `put "- " on the next line, indented`, "a list item cannot stand on the line of its key")
			return p.abandon(parent)
		}
		return p.sequence(p.column(), parent)
	case c == '|' || c == '>':
		return p.blockScalar(parent)
	case c == '[' || c == '{':
		return p.flowInBlock(parent)
	case !p.startable(false):
		return p.abandon(parent)
	}
	if !behindKey {
		if key := p.tryKey(); key != nil {
			return p.mapping(key.Start-p.line, key)
		}
		p.bare = p.at
	}
	if c := p.src[p.at]; c == '"' || c == '\'' {
		return p.quoted(parent)
	}
	return p.plain(parent, false)
}

// startable reports whether a text can start here, and says why not.
func (p *parser) startable(flow bool) bool {
	c := p.src[p.at]
	switch {
	case c == '&' || c == '*':
		p.report(p.at, CodeUnsupported, "write the value out, or put it in quotes", "a text cannot start with %q: anchors and aliases are not read here", string(c))
	case c == '!':
		p.report(p.at, CodeUnsupported, "write the value without it, or put it in quotes", `a text cannot start with "!": tags are not read here`)
	case p.indicator('?'):
		p.report(p.at, CodeUnsupported, "write key: value", `keys marked with "?" are not read here`)
	case c == '%' || c == '@' || c == '`' || c == '|' || c == '>':
		p.report(p.at, CodeSyntax, "put it in quotes", "a text cannot start with %q", string(c))
	case c == ']' || c == '}' || c == ',' || c == '#', c == ':' && p.breaks(p.at+1), flow && c == '-' && p.endsFlow(p.at+1):
		p.report(p.at, CodeSyntax, "", "%q has no place here", string(c))
	default:
		return true
	}
	return false
}

// mapping reads a block mapping in column, whose first key has been read up to
// its colon.
func (p *parser) mapping(column int, key *Node) *Node {
	n := &Node{Kind: Map, Start: key.Start}
	for ; key != nil; key = p.nextKey(column) {
		p.at++ // the colon
		value := p.value(column)
		n.Pairs = append(n.Pairs, Pair{Key: key, Value: value})
		n.End = max(key.End, value.End)
	}
	return n
}

// value reads what belongs to a key in column, from behind its colon.
func (p *parser) value(column int) *Node {
	after := p.at
	p.next()
	switch {
	case p.eof():
		return nullAt(after)
	case !p.fresh():
		return p.block(column, true)
	case p.column() > column:
		return p.block(column, false)
	case p.column() == column && p.indicator('-'):
		return p.sequence(column, column)
	default:
		return nullAt(after)
	}
}

// nextKey moves to the next key of the mapping in column; nil if there is none.
func (p *parser) nextKey(column int) *Node {
	for p.next(); !p.eof(); p.next() {
		switch {
		case !p.fresh() || p.column() > column:
			p.garbage(column)
			continue
		case p.column() < column:
			return nil
		}
		if key := p.tryKey(); key != nil {
			return key
		}
		p.noKey(column)
	}
	return nil
}

// tryKey reads a key up to its colon, if one starts here.
func (p *parser) tryKey() *Node {
	p.nodes++
	start := p.at
	switch c := p.src[p.at]; c {
	case '"', '\'':
		quiet := &parser{src: p.src[:lineEnd(p.src, p.at)], at: p.at, line: p.line}
		key := quiet.quoted(quiet.column())
		colon := quiet.at + spaces(quiet.src[quiet.at:])
		if len(quiet.problems) > 0 || colon >= len(quiet.src) || p.src[colon] != ':' || !p.breaks(colon+1) {
			return nil
		}
		p.at = colon
		return key
	case '[', '{', '|', '>', '&', '*', '!', '%', '@', '`', '#', ',', ']', '}':
		return nil
	}
	end, colon := p.plainEnd(start, false)
	if !colon || end == start || p.indicator('-') || p.indicator('?') {
		return nil
	}
	if p.src[start:end] == "<<" {
		p.report(start, CodeUnsupported, "write the value out", "merge keys are not read here")
	}
	p.at = end + spaces(p.src[end:])
	return &Node{Kind: resolve(p.src[start:end]), Start: start, End: end, Text: p.src[start:end], body: start}
}

// noKey says what stands where a key should.
func (p *parser) noKey(column int) {
	line := p.src[p.at:lineEnd(p.src, p.at)]
	switch {
	case p.indicator('-'):
		p.report(p.at, CodeIndentation, "indent the list below its key", "a list item stands where a key is expected")
	case !p.startable(false):
	case line[0] == '[' || line[0] == '{':
		p.report(p.at, CodeUnsupported, "", "a key is a text on one line")
	case line[0] == '"' || line[0] == '\'':
		p.report(p.at, CodeSyntax, `write "key": value, the quote closed`, "a key with its colon is expected here")
	default:
		p.report(p.at, CodeSyntax, "write key: value, with a space after the colon", "a key with its colon is expected here")
	}
	p.recover(column)
}

// sequence reads a block list in column. A list may stand in the column of the
// key that it belongs to.
func (p *parser) sequence(column, parent int) *Node {
	n := &Node{Kind: List, Start: p.at}
	for more := true; more; more = p.nextItem(column, parent) {
		p.at++ // the dash
		item := p.item(column)
		n.Items = append(n.Items, item)
		n.End = max(n.Start+1, item.End)
	}
	return n
}

// item reads what belongs to a list item in column, from behind its dash.
func (p *parser) item(column int) *Node {
	after := p.at
	p.next()
	if p.eof() || p.fresh() && p.column() <= column {
		p.nodes++
		return nullAt(after)
	}
	return p.block(column, false)
}

// nextItem moves to the next item of the list in column.
func (p *parser) nextItem(column, parent int) bool {
	for p.next(); !p.eof(); p.next() {
		switch {
		case !p.fresh() || p.column() > column:
			p.garbage(column)
		case p.column() < column:
			return false
		case p.indicator('-'):
			return true
		case parent == column:
			return false // the next key of the mapping that the list belongs to
		default:
			p.report(p.at, CodeIndentation, `start it with "- ", or change its indentation`, "this line is indented like a list item and is none")
			p.recover(column)
		}
	}
	return false
}

// garbage reports what stands where nothing can: behind a value, or indented
// more than its neighbours. column is that of the collection around it.
func (p *parser) garbage(column int) {
	colon := p.src[p.at] == ':' && p.breaks(p.at+1)
	switch {
	case colon && p.goesOn == p.line && tightKey.MatchString(p.src[p.bare:]):
		at := p.bare + strings.IndexByte(p.src[p.bare:], ':')
		p.report(at, CodeSyntax, "write key: value", "a space is missing behind this colon")
	case colon && p.goesOn == p.line:
		p.report(p.line+spaces(p.src[p.line:]), CodeIndentation, "indent it like its neighbours, or put the text in quotes", "this line goes on with the text of the line before")
	case colon:
		p.report(p.at, CodeSyntax, `put a text that holds ": " in quotes; or check the indentation`, "a colon cannot stand within a plain text")
	case !p.fresh():
		p.report(p.at, CodeSyntax, "put a text that holds quotes or brackets in quotes", "there is something behind the value")
	case column < 0:
		p.report(p.at, CodeIndentation, "indent it like the first line", "this line does not belong to what stands before it")
	default:
		p.report(p.at, CodeIndentation, "", "this line is indented by %d, its neighbours by %d", p.column(), column)
	}
	p.recover(column)
}

// tightKey is a key with its value right behind the colon: a plain text.
var tightKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*:[^ \n]`)

func spaces(text string) int {
	i := 0
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return i
}
