package engine_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// BenchmarkSubmit measures commands submitted one by one from many goroutines to
// one desk over a memory store: a ticket is created, then messages are added.
func BenchmarkSubmit(b *testing.B) {
	for _, callers := range []int{1, 8, 64, 512} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			d := benchDesk(b)
			ctx := context.Background()
			var next atomic.Int64
			var group sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range callers {
				group.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						if _, err := d.Submit(ctx, engine.Request{Command: benchCommand(int(n))}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
		})
	}
}

// BenchmarkBatch measures commands in batches of 64, several on their way.
func BenchmarkBatch(b *testing.B) {
	for _, inFlight := range []int{1, 8} {
		b.Run(fmt.Sprint("inflight=", inFlight), func(b *testing.B) {
			d := benchDesk(b)
			ctx := context.Background()
			var line []*engine.Batch
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; n += 64 {
				requests := make([]engine.Request, min(64, b.N-n))
				for i := range requests {
					requests[i].Command = benchCommand(n + i)
				}
				batch, err := d.EnqueueWait(ctx, requests)
				if err != nil {
					b.Fatal(err)
				}
				if line = append(line, batch); len(line) >= inFlight {
					if _, err := line[0].Wait(ctx); err != nil {
						b.Fatal(err)
					}
					line = line[1:]
				}
			}
			for _, batch := range line {
				if _, err := batch.Wait(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDesks measures commands one by one from 64 goroutines, spread over
// many desks.
func BenchmarkDesks(b *testing.B) {
	for _, desks := range []int{1, 100} {
		b.Run(fmt.Sprint("desks=", desks), func(b *testing.B) {
			e := open(b, persist.NewMemory(), engine.Options{})
			list := make([]*engine.Desk, desks)
			for i := range list {
				list[i] = desk(b, e, fmt.Sprint("desk ", i))
				if _, err := list[i].Configure(testContext(b), 0, pullDesk()); err != nil {
					b.Fatal(err)
				}
			}
			ctx := context.Background()
			var next atomic.Int64
			var group sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range 64 {
				group.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						if _, err := list[int(n)%desks].Submit(ctx, engine.Request{Command: benchCommand(int(n))}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
		})
	}
}

// BenchmarkSnapshot measures a reader's look at one ticket.
func BenchmarkSnapshot(b *testing.B) {
	d := benchDesk(b)
	mustSubmit(b, d, create(1))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := d.Snapshot().Ticket(ticketID(1)); !ok {
			b.Fatal("no ticket")
		}
	}
}

func benchDesk(b *testing.B) *engine.Desk {
	b.Helper()
	_, d := openDesk(b, persist.NewMemory(), pullDesk())
	return d
}

// benchCommand is one of a ticket's life: created, two notes, solved.
func benchCommand(n int) core.Command {
	switch ticket := ticketID(n / 4); n % 4 {
	case 0:
		return core.CreateTicket{ID: ticket, Subject: "printer", Requester: "rita"}
	case 3:
		return core.SolveTicket{Ticket: ticket}
	default:
		return core.AddMessage{Ticket: ticket, From: core.RoleAgent, Agent: "ada", Text: "looking into it"}
	}
}
