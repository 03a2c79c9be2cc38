package queue_test

import (
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/queue"
)

func TestLineEmpty(t *testing.T) {
	l := queue.NewLine()
	k := queue.Key{Rank: 1}
	if got, ok := l.Min(); ok {
		t.Errorf("Min() = %v, true; want false", got)
	}
	for _, i := range []int{-1, 0, 1} {
		if got, ok := l.At(i); ok {
			t.Errorf("At(%d) = %v, true; want false", i, got)
		}
	}
	if got := l.Position(k); got != 0 {
		t.Errorf("Position = %d, want 0", got)
	}
	if l.Delete(k) {
		t.Error("Delete from an empty line = true")
	}
	if got := slices.Collect(l.All()); got != nil {
		t.Errorf("All() = %v, want nothing", got)
	}
}

// TestLineOracle drives lines and their clones with random writes and compares all of them, after each, with sorted slices.
func TestLineOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := []*queue.Line{queue.NewLine()}
		oracles := []sorted{nil}
		pick := func() int { return rapid.IntRange(0, len(lines)-1).Draw(t, "line") }
		insert := func(i int, k queue.Key) {
			if got, want := lines[i].Insert(k), oracles[i].insert(k); got != want {
				t.Fatalf("Insert(%v) = %v, want %v", k, got, want)
			}
		}
		remove := func(i int, k queue.Key) {
			if got, want := lines[i].Delete(k), oracles[i].delete(k); got != want {
				t.Fatalf("Delete(%v) = %v, want %v", k, got, want)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(t *rapid.T) { insert(pick(), anyKey().Draw(t, "key")) },
			"delete": func(t *rapid.T) { remove(pick(), anyKey().Draw(t, "key")) },
			"insert run": func(t *rapid.T) {
				i := pick()
				for _, k := range anyRun().Draw(t, "run") {
					insert(i, k)
				}
			},
			"delete run": func(t *rapid.T) {
				i := pick()
				for _, k := range anyRun().Draw(t, "run") {
					remove(i, k)
				}
			},
			"pop": func(t *rapid.T) {
				i := pick()
				for range min(rapid.IntRange(1, 600).Draw(t, "n"), len(oracles[i])) {
					remove(i, oracles[i][0])
				}
			},
			"clone": func(t *rapid.T) {
				if len(lines) > 4 {
					t.Skip("enough clones")
				}
				i := pick()
				lines = append(lines, lines[i].Clone())
				oracles = append(oracles, slices.Clone(oracles[i]))
			},
			"": func(t *rapid.T) {
				probe := anyKey().Draw(t, "probe")
				for i := range lines {
					checkLine(t, lines[i], oracles[i], probe)
				}
			},
		})
	})
}

// checkLine compares all that a line can be asked with the oracle.
func checkLine(t *rapid.T, l *queue.Line, want sorted, probe queue.Key) {
	if got := slices.Collect(l.All()); !slices.Equal(got, want) {
		t.Fatalf("All (-want +got):\n%s", gocmp.Diff([]queue.Key(want), got, cmpopts.EquateEmpty()))
	}
	if l.Len() != len(want) {
		t.Fatalf("Len() = %d, want %d", l.Len(), len(want))
	}
	at := want.position(probe)
	if got := l.Position(probe); got != at {
		t.Fatalf("Position(%v) = %d, want %d", probe, got, at)
	}
	if got := slices.Collect(l.Ascend(probe)); !slices.Equal(got, want[at:]) {
		t.Fatalf("Ascend(%v) (-want +got):\n%s", probe, gocmp.Diff([]queue.Key(want[at:]), got, cmpopts.EquateEmpty()))
	}
	got, ok := l.At(at)
	if ok != (at < len(want)) || ok && got != want[at] {
		t.Fatalf("At(%d) = %v, %v", at, got, ok)
	}
	first, ok := l.Min()
	if ok != (len(want) > 0) || ok && first != want[0] {
		t.Fatalf("Min() = %v, %v", first, ok)
	}
}

func TestLineAscendStops(t *testing.T) {
	l := queue.NewLine()
	for i := range 1000 {
		l.Insert(queue.Key{Ordinal: uint64(i)})
	}
	n := 0
	for range l.All() {
		if n++; n == 300 {
			break
		}
	}
	if n != 300 {
		t.Errorf("visited %d keys after a break at 300", n)
	}
}

// TestLineCloneConcurrent lets the race detector see the owner write while readers read a clone.
func TestLineCloneConcurrent(t *testing.T) {
	l := queue.NewLine()
	for i := range 2000 {
		l.Insert(queue.Key{Rank: int64(i)})
	}
	var wg sync.WaitGroup
	for round := range 4 {
		snapshot, want := l.Clone(), l.Len()
		for range 2 {
			wg.Go(func() {
				if got := len(slices.Collect(snapshot.All())); got != want {
					t.Errorf("round %d: the clone has %d keys, want %d", round, got, want)
				}
				if got := snapshot.Position(queue.Key{Rank: 1 << 40}); got != want {
					t.Errorf("round %d: Position past the end = %d, want %d", round, got, want)
				}
			})
		}
		for i := range 500 {
			l.Delete(queue.Key{Rank: int64(500*round + i)})
			l.Insert(queue.Key{Rank: int64(10_000 + 3*i), Ordinal: uint64(round)})
			l.Insert(queue.Key{Rank: int64(20_000 + i), Ordinal: uint64(round)})
		}
	}
	wg.Wait()
}
