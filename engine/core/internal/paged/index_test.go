package paged_test

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
)

func ticketID(n uint32) string { return fmt.Sprintf("TCK-%07d", n) }

// TestIndexOracle writes an index at random and compares it, and every version that it published, with maps.
func TestIndexOracle(t *testing.T) {
	type version struct {
		view paged.IndexView
		want map[string]uint32
	}
	name := ticketID // a slot's id is a function of the slot, in every version
	anySlot := rapid.OneOf(rapid.Uint32Range(0, 50), rapid.Uint32Range(0, 2_000))
	rapid.Check(t, func(t *rapid.T) {
		index := paged.NewIndex()
		want := map[string]uint32{}
		versions := []version{{want: map[string]uint32{}}} // the zero view is empty
		insert := func(slot uint32) {
			_, taken := want[name(slot)]
			if got := index.Insert(name(slot), slot, name); got == taken {
				t.Fatalf("Insert(%q) = %v", name(slot), got)
			}
			want[name(slot)] = slot
		}
		remove := func(slot uint32) {
			_, there := want[name(slot)]
			if got := index.Delete(name(slot), name); got != there {
				t.Fatalf("Delete(%q) = %v, want %v", name(slot), got, there)
			}
			delete(want, name(slot))
		}
		stretch := func(t *rapid.T, write func(uint32)) {
			first := anySlot.Draw(t, "first")
			end := min(first+rapid.Uint32Range(1, 800).Draw(t, "n"), 2_001)
			for slot := first; slot < end; slot++ {
				write(slot)
			}
		}
		check := func(t *rapid.T, got interface {
			Get(string, func(uint32) string) (uint32, bool)
			Len() int
		}, want map[string]uint32) {
			if got.Len() != len(want) {
				t.Fatalf("Len() = %d, want %d", got.Len(), len(want))
			}
			for probe := range uint32(2_001) {
				slot, ok := got.Get(name(probe), name)
				wantSlot, wantOK := want[name(probe)]
				if slot != wantSlot || ok != wantOK {
					t.Fatalf("Get(%q) = %d, %v; want %d, %v", name(probe), slot, ok, wantSlot, wantOK)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"insert":     func(t *rapid.T) { insert(anySlot.Draw(t, "slot")) },
			"delete":     func(t *rapid.T) { remove(anySlot.Draw(t, "slot")) },
			"insert run": func(t *rapid.T) { stretch(t, insert) },
			"delete run": func(t *rapid.T) { stretch(t, remove) },
			"publish": func(t *rapid.T) {
				versions = append(versions, version{index.Publish(), maps.Clone(want)})
			},
		})
		check(t, index, want)
		for _, v := range versions {
			check(t, v.view, v.want)
		}
	})
}

// TestIndexSlotReuse gives a slot that an old version knows under one id to another id.
func TestIndexSlotReuse(t *testing.T) {
	table, index := paged.NewTable[string](), paged.NewIndex()
	name := func(slot uint32) string { return *table.Get(slot) }
	table.Set(0, new("first"))
	index.Insert("first", 0, name)
	oldRows, oldIDs := table.Publish(), index.Publish()

	index.Delete("first", name)
	table.Set(0, new("second"))
	index.Insert("second", 0, name)

	oldName := func(slot uint32) string { return *oldRows.Get(slot) }
	if slot, ok := oldIDs.Get("first", oldName); !ok || slot != 0 {
		t.Errorf("old version: Get(first) = %d, %v; want 0, true", slot, ok)
	}
	if _, ok := oldIDs.Get("second", oldName); ok {
		t.Error("the old version knows an id inserted later")
	}
	if _, ok := index.Get("first", name); ok {
		t.Error("the writer still knows a deleted id")
	}
	if slot, ok := index.Get("second", name); !ok || slot != 0 {
		t.Errorf("Get(second) = %d, %v; want 0, true", slot, ok)
	}
}

// TestIndexAsksForOneName pins that the half hashes tell ids apart: a hit asks for the id of one slot, a miss for none.
func TestIndexAsksForOneName(t *testing.T) {
	index := paged.NewIndex()
	asked := 0
	name := func(slot uint32) string {
		asked++
		return ticketID(slot)
	}
	for slot := range uint32(1_000) {
		index.Insert(ticketID(slot), slot, name)
	}
	if asked != 0 {
		t.Errorf("inserting different ids asked for %d names", asked)
	}
	if _, ok := index.Get(ticketID(500), name); !ok || asked != 1 {
		t.Errorf("a hit (%v) asked for %d names", ok, asked)
	}
	if _, ok := index.Get(ticketID(1_000), name); ok || asked != 1 {
		t.Errorf("a miss (%v) asked for %d names", !ok, asked-1)
	}
}
