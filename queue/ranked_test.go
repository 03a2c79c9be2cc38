package queue

import (
	"testing"

	"pgregory.net/rapid"
)

// TestRankedShape checks what the type comment promises of the blocks, and what keeps a position cheap after any history: two
// neighbours together hold more than blockSmall items.
func TestRankedShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := []*ranked[Key]{new(newRanked(least))}
		pick := func() *ranked[Key] { return rapid.SampledFrom(sets).Draw(t, "set") }
		stretch := func(write func(Key)) {
			first := rapid.Int64Range(-2_000, 2_000).Draw(t, "first")
			step := rapid.SampledFrom([]int64{-3, -1, 1, 2, 7}).Draw(t, "step")
			for i := range rapid.Int64Range(1, 1_500).Draw(t, "n") {
				write(Key{Rank: first + i*step})
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(*rapid.T) { s := pick(); stretch(func(k Key) { s.insert(k) }) },
			"delete": func(*rapid.T) { s := pick(); stretch(func(k Key) { s.delete(k) }) },
			"clone": func(t *rapid.T) {
				if len(sets) > 2 {
					t.Skip("enough clones")
				}
				sets = append(sets, new(pick().clone()))
			},
			"": func(t *rapid.T) {
				for _, s := range sets {
					checkShape(t, s)
				}
			},
		})
	})
}

func checkShape(t *rapid.T, r *ranked[Key]) {
	var spans []span[Key]
	r.tree.Ascend(func(s span[Key]) bool {
		spans = append(spans, s)
		return true
	})
	n := 0
	for i, s := range spans {
		items := s.block.items
		n += len(items)
		if len(items) == 0 || len(items) > blockMax {
			t.Fatalf("block %d of %d has %d items", i, len(spans), len(items))
		}
		if items[0].Compare(s.low) < 0 {
			t.Fatalf("block %d starts at %v, before its span's low %v", i, items[0], s.low)
		}
		if i == 0 {
			if s.low != r.least {
				t.Fatalf("the first span starts at %v", s.low)
			}
			continue
		}
		left := spans[i-1].block.items
		if left[len(left)-1].Compare(s.low) >= 0 {
			t.Fatalf("block %d ends at %v, in the span of the next, which starts at %v", i-1, left[len(left)-1], s.low)
		}
		if len(left)+len(items) <= blockSmall {
			t.Fatalf("neighbours %d and %d of %d hold %d and %d items", i-1, i, len(spans), len(left), len(items))
		}
	}
	if n != r.len {
		t.Fatalf("blocks hold %d items, the set says %d", n, r.len)
	}
}

// TestRankedFillsInOrder pins what arrivals in order get: full blocks.
func TestRankedFillsInOrder(t *testing.T) {
	r := newRanked(least)
	const n = 10 * blockMax
	for i := range int64(n) {
		r.insert(Key{Enqueued: i})
	}
	if got := r.tree.Len(); got != n/blockMax {
		t.Errorf("%d keys inserted in order take %d blocks, want %d", n, got, n/blockMax)
	}
}

// TestRankedLookupsDoNotAllocate keeps the reading paths of a routing decision free of garbage.
func TestRankedLookupsDoNotAllocate(t *testing.T) {
	r := newRanked(least)
	for i := range int64(5_000) {
		r.insert(Key{Rank: i})
	}
	k := Key{Rank: 2_500}
	got := testing.AllocsPerRun(100, func() {
		r.min()
		r.position(k)
		r.at(2_500)
		r.delete(k)
		r.insert(k)
	})
	if got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}
