package persisttest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/persisttest"
)

// A test looks at a store whose disk is slow: the group is accepted, and not
// shown.
func ExampleLatch() {
	ctx := context.Background()
	var disk persisttest.Latch
	store := persist.NewMemoryBehind(&disk)
	lease, err := store.Lead(ctx, 1)
	if err != nil {
		fmt.Println(err)
		return
	}

	disk.Hold()
	pending := store.Commit(lease, persist.Group{Commits: []persist.DeskCommit{{
		Desk: "acme", Expect: 0, Seq: 1,
		Rows: []persist.Row{{Kind: 1, ID: []byte("T-1"), Value: []byte("open")}},
	}}})
	_, err = store.Get(ctx, "acme", 1, []byte("T-1"))
	fmt.Println("shown before the sync:", !errors.Is(err, persist.ErrNotFound))

	disk.Release()
	fmt.Println("outcome:", pending.Wait(ctx))
	value, err := store.Get(ctx, "acme", 1, []byte("T-1"))
	fmt.Printf("shown after it: %s %v\n", value, err)
	// Output:
	// shown before the sync: false
	// outcome: <nil>
	// shown after it: open <nil>
}
