package yaml

// flowInBlock reads a bracketed value; what it cannot read ends with the block
// around it.
func (p *parser) flowInBlock(parent int) *Node {
	problems := len(p.problems)
	n := p.flow(parent)
	switch {
	case len(p.problems) > problems:
		if !p.fresh() || p.column() > parent {
			p.recover(parent)
		}
	case p.at+spaces(p.src[p.at:]) < len(p.src) && p.src[p.at+spaces(p.src[p.at:])] == ':':
		p.report(n.Start, CodeUnsupported, "", "a key is a text on one line")
		p.recover(parent)
	}
	return n
}

// flow reads a bracketed list or mapping. It reports one problem at most, and
// then leaves the reading where it is.
func (p *parser) flow(parent int) *Node {
	open := p.at
	n := &Node{Kind: List, Start: open}
	closing := byte(']')
	if p.src[open] == '{' {
		n.Kind, closing = Map, '}'
	}
	for p.at++; p.flowNext(open, parent); {
		if p.src[p.at] == closing {
			p.at++
			break
		}
		if len(n.Items)+len(n.Pairs) > 0 && !p.comma(n) {
			break
		}
		if !p.flowNext(open, parent) {
			break
		}
		if p.src[p.at] == closing {
			continue // a comma behind the last item
		}
		if problems := len(p.problems); !p.flowEntry(n, open, parent) || len(p.problems) > problems {
			break
		}
	}
	n.End = min(p.at, len(p.src))
	return n
}

// flowNext moves to the next content within brackets. A line that starts in the
// column of the parent, or before it, cannot belong to them.
func (p *parser) flowNext(open, parent int) bool {
	p.next()
	outside := p.eof() || p.fresh() && p.column() <= parent && !closes(p.src[p.at])
	if !outside {
		return true
	}
	p.report(open, CodeUnclosed, "", "the bracket %q is not closed", p.src[open:open+1])
	return false
}

func closes(c byte) bool { return c == ']' || c == '}' || c == ',' }

// comma reads the comma between two entries.
func (p *parser) comma(n *Node) bool {
	if p.src[p.at] == ',' {
		p.at++
		return true
	}
	want := `"," or "]"`
	if n.Kind == Map {
		want = `"," or "}"`
	}
	hint := `put a text that holds ": ", brackets, commas or quotes in quotes`
	if closes(p.src[p.at]) {
		hint = ""
	}
	p.report(p.at, CodeSyntax, hint, "%s is expected here", want)
	return false
}

// flowEntry reads one item, or one key with its value.
func (p *parser) flowEntry(n *Node, open, parent int) bool {
	key, ok := p.flowValue(parent)
	if !ok {
		return false
	}
	after := p.at
	if !p.flowNext(open, parent) {
		return false
	}
	colon := p.src[p.at] == ':' && (key.Quoted || p.endsFlow(p.at+1))
	switch {
	case !colon && n.Kind == List:
		n.Items = append(n.Items, key)
		return true
	case !colon:
		n.Pairs = append(n.Pairs, Pair{Key: key, Value: nullAt(after)})
		return p.flowKey(key)
	case !p.flowKey(key):
		return false
	}
	p.at++ // the colon
	if !p.flowNext(open, parent) {
		return false
	}
	value := nullAt(p.at)
	if !closes(p.src[p.at]) {
		if value, ok = p.flowValue(parent); !ok {
			return false
		}
	}
	pair := Pair{Key: key, Value: value}
	if n.Kind == Map {
		n.Pairs = append(n.Pairs, pair)
	} else { // [a: b] is a list of one mapping with one key
		n.Items = append(n.Items, &Node{Kind: Map, Start: key.Start, End: value.End, Pairs: []Pair{pair}})
	}
	return true
}

// flowKey refuses keys that are not texts, and merge keys.
func (p *parser) flowKey(key *Node) bool {
	switch {
	case key.Kind == List || key.Kind == Map:
		p.report(key.Start, CodeUnsupported, "", "a key is a text on one line")
	case key.Text == "<<" && !key.Quoted:
		p.report(key.Start, CodeUnsupported, "write the value out", "merge keys are not read here")
	default:
		return true
	}
	return false
}

func (p *parser) flowValue(parent int) (*Node, bool) {
	if !p.enter() {
		return nil, false
	}
	defer p.leave()
	problems := len(p.problems)
	var n *Node
	switch c := p.src[p.at]; {
	case c == '[' || c == '{':
		n = p.flow(parent)
	case c == '"' || c == '\'':
		n = p.quoted(parent)
	case p.startable(true):
		n = p.plain(parent, true)
	}
	return n, len(p.problems) == problems && !p.over
}

// endsFlow reports whether a plain text within brackets cannot go on at i.
func (p *parser) endsFlow(i int) bool { return p.breaks(i) || flowIndicator(p.src[i]) }

func flowIndicator(c byte) bool { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}' }
