package queue_test

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/queue"
)

// placed is a key with the signature of its line.
type placed struct {
	Sig string
	Key queue.Key
}

// world is the oracle of a queue: its contents, sorted.
type world []placed

// find returns the index at which k stands or would stand, and whether it is there.
func (w world) find(k queue.Key) (int, bool) {
	return slices.BinarySearchFunc(w, k, func(p placed, k queue.Key) int { return p.Key.Compare(k) })
}

// fronts returns the first key of each signature in all, in order.
func fronts(all []placed) []placed {
	var fronts []placed
	seen := map[string]bool{}
	for _, p := range all {
		if !seen[p.Sig] {
			seen[p.Sig] = true
			fronts = append(fronts, p)
		}
	}
	return fronts
}

func collect(seq func(func(string, queue.Key) bool)) []placed {
	var all []placed
	for sig, k := range seq {
		all = append(all, placed{sig, k})
	}
	return all
}

var sigs = []string{"", "billing", "german", "german+billing", "vip"}

// TestQueueOracle drives queues and their clones with random writes and compares all of them, after each, with full sorts.
func TestQueueOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		queues := []*queue.Queue[string]{queue.NewQueue[string]()}
		oracles := []world{nil}
		pick := func() int { return rapid.IntRange(0, len(queues)-1).Draw(t, "queue") }
		anySig := rapid.SampledFrom(sigs)
		remove := func(i int, sig string, k queue.Key) {
			at, found := oracles[i].find(k)
			want := found && oracles[i][at].Sig == sig
			if got := queues[i].Remove(sig, k); got != want {
				t.Fatalf("Remove(%q, %v) = %v, want %v", sig, k, got, want)
			}
			if want {
				oracles[i] = slices.Delete(oracles[i], at, at+1)
			}
		}
		put := func(i int, sig string, k queue.Key) {
			at, taken := oracles[i].find(k)
			if taken && oracles[i][at].Sig != sig { // the caller's duty: a key stands in one line
				remove(i, oracles[i][at].Sig, k)
				taken = false
			}
			if got := queues[i].Put(sig, k); got == taken {
				t.Fatalf("Put(%q, %v) = %v", sig, k, got)
			}
			if !taken {
				oracles[i] = slices.Insert(oracles[i], at, placed{sig, k})
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"put":    func(t *rapid.T) { put(pick(), anySig.Draw(t, "sig"), anyKey().Draw(t, "key")) },
			"remove": func(t *rapid.T) { remove(pick(), anySig.Draw(t, "sig"), anyKey().Draw(t, "key")) },
			"put run": func(t *rapid.T) {
				i := pick()
				for j, k := range anyRun().Draw(t, "run") {
					put(i, sigs[j%len(sigs)], k)
				}
			},
			"serve": func(t *rapid.T) {
				i := pick()
				for range min(rapid.IntRange(1, 400).Draw(t, "n"), len(oracles[i])) {
					remove(i, oracles[i][0].Sig, oracles[i][0].Key)
				}
			},
			"drop signature": func(t *rapid.T) {
				i, sig := pick(), anySig.Draw(t, "sig")
				for _, p := range slices.Clone(oracles[i]) {
					if p.Sig == sig {
						remove(i, p.Sig, p.Key)
					}
				}
			},
			"clone": func(t *rapid.T) {
				if len(queues) > 3 {
					t.Skip("enough clones")
				}
				i := pick()
				queues = append(queues, queues[i].Clone())
				oracles = append(oracles, slices.Clone(oracles[i]))
			},
			"": func(t *rapid.T) {
				probe := anyKey().Draw(t, "probe")
				for i := range queues {
					checkQueue(t, queues[i], oracles[i], probe)
				}
			},
		})
	})
}

// checkQueue compares all that a queue can be asked with the oracle.
func checkQueue(t *rapid.T, q *queue.Queue[string], all world, probe queue.Key) {
	if got := collect(q.Ascend()); !slices.Equal(got, all) {
		t.Fatalf("Ascend (-want +got):\n%s", gocmp.Diff([]placed(all), got))
	}
	if got, want := collect(q.Fronts()), fronts(all); !slices.Equal(got, want) {
		t.Fatalf("Fronts (-want +got):\n%s", gocmp.Diff(want, got))
	}
	if q.Len() != len(all) {
		t.Fatalf("Len() = %d, want %d", q.Len(), len(all))
	}
	ahead, _ := all.find(probe)
	lines := map[string][]queue.Key{}
	for _, p := range all {
		lines[p.Sig] = append(lines[p.Sig], p.Key)
	}
	if got := q.Position(probe); got != ahead {
		t.Fatalf("Position(%v) = %d, want %d", probe, got, ahead)
	}
	for _, sig := range sigs {
		if got := q.LenOf(sig); got != len(lines[sig]) {
			t.Fatalf("LenOf(%q) = %d, want %d", sig, got, len(lines[sig]))
		}
		if got := slices.Collect(q.Line(sig)); !slices.Equal(got, lines[sig]) {
			t.Fatalf("Line(%q) (-want +got):\n%s", sig, gocmp.Diff(lines[sig], got))
		}
	}
}

func TestQueueAscendStops(t *testing.T) {
	q := queue.NewQueue[string]()
	for i := range 100 {
		q.Put(sigs[i%3], queue.Key{Rank: int64(i)})
	}
	for _, stop := range []int{1, 2, 3, 50, 99, 100} {
		n := 0
		for _, k := range q.Ascend() {
			if k.Rank != int64(n) {
				t.Fatalf("key %d has rank %d", n, k.Rank)
			}
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("visited %d keys after a break at %d", n, stop)
		}
	}
}

func TestQueueKeyInTwoLines(t *testing.T) {
	q := queue.NewQueue[string]()
	k := queue.Key{Ordinal: 7}
	q.Put("german", k)
	defer func() {
		if recover() == nil {
			t.Error("Put of a key that is first in another line did not panic")
		}
	}()
	q.Put("french", k)
}
