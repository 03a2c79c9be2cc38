package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// waitMax bounds how long a test waits for what must come. It is no
// measurement: a test that needs it has failed.
const waitMax = 20 * time.Second

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), waitMax)
	t.Cleanup(cancel)
	return ctx
}

// pullDesk is a desk whose tickets wait until an agent asks for one.
func pullDesk() *core.Config {
	return &core.Config{
		Groups: []core.GroupSpec{{ID: "support"}},
		Agents: []core.AgentSpec{
			{AgentProfile: core.AgentProfile{ID: "ada", Groups: []core.GroupID{"support"}, Capacity: 1000}, Presence: core.PresenceOnline},
			{AgentProfile: core.AgentProfile{ID: "bob", Groups: []core.GroupID{"support"}, Capacity: 1000}, Presence: core.PresenceOnline},
		},
		Queues: []core.QueueSpec{{ID: "support", Groups: []core.GroupID{"support"}, Assign: "pull"}},
		Rules:  []core.RuleSpec{{Name: "all", Then: []core.Action{{Route: "support"}}}},
	}
}

// offerDesk is a desk whose tickets are offered for a minute.
func offerDesk() *core.Config {
	c := pullDesk()
	c.Agents = c.Agents[:1]
	c.Queues[0].Assign, c.Queues[0].Offer = "push", core.OfferSpec{Expires: "1m"}
	return c
}

// open opens an engine that is closed with the test.
func open(t testing.TB, store persist.Store, opts engine.Options) *engine.Engine {
	t.Helper()
	e, err := engine.Open(testContext(t), store, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), waitMax)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return e
}

func desk(t testing.TB, e *engine.Engine, id string) *engine.Desk {
	t.Helper()
	d, err := e.Desk(testContext(t), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// openDesk opens an engine with a configured default desk.
func openDesk(t testing.TB, store persist.Store, config *core.Config) (*engine.Engine, *engine.Desk) {
	t.Helper()
	e := open(t, store, engine.Options{Config: config})
	return e, desk(t, e, engine.DefaultDesk)
}

func closeEngine(t testing.TB, e *engine.Engine) {
	t.Helper()
	if err := e.Close(testContext(t)); err != nil {
		t.Fatal(err)
	}
}

// create is the command of a ticket of that number.
func create(n int) core.Command {
	return core.CreateTicket{ID: ticketID(n), Subject: "printer", Requester: "rita"}
}

func ticketID(n int) core.TicketID { return core.TicketID(fmt.Sprint("t", n)) }

// mustSubmit submits a command that must not be rejected.
func mustSubmit(t testing.TB, d *engine.Desk, command core.Command) core.Reply {
	t.Helper()
	reply, err := d.Submit(testContext(t), engine.Request{Command: command})
	if err != nil {
		t.Fatal(err)
	}
	if reply.Rejection != nil {
		t.Fatal(reply.Rejection)
	}
	return reply
}

func digest(t testing.TB, d *engine.Desk) core.Digest {
	t.Helper()
	sum, _, err := d.Digest(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// collect reads a feed until it has the event with the sequence.
func collect(t testing.TB, d *engine.Desk, after, last core.Seq) []core.Event {
	t.Helper()
	sub, err := d.Subscribe(testContext(t), after)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	var events []core.Event
	for sub.Cursor() < last {
		next, err := sub.Next(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, next...)
	}
	return events
}

// typesOf lists the events' types.
func typesOf(events []core.Event) []core.EventType {
	list := make([]core.EventType, len(events))
	for i := range events {
		list[i] = events[i].Type
	}
	return list
}

// latch is the disk of a memory store that a test holds back.
type latch struct {
	mu     sync.Mutex
	closed bool
	held   []func(error)
	came   chan struct{} // holds one: something was held
}

func newLatch() *latch { return &latch{came: make(chan struct{}, 1)} }

// Sync implements persist.Gate.
func (l *latch) Sync(done func(error)) {
	l.mu.Lock()
	if !l.closed {
		l.mu.Unlock()
		done(nil)
		return
	}
	l.held = append(l.held, done)
	l.mu.Unlock()
	select {
	case l.came <- struct{}{}:
	default:
	}
}

// hold keeps from now on what is given to the disk from becoming durable.
func (l *latch) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// await returns when n groups are held.
func (l *latch) await(t testing.TB, n int) {
	t.Helper()
	for {
		l.mu.Lock()
		held := len(l.held)
		l.mu.Unlock()
		if held >= n {
			return
		}
		select {
		case <-l.came:
		case <-testContext(t).Done():
			t.Fatalf("%d groups are held, want %d", held, n)
		}
	}
}

// release answers everything that is held and lets the disk run.
func (l *latch) release(err error) {
	l.mu.Lock()
	held := l.held
	l.closed, l.held = false, nil
	l.mu.Unlock()
	for _, done := range held {
		done(err)
	}
}

// fold remembers what it was told, and what readers saw then.
type fold struct {
	mu   sync.Mutex
	seqs map[string][]core.Seq
}

func (f *fold) Fold(desk string, entries []core.Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seqs == nil {
		f.seqs = map[string][]core.Seq{}
	}
	for _, entry := range entries {
		for _, event := range entry.Events {
			f.seqs[desk] = append(f.seqs[desk], event.Seq)
		}
	}
}

func (f *fold) of(desk string) []core.Seq {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seqs[desk])
}

// dense reports whether sequences are first, first+1, ... last.
func dense(seqs []core.Seq, first, last core.Seq) error {
	if len(seqs) != int(last-first+1) {
		return fmt.Errorf("%d sequences, want %d to %d", len(seqs), first, last)
	}
	for i, seq := range seqs {
		if seq != first+core.Seq(i) {
			return fmt.Errorf("sequence %d at place %d, want %d", seq, i, first+core.Seq(i))
		}
	}
	return nil
}

func seqsOf(events []core.Event) []core.Seq {
	list := make([]core.Seq, len(events))
	for i := range events {
		list[i] = events[i].Seq
	}
	return list
}

var errDisk = errors.New("disk is on fire")
