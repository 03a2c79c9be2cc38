package queue

import (
	"cmp"
	"math"
)

// Key is the place of one item in its waiting line.
//
// Keys are ordered by Bucket, then Rank, then Enqueued, then Ordinal, all ascending: the least key is served first. The Ordinal
// makes the order total, so no two items ever tie.
type Key struct {
	// Rank is the effective key within the bucket: a priority, an aged instant, a due instant, whatever the owner orders by.
	Rank int64
	// Enqueued is the instant, in Unix nanoseconds, at which the item first began to wait.
	Enqueued int64
	// Ordinal identifies the item: different items have different ordinals.
	Ordinal uint64
	// Bucket is the coarsest part of the order.
	Bucket int32
}

// least is the key before which no other key sorts.
var least = Key{Bucket: math.MinInt32, Rank: math.MinInt64, Enqueued: math.MinInt64}

// Compare returns -1 if k is served before o, +1 if after, and 0 if they are the same key.
func (k Key) Compare(o Key) int {
	switch {
	case k.Bucket != o.Bucket:
		return cmp.Compare(k.Bucket, o.Bucket)
	case k.Rank != o.Rank:
		return cmp.Compare(k.Rank, o.Rank)
	case k.Enqueued != o.Enqueued:
		return cmp.Compare(k.Enqueued, o.Enqueued)
	default:
		return cmp.Compare(k.Ordinal, o.Ordinal)
	}
}
