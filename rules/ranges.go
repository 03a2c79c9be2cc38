package rules

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// ranges finds which of many ranges of numbers a number lies in: the ranges in the order of their lower ends, and over
// them a tree of the highest upper end below, so that a question costs the logarithm of their number for each answer.
//
// float: bounds and facts are compared as they are; both ends of a range are included.
type ranges struct {
	all     []numberRange
	highest []float64 // of the subtrees of a balanced tree over all, by its root
}

type numberRange struct {
	from, to float64
	rules    []uint32
}

func newRanges(bounds map[[2]float64][]uint32) *ranges {
	all := make([]numberRange, 0, len(bounds))
	byFrom := func(a, b [2]float64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }
	for _, b := range slices.SortedFunc(maps.Keys(bounds), byFrom) { // order: sorted, and no two bounds are equal
		all = append(all, numberRange{b[0], b[1], bounds[b]})
	}
	r := &ranges{all: all, highest: make([]float64, len(all))}
	r.raise(0, len(all))
	return r
}

// raise fills in the highest ends of the subtree over all[from:to], whose root is in its middle.
func (r *ranges) raise(from, to int) float64 {
	if from == to {
		return math.Inf(-1)
	}
	root := (from + to) / 2
	r.highest[root] = max(r.all[root].to, r.raise(from, root), r.raise(root+1, to))
	return r.highest[root]
}

// look has the rules of each range that n lies in considered. Not a number lies in none.
func (r *ranges) look(n float64, s *Scratch, behind int) {
	if !math.IsNaN(n) {
		r.descend(n, 0, len(r.all), s, behind)
	}
}

func (r *ranges) descend(n float64, from, to int, s *Scratch, behind int) {
	for from < to {
		root := (from + to) / 2
		if r.highest[root] < n {
			return
		}
		r.descend(n, from, root, s, behind)
		here := &r.all[root]
		if n < here.from {
			return
		}
		if n <= here.to {
			s.consider(here.rules, behind)
		}
		from = root + 1
	}
}
