package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

func TestNothingIsVisibleBeforeItIsDurable(t *testing.T) {
	disk, folded := newLatch(), &fold{}
	e := open(t, persist.NewMemoryBehind(disk), engine.Options{Config: pullDesk(), Folds: []engine.Fold{folded}})
	d := desk(t, e, engine.DefaultDesk)
	before, sub, err := d.Follow(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	disk.hold()
	batch, err := d.Enqueue(testContext(t), []engine.Request{{Command: create(1)}, {Command: create(1)}})
	if err != nil {
		t.Fatal(err)
	}
	disk.await(t, 1)

	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := batch.Wait(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("answered before durable, error %v", err)
	}
	if got := d.Snapshot().Seq(); got != before.Seq() {
		t.Errorf("snapshot of %d before durable, want %d", got, before.Seq())
	}
	if got := folded.of(engine.DefaultDesk); dense(got, 1, before.Seq()) != nil {
		t.Errorf("folded %d before durable, want up to %d", got, before.Seq())
	}
	if events, err := sub.Next(ended); err == nil {
		t.Errorf("subscriber got %v before durable", typesOf(events))
	}

	disk.release(nil)
	answers, err := batch.Wait(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if answers[0].Reply.Rejection != nil || answers[1].Reply.Rejection == nil {
		t.Errorf("answers %+v, want a ticket and a rejection", answers)
	}
}

// A caller that is answered reads its own write everywhere.
func TestAnsweredCallerReadsItsWrite(t *testing.T) {
	folded := &fold{}
	e := open(t, persist.NewMemory(), engine.Options{Config: pullDesk(), Folds: []engine.Fold{folded}})
	d := desk(t, e, engine.DefaultDesk)
	sub, err := d.Subscribe(testContext(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	ended, cancel := context.WithCancel(context.Background())
	defer cancel()
	for n := range 200 {
		reply := mustSubmit(t, d, create(n))
		if _, ok := d.Snapshot().Ticket(ticketID(n)); !ok || d.Snapshot().Seq() < reply.Seq {
			t.Fatalf("ticket %d is not in the snapshot of %d", n, d.Snapshot().Seq())
		}
		if err := dense(folded.of(d.ID()), 1, reply.Seq); err != nil {
			t.Fatalf("folds: %v", err)
		}
		for sub.Cursor() < reply.Seq {
			if _, err := sub.Next(ended); err != nil {
				t.Fatalf("subscriber at %d: %v", sub.Cursor(), err)
			}
		}
	}
}

func TestRejectionIsAReplyAndNoError(t *testing.T) {
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	reply, err := d.Submit(testContext(t), engine.Request{Command: core.SolveTicket{Ticket: "nobody's"}})
	if err != nil || reply.Rejection == nil || reply.Rejection.Reason != core.ReasonNotFound {
		t.Errorf("reply %+v, error %v; want a rejection not_found", reply, err)
	}
}

func TestBatchKeepsItsOrderAndIsNotAtomic(t *testing.T) {
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	var requests []engine.Request
	for n := range 600 {
		requests = append(requests, engine.Request{Command: create(n)})
		if n%3 == 0 {
			requests = append(requests, engine.Request{Command: create(n)}) // exists
		}
	}
	answers, err := d.SubmitBatch(testContext(t), requests)
	if err != nil {
		t.Fatal(err)
	}
	last := core.Seq(0)
	for i, answer := range answers {
		c := requests[i].Command.(core.CreateTicket)
		again := i > 0 && requests[i-1].Command.(core.CreateTicket).ID == c.ID
		switch {
		case answer.Err != nil:
			t.Fatal(answer.Err)
		case again != (answer.Reply.Rejection != nil):
			t.Fatalf("request %d: rejection %v, want %v", i, answer.Reply.Rejection, again)
		case answer.Reply.Seq < last:
			t.Fatalf("request %d has sequence %d after %d", i, answer.Reply.Seq, last)
		}
		last = answer.Reply.Seq
	}
	if answers, err := d.SubmitBatch(testContext(t), nil); err != nil || len(answers) != 0 {
		t.Errorf("empty batch: %v, %v", answers, err)
	}
}

func TestRepeatedKeyGetsTheFirstAnswer(t *testing.T) {
	store := persist.NewMemory()
	e, d := openDesk(t, store, pullDesk())
	keyed := func(n int) engine.Request {
		return engine.Request{Key: fmt.Sprint("key ", n), Command: create(n % 50)} // half are refused
	}
	var requests []engine.Request
	for n := range 100 {
		requests = append(requests, keyed(n))
	}
	first, err := d.SubmitBatch(testContext(t), requests)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]engine.Answer, len(first))
	for i := range first {
		want[i] = first[i]
		want[i].Reply.Replayed = true
	}
	again := func(d *engine.Desk) {
		t.Helper()
		seq := d.Snapshot().Seq()
		got, err := d.SubmitBatch(testContext(t), requests)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("replayed answers (-want +got):\n%s", diff)
		}
		if now := d.Snapshot().Seq(); now != seq {
			t.Errorf("a repeated key changed the desk: %d, was %d", now, seq)
		}
	}
	again(d)
	closeEngine(t, e)
	e2 := open(t, store, engine.Options{TimeFromInputs: true}) // without an outage
	again(desk(t, e2, engine.DefaultDesk))
}

func TestRepeatedKeyInOneBatch(t *testing.T) {
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	request := engine.Request{Key: "k", Command: create(1)}
	answers, err := d.SubmitBatch(testContext(t), []engine.Request{request, request, {Key: "k", Command: create(2)}})
	if err != nil {
		t.Fatal(err)
	}
	want := answers[0].Reply
	want.Replayed = true
	if diff := cmp.Diff(want, answers[1].Reply); diff != "" {
		t.Errorf("second answer (-want +got):\n%s", diff)
	}
	if r := answers[2].Reply.Rejection; r == nil || r.Reason != core.ReasonKeyReuse {
		t.Errorf("the key with another command: %+v, want a rejection key_reused", answers[2].Reply)
	}
}

// Many waiters of a batch get the same replayed answers.
func TestBatchHasManyWaiters(t *testing.T) {
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	request := engine.Request{Key: "k", Command: create(1)}
	mustSubmitKeyed(t, d, request)
	batch, err := d.Enqueue(testContext(t), []engine.Request{request})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			answers, err := batch.Wait(testContext(t))
			if err != nil || !answers[0].Reply.Replayed || answers[0].Reply.Ticket != ticketID(1) {
				t.Errorf("answer %+v, %v", answers, err)
			}
		})
	}
	group.Wait()
}

