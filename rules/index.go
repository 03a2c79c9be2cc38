package rules

import (
	"maps"
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
		keys, second := census.plan(*n)
		for _, k := range keys {
			if drawers[k.about] == nil {
				drawers[k.about] = newDrawer()
			}
			drawers[k.about].file(k, entry{rule, second})
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
		if x.tables[i].touched.meets(changed) {
			x.tables[i].look(s, behind)
		}
	}
}

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
	table   table
	texts   map[string][]entry
	numbers map[uint64][]entry
	words   map[string]*[endsWith + 1][]entry // by test
	spans   map[[2]float64][]uint32
}

func newDrawer() *drawer {
	return &drawer{
		texts: map[string][]entry{}, numbers: map[uint64][]entry{}, words: map[string]*[endsWith + 1][]entry{},
		spans: map[[2]float64][]uint32{},
	}
}

// file puts a rule under a key. What would make a question about a key fail hits it, too.
func (d *drawer) file(k *key, e entry) {
	t := &d.table
	put(&t.all, e.rule)
	switch k.test {
	case equals:
		d.fileValue(k.value, e)
	case between:
		bounds := [2]float64{k.from, k.to}
		d.spans[bounds] = append(d.spans[bounds], e.rule)
		if k.about.isDuration() {
			put(&t.unlike[lapse], e.rule)
		} else {
			put(&t.unlike[fraction], e.rule)
		}
	case unlike:
		put(&t.unlike[k.value.kind], e.rule)
	default:
		if d.words[k.text] == nil {
			d.words[k.text] = new([endsWith + 1][]entry)
		}
		d.words[k.text][k.test] = append(d.words[k.text][k.test], e)
		put(&t.unlike[text], e.rule)
	}
	if k.about.fold != nil {
		put(&t.unlike[text], e.rule)
	}
}

func (d *drawer) fileValue(v value, e entry) {
	switch v.kind {
	case absent:
		put(&d.table.absents, e.rule)
	case boolean:
		put(&d.table.truths[v.bits], e.rule)
	case text:
		d.texts[v.text] = append(d.texts[v.text], e)
	case whole, fraction:
		d.numbers[numberKey(v)] = append(d.numbers[numberKey(v)], e)
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
	t.about, t.touched = about, about.touched
	t.texts, t.numbers = postings(d.texts), postings(d.numbers)
	for _, p := range t.texts { // the order does not matter to a set
		t.touched = t.touched.Union(p.touched())
	}
	for _, p := range t.numbers { // likewise
		t.touched = t.touched.Union(p.touched())
	}
	if len(d.words) > 0 {
		t.fileWords(d.words)
	}
	if len(d.spans) > 0 {
		t.within = newRanges(d.spans)
	}
	return t
}

func postings[K comparable](entries map[K][]entry) map[K]*posting {
	out := make(map[K]*posting, len(entries))
	for k, e := range entries { // from map to map
		out[k] = new(newPosting(e))
	}
	return out
}

// fileWords makes the searcher, and what each of its words leads to.
func (t *table) fileWords(filed map[string]*[endsWith + 1][]entry) {
	words := slices.Sorted(maps.Keys(filed))
	t.search, t.parts = newSearcher(words), make([][]part, len(words))
	for i, word := range words {
		for test, entries := range filed[word] {
			if len(entries) > 0 {
				p := part{keyTest(test), newPosting(entries)} //nolint:gosec // a test fits
				t.parts[i] = append(t.parts[i], p)
				t.touched = t.touched.Union(p.rules.touched())
			}
		}
	}
}
