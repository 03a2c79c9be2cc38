package rules

import "math"

// A table files rules under the keys about one subject.
type table struct {
	about   *subject
	touched Changed // the paths whose change may lead to other rules
	texts   map[string]*posting
	numbers map[uint64]*posting // by the bits of the number as a float
	truths  [2][]uint32
	absents []uint32
	search  *searcher
	parts   [][]part // by word of search
	within  *ranges
	unlike  [strange + 1][]uint32 // by kind: what is neither absent nor of that kind hits these
	all     []uint32              // what closures cannot judge hits all
}

// part is the rules that need a word at a place in a text.
type part struct {
	test  keyTest
	rules posting
}

// look adds the rules of the keys that are hit.
func (t *table) look(s *Scratch, behind int) {
	f := &s.frame
	f.failed = false
	if t.about.list == nil {
		t.hit(s, t.about.read(f), behind)
		return
	}
	here := &f.loops[0]
	elements := t.about.list(f)
	if f.failed {
		s.consider(t.all, behind)
		return
	}
	here.read = elements.read
	for i := range elements.len {
		here.at, here.index = elements.at(i), i
		t.hit(s, t.about.read(f), behind)
	}
}

// hit adds the rules of the keys that a value hits.
//
// float: the bits of a number are a key among others.
func (t *table) hit(s *Scratch, v value, behind int) {
	if v.kind == strange || s.frame.failed {
		s.consider(t.all, behind)
		return
	}
	if v.kind != absent {
		t.oppose(s, v.kind, behind)
	}
	switch v.kind {
	case absent:
		s.consider(t.absents, behind)
	case text:
		t.hitText(s, v.text, behind)
	case boolean:
		s.consider(t.truths[v.bits], behind)
	case whole, fraction:
		if p := t.numbers[numberKey(v)]; p != nil {
			p.consider(s, behind)
		}
		t.hitRanges(s, v, behind)
	case lapse:
		t.hitRanges(s, v, behind)
	case object:
		if is, _ := v.isNil(); is {
			s.consider(t.absents, behind)
		}
	}
}

// oppose adds the rules that need, or would fail without, a value of another kind.
func (t *table) oppose(s *Scratch, k kind, behind int) {
	if k == whole {
		k = fraction
	}
	if len(t.unlike[text]) > 0 && k != text {
		s.consider(t.unlike[text], behind)
	}
	if len(t.unlike[fraction]) > 0 && k != fraction {
		s.consider(t.unlike[fraction], behind)
	}
	if len(t.unlike[lapse]) > 0 && k != lapse {
		s.consider(t.unlike[lapse], behind)
	}
}

func (t *table) hitText(s *Scratch, v string, behind int) {
	if t.about.fold != nil {
		v = t.about.fold(&s.frame, v)
	}
	if len(t.texts) > 0 {
		if p := t.texts[v]; p != nil {
			p.consider(s, behind)
		}
	}
	if t.search != nil {
		t.hitWords(s, v, behind)
	}
}

func (t *table) hitWords(s *Scratch, v string, behind int) {
	state := uint32(0)
	for i := 0; i < len(v); i++ {
		if state == 0 {
			if i = t.search.start(v, i); i == len(v) {
				return
			}
		}
		state = t.search.step(state, v[i])
		for found := t.search.ending(state); found != 0; found = t.search.shorter[found] {
			t.hitWord(s, int(t.search.words[found]), i+1, len(v), behind)
		}
	}
}

// hitWord adds the rules of a word that ends at a place in a text of a length.
func (t *table) hitWord(s *Scratch, word, end, length, behind int) {
	for i := range t.parts[word] {
		p := &t.parts[word][i]
		if p.test == contains || p.test == startsWith && end == t.search.lengths[word] || p.test == endsWith && end == length {
			p.rules.consider(s, behind)
		}
	}
}

func (t *table) hitRanges(s *Scratch, v value, behind int) {
	if t.within != nil {
		t.within.look(v.size(), s, behind)
	}
}

// numberKey is equal for numbers that are: an integer counts as the nearest float, as it does when compared with one, and
// there is one zero.
//
// float: equal numbers have equal keys, which is all that is asked of them.
func numberKey(v value) uint64 {
	n := v.number()
	if n == 0 {
		return 0
	}
	return math.Float64bits(n)
}

// consider adds the rules behind one.
func (s *Scratch) consider(rules []uint32, behind int) {
	for _, rule := range rules {
		if int(rule) > behind {
			s.pending.add(rule)
		}
	}
}
