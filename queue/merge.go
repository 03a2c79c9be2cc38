package queue

import "container/heap"

// merge reads several lines as one. Its cursors form a heap by their current keys.
type merge[S comparable] struct {
	cursors cursors[S]
}

// cursor is a place in one line: the rest of a block, from the current key on.
type cursor[S comparable] struct {
	sig  S
	line *Line
	span span[Key]
	rest []Key
}

// open adds a line, which must not be empty, from its first key on.
func (m *merge[S]) open(sig S, line *Line) {
	first, _ := line.keys.tree.Min()
	heap.Push(&m.cursors, cursor[S]{sig: sig, line: line, span: first, rest: first.block.items})
}

// drain yields the keys of the open lines that stand before end, in order, and reports whether to go on.
func (m *merge[S]) drain(end Key, yield func(S, Key) bool) bool {
	for len(m.cursors) > 0 && m.cursors[0].rest[0].Compare(end) < 0 {
		if !m.step(yield) {
			return false
		}
	}
	return true
}

// drainAll yields all remaining keys of the open lines, in order.
func (m *merge[S]) drainAll(yield func(S, Key) bool) {
	for len(m.cursors) > 0 {
		if !m.step(yield) {
			return
		}
	}
}

// step yields the least key, moves its cursor on, and reports whether to go on.
func (m *merge[S]) step(yield func(S, Key) bool) bool {
	c := &m.cursors[0]
	if !yield(c.sig, c.rest[0]) {
		return false
	}
	if c.advance() {
		heap.Fix(&m.cursors, 0)
	} else {
		heap.Pop(&m.cursors)
	}
	return true
}

// advance moves to the next key of the line and reports whether there is one.
func (c *cursor[S]) advance() bool {
	if c.rest = c.rest[1:]; len(c.rest) > 0 {
		return true
	}
	next, ok := c.line.keys.next(c.span)
	if !ok {
		return false
	}
	c.span, c.rest = next, next.block.items
	return true
}

// cursors implements heap.Interface, the least current key first.
type cursors[S comparable] []cursor[S]

func (c cursors[S]) Len() int           { return len(c) }
func (c cursors[S]) Less(i, j int) bool { return c[i].rest[0].Compare(c[j].rest[0]) < 0 }
func (c cursors[S]) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *cursors[S]) Push(x any)        { *c = append(*c, x.(cursor[S])) }
func (c *cursors[S]) Pop() any {
	last := len(*c) - 1
	x := (*c)[last]
	*c = (*c)[:last]
	return x
}
