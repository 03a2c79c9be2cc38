package engine

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core"
)

// entriesUpTo returns entries of one to three events each, dense after a sequence.
func entriesUpTo(after, last core.Seq) (entries []core.Entry) {
	for after < last {
		entry := core.Entry{}
		for range min(3, last-after) {
			after++
			entry.Events = append(entry.Events, core.Event{Seq: after})
		}
		entries = append(entries, entry)
	}
	return entries
}

// A feed against the simplest one: all events, and the journal for those it no
// longer has.
func TestFeedAgainstAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := core.Seq(rapid.IntRange(0, 10).Draw(t, "start"))
		f, tail := feed{tail: start}, start
		cursors := map[int]core.Seq{}
		t.Repeat(map[string]func(*rapid.T){
			"publish": func(t *rapid.T) {
				last := tail + core.Seq(rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 3000)).Draw(t, "events"))
				f.publish(entriesUpTo(tail, last))
				tail = last
			},
			"join": func(t *rapid.T) {
				f.join()
				cursors[len(cursors)] = core.Seq(rapid.Uint64Range(0, uint64(tail)).Draw(t, "cursor"))
			},
			"read": func(t *rapid.T) {
				if len(cursors) == 0 {
					t.Skip("nobody reads")
				}
				who := rapid.IntRange(0, len(cursors)-1).Draw(t, "who")
				cursors[who] = readOnce(t, &f, cursors[who], tail)
			},
			"": func(t *rapid.T) {
				if f.tail != tail {
					t.Fatalf("tail %d, want %d", f.tail, tail)
				}
				if f.held > feedEventsMax && len(f.records) > 1 {
					t.Fatalf("%d events are held in %d records", f.held, len(f.records))
				}
			},
		})
	})
}

func readOnce(t *rapid.T, f *feed, cursor, tail core.Seq) core.Seq {
	n, err := f.after(cursor)
	switch {
	case err != nil:
		t.Fatal(err)
	case len(n.events) > 0:
		for i, event := range n.events {
			if event.Seq != cursor+1+core.Seq(i) {
				t.Fatalf("event %d after %d", event.Seq, cursor)
			}
		}
		return n.events[len(n.events)-1].Seq
	case n.upTo > 0:
		if n.upTo != tail || cursor >= tail {
			t.Fatalf("at %d sent to the journal up to %d, tail %d", cursor, n.upTo, tail)
		}
		return n.upTo
	case cursor != tail:
		t.Fatalf("waiting at %d, tail %d", cursor, tail)
	}
	return cursor
}

func TestFeedKeepsNothingWithoutReaders(t *testing.T) {
	f := feed{}
	f.publish(entriesUpTo(0, 10))
	if len(f.records) != 0 {
		t.Error("events are kept although nobody reads")
	}
	f.join()
	f.publish(entriesUpTo(10, 20))
	if n, _ := f.after(10); len(n.events) != 10 {
		t.Errorf("%d events after 10, want 10", len(n.events))
	}
	f.leave()
	if len(f.records) != 0 || f.held != 0 {
		t.Error("events are kept after the last reader left")
	}
}

func TestFeedWakesWhoWaits(t *testing.T) {
	f := feed{}
	f.join()
	waiting, _ := f.after(0)
	f.publish(entriesUpTo(0, 1))
	<-waiting.changed
	waiting, _ = f.after(1)
	end := errors.New("the end")
	f.end(end)
	f.end(errors.New("another"))
	<-waiting.changed
	if _, err := f.after(0); err != nil {
		t.Errorf("%v before everything was read", err)
	}
	if _, err := f.after(1); !errors.Is(err, end) {
		t.Errorf("%v, want the first reason", err)
	}
}
