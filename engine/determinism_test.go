package engine_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// recorded is a stream of commands as a helpdesk would give them: some refused,
// some with keys, with times that let offers expire and now and then go back.
func recorded(seed uint64, n int) []engine.Request {
	random := rand.New(rand.NewPCG(seed, 0))
	now := core.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	stream := make([]engine.Request, n)
	for i := range stream {
		now = now.Add(time.Duration(random.IntN(40)-5) * time.Second)
		ticket := ticketID(random.IntN(n/4 + 1))
		agent := core.AgentID([]string{"ada", "bob"}[random.IntN(2)])
		stream[i] = engine.Request{At: now, Command: [...]core.Command{
			core.CreateTicket{ID: ticket, Subject: "printer", Requester: core.RequesterID(fmt.Sprint(random.IntN(20)))},
			core.CreateTicket{ID: ticketID(i), Priority: core.PriorityHigh},
			core.AcceptOffer{Ticket: ticket, Agent: agent},
			core.DeclineOffer{Ticket: ticket, Agent: agent},
			core.AddMessage{Ticket: ticket, From: core.RoleAgent, Agent: agent, Public: true},
			core.SolveTicket{Ticket: ticket},
			core.ReopenTicket{Ticket: ticket},
			core.SetPresence{Agent: agent, Presence: core.Presence(random.IntN(4) + 1)},
			core.NextTicket{Agent: agent},
		}[random.IntN(9)]}
		if random.IntN(4) == 0 {
			stream[i].Key = fmt.Sprint("key ", i)
		}
	}
	return stream
}

// pushDesk is offerDesk with both agents.
func pushDesk() *core.Config {
	c := offerDesk()
	c.Agents = pullDesk().Agents
	return c
}

// replay submits a stream in batches, several on their way, and returns the
// desk's digest and events.
func replay(t *testing.T, store persist.Store, stream []engine.Request, batch int) (core.Digest, []core.Event) {
	t.Helper()
	e := open(t, store, engine.Options{TimeFromInputs: true})
	d := desk(t, e, engine.DefaultDesk)
	if _, err := d.Configure(testContext(t), stream[0].At, pushDesk()); err != nil {
		t.Fatal(err)
	}
	var last *engine.Batch
	for part := range slices.Chunk(stream, batch) {
		b, err := d.EnqueueWait(testContext(t), part)
		if err != nil {
			t.Fatal(err)
		}
		last = b
	}
	if _, err := last.Wait(testContext(t)); err != nil {
		t.Fatal(err)
	}
	sum := digest(t, d)
	events := collect(t, d, 0, d.Snapshot().Seq())
	closeEngine(t, e)
	return sum, events
}

func TestSameInputsGiveTheSameDeskWhateverTheBatches(t *testing.T) {
	for seed := range uint64(2) {
		stream := recorded(seed, 800)
		want, events := replay(t, persist.NewMemory(), stream, 1)
		for _, batch := range []int{2, 7, 64, 1000, len(stream)} {
			got, same := replay(t, persist.NewMemory(), stream, batch)
			if got != want {
				t.Errorf("seed %d: digest %v in batches of %d, want %v", seed, got, batch, want)
			}
			if !reflect.DeepEqual(events, same) { // cmp.Diff of so much takes seconds
				t.Fatalf("seed %d: events in batches of %d (-want +got):\n%s", seed, batch, cmp.Diff(events, same))
			}
		}
	}
}

func TestReopenedDeskIsTheSameAndGoesOnTheSame(t *testing.T) {
	stream := recorded(7, 1500)
	want, _ := replay(t, persist.NewMemory(), stream, 64)
	store := persist.NewMemory()
	var last core.Digest
	for part := range slices.Chunk(stream, 500) {
		last, _ = replay(t, store, part, 64)
		e := open(t, store, engine.Options{TimeFromInputs: true})
		if got := digest(t, desk(t, e, engine.DefaultDesk)); got != last {
			t.Fatalf("digest %v after reopening, want %v", got, last)
		}
		closeEngine(t, e)
	}
	if last != want {
		t.Errorf("digest %v after three openings, want that of one, %v", last, want)
	}
}

// A process that is killed finds after reopening what was acknowledged, and ends
// at the same desk if it submits again from its last durable key.
func TestResumedReplayEndsTheSame(t *testing.T) {
	stream := recorded(11, 600)
	for i := range stream {
		stream[i].Key = fmt.Sprint("row ", i)
	}
	want, _ := replay(t, persist.NewMemory(), stream, 50)

	disk := newLatch()
	store := persist.NewMemoryBehind(disk)
	e := open(t, store, engine.Options{TimeFromInputs: true})
	d := desk(t, e, engine.DefaultDesk)
	if _, err := d.Configure(testContext(t), stream[0].At, pushDesk()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SubmitBatch(testContext(t), stream[:200]); err != nil {
		t.Fatal(err)
	}
	disk.hold()
	for part := range slices.Chunk(stream[200:], 10) {
		if _, err := d.Enqueue(testContext(t), part); err != nil {
			t.Fatal(err)
		}
	}
	disk.await(t, 1)
	survivor := store.Reopen()
	disk.release(nil)

	e = open(t, survivor, engine.Options{TimeFromInputs: true})
	lastKey := desk(t, e, engine.DefaultDesk).Snapshot().LastKey()
	closeEngine(t, e)
	from := slices.IndexFunc(stream, func(r engine.Request) bool { return core.HashKey(r.Key) == lastKey })
	if from < 199 {
		t.Fatalf("resuming at row %d, but row 199 was acknowledged", from)
	}
	got, _ := replay(t, survivor, stream[from:], 50)
	if got != want {
		t.Errorf("digest %v after resuming, want %v", got, want)
	}
}
