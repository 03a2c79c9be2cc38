package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

func TestFeedHasNoGapAndNoDuplicateForAnyReader(t *testing.T) {
	const writers, each, readers = 4, 300, 8
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	var last atomic.Uint64 // set when the writers are done
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for n := range each {
				mustSubmit(t, d, create(w*each+n))
			}
		})
	}
	for i := range readers {
		reading.Go(func() { readImpatiently(t, d, &last, time.Duration(i)*100*time.Microsecond) })
	}
	writing.Wait()
	last.Store(uint64(d.Snapshot().Seq()))
	reading.Wait()
}

// readImpatiently follows a desk up to a sequence and gives up ever again: it
// must go on where it was.
func readImpatiently(t *testing.T, d *engine.Desk, last *atomic.Uint64, patience time.Duration) {
	snapshot, sub, err := d.Follow(testContext(t))
	if err != nil {
		t.Error(err)
		return
	}
	defer sub.Close()
	var got []core.Seq
	for last.Load() == 0 || uint64(sub.Cursor()) < last.Load() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		events, err := sub.Next(ctx)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
			return
		}
		got = append(got, seqsOf(events)...)
		patience = min(2*patience+time.Microsecond, 10*time.Millisecond) // lest it never gets anything
	}
	if err := dense(got, snapshot.Seq()+1, sub.Cursor()); err != nil {
		t.Error(err)
	}
}

func TestLateReaderReadsTheJournalThenGoesLive(t *testing.T) {
	store := persist.NewMemory()
	e, d := openDesk(t, store, pullDesk())
	for n := range 50 {
		mustSubmit(t, d, create(n))
	}
	all := collect(t, d, 0, d.Snapshot().Seq())
	closeEngine(t, e)

	e2 := open(t, store, engine.Options{TimeFromInputs: true})
	d = desk(t, e2, engine.DefaultDesk)
	middle := core.Seq(len(all) / 2)
	sub, err := d.Subscribe(testContext(t), middle)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	mustSubmit(t, d, create(50))
	var got []core.Event
	for last := d.Snapshot().Seq(); sub.Cursor() < last; {
		events, err := sub.Next(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, events...)
	}
	if err := dense(seqsOf(got), middle+1, d.Snapshot().Seq()); err != nil {
		t.Error(err)
	}
	past := got[:len(all)-int(middle)]
	if diff := cmp.Diff(all[middle:], past); diff != "" {
		t.Errorf("events read back differ from those told live (-live +read):\n%s", diff)
	}
}

