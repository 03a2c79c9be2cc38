package queue_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/queue"
)

func TestKeyOrder(t *testing.T) {
	// Each key differs from the one before in one field, and outweighs it by that field alone.
	want := []queue.Key{
		{Bucket: math.MinInt32, Rank: math.MinInt64, Enqueued: math.MinInt64},
		{Bucket: -1, Rank: 9, Enqueued: 9, Ordinal: 9},
		{Bucket: 0, Rank: math.MinInt64, Enqueued: 9, Ordinal: 9},
		{Bucket: 0, Rank: 3, Enqueued: 9, Ordinal: 9},
		{Bucket: 0, Rank: 4, Enqueued: -7, Ordinal: 9},
		{Bucket: 0, Rank: 4, Enqueued: 5, Ordinal: 9},
		{Bucket: 0, Rank: 4, Enqueued: 6, Ordinal: 1},
		{Bucket: 0, Rank: 4, Enqueued: 6, Ordinal: math.MaxUint64},
		{Bucket: math.MaxInt32, Rank: math.MinInt64, Enqueued: math.MinInt64},
	}
	checkTotalOrder(t, want)
}

func TestDeadlineOrder(t *testing.T) {
	want := []queue.Deadline{
		{At: math.MinInt64, Class: 9, Ordinal: 9, Place: 9, Kind: 9},
		{At: 1, Class: 3, Ordinal: 9, Place: 9, Kind: 9},
		{At: 2, Class: 1, Ordinal: 9, Place: 9, Kind: 9},
		{At: 2, Class: 2, Ordinal: 7, Place: 9, Kind: 9},
		{At: 2, Class: 2, Ordinal: 8, Place: 5, Kind: 9},
		{At: 2, Class: 2, Ordinal: 8, Place: 6, Kind: 1},
		{At: 2, Class: 2, Ordinal: 8, Place: 6, Kind: 2},
		{At: math.MaxInt64},
	}
	checkTotalOrder(t, want)
}

// checkTotalOrder compares every pair of want, which is in ascending order, both ways.
func checkTotalOrder[T interface{ Compare(T) int }](t *testing.T, want []T) {
	t.Helper()
	for i, a := range want {
		for j, b := range want {
			if got := a.Compare(b); got != cmp.Compare(i, j) {
				t.Errorf("Compare(%+v, %+v) = %d, want %d", a, b, got, cmp.Compare(i, j))
			}
		}
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, T.Compare)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("sorted (-want +got):\n%s", diff)
	}
}
