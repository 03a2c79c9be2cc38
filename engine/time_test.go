package engine_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// bubble runs a test in the time of synctest, with an engine over a memory store.
func bubble(t *testing.T, opts engine.Options, test func(t *testing.T, d *engine.Desk)) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		e, err := engine.Open(ctx, persist.NewMemory(), opts)
		if err != nil {
			t.Fatal(err)
		}
		d, err := e.Desk(ctx, engine.DefaultDesk)
		if err != nil {
			t.Fatal(err)
		}
		test(t, d)
		if err := e.Close(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func submit(t *testing.T, d *engine.Desk, command core.Command) core.Reply {
	t.Helper()
	reply, err := d.Submit(context.Background(), engine.Request{Command: command})
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// offerOf returns the open offer of a ticket. An agent who is the only candidate
// is asked again when an offer expires, so there always is one.
func offerOf(t *testing.T, d *engine.Desk, n int) core.Offer {
	t.Helper()
	ticket, ok := d.Snapshot().Ticket(ticketID(n))
	if !ok || len(ticket.Offers) != 1 {
		t.Fatalf("ticket %d: %+v, want one open offer", n, ticket)
	}
	return ticket.Offers[0]
}

func TestDeadlineFiresByItselfANanosecondLater(t *testing.T) {
	bubble(t, engine.Options{Config: offerDesk()}, func(t *testing.T, d *engine.Desk) {
		submit(t, d, create(1))
		offer := offerOf(t, d, 1)
		time.Sleep(time.Until(offer.Expires.Time()))
		synctest.Wait()
		if got := offerOf(t, d, 1); got != offer {
			t.Errorf("%+v at the expiry of %+v, at which an accept is in time", got, offer)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if got := offerOf(t, d, 1); got.Made != offer.Expires {
			t.Errorf("a nanosecond later the offer is %+v, want one made at %v", got, offer.Expires)
		}
		if at := d.Snapshot().At(); at != offer.Expires {
			t.Errorf("the deadline fired at %v, want its own instant %v", at, offer.Expires)
		}
	})
}

func TestAcceptAtTheExpiryIsInTime(t *testing.T) {
	bubble(t, engine.Options{Config: offerDesk()}, func(t *testing.T, d *engine.Desk) {
		submit(t, d, create(1))
		time.Sleep(time.Until(offerOf(t, d, 1).Expires.Time()))
		if reply := submit(t, d, core.AcceptOffer{Ticket: ticketID(1), Agent: "ada"}); reply.Rejection != nil {
			t.Error(reply.Rejection)
		}
	})
}

// An earlier deadline that comes later re-arms the alarm.
func TestAlarmFollowsTheEarliestDeadline(t *testing.T) {
	config := offerDesk()
	config.Agents = append(config.Agents, core.AgentSpec{AgentProfile: core.AgentProfile{ID: "eve", Groups: []core.GroupID{"urgent"}}, Presence: core.PresenceOnline})
	config.Groups = append(config.Groups, core.GroupSpec{ID: "urgent"})
	config.Queues = append(config.Queues, core.QueueSpec{ID: "urgent", Groups: []core.GroupID{"urgent"}, Offer: core.OfferSpec{Expires: "5s"}})
	config.Rules = nil
	bubble(t, engine.Options{Config: config}, func(t *testing.T, d *engine.Desk) {
		submit(t, d, core.CreateTicket{ID: ticketID(1), Queue: "support"})
		time.Sleep(time.Second)
		submit(t, d, core.CreateTicket{ID: ticketID(2), Queue: "urgent"})
		minute, short := offerOf(t, d, 1), offerOf(t, d, 2)
		time.Sleep(5*time.Second + 1)
		synctest.Wait()
		if got := offerOf(t, d, 2); got.Made != short.Expires {
			t.Errorf("the offer of five seconds is %+v, want one made at %v", got, short.Expires)
		}
		if got := offerOf(t, d, 1); got != minute {
			t.Errorf("the offer of a minute is %+v, want %+v", got, minute)
		}
		time.Sleep(54 * time.Second)
		synctest.Wait()
		if got := offerOf(t, d, 1); got.Made != minute.Expires {
			t.Errorf("the offer of a minute is %+v, want one made at %v", got, minute.Expires)
		}
	})
}

func TestTimeFromInputsNeverTicks(t *testing.T) {
	bubble(t, engine.Options{TimeFromInputs: true}, func(t *testing.T, d *engine.Desk) {
		start := core.At(time.Date(2016, 3, 1, 9, 0, 0, 0, time.UTC))
		at := func(after time.Duration, command core.Command) core.Reply {
			t.Helper()
			reply, err := d.Submit(context.Background(), engine.Request{At: start.Add(after), Command: command})
			if err != nil || reply.Rejection != nil {
				t.Fatal(reply, err)
			}
			return reply
		}
		if _, err := d.Configure(context.Background(), start, offerDesk()); err != nil {
			t.Fatal(err)
		}
		at(0, create(1))
		offer := offerOf(t, d, 1)
		time.Sleep(24 * time.Hour)
		if _, err := d.Fresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := offerOf(t, d, 1); got != offer {
			t.Errorf("by the wall %+v has become %+v", offer, got)
		}
		at(time.Minute, create(2))
		if got := offerOf(t, d, 1); got != offer {
			t.Errorf("at its expiry %+v has become %+v", offer, got)
		}
		at(time.Second, create(3)) // goes back: counts as the desk's last instant
		if got := d.Snapshot().At(); got != start.Add(time.Minute) {
			t.Errorf("the desk stands at %v, want %v", got, start.Add(time.Minute))
		}
		at(time.Minute+1, create(4))
		if got := offerOf(t, d, 1); got.Made != offer.Expires {
			t.Errorf("the offer is %+v, want one made at %v", got, offer.Expires)
		}
	})
}

func TestFreshLetsDeadlinesFireThatHavePassed(t *testing.T) {
	clock := newHandClock()
	e := open(t, persist.NewMemory(), engine.Options{Config: offerDesk(), Clock: clock})
	d := desk(t, e, engine.DefaultDesk)
	mustSubmit(t, d, create(1))
	offer := offerOf(t, d, 1)
	clock.jump(time.Minute + 1) // no alarm goes off
	fresh, err := d.Fresh(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if ticket, _ := fresh.Ticket(ticketID(1)); ticket.Offers[0].Made != offer.Expires {
		t.Errorf("a fresh snapshot shows %+v, want an offer made at %v", ticket.Offers, offer.Expires)
	}
}

func TestJumpOfTheClockIsAnOutage(t *testing.T) {
	tests := []struct {
		name string
		late time.Duration
		want []core.EventType
	}{
		{"in time", 1, []core.EventType{core.OfferExpired}},
		{"almost", 5*time.Second - 1, []core.EventType{core.OfferExpired}},
		{"an hour late", time.Hour, []core.EventType{core.DeskOutage, core.OfferRevoked}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clock := newHandClock()
			e := open(t, persist.NewMemory(), engine.Options{Config: offerDesk(), Clock: clock})
			d := desk(t, e, engine.DefaultDesk)
			last := mustSubmit(t, d, create(1)).Seq
			clock.jump(time.Minute + test.late)
			clock.ring()
			sub, err := d.Subscribe(testContext(t), last)
			if err != nil {
				t.Fatal(err)
			}
			defer sub.Close()
			events, err := sub.Next(testContext(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, typesOf(events)[:len(test.want)]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeskLeftAloneIsToldOfTheOutageWhenOpened(t *testing.T) {
	clock, store := newHandClock(), persist.NewMemory()
	e := open(t, store, engine.Options{Config: offerDesk(), Clock: clock})
	last := mustSubmit(t, desk(t, e, engine.DefaultDesk), create(1)).Seq
	closeEngine(t, e)
	clock.jump(2 * time.Minute)

	e = open(t, store, engine.Options{Clock: clock})
	d := desk(t, e, engine.DefaultDesk)
	events := collect(t, d, last, last+1)
	if got := events[0]; got.Type != core.DeskOutage {
		t.Errorf("the first event is %+v, want %s", got, core.DeskOutage)
	}
	if got := typesOf(events); slices.Contains(got, core.OfferExpired) {
		t.Errorf("an offer that nobody could accept has expired: %v", got)
	}
}

// A sleep is never long: the timers of a suspended machine stand still.
func TestAlarmLooksAtTheWallEveryHalfMinute(t *testing.T) {
	clock := newHandClock()
	e := open(t, persist.NewMemory(), engine.Options{Config: offerDesk(), Clock: clock})
	d := desk(t, e, engine.DefaultDesk)
	mustSubmit(t, d, create(1))
	if _, err := d.Fresh(testContext(t)); err != nil { // the step after the one that set the alarm
		t.Fatal(err)
	}
	for _, asked := range clock.sleeps() {
		if asked > 30*time.Second {
			t.Errorf("the engine sleeps for %v", asked)
		}
	}
	if len(clock.sleeps()) == 0 {
		t.Error("no alarm was set although an offer is open")
	}
}

// handClock is a clock that a test sets: it may jump without its timers going
// off, as the wall of a suspended machine does.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[int]func()
	next   int
	asked  []time.Duration
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), timers: map[int]func(){}}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, wake func()) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	id := c.next
	c.timers[id] = wake
	c.asked = append(c.asked, d)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, id)
	}
}

// jump moves the wall.
func (c *handClock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// ring lets every timer go off.
func (c *handClock) ring() {
	c.mu.Lock()
	timers := c.timers
	c.timers = map[int]func(){}
	c.mu.Unlock()
	for _, wake := range timers {
		wake()
	}
}

func (c *handClock) sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked)
}
