package queue

import "testing"

// TestQueueDropsEmptyLines pins that a signature that is gone leaves nothing behind, however many there have been.
func TestQueueDropsEmptyLines(t *testing.T) {
	q := NewQueue[int]()
	for sig := range 100 {
		q.Put(sig, Key{Ordinal: uint64(sig)})
	}
	for sig := range 100 {
		q.Remove(sig, Key{Ordinal: uint64(sig)})
	}
	if len(q.lines) != 0 || q.fronts.Len() != 0 {
		t.Errorf("%d lines and %d fronts are left of an empty queue", len(q.lines), q.fronts.Len())
	}
}

// TestQueueAscendIsLazy pins that reading the first keys opens only the lines that they stand in.
func TestQueueAscendIsLazy(t *testing.T) {
	q := NewQueue[int]()
	for sig := range 1_000 {
		q.Put(sig, Key{Ordinal: uint64(sig)})
	}
	got := testing.AllocsPerRun(10, func() {
		for range q.Ascend() {
			break
		}
	})
	if got > 20 {
		t.Errorf("reading 1 of 1,000 lines allocates %v times", got)
	}
}
