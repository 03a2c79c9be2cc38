package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// readEventsMin is how many events a subscription reads from the journal at a
// time, at least, if there are as many.
const readEventsMin = 512

// Subscription is a reader of a desk's feed, at its own pace: what it has not
// come for yet is in the journal, so a slow reader costs no memory and misses
// nothing. One goroutine at a time calls Next; Close may be called by any.
type Subscription struct {
	desk   *Desk
	cursor core.Seq
	closed chan struct{}
	once   sync.Once
}

// newSubscription counts the reader in.
func newSubscription(d *Desk, after core.Seq) *Subscription {
	d.feed.join()
	return &Subscription{desk: d, cursor: after, closed: make(chan struct{})}
}

// Next returns the events that follow the last ones returned, at least one,
// dense and in order; it waits if there are none yet. They are shared and not to
// be changed. After the engine was closed or the partition failed, Next returns
// what is durable and then ErrClosed or ErrFailed; after Close, ErrUnsubscribed.
// An error leaves the cursor where it is: Next may be called again.
func (s *Subscription) Next(ctx context.Context) ([]core.Event, error) {
	for {
		if err := s.usable(ctx); err != nil {
			return nil, err
		}
		news, err := s.desk.feed.after(s.cursor)
		switch {
		case err != nil:
			return nil, err
		case len(news.events) > 0:
			return s.advance(news.events)
		case news.upTo > 0:
			events, err := s.read(ctx, news.upTo)
			if err != nil {
				return nil, err
			}
			return s.advance(events)
		}
		select {
		case <-news.changed:
		case <-s.closed:
		case <-ctx.Done():
		}
	}
}

// Cursor returns the sequence of the last event returned, or where the
// subscription began.
func (s *Subscription) Cursor() core.Seq { return s.cursor }

// Close ends the subscription. Calling it again does nothing.
func (s *Subscription) Close() {
	s.once.Do(func() {
		close(s.closed)
		s.desk.feed.leave()
	})
}

func (s *Subscription) usable(ctx context.Context) error {
	select {
	case <-s.closed:
		return ErrUnsubscribed
	case <-ctx.Done():
		return fmt.Errorf("engine: read feed of desk %q: %w", s.desk.id, context.Cause(ctx))
	default:
		return nil
	}
}

// advance moves the cursor over events, which must follow it one by one: a gap
// would be silent otherwise.
func (s *Subscription) advance(events []core.Event) ([]core.Event, error) {
	last := s.cursor
	for i := range events {
		if events[i].Seq != last+1 {
			return nil, s.broken(last)
		}
		last++
	}
	if last == s.cursor {
		return nil, s.broken(last)
	}
	s.cursor = last
	return events, nil
}

func (s *Subscription) broken(last core.Seq) error {
	return fmt.Errorf("engine: read feed of desk %q: the journal does not go on after %d: %w", s.desk.id, last, persist.ErrCorrupt)
}

// read returns some events after the cursor from the journal, up to the record
// that ends at upTo: what is durable and not yet shown comes later.
func (s *Subscription) read(ctx context.Context, upTo core.Seq) ([]core.Event, error) {
	var events []core.Event
	err := s.desk.engine.store.Journal(ctx, s.desk.id, uint64(s.cursor), func(r persist.Record) error {
		entries, err := core.DecodeEntries(r.Journal)
		if err != nil {
			return err
		}
		for _, event := range flatten(entries) {
			if event.Seq > s.cursor {
				events = append(events, event)
			}
		}
		if len(events) >= readEventsMin || core.Seq(r.Seq) >= upTo {
			return persist.ErrStop
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("engine: read journal of desk %q: %w", s.desk.id, err)
	}
	return events, nil
}
