package pebble

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"github.com/yardmaster/yardmaster/persist"
)

// view is the database right after one batch was applied. It is held by the
// store while it is what reads show, and by every read under way.
type view struct {
	snapshot *pebble.Snapshot
	holders  atomic.Int32
}

func newView(db *pebble.DB) *view {
	v := &view{snapshot: db.NewSnapshot()}
	v.holders.Store(1)
	return v
}

// release gives up one hold; the last one frees the snapshot. Closing a
// snapshot cannot fail.
func (v *view) release() {
	if v.holders.Add(-1) == 0 {
		_ = v.snapshot.Close()
	}
}

// read is one call that reads: a view, and the reasons to stop early.
type read struct {
	*view
	store *Store
	ctx   context.Context
}

// begin starts a read of what is durable now. The caller ends it.
func (s *Store) begin(ctx context.Context) (read, error) {
	if err := context.Cause(ctx); err != nil {
		return read{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return read{}, persist.ErrClosed
	}
	s.reads.Add(1)
	s.durable.holders.Add(1)
	return read{view: s.durable, store: s, ctx: ctx}, nil
}

func (r read) end() {
	r.release()
	r.store.reads.Done()
}

// proceed says whether the read goes on to the next key.
func (r read) proceed() error {
	if r.store.stopping.Load() {
		return persist.ErrClosed
	}
	return context.Cause(r.ctx)
}

// get returns a copy of the value of a key, or ErrNotFound.
func (r read) get(key []byte) ([]byte, error) {
	value, closer, err := r.snapshot.Get(key)
	if err != nil {
		return nil, readError(key, err)
	}
	defer func() { _ = closer.Close() }()
	return append([]byte{}, value...), nil
}

// ascend calls fn for the keys of [from, to) in ascending order.
func (r read) ascend(from, to []byte, fn func(key, value []byte) error) error {
	return r.walk(from, to, (*pebble.Iterator).First, (*pebble.Iterator).Next, fn)
}

// descend calls fn for the keys of [from, to) in descending order.
func (r read) descend(from, to []byte, fn func(key, value []byte) error) error {
	return r.walk(from, to, (*pebble.Iterator).Last, (*pebble.Iterator).Prev, fn)
}

func (r read) walk(from, to []byte, start, next func(*pebble.Iterator) bool, fn func(key, value []byte) error) (err error) {
	iter, err := r.snapshot.NewIterWithContext(r.ctx, &pebble.IterOptions{LowerBound: from, UpperBound: to})
	if err != nil {
		return readError(from, err)
	}
	defer func() {
		if closing := iter.Close(); err == nil && closing != nil {
			err = readError(from, closing)
		}
	}()
	for ok := start(iter); ok; ok = next(iter) {
		if err := r.proceed(); err != nil {
			return err
		}
		value, err := iter.ValueAndErr()
		if err != nil {
			return readError(iter.Key(), err)
		}
		if err := fn(iter.Key(), value); err != nil {
			return err
		}
	}
	return nil
}

// readError names the key near which Pebble failed to read, and says which
// sentinel it is.
func readError(key []byte, err error) error {
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return persist.ErrNotFound
	case pebble.IsCorruptionError(err):
		return fmt.Errorf("at key %x: %w: %w", key, persist.ErrCorrupt, err)
	default:
		return fmt.Errorf("at key %x: %w", key, err)
	}
}
