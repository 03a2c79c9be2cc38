package engine_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// supportDesk is a configuration written in Go; package config reads the same
// from a desk.yaml.
func supportDesk() *core.Config {
	return &core.Config{
		Groups: []core.GroupSpec{{ID: "support"}},
		Agents: []core.AgentSpec{{
			AgentProfile: core.AgentProfile{ID: "ada", Groups: []core.GroupID{"support"}},
			Presence:     core.PresenceOnline,
		}},
		Queues: []core.QueueSpec{{
			ID: "support", Groups: []core.GroupID{"support"},
			Offer: core.OfferSpec{Accept: "auto"}, // assigned at once; by default an offer to accept
		}},
		Rules: []core.RuleSpec{{Name: "everything", Then: []core.Action{{Route: "support"}}}},
	}
}

// A product opens an engine over a store, submits what its users do, and follows
// what comes of it.
func Example() {
	ctx := context.Background()
	store := persist.NewMemory() // or pebble.Open("data", pebble.Options{}) to keep it
	defer store.Close()
	e, err := engine.Open(ctx, store, engine.Options{Config: supportDesk()})
	if err != nil {
		log.Fatal(err)
	}
	defer e.Close(ctx)
	desk, err := e.Desk(ctx, engine.DefaultDesk)
	if err != nil {
		log.Fatal(err)
	}

	_, events, err := desk.Follow(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer events.Close()
	reply, err := desk.Submit(ctx, engine.Request{Command: core.CreateTicket{ID: "T-1", Subject: "The printer is on fire"}})
	if err != nil {
		log.Fatal(err)
	}

	ticket, _ := desk.Snapshot().Ticket(reply.Ticket)
	fmt.Println(ticket.ID, "is with", ticket.Assignee)
	news, err := events.Next(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range news {
		if event.Type == core.TicketCreated || event.Type == core.TicketAssigned {
			fmt.Println(event.Type)
		}
	}
	// Output:
	// T-1 is with ada
	// ticket.created
	// ticket.assigned
}

// What the domain refuses is a reply with a reason, not an error.
func ExampleDesk_Submit_rejection() {
	ctx := context.Background()
	e, _ := engine.Open(ctx, persist.NewMemory(), engine.Options{Config: supportDesk()})
	defer e.Close(ctx)
	desk, _ := e.Desk(ctx, engine.DefaultDesk)

	reply, err := desk.Submit(ctx, engine.Request{Command: core.SolveTicket{Ticket: "T-404"}})
	fmt.Println(err)
	fmt.Println(reply.Rejection.Reason, reply.Rejection.Field)
	// Output:
	// <nil>
	// not_found ticket
}

// A retry with the same key is answered by what the first one did.
func ExampleDesk_Submit_idempotency() {
	ctx := context.Background()
	e, _ := engine.Open(ctx, persist.NewMemory(), engine.Options{Config: supportDesk()})
	defer e.Close(ctx)
	desk, _ := e.Desk(ctx, engine.DefaultDesk)

	request := engine.Request{Key: "mail <42@example.org>", Command: core.CreateTicket{ID: "T-1"}}
	first, _ := desk.Submit(ctx, request)
	again, _ := desk.Submit(ctx, request)
	fmt.Println(first.Seq == again.Seq, first.Replayed, again.Replayed, desk.Snapshot().Len())
	// Output: true false true 1
}

// A replay brings its own time and keeps several batches on their way; offers
// expire when the stream says so.
func ExampleDesk_EnqueueWait() {
	ctx := context.Background()
	e, _ := engine.Open(ctx, persist.NewMemory(), engine.Options{TimeFromInputs: true})
	defer e.Close(ctx)
	desk, _ := e.Desk(ctx, engine.DefaultDesk)

	start := core.At(time.Date(2016, 2, 29, 8, 0, 0, 0, time.UTC))
	if _, err := desk.Configure(ctx, start, supportDesk()); err != nil {
		log.Fatal(err)
	}
	var last *engine.Batch
	for day := range 3 {
		at := start.Add(time.Duration(day) * 24 * time.Hour)
		batch, err := desk.EnqueueWait(ctx, []engine.Request{
			{At: at, Command: core.CreateTicket{ID: core.TicketID(fmt.Sprint("T-", day))}},
			{At: at.Add(time.Hour), Command: core.SolveTicket{Ticket: core.TicketID(fmt.Sprint("T-", day))}},
		})
		if err != nil {
			log.Fatal(err)
		}
		last = batch
	}
	if _, err := last.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(desk.Snapshot().Len(), "tickets by", desk.Snapshot().At())
	// Output: 3 tickets by 2016-03-02T09:00:00Z
}
