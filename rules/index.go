package rules

import (
	"math"
	"slices"
)

// An index tells which rules may match, from the facts: every rule is filed under keys of which one is hit whenever its
// condition holds or would fail. A rule of which no such keys are known is asked in every pass.
type index struct {
	tables    []table
	always    []uint32 // rules asked in every pass
	unindexed []int    // those of them that have a condition
}

// newIndex files rules: needs by rule, nil when there is none to know, and which of them have a condition at all.
func newIndex(survey *survey, needs []*need, conditional []bool) *index {
	census := takeCensus(needs)
	drawers := map[*subject]*drawer{}
	x := &index{}
	for i, n := range needs {
		rule := uint32(i) //nolint:gosec // a set of four billion rules does not fit
		if n == nil {
			x.always = append(x.always, rule)
			if conditional[i] {
				x.unindexed = append(x.unindexed, i)
			}
			continue
		}
		keys, _ := census.cheapest(*n)
		for _, k := range keys {
			if drawers[k.about] == nil {
				drawers[k.about] = newDrawer()
			}
			drawers[k.about].file(k, rule)
		}
	}
	for _, about := range survey.inOrder {
		if d := drawers[about]; d != nil {
			x.tables = append(x.tables, d.finish(about))
		}
	}
	return x
}

// begin puts the rules that may match into the scratch.
func (x *index) begin(s *Scratch) {
	for _, rule := range x.always {
		s.pending.add(rule)
	}
	for i := range x.tables {
		x.tables[i].look(s, -1)
	}
}

// again adds the rules behind one that may match since facts changed.
func (x *index) again(s *Scratch, changed Changed, behind int) {
	for i := range x.tables {
		if x.tables[i].about.touched.meets(changed) {
			x.tables[i].look(s, behind)
		}
	}
}

// A table files rules under the keys about one subject.
type table struct {
	about   *subject
	texts   map[string][]uint32
	numbers map[uint64][]uint32 // by the bits of the number as a float
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
	rules []uint32
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
		s.consider(t.numbers[numberKey(v)], behind)
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
	s.consider(t.texts[v], behind)
	if t.search == nil {
		return
	}
	state := uint32(0)
	for i := range len(v) {
		if state = t.search.step(state, v[i]); state == 0 {
			continue
		}
		for found := t.search.ending(state); found != 0; found = t.search.shorter[found] {
			t.hitWord(s, int(t.search.words[found]), i+1, len(v), behind)
		}
	}
}

// hitWord adds the rules of a word that ends at a place in a text of a length.
func (t *table) hitWord(s *Scratch, word, end, length, behind int) {
	for _, p := range t.parts[word] {
		if p.test == contains || p.test == startsWith && end == t.search.lengths[word] || p.test == endsWith && end == length {
			s.consider(p.rules, behind)
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

// consider adds the rules behind one. They are in order, so the search for it is short.
func (s *Scratch) consider(rules []uint32, behind int) {
	for _, rule := range rules {
		if int(rule) > behind {
			s.pending.add(rule)
		}
	}
}

// A drawer collects what becomes a table.
type drawer struct {
	table table
	words map[string]map[keyTest][]uint32
	spans map[[2]float64][]uint32
}

func newDrawer() *drawer {
	return &drawer{
		table: table{texts: map[string][]uint32{}, numbers: map[uint64][]uint32{}},
		words: map[string]map[keyTest][]uint32{},
		spans: map[[2]float64][]uint32{},
	}
}

// file puts a rule under a key. What would make a question about a key fail hits it, too.
func (d *drawer) file(k *key, rule uint32) {
	t := &d.table
	put(&t.all, rule)
	switch k.test {
	case equals:
		d.fileValue(k.value, rule)
	case between:
		bounds := [2]float64{k.from, k.to}
		d.spans[bounds] = append(d.spans[bounds], rule)
		if k.about.isDuration() {
			put(&t.unlike[lapse], rule)
		} else {
			put(&t.unlike[fraction], rule)
		}
	case unlike:
		put(&t.unlike[k.value.kind], rule)
	default:
		if d.words[k.text] == nil {
			d.words[k.text] = map[keyTest][]uint32{}
		}
		d.words[k.text][k.test] = append(d.words[k.text][k.test], rule)
		put(&t.unlike[text], rule)
	}
	if k.about.fold != nil {
		put(&t.unlike[text], rule)
	}
}

func (d *drawer) fileValue(v value, rule uint32) {
	t := &d.table
	switch v.kind {
	case absent:
		put(&t.absents, rule)
	case text:
		t.texts[v.text] = append(t.texts[v.text], rule)
	case boolean:
		put(&t.truths[v.bits], rule)
	case whole, fraction:
		t.numbers[numberKey(v)] = append(t.numbers[numberKey(v)], rule)
	default:
		panic("rules: no table files a value that is " + v.kind.String()) // a need that is not to be
	}
}

// put adds a rule to a list that it may be the last of already.
func put(rules *[]uint32, rule uint32) {
	if n := len(*rules); n == 0 || (*rules)[n-1] != rule {
		*rules = append(*rules, rule)
	}
}

// finish makes the table about a subject.
func (d *drawer) finish(about *subject) table {
	t := d.table
	t.about = about
	words := make([]string, 0, len(d.words))
	for word := range d.words { // sorted below
		words = append(words, word)
	}
	slices.Sort(words)
	for _, word := range words {
		var parts []part
		for _, test := range []keyTest{contains, startsWith, endsWith} {
			if rules := d.words[word][test]; len(rules) > 0 {
				parts = append(parts, part{test, rules})
			}
		}
		t.parts = append(t.parts, parts)
	}
	if len(words) > 0 {
		t.search = newSearcher(words)
	}
	if len(d.spans) > 0 {
		t.within = newRanges(d.spans)
	}
	return t
}
