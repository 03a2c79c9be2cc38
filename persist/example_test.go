package persist_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/yardmaster/yardmaster/persist"
)

// A leader changes two desks in one group, and reads what is durable.
func Example() {
	ctx := context.Background()
	store := persist.NewMemory()
	defer store.Close()

	lease, err := store.Lead(ctx, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	pending := store.Commit(lease, persist.Group{Commits: []persist.DeskCommit{
		{
			Desk: "acme", Expect: 0, Seq: 1,
			Rows:    []persist.Row{{Kind: 1, ID: []byte("T-1"), Value: []byte("open")}},
			Journal: []byte("created T-1"),
		},
		{
			Desk: "zeta", Expect: 0, Seq: 1,
			Rows:    []persist.Row{{Kind: 1, ID: []byte("T-9"), Value: []byte("pending")}},
			Journal: []byte("created T-9"),
		},
	}})
	if err := pending.Wait(ctx); err != nil {
		fmt.Println(err)
		return
	}

	state, err := store.Load(ctx, "acme", func(r persist.Row) error {
		fmt.Printf("%s is %s\n", r.ID, r.Value)
		return nil
	})
	fmt.Println("acme stands at", state.Seq, err)
	// Output:
	// T-1 is open
	// acme stands at 1 <nil>
}

// The second leader of a partition fences the first.
func ExampleStore_Lead() {
	ctx := context.Background()
	store := persist.NewMemory()
	defer store.Close()

	first, _ := store.Lead(ctx, 1)
	second, _ := store.Lead(ctx, 1)

	group := persist.Group{Commits: []persist.DeskCommit{{Desk: "acme", Expect: 0, Seq: 1}}}
	err := store.Commit(first, group).Wait(ctx)
	fmt.Println("first: ", errors.Is(err, persist.ErrFenced))
	err = store.Commit(second, group).Wait(ctx)
	fmt.Println("second:", err)
	// Output:
	// first:  true
	// second: <nil>
}

// A reader that knows a sequence continues behind it.
func ExampleStore_Journal() {
	ctx := context.Background()
	store := persist.NewMemory()
	defer store.Close()

	lease, _ := store.Lead(ctx, 1)
	for seq := uint64(1); seq <= 3; seq++ {
		store.Commit(lease, persist.Group{Commits: []persist.DeskCommit{
			{Desk: "acme", Expect: seq - 1, Seq: seq, Journal: fmt.Append(nil, "entry ", seq)},
		}})
	}
	// A group without commits is durable when all before it are.
	if err := store.Commit(lease, persist.Group{}).Wait(ctx); err != nil {
		fmt.Println(err)
		return
	}

	err := store.Journal(ctx, "acme", 1, func(r persist.Record) error {
		fmt.Printf("%d: %s\n", r.Seq, r.Journal)
		return nil
	})
	fmt.Println(err)
	// Output:
	// 2: entry 2
	// 3: entry 3
	// <nil>
}