func mustSubmitKeyed(t *testing.T, d *engine.Desk, request engine.Request) {
	t.Helper()
	if _, err := d.Submit(testContext(t), request); err != nil {
		t.Fatal(err)
	}
}

func TestFullInboxAnswersOverloadedAtOnce(t *testing.T) {
	disk := newLatch()
	turned := 0
	e := open(t, persist.NewMemoryBehind(disk), engine.Options{
		InboxMax: 10, Config: pullDesk(),
		Observer: engine.Observer{Overloaded: func(_ string, commands int) { turned += commands }},
	})
	d := desk(t, e, engine.DefaultDesk)
	disk.hold()
	var batches []*engine.Batch
	for n := range 10 {
		batch, err := d.Enqueue(testContext(t), []engine.Request{{Command: create(n)}})
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, batch)
	}
	if _, err := d.Submit(testContext(t), engine.Request{Command: create(10)}); !errors.Is(err, engine.ErrOverloaded) {
		t.Errorf("the eleventh command: %v, want ErrOverloaded", err)
	}
	if _, err := d.SubmitBatch(testContext(t), make([]engine.Request, 11)); !errors.Is(err, engine.ErrTooMany) {
		t.Errorf("a batch of eleven: %v, want ErrTooMany", err)
	}
	other := desk(t, e, "other")
	if _, err := other.Enqueue(testContext(t), []engine.Request{{Command: create(0)}}); err != nil {
		t.Errorf("another desk: %v, want room", err)
	}
	disk.release(nil)
	for _, batch := range batches {
		if _, err := batch.Wait(testContext(t)); err != nil {
			t.Error(err)
		}
	}
	mustSubmit(t, d, create(10))
	if turned != 1 {
		t.Errorf("the observer was told of %d commands turned away, want 1", turned)
	}
}

func TestEnqueueWaitWaitsForRoom(t *testing.T) {
	disk := newLatch()
	e := open(t, persist.NewMemoryBehind(disk), engine.Options{InboxMax: 4, Config: pullDesk()})
	d := desk(t, e, engine.DefaultDesk)
	disk.hold()
	if _, err := d.EnqueueWait(testContext(t), []engine.Request{{Command: create(0)}, {Command: create(1)}, {Command: create(2)}}); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	two := []engine.Request{{Command: create(3)}, {Command: create(4)}}
	if _, err := d.EnqueueWait(ended, two); !errors.Is(err, context.Canceled) {
		t.Errorf("without room and with an ended context: %v", err)
	}
	done := make(chan error)
	go func() {
		batch, err := d.EnqueueWait(testContext(t), two)
		if err == nil {
			_, err = batch.Wait(testContext(t))
		}
		done <- err
	}()
	disk.await(t, 1)
	disk.release(nil)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := d.Snapshot().Len(); got != 5 {
		t.Errorf("%d tickets, want 5", got)
	}
}

func TestEndedContextLeavesTheOutcomeUnknown(t *testing.T) {
	disk := newLatch()
	_, d := openDesk(t, persist.NewMemoryBehind(disk), pullDesk())
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errDisk)
	if _, err := d.Submit(ctx, engine.Request{Command: create(1)}); !errors.Is(err, errDisk) {
		t.Errorf("submitted with an ended context: %v", err)
	}
	disk.hold()
	ctx, cancel = context.WithCancelCause(context.Background())
	go func() {
		disk.await(t, 1)
		cancel(errDisk)
	}()
	if _, err := d.Submit(ctx, engine.Request{Command: create(2)}); !errors.Is(err, errDisk) {
		t.Errorf("ended while waiting: %v, want the context's cause", err)
	}
	disk.release(nil)
	fresh, err := d.Fresh(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	_, one := fresh.Ticket(ticketID(1))
	_, two := fresh.Ticket(ticketID(2))
	if one || !two {
		t.Errorf("ticket 1 exists: %v, ticket 2 exists: %v; want the one that was accepted", one, two)
	}
}

