package queue

import (
	"iter"
	"slices"

	"github.com/google/btree"
)

const (
	// degree is that of the B-tree of spans: nodes of 31 to 63 spans.
	degree = 32
	// blockMax is the most items of a block. Larger blocks make a shorter walk for a position and dearer copies after a clone;
	// 256 items of 32 bytes keep both below what a reader notices.
	blockMax = 256
	// blockSmall is the size below which a block looks for a neighbour to merge with.
	blockSmall = blockMax / 4
	// mergedMax is the most items of a block that comes out of a merge. It lies well below blockMax, so that a merge is not
	// undone by the next few inserts.
	mergedMax = blockMax / 2
)

// comparer is an item with a total order of its own.
type comparer[T any] interface {
	comparable
	// Compare returns a negative number, zero or a positive number if the receiver sorts before, with or after the other.
	Compare(T) int
}

// ranked is a sorted set with ranks: blocks of consecutive items under a B-tree of the spans that the blocks cover.
//
//	tree   [least ..)          [low₁ ..)          [low₂ ..)
//	          │                   │                  │
//	block  x₀ x₁ … (≤ 256)    x₇ x₈ …             x₉ …
//
// A block holds every item from its span's low up to the next span's low. The first span starts at the least value of T, so
// every value has a home, and taking out the first item of a block moves no span. No block is empty.
//
// A set and its clone share nodes and blocks. Whoever writes copies what it does not own: the B-tree does so with its nodes,
// and owned does so with the blocks.
type ranked[T comparer[T]] struct {
	tree  *btree.BTreeG[span[T]]
	owner *owner
	least T
	len   int
}

// span is a stretch of the order and the block of items in it.
type span[T comparer[T]] struct {
	low   T
	block *block[T]
}

// block is a sorted run of items. Only the set whose owner it names may write it.
type block[T comparer[T]] struct {
	owner *owner
	items []T
}

// owner is the identity of a set between two clones; only its address matters, so it must not be of size zero.
type owner struct{ _ byte }

// newRanked returns an empty set of values, none of which sorts before least.
func newRanked[T comparer[T]](least T) ranked[T] {
	less := func(a, b span[T]) bool { return a.low.Compare(b.low) < 0 }
	// Blocks absorb nearly all writes, so nodes are freed too rarely for a free list to be worth its memory in every line.
	free := btree.NewFreeListG[span[T]](0)
	return ranked[T]{tree: btree.NewWithFreeListG(degree, less, free), owner: new(owner), least: least}
}

// insert adds x and reports whether it was absent.
func (r *ranked[T]) insert(x T) bool {
	home, ok := r.home(x)
	if !ok {
		r.tree.ReplaceOrInsert(span[T]{low: r.least, block: &block[T]{owner: r.owner, items: []T{x}}})
		r.len = 1
		return true
	}
	i, found := home.block.search(x)
	if found {
		return false
	}
	b := r.owned(home)
	if len(b.items) == blockMax {
		b, i = r.split(b, i, x)
	}
	b.items = slices.Insert(b.items, i, x)
	r.len++
	return true
}

// delete takes x out and reports whether it was present.
func (r *ranked[T]) delete(x T) bool {
	home, ok := r.home(x)
	if !ok {
		return false
	}
	i, found := home.block.search(x)
	if !found {
		return false
	}
	home.block = r.owned(home)
	home.block.remove(i)
	r.len--
	if len(home.block.items) < blockSmall {
		r.shrink(home)
	}
	return true
}

// min returns the first item, and false if there is none.
func (r *ranked[T]) min() (x T, ok bool) {
	first, ok := r.tree.Min()
	if !ok {
		return x, false
	}
	return first.block.items[0], true
}

// position returns the number of items before x, which need not be present.
func (r *ranked[T]) position(x T) int {
	home, ok := r.home(x)
	if !ok {
		return 0
	}
	n, _ := home.block.search(x)
	r.tree.Ascend(func(s span[T]) bool { // meeting the block is cheaper to tell than comparing with its low
		if s.block == home.block {
			return false
		}
		n += len(s.block.items)
		return true
	})
	return n
}

// at returns the item with i items before it, and false if there is none.
func (r *ranked[T]) at(i int) (x T, ok bool) {
	if i < 0 || i >= r.len {
		return x, false
	}
	r.tree.Ascend(func(s span[T]) bool {
		if i < len(s.block.items) {
			x = s.block.items[i]
			return false
		}
		i -= len(s.block.items)
		return true
	})
	return x, true
}

