package rules

import "slices"

// splitMin is the length from which a posting is worth splitting.
const splitMin = 4

// A posting is the rules filed under one key. Where these are many, those that also need another fact to have one of a
// few values are reached through that fact.
type posting struct {
	rules  []uint32
	splits []split
}

// split is the rules of a posting by the value of a second fact.
type split struct {
	about *subject
	by    map[scalar][]uint32
	all   []uint32 // what closures cannot judge hits all
}

// scalar is a plain value as a key of a map. Equal values have equal scalars.
type scalar struct {
	kind kind
	bits uint64
	text string
}

// scalarOf is not ok for a value that no constant of a source equals in a way known here.
func scalarOf(v value) (scalar, bool) {
	switch v.kind {
	case whole, fraction:
		return scalar{kind: fraction, bits: numberKey(v)}, true
	case text:
		return scalar{kind: text, text: v.text}, true
	case boolean:
		return scalar{kind: boolean, bits: v.bits}, true
	case absent:
		return scalar{kind: absent}, true
	}
	return scalar{}, false
}

// A filter is a second need of a rule: that a fact has one of some values.
type filter struct {
	about  *subject
	values []scalar
}

// entry is a rule on its way into a posting.
type entry struct {
	rule   uint32
	filter *filter // nil when there is none
}

// newPosting splits entries if they are many.
func newPosting(entries []entry) posting {
	var p posting
	for _, e := range entries {
		if e.filter == nil || len(entries) < splitMin {
			p.rules = append(p.rules, e.rule)
			continue
		}
		i := slices.IndexFunc(p.splits, func(s split) bool { return s.about == e.filter.about })
		if i < 0 {
			i = len(p.splits)
			p.splits = append(p.splits, split{about: e.filter.about, by: map[scalar][]uint32{}})
		}
		s := &p.splits[i]
		s.all = append(s.all, e.rule)
		for _, v := range e.filter.values {
			s.by[v] = append(s.by[v], e.rule)
		}
	}
	return p
}

// consider adds the rules of a posting that its splits let pass.
func (p *posting) consider(s *Scratch, behind int) {
	s.consider(p.rules, behind)
	for i := range p.splits {
		s.consider(p.splits[i].rules(&s.frame), behind)
	}
}

// rules are those that the fact lets pass.
func (p *split) rules(f *frame) []uint32 {
	f.failed = false
	v := p.about.read(f)
	if p.about.fold != nil && v.kind == text {
		v.text = p.about.fold(f, v.text)
	}
	key, known := scalarOf(v)
	if !known || f.failed || p.about.fold != nil && v.kind != text && v.kind != absent {
		f.failed = false
		return p.all
	}
	return p.by[key]
}

// touched are the paths whose change lets other rules pass.
func (p *posting) touched() Changed {
	var c Changed
	for _, s := range p.splits {
		c = c.Union(s.about.touched)
	}
	return c
}
