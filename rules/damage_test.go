package rules

// Damages are faults that an index could have, by name. They are for a test that shows that comparing with the plain scan
// finds them.
var Damages = map[string]func(*index){
	"a text is not found":            eachTable(func(t *table) { clear(t.texts) }),
	"a number is not found":          eachTable(func(t *table) { clear(t.numbers) }),
	"true is not found":              eachTable(func(t *table) { t.truths[1] = nil }),
	"false is not found":             eachTable(func(t *table) { t.truths[0] = nil }),
	"what is absent is not found":    eachTable(func(t *table) { t.absents = nil }),
	"other types are not considered": eachTable(func(t *table) { t.unlike = [strange + 1][]uint32{} }),
	"strange values are ignored":     eachTable(func(t *table) { t.all = nil }),
	"no words are searched":          eachTable(func(t *table) { t.search = nil }),
	"no ranges are looked at":        eachTable(func(t *table) { t.within = nil }),
	"case is kept":                   eachTable(func(t *table) { about := *t.about; about.fold, t.about = nil, &about }),
	"changes are not followed":       eachTable(func(t *table) { t.touched = Changed{} }),
	"only first elements are seen": eachTable(func(t *table) {
		if about := *t.about; about.list != nil {
			all := about.list
			about.list = func(f *frame) list { l := all(f); l.len = min(l.len, 1); return l }
			t.about = &about
		}
	}),
	"prefixes and suffixes are confused": eachTable(func(t *table) {
		for _, parts := range t.parts {
			for i := range parts {
				parts[i].test = map[keyTest]keyTest{contains: contains, startsWith: endsWith, endsWith: startsWith}[parts[i].test]
			}
		}
	}),
	"words within words are missed": eachTable(func(t *table) {
		if t.search != nil {
			clear(t.search.shorter)
		}
	}),
	"words across retreats are missed": eachTable(func(t *table) {
		if t.search != nil {
			clear(t.search.retreat)
		}
	}),
	"lower ends are left out": eachTable(func(t *table) {
		if t.within != nil {
			for i := range t.within.all {
				t.within.all[i].from += 0.25
			}
		}
	}),
	"subtrees are cut off": eachTable(func(t *table) {
		if t.within != nil {
			for i := range t.within.all {
				t.within.highest[i] = t.within.all[i].to
			}
		}
	}),
	"unindexed rules are forgotten": func(x *index) { x.always = nil },
	"every rule is one too late": eachTable(func(t *table) {
		for _, p := range t.texts {
			p.rules = p.rules[min(1, len(p.rules)):]
		}
	}),
	"second facts let nothing pass": eachPosting(func(p *posting) {
		for i := range p.splits {
			clear(p.splits[i].by)
		}
	}),
	"second facts that are strange let nothing pass": eachPosting(func(p *posting) {
		for i := range p.splits {
			p.splits[i].all = nil
		}
	}),
	"changes of second facts are not followed": eachTable(func(t *table) { t.touched = t.about.touched }),
}

func eachPosting(do func(*posting)) func(*index) {
	return eachTable(func(t *table) {
		for _, p := range t.texts {
			do(p)
		}
		for _, p := range t.numbers {
			do(p)
		}
		for i := range t.parts {
			for j := range t.parts[i] {
				do(&t.parts[i][j].rules)
			}
		}
	})
}

func eachTable(do func(*table)) func(*index) {
	return func(x *index) {
		for i := range x.tables {
			do(&x.tables[i])
		}
	}
}

// Damage gives the index of a set a fault.
func (s *Set[F, A]) Damage(fault string) {
	Damages[fault](s.index)
}

// WithoutIndex is a set that asks every rule, by closures.
func (s *Set[F, A]) WithoutIndex() *Set[F, A] {
	plain := *s
	plain.index = nil
	return &plain
}