// A reader that is far behind costs no memory: what it has not come for is in
// the journal.
func TestSlowReaderMissesNothing(t *testing.T) {
	_, d := openDesk(t, persist.NewMemory(), pullDesk())
	start, slow, err := d.Follow(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	const tickets = 3000 // several events each: more than a feed keeps
	for n := 0; n < tickets; n += 100 {
		var batch []engine.Request
		for i := range 100 {
			batch = append(batch, engine.Request{Command: create(n + i)})
		}
		if _, err := d.SubmitBatch(testContext(t), batch); err != nil {
			t.Fatal(err)
		}
	}
	var got []core.Seq
	largest := 0
	for last := d.Snapshot().Seq(); slow.Cursor() < last; {
		events, err := slow.Next(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		largest = max(largest, len(events))
		got = append(got, seqsOf(events)...)
	}
	if err := dense(got, start.Seq()+1, d.Snapshot().Seq()); err != nil {
		t.Error(err)
	}
	if len(got) < 2*4096 || largest > 4096 {
		t.Errorf("%d events in parts of at most %d: the test is too small, or the parts are too large", len(got), largest)
	}
}

func TestSubscriptionEnds(t *testing.T) {
	e, d := openDesk(t, persist.NewMemory(), pullDesk())
	if _, err := d.Subscribe(testContext(t), d.Snapshot().Seq()+1); !errors.Is(err, engine.ErrCursor) {
		t.Errorf("a cursor beyond the feed: %v, want ErrCursor", err)
	}
	follow := func() *engine.Subscription {
		_, sub, err := d.Follow(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		return sub
	}
	next := func(sub *engine.Subscription) chan error {
		done := make(chan error, 1)
		go func() {
			_, err := sub.Next(testContext(t))
			done <- err
		}()
		return done
	}

	closed := follow()
	waiting := next(closed)
	closed.Close()
	closed.Close()
	if err := <-waiting; !errors.Is(err, engine.ErrUnsubscribed) {
		t.Errorf("closed while waiting: %v, want ErrUnsubscribed", err)
	}

	behind, waiter := follow(), follow()
	defer behind.Close()
	defer waiter.Close()
	mustSubmit(t, d, create(1))
	if err := <-next(waiter); err != nil {
		t.Fatal(err)
	}
	waiting = next(waiter)
	closeEngine(t, e)
	if err := <-waiting; !errors.Is(err, engine.ErrClosed) {
		t.Errorf("engine closed while waiting: %v, want ErrClosed", err)
	}
	if events, err := behind.Next(testContext(t)); err != nil || len(events) == 0 {
		t.Errorf("what was durable before the close: %v, %v", events, err)
	}
	if _, err := behind.Next(testContext(t)); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("after what was durable: %v, want ErrClosed", err)
	}
}

// gatedFold stops in Fold until it is told to go on.
type gatedFold struct{ entered, leave chan struct{} }

func (f *gatedFold) Fold(string, []core.Entry) {
	f.entered <- struct{}{}
	<-f.leave
}

// What is durable is in the journal before folds and subscribers are told: a
// reader of the past gets it in its turn all the same.
func TestReaderOfTheJournalIsNotAheadOfTheFolds(t *testing.T) {
	f := &gatedFold{make(chan struct{}), make(chan struct{})}
	e := open(t, persist.NewMemory(), engine.Options{Folds: []engine.Fold{f}})
	d := desk(t, e, engine.DefaultDesk)
	step := func(command core.Command) {
		if _, err := d.Enqueue(testContext(t), []engine.Request{{Command: command}}); err != nil {
			t.Fatal(err)
		}
		<-f.entered
	}
	step(core.ApplyConfig{Config: pullDesk()})
	f.leave <- struct{}{}
	if _, err := d.Fresh(testContext(t)); err != nil {
		t.Fatal(err)
	}
	configured := d.Snapshot().Seq()
	step(create(1)) // durable, and the fold is at it
	sub, err := d.Subscribe(testContext(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	events, err := sub.Next(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if last := events[len(events)-1].Seq; last != configured {
		t.Errorf("the reader got %d while a fold is at what follows %d", last, configured)
	}
	f.leave <- struct{}{}
}

// forgetful is a store whose journal has lost a record.
type forgetful struct {
	persist.Store
	lost uint64
}

func (s *forgetful) Journal(ctx context.Context, desk string, after uint64, fn func(persist.Record) error) error {
	return s.Store.Journal(ctx, desk, after, func(r persist.Record) error {
		if r.Expect < s.lost && s.lost <= r.Seq {
			return nil
		}
		return fn(r)
	})
}

func TestHoleInTheJournalIsSaid(t *testing.T) {
	for _, lost := range []uint64{1, 5} {
		t.Run(fmt.Sprint("sequence ", lost), func(t *testing.T) {
			store := &forgetful{persist.NewMemory(), lost}
			_, d := openDesk(t, store, pullDesk())
			mustSubmit(t, d, create(1))
			mustSubmit(t, d, create(2))
			sub, err := d.Subscribe(testContext(t), 0)
			if err != nil {
				t.Fatal(err)
			}
			defer sub.Close()
			for err == nil && sub.Cursor() < d.Snapshot().Seq() {
				_, err = sub.Next(testContext(t))
			}
			if !errors.Is(err, persist.ErrCorrupt) {
				t.Errorf("read to %d with %v, want ErrCorrupt", sub.Cursor(), err)
			}
			if got := sub.Cursor(); uint64(got) >= lost {
				t.Errorf("the reader was led over the hole, to %d", got)
			}
		})
	}
}
