package pebble_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/pebble"
)

// What was acknowledged is there when the directory is opened again.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "yardmaster")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	store, err := pebble.Open(dir, pebble.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	lease, err := store.Lead(ctx, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = store.Commit(lease, persist.Group{Commits: []persist.DeskCommit{{
		Desk: "acme", Expect: 0, Seq: 1,
		Rows:    []persist.Row{{Kind: 1, ID: []byte("T-1"), Value: []byte("open")}},
		Journal: []byte("created T-1"),
	}}}).Wait(ctx)
	fmt.Println("durable:", err == nil)

	_, err = pebble.Open(dir, pebble.Options{})
	fmt.Println("second store:", errors.Is(err, persist.ErrLocked))

	if err := store.Close(); err != nil {
		fmt.Println(err)
	}
	store, err = pebble.Open(dir, pebble.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	value, err := store.Get(ctx, "acme", 1, []byte("T-1"))
	fmt.Printf("T-1 is %s %v\n", value, err)
	// Output:
	// durable: true
	// second store: true
	// T-1 is open <nil>
}
