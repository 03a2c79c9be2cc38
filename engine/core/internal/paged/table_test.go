package paged_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
)

// anySlot draws slots that share pages, share folios, and lie at the far ends of the table.
func anySlot() *rapid.Generator[uint32] {
	return rapid.OneOf(
		rapid.Uint32Range(0, 70),
		rapid.Uint32Range(4_000, 4_200),
		rapid.SampledFrom([]uint32{63, 64, 4_095, 4_096, 262_143, 262_144, paged.SlotsMax - 1}),
	)
}

// reader is what a table and its views have in common.
type reader[T any] interface {
	Get(slot uint32) *T
	Len() int
	High() uint32
}

// TestTableOracle writes a table at random and compares it, and every version that it published, with maps.
func TestTableOracle(t *testing.T) {
	type version struct {
		view paged.TableView[int]
		want map[uint32]*int
		high uint32
	}
	rapid.Check(t, func(t *rapid.T) {
		table := paged.NewTable[int]()
		want := map[uint32]*int{}
		high := uint32(0)
		versions := []version{{want: map[uint32]*int{}}} // the zero view is empty
		set := func(slot uint32, row *int) {
			table.Set(slot, row)
			if row == nil {
				delete(want, slot)
				return
			}
			want[slot], high = row, max(high, slot+1)
		}
		check := func(t *rapid.T, got reader[int], all map[uint32]*int, want map[uint32]*int, high uint32) {
			if !maps.Equal(all, want) {
				t.Fatalf("All (-want +got):\n%s", cmp.Diff(want, all))
			}
			if got.Len() != len(want) || got.High() != high {
				t.Fatalf("Len, High = %d, %d; want %d, %d", got.Len(), got.High(), len(want), high)
			}
			slot := anySlot().Draw(t, "probe")
			if got.Get(slot) != want[slot] {
				t.Fatalf("Get(%d) = %v, want %v", slot, got.Get(slot), want[slot])
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"set":   func(t *rapid.T) { set(anySlot().Draw(t, "slot"), new(rapid.Int().Draw(t, "row"))) },
			"clear": func(t *rapid.T) { set(anySlot().Draw(t, "slot"), nil) },
			"set again": func(t *rapid.T) {
				slot := anySlot().Draw(t, "slot")
				set(slot, want[slot])
			},
			"clear page": func(t *rapid.T) {
				first := anySlot().Draw(t, "slot") &^ 63
				for slot := first; slot < first+64; slot++ {
					set(slot, nil)
				}
			},
			"publish": func(t *rapid.T) {
				versions = append(versions, version{table.Publish(), maps.Clone(want), high})
			},
			"": func(t *rapid.T) {
				check(t, table, maps.Collect(table.All()), want, high)
				v := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "version")]
				check(t, v.view, maps.Collect(v.view.All()), v.want, v.high)
			},
		})
		for _, v := range versions {
			check(t, v.view, maps.Collect(v.view.All()), v.want, v.high)
		}
	})
}

func TestTableAllInSlotOrder(t *testing.T) {
	table := paged.NewTable[int]()
	want := []uint32{0, 63, 64, 4_095, 4_096, 500_000}
	for _, slot := range slices.Backward(want) {
		table.Set(slot, new(int))
	}
	var got []uint32
	for slot := range table.All() {
		got = append(got, slot)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("slots (-want +got):\n%s", diff)
	}
	for slot := range table.Publish().All() {
		if slot == 64 {
			break
		}
		if slot > 64 {
			t.Fatalf("slot %d after a break at 64", slot)
		}
	}
}

func TestTableSlotOutOfRange(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Set beyond the last slot did not panic")
		}
	}()
	paged.NewTable[int]().Set(paged.SlotsMax, new(int))
}

// TestReadersRunFree lets the race detector see readers of every structure's views while the writer goes on.
func TestReadersRunFree(t *testing.T) {
	type row struct {
		id, state string
	}
	type version struct {
		rows   paged.TableView[row]
		ids    paged.IndexView
		states paged.PostingsView[string]
	}
	const rows, readers = 3_000, 3
	table, ids, states := paged.NewTable[row](), paged.NewIndex(), paged.NewPostings[string](paged.HashString)
	writerName := func(slot uint32) string { return table.Get(slot).id }
	published := make(chan version)
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for v := range published {
				name := func(slot uint32) string { return v.rows.Get(slot).id }
				n := v.states.Len("new") + v.states.Len("open")
				if n != v.rows.Len() || n != v.ids.Len() {
					t.Errorf("%d postings, %d rows, %d ids in one version", n, v.rows.Len(), v.ids.Len())
				}
				for slot, r := range v.rows.All() {
					if got, ok := v.ids.Get(r.id, name); !ok || got != slot {
						t.Errorf("id %q is at %d, %v; want %d", r.id, got, ok, slot)
					}
					if !v.states.Has(r.state, slot) {
						t.Errorf("slot %d is not posted under its state %q", slot, r.state)
					}
				}
			}
		})
	}
	for i := range uint32(rows) {
		r := &row{id: ticketID(i), state: "new"}
		ids.Insert(r.id, i, writerName)
		states.Add(r.state, i)
		table.Set(i, r)
		if old := i / 2; table.Get(old).state == "new" {
			table.Set(old, &row{id: ticketID(old), state: "open"})
			states.Remove("new", old)
			states.Add("open", old)
		}
		if i%300 == 299 {
			v := version{table.Publish(), ids.Publish(), states.Publish()}
			for range readers {
				published <- v
			}
		}
	}
	close(published)
	wg.Wait()
}
