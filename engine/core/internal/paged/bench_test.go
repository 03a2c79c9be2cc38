package paged_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
)

// groupLen is how many writes go into one published version.
const groupLen = 64

var sizes = []int{10_000, 100_000, 1_000_000}

type benchRow struct {
	assignee uint32
	status   uint8
}

// BenchmarkTableSet changes a random row, with a version published each 64.
func BenchmarkTableSet(b *testing.B) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		table, row, writes := paged.NewTable[benchRow](), [2]benchRow{}, 0
		for i := range n {
			table.Set(uint32(i), &row[0])
		}
		for b.Loop() {
			table.Set(uint32(rnd.IntN(n)), &row[writes%2])
			if writes++; writes%groupLen == 0 {
				table.Publish()
			}
		}
	})
}

func BenchmarkTableGet(b *testing.B) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		table, row := paged.NewTable[benchRow](), benchRow{}
		for i := range n {
			table.Set(uint32(i), &row)
		}
		view := table.Publish()
		for b.Loop() {
			view.Get(uint32(rnd.IntN(n)))
		}
	})
}

// BenchmarkIndexReplace takes one id out and puts another in, with a version published each 64.
func BenchmarkIndexReplace(b *testing.B) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		index, names, spare := filledIndex(n)
		name := func(slot uint32) string { return names[slot] }
		writes := 0
		for b.Loop() {
			slot := uint32(rnd.IntN(n))
			index.Delete(names[slot], name)
			names[slot], spare[slot] = spare[slot], names[slot]
			index.Insert(names[slot], slot, name)
			if writes++; writes%groupLen == 0 {
				index.Publish()
			}
		}
	})
}

func BenchmarkIndexGet(b *testing.B) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		index, names, _ := filledIndex(n)
		name := func(slot uint32) string { return names[slot] }
		view := index.Publish()
		for b.Loop() {
			view.Get(names[rnd.IntN(n)], name)
		}
	})
}

// filledIndex returns an index of n ids, the id of each slot, and another id for each slot.
func filledIndex(n int) (index *paged.Index, names, spare []string) {
	index, names, spare = paged.NewIndex(), make([]string, n), make([]string, n)
	for i := range n {
		names[i], spare[i] = ticketID(uint32(i)), ticketID(uint32(n+i))
		index.Insert(names[i], uint32(i), func(slot uint32) string { return names[slot] })
	}
	return index, names, spare
}

// BenchmarkPostingsMove moves a random slot from one of 4 large lists to another, with a version published each 64.
func BenchmarkPostingsMove(b *testing.B) {
	benchMove(b, func(int) int { return 4 })
}

// BenchmarkPostingsMoveMany moves a random slot between lists of about 50 slots.
func BenchmarkPostingsMoveMany(b *testing.B) {
	benchMove(b, func(n int) int { return n / 50 })
}

func benchMove(b *testing.B, lists func(n int) int) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		postings, at := paged.NewPostings(number), make([]uint32, n)
		for i := range n {
			at[i] = uint32(rnd.IntN(lists(n)))
			postings.Add(at[i], uint32(i))
		}
		writes := 0
		for b.Loop() {
			slot := uint32(rnd.IntN(n))
			postings.Remove(at[slot], slot)
			at[slot] = uint32(rnd.IntN(lists(n)))
			postings.Add(at[slot], slot)
			if writes++; writes%groupLen == 0 {
				postings.Publish()
			}
		}
	})
}

// BenchmarkUpdate is the budgeted one: a ticket changes its row, its status and its assignee, and each 64th change publishes all.
func BenchmarkUpdate(b *testing.B) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		table := paged.NewTable[benchRow]()
		byStatus, byAssignee := paged.NewPostings(number), paged.NewPostings(number)
		agents := n / 50
		for i := range uint32(n) {
			row := &benchRow{assignee: uint32(rnd.IntN(agents)), status: uint8(rnd.IntN(4))}
			table.Set(i, row)
			byStatus.Add(uint32(row.status), i)
			byAssignee.Add(row.assignee, i)
		}
		writes := 0
		for b.Loop() {
			slot := uint32(rnd.IntN(n))
			was := table.Get(slot)
			row := &benchRow{assignee: uint32(rnd.IntN(agents)), status: uint8(rnd.IntN(4))}
			byStatus.Remove(uint32(was.status), slot)
			byStatus.Add(uint32(row.status), slot)
			byAssignee.Remove(was.assignee, slot)
			byAssignee.Add(row.assignee, slot)
			table.Set(slot, row)
			if writes++; writes%groupLen == 0 {
				table.Publish()
				byStatus.Publish()
				byAssignee.Publish()
			}
		}
	})
}

// BenchmarkBytes reports what each structure keeps in memory, for one slot: a table's pointer, an index's id, a posting in a
// long list, and a list of a single slot under a text key, the text not counted.
func BenchmarkBytes(b *testing.B) {
	forSizes(b, func(b *testing.B, n int, rnd *rand.Rand) {
		row, keys := benchRow{}, make([]string, n)
		for i := range keys {
			keys[i] = ticketID(uint32(i))
		}
		name := func(slot uint32) string { return keys[slot] }
		each := func(write func(slot uint32)) {
			for slot := range uint32(n) {
				write(slot)
			}
		}
		builds := []struct {
			unit  string
			build func() any
		}{
			{"B/row", func() any {
				t := paged.NewTable[benchRow]()
				each(func(slot uint32) { t.Set(slot, &row) })
				return t
			}},
			{"B/id", func() any {
				x := paged.NewIndex()
				each(func(slot uint32) { x.Insert(keys[slot], slot, name) })
				return x
			}},
			{"B/posting", func() any {
				p := paged.NewPostings(number)
				each(func(slot uint32) { p.Add(slot%4, slot) })
				return p
			}},
			{"B/single", func() any {
				p := paged.NewPostings(paged.HashString)
				each(func(slot uint32) { p.Add(keys[slot], slot) })
				return p
			}},
		}
		for b.Loop() {
			for _, x := range builds {
				b.ReportMetric(float64(heapOf(x.build))/float64(n), x.unit)
			}
		}
		runtime.KeepAlive(keys)
	})
}

func number(n uint32) uint64 { return uint64(n) }

// forSizes runs one sub-benchmark for each size, with the same random numbers in each.
func forSizes(b *testing.B, bench func(b *testing.B, n int, rnd *rand.Rand)) {
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