// ascend returns the items that do not sort before from, in order.
func (r *ranked[T]) ascend(from T) iter.Seq[T] {
	return func(yield func(T) bool) {
		home, ok := r.home(from)
		if !ok {
			return
		}
		skip, _ := home.block.search(from)
		r.tree.AscendGreaterOrEqual(home, func(s span[T]) bool {
			for _, x := range s.block.items[skip:] {
				if !yield(x) {
					return false
				}
			}
			skip = 0
			return true
		})
	}
}

// clone returns a set with the same items. Both sets get new owners, so that neither writes what the other can see.
func (r *ranked[T]) clone() ranked[T] {
	r.owner = new(owner)
	return ranked[T]{tree: r.tree.Clone(), owner: new(owner), least: r.least, len: r.len}
}

// home returns the span that x belongs to, and false if the set is empty.
func (r *ranked[T]) home(x T) (home span[T], ok bool) {
	r.tree.DescendLessOrEqual(span[T]{low: x}, func(s span[T]) bool {
		home, ok = s, true
		return false
	})
	return home, ok
}

// next returns the span after s, and false if s is the last.
func (r *ranked[T]) next(s span[T]) (next span[T], ok bool) {
	r.tree.AscendGreaterOrEqual(s, func(o span[T]) bool {
		next, ok = o, o.low != s.low
		return !ok
	})
	return next, ok
}

// prev returns the span before s, and false if s is the first.
func (r *ranked[T]) prev(s span[T]) (prev span[T], ok bool) {
	r.tree.DescendLessOrEqual(s, func(o span[T]) bool {
		prev, ok = o, o.low != s.low
		return !ok
	})
	return prev, ok
}

// owned returns the block of s ready to be written, copied if a clone may see it.
func (r *ranked[T]) owned(s span[T]) *block[T] {
	if s.block.owner == r.owner {
		return s.block
	}
	items := make([]T, len(s.block.items), min(blockMax, 2*len(s.block.items)))
	copy(items, s.block.items)
	b := &block[T]{owner: r.owner, items: items}
	r.tree.ReplaceOrInsert(span[T]{low: s.low, block: b})
	return b
}

// split makes room in the full block b for x, which belongs at index i, and returns the block and the index where x goes now.
func (r *ranked[T]) split(b *block[T], i int, x T) (*block[T], int) {
	cut, low := blockMax/2, b.items[blockMax/2]
	if last, _ := r.tree.Max(); i == blockMax && last.block == b {
		// Arrivals at the end of the line are the rule; leaving the full block whole keeps the blocks of such a line full.
		cut, low = blockMax, x
	}
	right := &block[T]{owner: r.owner, items: make([]T, blockMax-cut, blockMax)}
	copy(right.items, b.items[cut:])
	b.items = b.items[:cut]
	r.tree.ReplaceOrInsert(span[T]{low: low, block: right})
	if x.Compare(low) < 0 {
		return b, i
	}
	return right, i - cut
}

// shrink merges the small block of s with a neighbour if the two are small enough together, and drops it if it is empty.
func (r *ranked[T]) shrink(s span[T]) {
	if next, ok := r.next(s); ok && r.merge(s, next) {
		return
	}
	if prev, ok := r.prev(s); ok && r.merge(prev, s) {
		return
	}
	if len(s.block.items) == 0 {
		r.tree.Delete(s)
	}
}

// merge makes one block of two neighbours and reports whether it did. The left span's low stays, so that the first span goes on
// starting at the least value.
func (r *ranked[T]) merge(left, right span[T]) bool {
	switch {
	case len(left.block.items) == 0:
		r.tree.ReplaceOrInsert(span[T]{low: left.low, block: right.block})
	case len(right.block.items) == 0:
	case len(left.block.items)+len(right.block.items) <= mergedMax:
		b := r.owned(left)
		b.items = append(b.items, right.block.items...)
	default:
		return false
	}
	r.tree.Delete(right)
	return true
}

// search returns the index at which x stands or would stand, and whether it is there.
func (b *block[T]) search(x T) (int, bool) {
	return slices.BinarySearchFunc(b.items, x, T.Compare)
}

// remove takes out the item at index i. The first one, which is what a queue serves, goes without moving the others.
func (b *block[T]) remove(i int) {
	if i == 0 {
		b.items = b.items[1:]
		return
	}
	b.items = slices.Delete(b.items, i, i+1)
}
