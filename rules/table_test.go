package rules

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The searcher finds what looking for each word at each place finds.
func TestSearcher(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("ab한")), 1, 5, -1)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfNDistinct(letters, 1, 12, rapid.ID[string]).Draw(t, "words")
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab한")), 0, 40, -1).Draw(t, "text")
		type hit struct{ word, end int }
		var want, got []hit
		for end := range len(text) + 1 {
			for i, word := range words {
				if strings.HasSuffix(text[:end], word) {
					want = append(want, hit{i, end})
				}
			}
		}
		s, state := newSearcher(words), uint32(0)
		for i := range len(text) {
			state = s.step(state, text[i])
			for found := s.ending(state); found != 0; found = s.shorter[found] {
				got = append(got, hit{int(s.words[found]), i + 1})
			}
		}
		order := func(a, b hit) int { return (a.end-b.end)*100 + a.word - b.word }
		slices.SortFunc(got, order)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(hit{})); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", words, text, diff)
		}
	})
}

// The tree of ranges finds what looking at each range finds.
func TestRanges(t *testing.T) {
	numbers := rapid.SampledFrom([]float64{math.Inf(-1), -2, 0, 0.5, 1, 2, 3, math.Inf(1)})
	rapid.Check(t, func(t *rapid.T) {
		bounds := map[[2]float64][]uint32{}
		for rule := range uint32(rapid.IntRange(1, 20).Draw(t, "ranges")) {
			b := [2]float64{numbers.Draw(t, "from"), numbers.Draw(t, "to")}
			bounds[b] = append(bounds[b], rule)
		}
		n := rapid.OneOf(numbers, rapid.Just(math.NaN())).Draw(t, "number")
		var want, got []int
		for b, rules := range bounds {
			for _, rule := range rules {
				if b[0] <= n && n <= b[1] {
					want = append(want, int(rule))
				}
			}
		}
		slices.Sort(want)
		var s Scratch
		s.pending.reset(20)
		newRanges(bounds).look(n, &s, -1)
		for rule := s.pending.next(); rule >= 0; rule = s.pending.next() {
			got = append(got, rule)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v in %v (-want +got):\n%s", n, bounds, diff)
		}
	})
}

// Candidates are a set that gives its members in order, while it grows behind the one that was taken.
func TestCandidates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const most = 600_000
		numbers := rapid.SliceOfN(rapid.Uint32Range(0, most), 0, 20)
		var c candidates
		c.reset(most)
		for _, left := range numbers.Draw(t, "left over") {
			c.add(left)
		}
		c.reset(most)
		first, later := numbers.Draw(t, "first"), numbers.Draw(t, "later")
		for _, n := range first {
			c.add(n)
		}
		want := slices.Compact(slices.Sorted(slices.Values(first)))
		var got []uint32
		for n := c.next(); n >= 0; n = c.next() {
			got = append(got, uint32(n))
			for _, l := range later {
				if int(l) > n && len(got) == 1 {
					c.add(l)
					want = append(want, l)
				}
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
