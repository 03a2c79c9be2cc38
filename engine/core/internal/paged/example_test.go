package paged_test

import (
	"fmt"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
)

// One writer keeps rows, an index by id and posting lists by status in step, and publishes the three together. A reader of the
// published version does not see what is written later.
func Example() {
	type ticket struct{ id, status string }
	rows := paged.NewTable[ticket]()
	ids := paged.NewIndex()
	byStatus := paged.NewPostings(paged.HashString)
	name := func(slot uint32) string { return rows.Get(slot).id }

	for slot, id := range []string{"A-1", "A-2", "A-3"} {
		rows.Set(uint32(slot), &ticket{id, "open"})
		ids.Insert(id, uint32(slot), name)
		byStatus.Add("open", uint32(slot))
	}
	oldRows, oldOpen := rows.Publish(), byStatus.Publish()

	slot, _ := ids.Get("A-2", name)
	rows.Set(slot, &ticket{"A-2", "solved"}) // a new row: the old one is never written
	byStatus.Remove("open", slot)
	byStatus.Add("solved", slot)

	fmt.Println("before:", oldRows.Get(slot).status, oldOpen.Len("open"))
	fmt.Println("now:", rows.Get(slot).status, byStatus.Len("open"))
	for slot := range byStatus.All("open") {
		fmt.Println("open:", rows.Get(slot).id)
	}
	// Output:
	// before: open 3
	// now: solved 2
	// open: A-1
	// open: A-3
}
