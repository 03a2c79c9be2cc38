package paged_test

import (
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
)

// posted is the oracle of postings: key → sorted slots. Its slices are never written in place, so a shallow copy is a version.
type posted map[uint8][]uint32

func (p posted) add(key uint8, slot uint32) bool {
	i, found := slices.BinarySearch(p[key], slot)
	if !found {
		p[key] = slices.Insert(slices.Clone(p[key]), i, slot)
	}
	return !found
}

func (p posted) remove(key uint8, slot uint32) bool {
	i, found := slices.BinarySearch(p[key], slot)
	if found {
		p[key] = slices.Delete(slices.Clone(p[key]), i, i+1)
	}
	return found
}

// TestPostingsOracle writes postings at random and compares them, and every version that they published, with maps of slices.
func TestPostingsOracle(t *testing.T) {
	type version struct {
		view paged.PostingsView[uint8]
		want posted
	}
	anyKey, anySlot := rapid.Uint8Range(0, 3), rapid.Uint32Range(0, 3_000)
	rapid.Check(t, func(t *rapid.T) {
		postings := paged.NewPostings(func(key uint8) uint64 { return uint64(key) })
		want := posted{}
		versions := []version{{want: posted{}}} // the zero view is empty
		add := func(key uint8, slot uint32) {
			if got, want := postings.Add(key, slot), want.add(key, slot); got != want {
				t.Fatalf("Add(%d, %d) = %v, want %v", key, slot, got, want)
			}
		}
		remove := func(key uint8, slot uint32) {
			if got, want := postings.Remove(key, slot), want.remove(key, slot); got != want {
				t.Fatalf("Remove(%d, %d) = %v, want %v", key, slot, got, want)
			}
		}
		stretch := func(t *rapid.T, write func(uint8, uint32)) {
			key, first := anyKey.Draw(t, "key"), anySlot.Draw(t, "first")
			step := rapid.SampledFrom([]int{-1, 1, 3}).Draw(t, "step")
			for i := range rapid.IntRange(1, 1_200).Draw(t, "n") {
				write(key, first+uint32(1_200+i*step))
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add":        func(t *rapid.T) { add(anyKey.Draw(t, "key"), anySlot.Draw(t, "slot")) },
			"remove":     func(t *rapid.T) { remove(anyKey.Draw(t, "key"), anySlot.Draw(t, "slot")) },
			"add run":    func(t *rapid.T) { stretch(t, add) },
			"remove run": func(t *rapid.T) { stretch(t, remove) },
			"drain": func(t *rapid.T) {
				key := anyKey.Draw(t, "key")
				for _, slot := range want[key] {
					remove(key, slot)
				}
			},
			"publish": func(t *rapid.T) {
				versions = append(versions, version{postings.Publish(), maps.Clone(want)})
			},
			"": func(t *rapid.T) {
				probe := anySlot.Draw(t, "probe")
				checkPostings(t, postings, want, probe)
				v := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "version")]
				checkPostings(t, v.view, v.want, probe)
			},
		})
		for _, v := range versions {
			checkPostings(t, v.view, v.want, 0)
		}
	})
}

// checkPostings compares all that postings or a view of them can be asked with the oracle.
func checkPostings(t *rapid.T, got interface {
	Has(uint8, uint32) bool
	Len(uint8) int
	All(uint8) iter.Seq[uint32]
}, want posted, probe uint32) {
	for key := range uint8(4) {
		if slots := slices.Collect(got.All(key)); !slices.Equal(slots, want[key]) {
			t.Fatalf("All(%d) (-want +got):\n%s", key, cmp.Diff(want[key], slots))
		}
		if n := got.Len(key); n != len(want[key]) {
			t.Fatalf("Len(%d) = %d, want %d", key, n, len(want[key]))
		}
		_, there := slices.BinarySearch(want[key], probe)
		if has := got.Has(key, probe); has != there {
			t.Fatalf("Has(%d, %d) = %v, want %v", key, probe, has, there)
		}
	}
}

// TestPostingsManyKeys has as many keys as slots, the shape of "tickets by requester".
func TestPostingsManyKeys(t *testing.T) {
	postings := paged.NewPostings(paged.HashString)
	const n = 5_000
	for i := range uint32(n) {
		postings.Add(ticketID(i), i)
	}
	before := postings.Publish()
	for i := range uint32(n) {
		switch i % 3 {
		case 0:
			postings.Remove(ticketID(i), i)
		case 1:
			postings.Add(ticketID(i), i+n)
		}
	}
	for i := range uint32(n) {
		want := [][]uint32{nil, {i, i + n}, {i}}[i%3]
		if diff := cmp.Diff(want, slices.Collect(postings.All(ticketID(i)))); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", ticketID(i), diff)
		}
		if diff := cmp.Diff([]uint32{i}, slices.Collect(before.All(ticketID(i)))); diff != "" {
			t.Fatalf("%s in the earlier version (-want +got):\n%s", ticketID(i), diff)
		}
	}
}

func TestPostingsAllStops(t *testing.T) {
	postings := paged.NewPostings(paged.HashString)
	for i := range uint32(2_000) {
		postings.Add("open", i)
	}
	postings.Add("new", 5)
	for _, key := range []string{"open", "new"} {
		n := 0
		for range postings.All(key) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%s: visited %d slots after a break at the first", key, n)
		}
	}
}
