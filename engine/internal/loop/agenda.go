package loop

import "container/heap"

// agenda holds the desks that have a deadline, earliest first; of equal ones
// the desk that was opened first.
type agenda struct{ desks byDue }

// set files a desk under its machine's next deadline, or takes it out.
func (a *agenda) set(d *Desk) {
	next, ok := d.machine.Next()
	d.due = next
	switch {
	case ok && d.place == 0:
		heap.Push(&a.desks, d)
	case ok:
		heap.Fix(&a.desks, d.place-1)
	case d.place != 0:
		heap.Remove(&a.desks, d.place-1)
	}
}

// first returns the desk with the earliest deadline.
func (a *agenda) first() (*Desk, bool) {
	if len(a.desks) == 0 {
		return nil, false
	}
	return a.desks[0], true
}

// take removes the first desk.
func (a *agenda) take() *Desk { return heap.Pop(&a.desks).(*Desk) }

// byDue implements heap.Interface and tells each desk its place.
type byDue []*Desk

func (h byDue) Len() int { return len(h) }

func (h byDue) Less(i, j int) bool {
	if h[i].due != h[j].due {
		return h[i].due < h[j].due
	}
	return h[i].number < h[j].number
}

func (h byDue) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

func (h *byDue) Push(x any) {
	d := x.(*Desk)
	*h = append(*h, d)
	d.place = len(*h)
}

func (h *byDue) Pop() any {
	last := len(*h) - 1
	d := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	d.place = 0
	return d
}
