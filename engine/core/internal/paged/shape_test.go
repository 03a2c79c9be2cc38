package paged

import (
	"testing"

	"pgregory.net/rapid"
)

// TestTrieShape checks what the trie promises of its nodes after any history, with hashes so bad that leaves at the bottom
// overflow.
func TestTrieShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.IntRange(0, 31).Draw(t, "shift")
		hash := func(v uint32) uint32 { return v * 2_654_435_761 >> shift }
		trie := trie[uint32]{epoch: 1}
		there := map[uint32]bool{}
		stretch := func(t *rapid.T, write func(v uint32, match func(*uint32) bool)) {
			first := rapid.Uint32Range(0, 500).Draw(t, "first")
			end := first + rapid.Uint32Range(1, 300).Draw(t, "n")
			for v := first; v < end; v++ {
				write(v, func(o *uint32) bool { return *o == v })
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(t *rapid.T) {
				stretch(t, func(v uint32, _ func(*uint32) bool) {
					if !there[v] {
						trie.insert(hash(v), v)
						there[v] = true
					}
				})
			},
			"remove": func(t *rapid.T) {
				stretch(t, func(v uint32, match func(*uint32) bool) {
					if there[v] {
						trie.remove(hash(v), match)
						delete(there, v)
					}
				})
			},
			"edit": func(t *rapid.T) {
				stretch(t, func(v uint32, match func(*uint32) bool) {
					if there[v] && *trie.edit(hash(v), match) != v {
						t.Fatalf("edit of %d gives another value", v)
					}
				})
			},
			"publish": func(*rapid.T) { trie.epoch++ },
			"": func(t *rapid.T) {
				if n := checkNode(t, trie.root, 0, 0); n != len(there) {
					t.Fatalf("%d entries, want %d", n, len(there))
				}
				for v := range uint32(800) {
					if got := trie.root.find(hash(v), func(o *uint32) bool { return *o == v }); (got != nil) != there[v] {
						t.Fatalf("find(%d) = %v, want %v", v, got != nil, there[v])
					}
				}
			},
		})
	})
}

// checkNode checks the nodes from n down, which stands at depth under the hash bits path, and returns the number of entries.
func checkNode(t *rapid.T, n *node[uint32], depth int, path uint32) int {
	if n == nil {
		return 0
	}
	count := len(n.leaf)
	if n.kids == nil {
		if count == 0 || count > leafMax && depth < depthMax {
			t.Fatalf("a leaf of %d entries at depth %d", count, depth)
		}
		for _, e := range n.leaf {
			if low := e.hash & (1<<(fanBits*depth) - 1); low != path {
				t.Fatalf("hash %x in the leaf of %x at depth %d", e.hash, path, depth)
			}
		}
	} else {
		for i, kid := range n.kids {
			count += checkNode(t, kid, depth+1, path|uint32(i)<<(fanBits*depth))
		}
		if count <= leafMin {
			t.Fatalf("a branch of %d entries at depth %d", count, depth)
		}
	}
	if n.len != count {
		t.Fatalf("a node says %d and has %d", n.len, count)
	}
	return count
}

// TestSetShape checks the chunks of a set after any history: sorted, none empty or too long, and no two neighbours so small
// that a long list of them could remain of a set that was once large.
func TestSetShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := pair(10_000, 10_001, 1)
		stretch := func(t *rapid.T, write func(uint32)) {
			first := rapid.IntRange(0, 4_000).Draw(t, "first")
			step := rapid.SampledFrom([]int{-1, 1, 2, 7}).Draw(t, "step")
			for i := range rapid.IntRange(1, 1_500).Draw(t, "n") {
				write(uint32(1_500 + first + i*step))
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				stretch(t, func(slot uint32) {
					if !s.has(slot) {
						s.add(slot)
					}
				})
			},
			"remove": func(t *rapid.T) {
				stretch(t, func(slot uint32) {
					if s.has(slot) && s.len > 2 {
						s.remove(slot)
					}
				})
			},
			"publish": func(*rapid.T) { s = s.own(s.epoch + 1) },
			"":        func(t *rapid.T) { checkChunks(t, s) },
		})
	})
}

func checkChunks(t *rapid.T, s *set) {
	n, last := 0, -1
	for i, c := range s.chunks {
		if len(c.slots) == 0 || len(c.slots) > chunkMax {
			t.Fatalf("chunk %d has %d slots", i, len(c.slots))
		}
		for _, slot := range c.slots {
			if int(slot) <= last {
				t.Fatalf("slot %d after %d", slot, last)
			}
			last = int(slot)
		}
		if i > 0 && len(s.chunks[i-1].slots)+len(c.slots) <= chunkSmall {
			t.Fatalf("neighbours %d and %d have %d and %d slots", i-1, i, len(s.chunks[i-1].slots), len(c.slots))
		}
		n += len(c.slots)
	}
	if n != s.len {
		t.Fatalf("chunks hold %d slots, the set says %d", n, s.len)
	}
}

// TestTableDropsEmptyPages pins that slots out of use hold no page.
func TestTableDropsEmptyPages(t *testing.T) {
	table := NewTable[int]()
	for slot := range uint32(2 * pageLen) {
		table.Set(slot, new(int))
	}
	old := table.Publish()
	for slot := range uint32(pageLen) {
		table.Set(slot, nil)
	}
	if table.now.root[0].pages[0] != nil {
		t.Error("an empty page is kept")
	}
	if table.now.root[0].pages[1] == nil || old.root[0].pages[0] == nil {
		t.Error("a page in use is dropped")
	}
}

func TestHashString(t *testing.T) {
	// Test vectors of the FNV draft, for 64-bit FNV-1a.
	for s, want := range map[string]uint64{
		"":       0xcbf29ce484222325,
		"a":      0xaf63dc4c8601ec8c,
		"foobar": 0x85944171f73967e8,
	} {
		if got := HashString(s); got != want {
			t.Errorf("HashString(%q) = %#x, want %#x", s, got, want)
		}
	}
}
