package rules

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
