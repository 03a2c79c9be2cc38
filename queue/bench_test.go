package queue_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/yardmaster/yardmaster/queue"
)

// lineSizes are a small desk, a busy one, and the largest that a line is meant for.
var lineSizes = []int{1_000, 50_000, 500_000}

// filled returns a line of n keys in four priorities, with its keys in no order.
func filled(n int, rnd *rand.Rand) (*queue.Line, []queue.Key) {
	line, keys := queue.NewLine(), make([]queue.Key, n)
	for i := range keys {
		keys[i] = queue.Key{Rank: rnd.Int64N(4), Enqueued: rnd.Int64N(1 << 50), Ordinal: uint64(i)}
		line.Insert(keys[i])
	}
	return line, keys
}

func BenchmarkLinePopInsert(b *testing.B) {
	forSizes(b, lineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		line, _ := filled(n, rnd)
		for b.Loop() {
			k, _ := line.Min()
			line.Delete(k)
			k.Rank, k.Enqueued = rnd.Int64N(4), rnd.Int64N(1<<50)
			line.Insert(k)
		}
	})
}

func BenchmarkLineRekey(b *testing.B) {
	forSizes(b, lineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		line, keys := filled(n, rnd)
		for b.Loop() {
			i := rnd.IntN(n)
			line.Delete(keys[i])
			keys[i].Rank = rnd.Int64N(4)
			line.Insert(keys[i])
		}
	})
}

func BenchmarkLinePosition(b *testing.B) {
	forSizes(b, lineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		line, keys := filled(n, rnd)
		for b.Loop() {
			line.Position(keys[rnd.IntN(n)])
		}
	})
}

// BenchmarkLineCloneUpdate is what a reader's snapshot at each group of 64 commands costs the writer, per command.
func BenchmarkLineCloneUpdate(b *testing.B) {
	forSizes(b, lineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		line, keys := filled(n, rnd)
		writes := 0
		for b.Loop() {
			if writes++; writes%64 == 0 {
				line.Clone()
			}
			i := rnd.IntN(n)
			line.Delete(keys[i])
			keys[i].Rank = rnd.Int64N(4)
			line.Insert(keys[i])
		}
	})
}

// BenchmarkLineBytes reports the memory of one key in a line filled in order, as waiting lines mostly are, and at random.
func BenchmarkLineBytes(b *testing.B) {
	forSizes(b, lineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		var ordered, random uint64
		for b.Loop() {
			ordered = heapOf(func() any {
				line := queue.NewLine()
				for i := range n {
					line.Insert(queue.Key{Enqueued: int64(i), Ordinal: uint64(i)})
				}
				return line
			})
			random = heapOf(func() any {
				line := queue.NewLine()
				for i := range n {
					line.Insert(queue.Key{Enqueued: rnd.Int64N(1 << 50), Ordinal: uint64(i)})
				}
				return line
			})
		}
		b.ReportMetric(float64(ordered)/float64(n), "B/ordered")
		b.ReportMetric(float64(random)/float64(n), "B/random")
	})
}

func BenchmarkQueuePutRemove(b *testing.B) {
	forSizes(b, []int{1, 10, 100, 1_000}, func(b *testing.B, signatures int, rnd *rand.Rand) {
		q := queue.NewQueue[int]()
		keys := make([]queue.Key, 50_000)
		for i := range keys {
			keys[i] = queue.Key{Rank: rnd.Int64N(4), Enqueued: rnd.Int64N(1 << 50), Ordinal: uint64(i)}
			q.Put(i%signatures, keys[i])
		}
		for b.Loop() {
			i := rnd.IntN(len(keys))
			q.Remove(i%signatures, keys[i])
			keys[i].Rank = rnd.Int64N(4)
			q.Put(i%signatures, keys[i])
		}
	})
}

func BenchmarkQueueClone(b *testing.B) {
	forSizes(b, []int{1, 10, 100, 1_000}, func(b *testing.B, signatures int, rnd *rand.Rand) {
		q := queue.NewQueue[int]()
		for i := range 50_000 {
			q.Put(i%signatures, queue.Key{Enqueued: rnd.Int64N(1 << 50), Ordinal: uint64(i)})
		}
		for b.Loop() {
			q.Clone()
		}
	})
}

// BenchmarkQueueAscend reads the first 100 of a merged queue, as a board does.
func BenchmarkQueueAscend(b *testing.B) {
	forSizes(b, []int{1, 10, 100, 1_000}, func(b *testing.B, signatures int, rnd *rand.Rand) {
		q := queue.NewQueue[int]()
		for i := range 50_000 {
			q.Put(i%signatures, queue.Key{Enqueued: rnd.Int64N(1 << 50), Ordinal: uint64(i)})
		}
		for b.Loop() {
			n := 0
			for range q.Ascend() {
				if n++; n == 100 {
					break
				}
			}
		}
	})
}

// deadlineSizes are pending deadlines; a waiting ticket has two or three.
var deadlineSizes = []int{10_000, 100_000, 1_000_000}

// armed returns n pending deadlines within a week, with the deadlines in no order.
func armed(n int, rnd *rand.Rand) (*queue.Deadlines, []queue.Deadline) {
	pending, all := queue.NewDeadlines(), make([]queue.Deadline, n)
	for i := range all {
		all[i] = queue.Deadline{At: rnd.Int64N(week), Class: 1, Ordinal: uint64(i)}
		pending.Arm(all[i])
	}
	return pending, all
}

const week = 7 * 24 * 3600 * 1e9

func BenchmarkDeadlinesRearm(b *testing.B) {
	forSizes(b, deadlineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		pending, all := armed(n, rnd)
		for b.Loop() {
			i := rnd.IntN(n)
			pending.Cancel(all[i])
			all[i].At = rnd.Int64N(week)
			pending.Arm(all[i])
		}
	})
}

// BenchmarkDeadlinesPopArm pops the next and arms it anew within a week, as time goes by.
func BenchmarkDeadlinesPopArm(b *testing.B) {
	forSizes(b, deadlineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		pending, _ := armed(n, rnd)
		for b.Loop() {
			at, _ := pending.Next()
			d, _ := pending.Pop(at + 1)
			d.At += rnd.Int64N(week)
			pending.Arm(d)
		}
	})
}

func BenchmarkDeadlinesBytes(b *testing.B) {
	forSizes(b, deadlineSizes, func(b *testing.B, n int, rnd *rand.Rand) {
		var bytes uint64
		for b.Loop() {
			bytes = heapOf(func() any {
				pending := queue.NewDeadlines()
				for i := range n {
					pending.Arm(queue.Deadline{At: rnd.Int64N(week), Ordinal: uint64(i)})
				}
				return pending
			})
		}
		b.ReportMetric(float64(bytes)/float64(n), "B/deadline")
	})
}

// forSizes runs one sub-benchmark for each size, with the same random numbers in each.
func forSizes(b *testing.B, sizes []int, bench func(b *testing.B, n int, rnd *rand.Rand)) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			bench(b, n, rand.New(rand.NewPCG(1, 2)))
		})
	}
}

// heapOf returns the bytes that what build returns keeps alive.
func heapOf(build func() any) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := build()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return after.HeapAlloc - before.HeapAlloc
}
