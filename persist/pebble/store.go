package pebble

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"github.com/yardmaster/yardmaster/persist"
)

// Store is a [persist.Store] in a directory. It is safe for concurrent use.
//
//	     Open          first error of the log
//	─────────▶ open ─────────────────────────▶ failed
//	             │                                │
//	             └────────────┬───────────────────┘
//	                          │ Close
//	                          ▼
//	                       closing ──────────▶ closed
//	              groups decided, reads ended
type Store struct {
	dir    string
	db     *pebble.DB
	report *reporter

	stopping atomic.Bool    // reads end at their next key
	reads    sync.WaitGroup // reads under way; none begins once closing is set

	mu      sync.Mutex
	arrived sync.Cond // the line got longer, or closing was set
	ledger  *persist.Ledger
	line    []entry // accepted, not yet with Pebble, in the order of acceptance
	durable *view   // what reads show
	failed  error
	closing bool

	applied chan wave     // from apply to settle
	decided chan struct{} // closed when settle has ended

	closeOnce sync.Once
	closeErr  error
}

// Open opens the store in a directory, which is made if it does not exist. The
// error wraps [persist.ErrLocked], [persist.ErrFormat] or [persist.ErrCorrupt]
// where that is the cause. The caller closes the store.
func Open(dir string, opts Options) (*Store, error) {
	s, err := open(dir, opts)
	if err != nil {
		return nil, fmt.Errorf("persist/pebble: open directory %q: %w", dir, err)
	}
	return s, nil
}

func open(dir string, opts Options) (*Store, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	if err := inspect(dir, opts.FS); err != nil {
		return nil, err
	}
	report := &reporter{log: opts.Logger}
	db, err := openDB(dir, opts, report)
	if err != nil {
		return nil, err
	}
	s := &Store{
		dir: dir, db: db, report: report,
		ledger:  persist.NewLedger(),
		applied: make(chan wave),
		decided: make(chan struct{}),
	}
	s.arrived.L = &s.mu
	if err := s.readBack(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go s.apply()
	go s.settle()
	return s, nil
}

// readBack reads the format, the epochs and where every desk stands. What Pebble
// found in its log it has flushed to synced files before it opened, so that all
// it shows now is durable.
func (s *Store) readBack() error {
	if err := settleFormat(s.db); err != nil {
		return err
	}
	s.durable = newView(s.db)
	if err := s.restore(read{view: s.durable, store: s, ctx: context.Background()}); err != nil {
		s.durable.release()
		return err
	}
	return nil
}

func (s *Store) restore(r read) error {
	states, err := r.states()
	if err != nil {
		return err
	}
	for desk, state := range states {
		s.ledger.RestoreDesk(desk, state.Seq)
	}
	return r.ascend([]byte{tagEpoch}, []byte{tagEpoch + 1}, func(key, value []byte) error {
		if len(key) != 5 || len(value) != 8 {
			return corrupt(key, "the epoch of a partition is not a number")
		}
		s.ledger.RestoreEpoch(persist.Partition(binary.BigEndian.Uint32(key[1:])), persist.Epoch(binary.BigEndian.Uint64(value)))
		return nil
	})
}

// Lead implements [persist.Store]. The new epoch stands in line behind the
// groups of the former leader, so it is durable when they are decided.
func (s *Store) Lead(ctx context.Context, p persist.Partition) (persist.Lease, error) {
	l, outcome, err := s.raise(p)
	if err == nil {
		err = outcome.Wait(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("persist/pebble: lead partition %d: %w", p, err)
	}
	return l, nil
}

// Commit implements [persist.Store]. The group is encoded in the caller's
// goroutine, before it stands in line.
func (s *Store) Commit(l persist.Lease, g persist.Group) persist.Pending {
	outcome, err := s.accept(l, g)
	if err != nil {
		return persist.Settled(fmt.Errorf("persist/pebble: commit group: %w", err))
	}
	return outcome
}

// Health implements [persist.Store]. Beside a failed log it reports the last
// error of Pebble's work in the background, such as a full disk, until a flush
// has succeeded again.
func (s *Store) Health(context.Context) error {
	s.mu.Lock()
	err := s.usable()
	s.mu.Unlock()
	if trouble := s.report.trouble.Load(); err == nil && trouble != nil {
		err = *trouble
	}
	if err != nil {
		return fmt.Errorf("persist/pebble: directory %q: %w", s.dir, err)
	}
	return nil
}

// Limits implements [persist.Store].
func (s *Store) Limits() persist.Limits { return persist.DefaultLimits() }

// Close implements [persist.Store].
func (s *Store) Close() error {
	s.closeOnce.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Store) close() error {
	s.stopping.Store(true)
	s.mu.Lock()
	s.closing = true
	s.arrived.Signal()
	s.mu.Unlock()
	<-s.decided
	s.reads.Wait()
	s.durable.release()
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("persist/pebble: close directory %q: %w", s.dir, err)
	}
	return nil
}

// raise fences the former leader and puts the new epoch in line.
func (s *Store) raise(p persist.Partition) (persist.Lease, *persist.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return nil, nil, err
	}
	l := s.ledger.Raise(p)
	return l, s.enqueue(encodeEpoch(s.db, l)), nil
}

// accept checks a group and puts it in line.
func (s *Store) accept(l persist.Lease, g persist.Group) (*persist.Outcome, error) {
	if err := g.Check(s.Limits()); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if unusable := s.usable(); unusable != nil {
			return nil, unusable
		}
		s.ledger.End(l, err)
		return nil, err
	}
	batch := encode(s.db, g)
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.usable()
	if err == nil {
		err = s.ledger.Admit(l, g)
	}
	if err != nil {
		_ = batch.Close()
		return nil, err
	}
	return s.enqueue(batch), nil
}

// usable says whether groups are taken. The caller holds mu.
func (s *Store) usable() error {
	if s.closing {
		return persist.ErrClosed
	}
	return s.failed
}
