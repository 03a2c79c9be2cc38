package rules

import (
	"cmp"
	"maps"
	"slices"
)

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
	t.texts, t.numbers = postings(&t.touched, d.texts), postings(&t.touched, d.numbers)
	if len(d.words) > 0 {
		t.fileWords(d.words)
	}
	if len(d.spans) > 0 {
		t.within = newRanges(d.spans)
	}
	return t
}

// postings makes postings of entries, and adds what touches them.
func postings[K cmp.Ordered](touched *Changed, entries map[K][]entry) map[K]*posting {
	out := make(map[K]*posting, len(entries))
	for _, k := range slices.Sorted(maps.Keys(entries)) {
		p := newPosting(entries[k])
		out[k], *touched = &p, touched.Union(p.touched())
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
