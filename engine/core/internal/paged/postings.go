package paged

import "iter"

// Postings is the writer's side of posting lists: key → the ascending set of slots that have it. Keys without slots cost
// nothing, a key with one slot little more than itself.
type Postings[K comparable] struct {
	lists trie[posting[K]]
	hash  func(K) uint64
}

// PostingsView is one published version of [Postings]. The zero value is empty.
type PostingsView[K comparable] struct {
	root *node[posting[K]]
	hash func(K) uint64
}

// posting is the list of one key: the single slot one, or a set of two or more.
type posting[K comparable] struct {
	key  K
	more *set // nil if there is a single slot
	one  uint32
}

// NewPostings returns empty postings. The hash of a key must be the same in every process; it is mixed before use, so a number
// may serve as its own hash, and [HashString] serves for text.
func NewPostings[K comparable](hash func(K) uint64) *Postings[K] {
	return &Postings[K]{lists: trie[posting[K]]{epoch: 1}, hash: hash}
}

// Add puts slot in the list of key and reports whether it was absent.
func (p *Postings[K]) Add(key K, slot uint32) bool {
	hash, match := mix(p.hash(key)), keyed(key)
	list := p.lists.root.find(hash, match)
	switch {
	case list == nil:
		p.lists.insert(hash, posting[K]{key: key, one: slot})
	case list.has(slot):
		return false
	default:
		p.lists.edit(hash, match).add(slot, p.lists.epoch)
	}
	return true
}

// Remove takes slot out of the list of key and reports whether it was there.
func (p *Postings[K]) Remove(key K, slot uint32) bool {
	hash, match := mix(p.hash(key)), keyed(key)
	list := p.lists.root.find(hash, match)
	switch {
	case list == nil || !list.has(slot):
		return false
	case list.len() == 1:
		p.lists.remove(hash, match)
	default:
		p.lists.edit(hash, match).remove(slot, p.lists.epoch)
	}
	return true
}

// Has reports whether slot is in the list of key.
func (p *Postings[K]) Has(key K, slot uint32) bool { return p.now().Has(key, slot) }

// Len returns the number of slots in the list of key.
func (p *Postings[K]) Len(key K) int { return p.now().Len(key) }

// All returns the slots in the list of key, ascending.
func (p *Postings[K]) All(key K) iter.Seq[uint32] { return p.now().All(key) }

// Publish returns the present version for readers.
func (p *Postings[K]) Publish() PostingsView[K] {
	p.lists.epoch++
	return p.now()
}

// now returns the present version without publishing it: good until the next write.
func (p *Postings[K]) now() PostingsView[K] {
	return PostingsView[K]{root: p.lists.root, hash: p.hash}
}

// Has reports whether slot is in the list of key.
func (v PostingsView[K]) Has(key K, slot uint32) bool {
	list := v.find(key)
	return list != nil && list.has(slot)
}

// Len returns the number of slots in the list of key.
func (v PostingsView[K]) Len(key K) int {
	if list := v.find(key); list != nil {
		return list.len()
	}
	return 0
}

// All returns the slots in the list of key, ascending.
func (v PostingsView[K]) All(key K) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if list := v.find(key); list != nil {
			list.all(yield)
		}
	}
}

// find returns the list of key, or nil if it has no slots.
func (v PostingsView[K]) find(key K) *posting[K] {
	if v.root == nil {
		return nil
	}
	return v.root.find(mix(v.hash(key)), keyed(key))
}

// keyed returns a match for the list of key.
func keyed[K comparable](key K) func(*posting[K]) bool {
	return func(list *posting[K]) bool { return list.key == key }
}

func (l *posting[K]) len() int {
	if l.more == nil {
		return 1
	}
	return l.more.len
}

func (l *posting[K]) has(slot uint32) bool {
	if l.more == nil {
		return l.one == slot
	}
	return l.more.has(slot)
}

// add puts in a slot that is not there, in an epoch in which the list itself is owned.
func (l *posting[K]) add(slot uint32, epoch uint64) {
	if l.more == nil {
		l.more = pair(l.one, slot, epoch)
		l.one = 0
		return
	}
	l.more = l.more.own(epoch)
	l.more.add(slot)
}

// remove takes out a slot that is there, one of several, in an epoch in which the list itself is owned.
func (l *posting[K]) remove(slot uint32, epoch uint64) {
	l.more = l.more.own(epoch)
	l.more.remove(slot)
	if l.more.len == 1 {
		l.one, l.more = l.more.first(), nil
	}
}

func (l *posting[K]) all(yield func(uint32) bool) {
	if l.more == nil {
		yield(l.one)
		return
	}
	l.more.all(yield)
}
