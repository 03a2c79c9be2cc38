package queue

import (
	"iter"

	"github.com/google/btree"
)

// Queue is a waiting line kept as one [Line] for each signature, and read as the merge of them.
//
// A signature S says what serving an item takes; it is compared with == only, never ordered. All items of one signature can be
// served by the same servers, so a search for the first item that some server can take looks at one front key for each
// signature, not at each item.
//
// Lines that fall empty are dropped: a queue holds no trace of signatures that are gone. A key must not be in two lines at once.
type Queue[S comparable] struct {
	lines  map[S]*Line
	fronts *btree.BTreeG[front[S]] // the first key of every line, in order
	len    int
}

// front is the first key of the line of one signature. Fronts are ordered, and found, by key alone.
type front[S comparable] struct {
	key Key
	sig S
}

// NewQueue returns an empty queue.
func NewQueue[S comparable]() *Queue[S] {
	less := func(a, b front[S]) bool { return a.key.Compare(b.key) < 0 }
	return &Queue[S]{
		lines:  make(map[S]*Line),
		fronts: btree.NewWithFreeListG(degree, less, btree.NewFreeListG[front[S]](0)),
	}
}

// Put adds k to the line of sig and reports whether it was absent from that line. It panics if it notices that k is in another
// line too; an item changes its signature by Remove and Put.
func (q *Queue[S]) Put(sig S, k Key) bool {
	line := q.lines[sig]
	if line == nil {
		line = NewLine()
		q.lines[sig] = line
	}
	was, had := line.Min()
	if !line.Insert(k) {
		return false
	}
	q.len++
	q.refront(sig, line, was, had)
	return true
}

// Remove takes k out of the line of sig and reports whether it was there.
func (q *Queue[S]) Remove(sig S, k Key) bool {
	line := q.lines[sig]
	if line == nil {
		return false
	}
	was, had := line.Min()
	if !line.Delete(k) {
		return false
	}
	q.len--
	q.refront(sig, line, was, had)
	return true
}

// Len returns the number of keys in all lines.
func (q *Queue[S]) Len() int { return q.len }

// LenOf returns the number of keys in the line of sig.
func (q *Queue[S]) LenOf(sig S) int {
	if line := q.lines[sig]; line != nil {
		return line.Len()
	}
	return 0
}

// Position returns how many keys of all lines stand strictly before k, whether or not k itself is in the queue.
func (q *Queue[S]) Position(k Key) int {
	n := 0
	for sig, first := range q.Fronts() {
		if first.Compare(k) >= 0 {
			break
		}
		n += q.lines[sig].Position(k)
	}
	return n
}

// Fronts returns each signature with the first key of its line, in the order of those keys.
func (q *Queue[S]) Fronts() iter.Seq2[S, Key] {
	return func(yield func(S, Key) bool) {
		q.fronts.Ascend(func(f front[S]) bool { return yield(f.sig, f.key) })
	}
}

// Line returns the keys of the line of sig, in order.
func (q *Queue[S]) Line(sig S) iter.Seq[Key] {
	return func(yield func(Key) bool) {
		if line := q.lines[sig]; line != nil {
			line.All()(yield)
		}
	}
}

// Ascend returns every key with its signature, in the order of the keys. Stopping early costs only what was read: a line is
// opened when the merge reaches its first key.
func (q *Queue[S]) Ascend() iter.Seq2[S, Key] {
	return func(yield func(S, Key) bool) {
		var m merge[S]
		for sig, first := range q.Fronts() {
			if !m.drain(first, yield) {
				return
			}
			m.open(sig, q.lines[sig])
		}
		m.drainAll(yield)
	}
}

// Clone returns a queue with the same contents, at a cost that grows with the number of signatures, not of keys. Each of the
// two queues copies a block of a line at its first write to it.
func (q *Queue[S]) Clone() *Queue[S] {
	lines := make(map[S]*Line, len(q.lines))
	for sig := range q.Fronts() {
		lines[sig] = q.lines[sig].Clone()
	}
	return &Queue[S]{lines: lines, fronts: q.fronts.Clone(), len: q.len}
}

// refront brings the fronts up to date after a write to the line of sig, whose first key was was, if it had one.
func (q *Queue[S]) refront(sig S, line *Line, was Key, had bool) {
	now, has := line.Min()
	if had && has && was == now {
		return
	}
	if had {
		q.fronts.Delete(front[S]{key: was})
	}
	if !has {
		delete(q.lines, sig)
		return
	}
	if _, taken := q.fronts.ReplaceOrInsert(front[S]{key: now, sig: sig}); taken {
		panic("queue: one key in two lines of a queue")
	}
}
