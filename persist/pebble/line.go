package pebble

import (
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/yardmaster/yardmaster/persist"
)

// waveBytesMax ends the joining of groups into one batch: above it, preparing
// the next batch takes longer than the sync that joining saves.
const waveBytesMax = 4 << 20

// entry is an accepted group, or a new epoch, in line for the log.
type entry struct {
	batch   *pebble.Batch
	outcome *persist.Outcome
}

// wave is one batch that Pebble has applied and is syncing: one entry, or
// several that stood in line together.
type wave struct {
	batch    *pebble.Batch
	view     *view // right after the batch
	outcomes []*persist.Outcome
}

// enqueue puts a batch in line. The caller holds mu, under which it was
// admitted.
func (s *Store) enqueue(b *pebble.Batch) *persist.Outcome {
	e := entry{batch: b, outcome: persist.NewOutcome()}
	s.line = append(s.line, e)
	s.arrived.Signal()
	return e.outcome
}

// apply is the goroutine that takes what stands in line to Pebble. Handing over
// waits until settle has taken the wave before, so that Pebble has at most two:
// one that it syncs, one that it prepares. What arrives meanwhile is joined.
func (s *Store) apply() {
	defer close(s.applied)
	for {
		entries := s.next()
		if len(entries) == 0 {
			return
		}
		if w, ok := s.applyWave(entries); ok {
			s.applied <- w
		}
	}
}

// next waits for entries and takes as many as make one wave. It returns none
// when the store is closing and the line is empty.
func (s *Store) next() []entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.line) == 0 && !s.closing {
		s.arrived.Wait()
	}
	n, size := 0, 0
	for n < len(s.line) && (n == 0 || size+s.line[n].batch.Len() <= waveBytesMax) {
		size += s.line[n].batch.Len()
		n++
	}
	taken := s.line[:n:n]
	s.line = s.line[n:] // what was taken is freed when append moves to a new array
	return taken
}

// applyWave gives the entries to Pebble as one batch, or fails them.
func (s *Store) applyWave(entries []entry) (w wave, ok bool) {
	for _, e := range entries {
		w.outcomes = append(w.outcomes, e.outcome)
	}
	err := s.failure()
	if err == nil {
		w.batch, err = join(entries)
	}
	if err == nil {
		err = s.db.ApplyNoSyncWait(w.batch, pebble.Sync)
	}
	if err != nil {
		s.fail(err, w.outcomes)
		return wave{}, false
	}
	w.view = newView(s.db)
	return w, true
}

// join makes one batch of the entries' batches.
func join(entries []entry) (*pebble.Batch, error) {
	first := entries[0].batch
	for _, e := range entries[1:] {
		if err := first.Apply(e.batch, nil); err != nil {
			return nil, err
		}
		if err := e.batch.Close(); err != nil {
			return nil, err
		}
	}
	return first, nil
}

// settle is the goroutine that waits for syncs, in order, and lands the waves.
func (s *Store) settle() {
	defer close(s.decided)
	for w := range s.applied {
		err := w.batch.SyncWait()
		if err == nil {
			err = s.failure() // a wave after a failed one is not known to be durable
		}
		if err != nil {
			w.view.release()
			s.fail(err, w.outcomes)
			continue
		}
		s.land(w)
		if err := w.batch.Close(); err != nil {
			s.report.Errorf("close a batch: %v", err)
		}
	}
}

// land makes a durable wave's view the one that reads begin with, and answers
// its groups, both under the lock under which reads begin: whoever was answered
// sees what it wrote.
func (s *Store) land(w wave) {
	s.mu.Lock()
	former := s.durable
	s.durable = w.view
	for _, o := range w.outcomes {
		o.Settle(nil)
	}
	s.mu.Unlock()
	former.release()
}

// failure is the first error of the log, or nil.
func (s *Store) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// fail notes the first error and answers the groups concerned.
func (s *Store) fail(err error, outcomes []*persist.Outcome) {
	s.mu.Lock()
	if s.failed == nil {
		s.failed = fmt.Errorf("write the log of directory %q: %w: %w", s.dir, persist.ErrFailed, err)
		s.report.Errorf("%v", s.failed)
	}
	failed := s.failed
	s.mu.Unlock()
	for _, o := range outcomes {
		o.Settle(failed)
	}
}
