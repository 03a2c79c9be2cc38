package yaml

import "strings"

// blockText is a literal or folded text being read.
type blockText struct {
	folded bool
	chomp  byte // '-' strips the last line breaks, '+' keeps all, 0 keeps one
	indent int  // columns before the text; -1 until the first line tells
	lines  []textLine
}

// textLine is a line of a block text without its indentation.
type textLine struct{ start, end int }

func (l textLine) blank() bool { return l.start == l.end }

// blockScalar reads a literal (|) or folded (>) text below a parent in column
// parent.
func (p *parser) blockScalar(parent int) *Node {
	start := p.at
	b := &blockText{folded: p.src[p.at] == '>', indent: -1}
	p.at++
	if !p.header(b, max(parent, 0)) {
		return p.abandon(parent)
	}
	for p.at < len(p.src) && p.textLine(b, parent) {
		p.line = p.at
	}
	p.line = p.at
	t := b.join(p.src)
	end := start + 1
	for _, l := range b.lines {
		if !l.blank() {
			end = l.end
		}
	}
	return &Node{Kind: Text, Quoted: true, Start: start, End: end, Text: string(t.bytes), pieces: t.pieces, body: end}
}

// header reads the indicators behind | or > and goes to the next line.
func (p *parser) header(b *blockText, parent int) bool {
	for ; !p.breaks(p.at); p.at++ {
		switch c := p.src[p.at]; {
		case c == '-' || c == '+':
			b.chomp = c
		case c >= '1' && c <= '9' && b.indent < 0:
			b.indent = parent + int(c-'0')
		default:
			p.report(p.at, CodeSyntax, "put the text on the next line, indented", "%q has no place behind | or >", string(c))
			return false
		}
	}
	end := lineEnd(p.src, p.at)
	p.at += spaces(p.src[p.at:])
	if rest := p.src[p.at:end]; strings.TrimRight(rest, "\r") != "" && (rest[0] != '#' || !p.spaced()) {
		p.report(p.at, CodeSyntax, "put the text on the next line, indented", "there is text behind | or >")
		return false
	}
	p.at = min(end+1, len(p.src))
	p.line = p.at
	return true
}

// textLine adds the line here and goes to the next; false if the line does not
// belong to the text.
func (p *parser) textLine(b *blockText, parent int) bool {
	next := lineEnd(p.src, p.at)
	end := next
	if end > p.at && p.src[end-1] == '\r' {
		end--
	}
	content := p.at
	for content < end && p.src[content] == ' ' {
		content++
	}
	column := content - p.at
	if content < end { // not blank
		if column <= parent || column < b.indent || column == 0 && (p.marker("---") || p.marker("...")) {
			return false
		}
		if b.indent < 0 {
			b.indent = column
		}
	}
	from := end
	if b.indent >= 0 {
		from = min(p.at+b.indent, end)
	}
	b.lines = append(b.lines, textLine{start: from, end: end})
	p.at = min(next+1, len(p.src))
	return true
}

// join makes the text of the lines (YAML 1.2.2, sections 8.1.1 to 8.1.3).
func (b *blockText) join(src string) *text {
	t := &text{}
	last := len(b.lines)
	for last > 0 && b.lines[last-1].blank() {
		last--
	}
	breaks := 0
	for i, line := range b.lines[:last] {
		if line.blank() {
			breaks++
			continue
		}
		b.separate(t, src, i, breaks)
		t.from(src, line.start, line.end)
		breaks = 1
	}
	b.finish(t, last)
	return t
}

// separate adds what stands for the breaks before line i. Folding turns a
// single one into a space and drops one of several, unless a line beside it is
// indented further.
func (b *blockText) separate(t *text, src string, i, breaks int) {
	if breaks == 0 {
		return
	}
	at := b.lines[i-1].end
	first := len(t.bytes) == 0
	if b.folded && !first && !further(src, b.lines[i-breaks]) && !further(src, b.lines[i]) {
		t.fold(breaks, at)
		return
	}
	t.add(strings.Repeat("\n", breaks), at)
}

func further(src string, l textLine) bool {
	return !l.blank() && (src[l.start] == ' ' || src[l.start] == '\t')
}

// finish adds the line breaks behind the text, which ends before the line last.
func (b *blockText) finish(t *text, last int) {
	breaks := 0
	if b.chomp == '+' {
		breaks = len(b.lines) - last
	}
	if last > 0 && b.chomp != '-' {
		breaks++
	}
	if breaks > 0 {
		t.add(strings.Repeat("\n", breaks), b.lines[max(last-1, 0)].end)
	}
}
