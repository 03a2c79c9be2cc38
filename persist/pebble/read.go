package pebble

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/yardmaster/yardmaster/persist"
)

// Desks implements [persist.Store].
func (s *Store) Desks(ctx context.Context, fn func(desk string, state persist.State) error) error {
	err := s.reading(ctx, func(r read) error {
		states, err := r.states()
		if err != nil {
			return err
		}
		for _, desk := range slices.Sorted(maps.Keys(states)) {
			if err := r.proceed(); err != nil {
				return err
			}
			if err := fn(desk, states[desk]); err != nil {
				return err
			}
		}
		return nil
	})
	return named(err, "read desks")
}

// Load implements [persist.Store].
func (s *Store) Load(ctx context.Context, desk string, fn func(persist.Row) error) (state persist.State, err error) {
	err = s.reading(ctx, func(r read) error {
		var err error
		if state, err = r.state(desk); err != nil {
			return err
		}
		front := deskKey(nil, tagRow, desk)
		return r.ascend(front, after(front), func(key, value []byte) error {
			kind, id, err := splitRow(key, len(front))
			if err != nil {
				return err
			}
			return fn(persist.Row{Kind: kind, ID: id, Value: value})
		})
	})
	return state, named(err, "load desk %q", desk)
}

// Get implements [persist.Store].
func (s *Store) Get(ctx context.Context, desk string, kind byte, id []byte) (value []byte, err error) {
	err = s.reading(ctx, func(r read) error {
		value, err = r.get(rowKey(nil, desk, kind, id))
		return err
	})
	return value, named(err, "get row %d/%x of desk %q", kind, id, desk)
}

// Journal implements [persist.Store].
func (s *Store) Journal(ctx context.Context, desk string, last uint64, fn func(persist.Record) error) error {
	err := s.reading(ctx, func(r read) error {
		front := deskKey(nil, tagJournal, desk)
		from := append(recordKey(nil, tagJournal, desk, last), 0) // the first key above
		previous := uint64(0)                                     // Seq of the record before; 0 at the first
		return r.ascend(from, after(front), func(key, value []byte) error {
			rec, err := splitRecord(key, value, len(front))
			if err != nil {
				return err
			}
			if previous != 0 && rec.Expect != previous {
				return corrupt(key, fmt.Sprintf("the record follows sequence %d, the one before it ends at %d", rec.Expect, previous))
			}
			previous = rec.Seq
			return fn(rec)
		})
	})
	return named(err, "read journal of desk %q", desk)
}

// Headers implements [persist.Store].
func (s *Store) Headers(ctx context.Context, desk string, fn func(persist.Header) error) error {
	err := s.reading(ctx, func(r read) error {
		front := deskKey(nil, tagHeader, desk)
		return r.descend(front, after(front), func(key, value []byte) error {
			rec, err := splitRecord(key, value, len(front))
			if err != nil {
				return err
			}
			return fn(persist.Header{Expect: rec.Expect, Seq: rec.Seq, At: rec.At, Value: rec.Journal})
		})
	})
	return named(err, "read headers of desk %q", desk)
}

// reading runs a read of what is durable now.
func (s *Store) reading(ctx context.Context, fn func(read) error) error {
	r, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer r.end()
	return fn(r)
}

// states returns where every desk stands.
func (r read) states() (map[string]persist.State, error) {
	states := map[string]persist.State{}
	err := r.ascend([]byte{tagState}, []byte{tagState + 1}, func(key, value []byte) error {
		desk, err := splitDesk(key)
		if err != nil {
			return err
		}
		states[desk], err = decodeState(key, value)
		return err
	})
	return states, err
}

// state returns where a desk stands; the zero State for an unknown one.
func (r read) state(desk string) (persist.State, error) {
	key := deskKey(nil, tagState, desk)
	value, err := r.get(key)
	if errors.Is(err, persist.ErrNotFound) {
		return persist.State{}, nil
	}
	if err != nil {
		return persist.State{}, err
	}
	return decodeState(key, value)
}

// named says what a read was doing when it failed. A callback that stopped it
// has not failed.
func named(err error, verb string, args ...any) error {
	if err == nil || errors.Is(err, persist.ErrStop) {
		return nil
	}
	return fmt.Errorf("persist/pebble: %s: %w", fmt.Sprintf(verb, args...), err)
}
