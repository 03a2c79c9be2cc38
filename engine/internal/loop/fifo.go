package loop

// fifo is a queue of values; the zero fifo is empty.
type fifo[T any] struct {
	items []T
	head  int // items before it have been taken
}

func (q *fifo[T]) len() int { return len(q.items) - q.head }

// push appends, and reuses the space of taken items before it asks for more.
func (q *fifo[T]) push(item T) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

// front returns the oldest item, to be read or changed in place.
func (q *fifo[T]) front() *T { return &q.items[q.head] }

// pop takes the oldest item away.
func (q *fifo[T]) pop() T {
	item := q.items[q.head]
	var zero T
	q.items[q.head] = zero
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return item
}
