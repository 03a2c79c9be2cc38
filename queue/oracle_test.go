package queue_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/queue"
)

// sorted is the oracle of a line: a sorted slice.
type sorted []queue.Key

func (s *sorted) insert(k queue.Key) bool {
	i, found := slices.BinarySearchFunc(*s, k, queue.Key.Compare)
	if !found {
		*s = slices.Insert(*s, i, k)
	}
	return !found
}

func (s *sorted) delete(k queue.Key) bool {
	i, found := slices.BinarySearchFunc(*s, k, queue.Key.Compare)
	if found {
		*s = slices.Delete(*s, i, i+1)
	}
	return found
}

func (s sorted) position(k queue.Key) int {
	i, _ := slices.BinarySearchFunc(s, k, queue.Key.Compare)
	return i
}

// anyKey draws keys from a space small enough to hit what is there, and large enough to fill many blocks.
func anyKey() *rapid.Generator[queue.Key] {
	return rapid.Custom(func(t *rapid.T) queue.Key {
		return queue.Key{
			Bucket:   rapid.Int32Range(-1, 1).Draw(t, "bucket"),
			Rank:     rapid.Int64Range(-2, 2).Draw(t, "rank"),
			Enqueued: rapid.Int64Range(0, 3).Draw(t, "enqueued"),
			Ordinal:  rapid.Uint64Range(0, 40).Draw(t, "ordinal"),
		}
	})
}

// anyRun draws a stretch of consecutive keys, ascending, descending or shuffled: it fills blocks, which keys drawn one by one do
// not.
func anyRun() *rapid.Generator[[]queue.Key] {
	return rapid.Custom(func(t *rapid.T) []queue.Key {
		first := anyKey().Draw(t, "first")
		n := rapid.IntRange(1, 900).Draw(t, "n")
		keys := make([]queue.Key, n)
		for i := range keys {
			keys[i] = first
			keys[i].Ordinal += uint64(i)
		}
		switch rapid.IntRange(0, 2).Draw(t, "direction") {
		case 1:
			slices.Reverse(keys)
		case 2:
			for i := range keys { // swaps, in whatever order, make a shuffle
				j := (i * 379) % n
				keys[i], keys[j] = keys[j], keys[i]
			}
		}
		return keys
	})
}
