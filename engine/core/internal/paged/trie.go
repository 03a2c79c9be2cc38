package paged

import "slices"

const (
	fanBits = 3 // a branch has 8 children: a leaf that splits leaves its children neither full nor nearly empty
	fan     = 1 << fanBits
	// depthMax is the depth at which the 32 bits of a hash are used up. Leaves there grow without bound.
	depthMax = 32 / fanBits
	// leafMax is the most entries of a leaf above depthMax.
	leafMax = 32
	// leafMin is the number of entries at which a branch becomes a leaf again. It lies well below leafMax, so that a leaf that
	// just split does not fold at the next removal.
	leafMin = leafMax / 2
)

// trie is the writer's side of a persistent hash trie. A leaf holds entries in no order; a leaf that outgrows leafMax becomes a
// branch, whose child i holds the entries with i in the next three bits of their hashes.
//
// An entry is found by its hash and by what the caller's match says of its value, so a value need not contain its key.
type trie[E any] struct {
	root  *node[E] // nil if there are no entries
	epoch uint64
}

// node is a branch or a leaf, owned by the writer in its epoch.
//
// A branch is allocated in one piece with its children, so that a step down the trie meets one place in memory, not two; a leaf
// does not carry their weight.
type node[E any] struct {
	epoch uint64
	len   int              // entries in and below this node
	kids  *[fan]*node[E]   // nil in a leaf
	leaf  []hashedEntry[E] // nil in a branch
}

type branch[E any] struct {
	node[E]
	children [fan]*node[E]
}

type hashedEntry[E any] struct {
	hash  uint32
	value E
}

// find returns the value with this hash that match accepts, or nil. The value must not be written.
func (n *node[E]) find(hash uint32, match func(*E) bool) *E {
	for depth := 0; n != nil; depth++ {
		if n.kids == nil {
			if i := n.index(hash, match); i >= 0 {
				return &n.leaf[i].value
			}
			return nil
		}
		n = n.kids[branchOf(hash, depth)]
	}
	return nil
}

// size returns the number of entries in and below n, which may be nil.
func (n *node[E]) size() int {
	if n == nil {
		return 0
	}
	return n.len
}

// edit returns the value with this hash that match accepts, ready to be written. There must be one.
func (t *trie[E]) edit(hash uint32, match func(*E) bool) *E {
	at := &t.root
	for depth := 0; ; depth++ {
		n := t.own(at)
		if n.kids == nil {
			return &n.leaf[n.index(hash, match)].value
		}
		at = &n.kids[branchOf(hash, depth)]
	}
}

// insert adds a value that is not there.
func (t *trie[E]) insert(hash uint32, value E) {
	e := hashedEntry[E]{hash, value}
	at := &t.root
	for depth := 0; *at != nil; depth++ {
		n := t.own(at)
		if n.kids == nil && (n.len < leafMax || depth == depthMax) {
			n.leaf = append(n.leaf, e)
			n.len++
			return
		}
		if n.kids == nil {
			n = t.spread(at, depth)
		}
		n.len++
		at = &n.kids[branchOf(hash, depth)]
	}
	*at = &node[E]{epoch: t.epoch, len: 1, leaf: []hashedEntry[E]{e}}
}

// remove takes out the value with this hash that match accepts. There must be one.
func (t *trie[E]) remove(hash uint32, match func(*E) bool) {
	at := &t.root
	for depth := 0; ; depth++ {
		if (*at).len == 1 {
			*at = nil
			return
		}
		if (*at).kids != nil && (*at).len <= leafMin+1 {
			*at = t.fold(*at)
		}
		n := t.own(at)
		n.len--
		if n.kids == nil {
			i := n.index(hash, match)
			n.leaf = slices.Delete(n.leaf, i, i+1)
			return
		}
		at = &n.kids[branchOf(hash, depth)]
	}
}

// own makes the node at a place writable, by a copy if a view may see it.
func (t *trie[E]) own(at **node[E]) *node[E] {
	n := *at
	if n.epoch == t.epoch {
		return n
	}
	if n.kids != nil {
		*at = t.branch(n.len)
		*(*at).kids = *n.kids
		return *at
	}
	leaf := make([]hashedEntry[E], len(n.leaf), len(n.leaf)+2) // room for what the copy is made for
	copy(leaf, n.leaf)
	*at = &node[E]{epoch: t.epoch, len: n.len, leaf: leaf}
	return *at
}

// branch returns a new branch for n entries, without children.
func (t *trie[E]) branch(n int) *node[E] {
	b := &branch[E]{node: node[E]{epoch: t.epoch, len: n}}
	b.kids = &b.children
	return &b.node
}

// spread puts a branch in place of the leaf that stands at depth.
func (t *trie[E]) spread(at **node[E], depth int) *node[E] {
	leaf := *at
	n := t.branch(leaf.len)
	for _, e := range leaf.leaf {
		kid := &n.kids[branchOf(e.hash, depth)]
		if *kid == nil {
			*kid = &node[E]{epoch: t.epoch}
		}
		(*kid).len++
		(*kid).leaf = append((*kid).leaf, e)
	}
	*at = n
	return n
}

// fold returns a leaf in place of the branch n.
func (t *trie[E]) fold(n *node[E]) *node[E] {
	return &node[E]{epoch: t.epoch, len: n.len, leaf: n.gather(make([]hashedEntry[E], 0, n.len))}
}

// gather appends the entries in and below n, which may be nil, to all.
func (n *node[E]) gather(all []hashedEntry[E]) []hashedEntry[E] {
	switch {
	case n == nil:
	case n.kids == nil:
		all = append(all, n.leaf...)
	default:
		for _, kid := range n.kids {
			all = kid.gather(all)
		}
	}
	return all
}

// index returns where in the leaf n the value stands that has this hash and that match accepts, or -1.
func (n *node[E]) index(hash uint32, match func(*E) bool) int {
	for i := range n.leaf {
		if e := &n.leaf[i]; e.hash == hash && match(&e.value) {
			return i
		}
	}
	return -1
}

// branchOf returns which child of a branch at depth leads to hash.
func branchOf(hash uint32, depth int) uint32 { return hash >> (fanBits * depth) % fan }
