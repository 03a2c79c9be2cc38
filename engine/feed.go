package engine

import (
	"sort"
	"sync"

	"github.com/yardmaster/yardmaster/engine/core"
)

// feedEventsMax bounds the newest events that a desk with subscribers keeps in
// memory; whoever is further behind reads the journal.
const feedEventsMax = 4096

// feed is what is new on a desk. It never waits for a reader: it keeps a bounded
// tail while there are subscribers and nothing while there are none, and each
// reader comes for what follows its own cursor.
type feed struct {
	mu      sync.Mutex
	tail    core.Seq // of the newest event that is shown
	readers int
	records [][]core.Event // of the newest groups, oldest first; dense up to tail
	held    int            // events in records
	changed chan struct{}  // closed at the next change; nil while nobody waits
	ended   error          // nothing more will come, because of this
}

// publish shows the events of entries that became durable.
func (f *feed) publish(entries []core.Entry) {
	if len(entries) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	last := entries[len(entries)-1].Events
	f.tail = last[len(last)-1].Seq
	if f.readers == 0 {
		return
	}
	record := flatten(entries)
	f.records, f.held = append(f.records, record), f.held+len(record)
	for f.held > feedEventsMax && len(f.records) > 1 {
		f.held -= len(f.records[0])
		f.records[0] = nil
		f.records = f.records[1:]
	}
	f.wake()
}

// end tells readers that nothing more will come. The first reason stays.
func (f *feed) end(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended == nil {
		f.ended = err
	}
	f.wake()
}

func (f *feed) wake() {
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
}

// join and leave count the readers; without any, nothing is kept.
func (f *feed) join() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.readers++
}

func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.readers--
	if f.readers == 0 {
		f.records, f.held = nil, 0
	}
}

// news is what a feed says to a cursor: events that follow it, or that they must
// be read from the journal up to a sequence, or a channel to wait on.
type news struct {
	events  []core.Event
	upTo    core.Seq
	changed <-chan struct{}
}

// after returns what follows a cursor. The error is the feed's end, told once
// there is nothing left to read.
func (f *feed) after(cursor core.Seq) (news, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cursor < f.tail {
		if len(f.records) == 0 || f.records[0][0].Seq > cursor+1 {
			return news{upTo: f.tail}, nil
		}
		return news{events: f.find(cursor + 1)}, nil
	}
	if f.ended != nil {
		return news{}, f.ended
	}
	if f.changed == nil {
		f.changed = make(chan struct{})
	}
	return news{changed: f.changed}, nil
}

// find returns the rest, from a sequence, of the record that holds it.
func (f *feed) find(seq core.Seq) []core.Event {
	i := sort.Search(len(f.records), func(i int) bool {
		record := f.records[i]
		return record[len(record)-1].Seq >= seq
	})
	record := f.records[i]
	return record[seq-record[0].Seq:]
}

// flatten returns the events of entries as one slice.
func flatten(entries []core.Entry) []core.Event {
	if len(entries) == 1 {
		return entries[0].Events
	}
	n := 0
	for i := range entries {
		n += len(entries[i].Events)
	}
	events := make([]core.Event, 0, n)
	for i := range entries {
		events = append(events, entries[i].Events...)
	}
	return events
}
