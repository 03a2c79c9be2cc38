package queue

import "iter"

// Line is one ordered waiting line: a set of keys in the order of [Key.Compare] that knows each key's position.
//
// Keys are kept in blocks under a B-tree of blocks: a bare B-tree would have to walk every key ahead to tell a position, a line
// adds up block sizes.
type Line struct {
	keys ranked[Key]
}

// NewLine returns an empty line.
func NewLine() *Line {
	return &Line{keys: newRanked(least)}
}

// Insert adds k and reports whether it was absent.
func (l *Line) Insert(k Key) bool { return l.keys.insert(k) }

// Delete takes k out and reports whether it was present. To move an item, delete its old key and insert the new one.
func (l *Line) Delete(k Key) bool { return l.keys.delete(k) }

// Len returns the number of keys.
func (l *Line) Len() int { return l.keys.len }

// Min returns the first key in order, and false if the line is empty.
func (l *Line) Min() (Key, bool) { return l.keys.min() }

// Position returns how many keys stand strictly before k, whether or not k itself is in the line.
func (l *Line) Position(k Key) int { return l.keys.position(k) }

// At returns the key with exactly i keys before it, and false if i is negative or not less than Len.
func (l *Line) At(i int) (Key, bool) { return l.keys.at(i) }

// All returns the keys in order.
func (l *Line) All() iter.Seq[Key] { return l.keys.ascend(least) }

// Ascend returns, in order, the keys that do not stand before from, which need not be in the line.
func (l *Line) Ascend(from Key) iter.Seq[Key] { return l.keys.ascend(from) }

// Clone returns a line with the same keys. It copies nothing; each of the two lines copies a block at its first write to it.
func (l *Line) Clone() *Line { return &Line{keys: l.keys.clone()} }