func TestFreshHoldsEverythingAcceptedBefore(t *testing.T) {
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	for n := range 100 {
		if _, err := d.Enqueue(testContext(t), []engine.Request{{Command: create(n)}}); err != nil {
			t.Fatal(err)
		}
		fresh, err := d.Fresh(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if fresh.Len() != n+1 {
			t.Fatalf("%d tickets in a fresh snapshot, want %d", fresh.Len(), n+1)
		}
	}
	queues, err := d.Queues(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	waiting := 0
	for range queues.Line("support") {
		waiting++
	}
	if waiting != 100 {
		t.Errorf("%d tickets in line, want 100", waiting)
	}
}

func TestStoreFailureStopsThePartition(t *testing.T) {
	disk := newLatch()
	store := persist.NewMemoryBehind(disk)
	var told []engine.PartitionFailed
	e := open(t, store, engine.Options{
		Partitions: 1, Config: pullDesk(),
		Observer: engine.Observer{PartitionFailed: func(f engine.PartitionFailed) { told = append(told, f) }},
	})
	d := desk(t, e, engine.DefaultDesk)
	mustSubmit(t, d, create(0))
	durable, sub, err := d.Follow(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	disk.hold()
	var batches []*engine.Batch
	for n := range 10 {
		batch, err := d.Enqueue(testContext(t), []engine.Request{{Command: create(n + 1)}})
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, batch)
	}
	disk.await(t, 1)
	disk.release(errDisk)
	for i, batch := range batches {
		answers, err := batch.Wait(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := answers[0].Err; !errors.Is(err, engine.ErrFailed) || !errors.Is(err, persist.ErrFailed) {
			t.Errorf("command %d: %v, want ErrFailed with its cause", i, err)
		}
	}
	for what, err := range map[string]error{
		"submit":    second(d.Submit(testContext(t), engine.Request{Command: create(99)})),
		"fresh":     second(d.Fresh(testContext(t))),
		"health":    e.Health(testContext(t)),
		"subscribe": second(sub.Next(testContext(t))),
	} {
		if !errors.Is(err, engine.ErrFailed) {
			t.Errorf("%s after the failure: %v, want ErrFailed", what, err)
		}
	}
	if d.Snapshot() != durable {
		t.Error("the snapshot moved although nothing became durable")
	}
	if late := desk(t, e, "late"); late != nil {
		s, err := late.Subscribe(testContext(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.Next(testContext(t)); !errors.Is(err, engine.ErrFailed) {
			t.Errorf("a desk opened after the failure: %v, want ErrFailed", err)
		}
	}
	closeEngine(t, e)
	if len(told) != 1 || told[0].Stack != nil {
		t.Errorf("the observer was told of %d failures, want 1 without a stack", len(told))
	}
}

func second[T any](_ T, err error) error { return err }

func TestSecondEngineFencesTheFirst(t *testing.T) {
	store := persist.NewMemory()
	_, first := openDesk(t, store, pullDesk())
	mustSubmit(t, first, create(1))
	_, other := openDesk(t, store, pullDesk())
	if _, err := first.Submit(testContext(t), engine.Request{Command: create(2)}); !errors.Is(err, engine.ErrFailed) || !errors.Is(err, persist.ErrFenced) {
		t.Errorf("the first engine: %v, want ErrFailed and ErrFenced", err)
	}
	mustSubmit(t, other, create(2))
}

// rogue is a command that breaks the machine.
type rogue struct{}

func (rogue) Kind() string { panic("rogue command") }

func TestBrokenInvariantFailsThePartitionAndNotTheProcess(t *testing.T) {
	store := persist.NewMemory()
	var told engine.PartitionFailed
	e := open(t, store, engine.Options{
		Config:   pullDesk(),
		Observer: engine.Observer{PartitionFailed: func(f engine.PartitionFailed) { told = f }},
	})
	d := desk(t, e, engine.DefaultDesk)
	answers, err := d.SubmitBatch(testContext(t), []engine.Request{{Command: create(1)}, {Command: rogue{}}, {Command: create(2)}})
	if err != nil {
		t.Fatal(err)
	}
	for i, answer := range answers {
		if !errors.Is(answer.Err, engine.ErrFailed) || !strings.Contains(answer.Err.Error(), "rogue command") {
			t.Errorf("answer %d: %v, want ErrFailed with what broke", i, answer.Err)
		}
	}
	closeEngine(t, e)
	if !strings.Contains(string(told.Stack), "Apply") {
		t.Errorf("the observer's stack does not lead to the machine:\n%s", told.Stack)
	}
	_, d = openDesk(t, store, pullDesk())
	if got := d.Snapshot().Len(); got != 0 {
		t.Errorf("%d tickets of the broken step were kept", got)
	}
}
