package engine

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
	"github.com/yardmaster/yardmaster/persist"
)

// openingsMax bounds the desks that are read at a time.
const openingsMax = 4

// opening is a desk of the engine, read or not. Whoever holds its turn reads it,
// on its own goroutine; others wait for the turn and find it read, or read it
// themselves if that failed.
type opening struct {
	turn chan struct{}        // holds one
	desk atomic.Pointer[Desk] // nil until read; set by who has the turn
}

// open returns the desk, reading it if nobody did.
func (e *Engine) open(ctx context.Context, id string) (*Desk, error) {
	o := e.opening(id)
	if d := o.desk.Load(); d != nil {
		return d, nil
	}
	if err := acquire(ctx, o.turn); err != nil {
		return nil, err
	}
	defer func() { <-o.turn }()
	if d := o.desk.Load(); d != nil {
		return d, nil
	}
	if err := acquire(ctx, e.reading); err != nil {
		return nil, err
	}
	defer func() { <-e.reading }()
	d, err := e.read(ctx, id)
	if err != nil {
		return nil, err
	}
	if !d.partition.inbox.open(d.state) {
		return nil, ErrClosed
	}
	o.desk.Store(d)
	return d, nil
}

// opening returns the one of that id.
func (e *Engine) opening(id string) *opening {
	e.mu.Lock()
	defer e.mu.Unlock()
	o := e.openings[id]
	if o == nil {
		o = &opening{turn: make(chan struct{}, 1)}
		e.openings[id] = o
	}
	return o
}

// acquire takes a slot of a channel that holds as many as may go at once.
func acquire(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// read builds a desk from its durable rows and keys.
func (e *Engine) read(ctx context.Context, id string) (*Desk, error) {
	start := e.clock.Now()
	machine, rows, err := e.readMachine(ctx, id)
	if err != nil {
		return nil, err
	}
	keys, err := e.readKeys(ctx, id, machine.Now())
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		machine.Remember(key)
	}
	d := &Desk{id: id, engine: e, partition: e.partitionOf(id)}
	d.room.free = e.inboxMax
	d.feed.tail = machine.Seq()
	d.snapshot.Store(machine.Publish())
	d.state = loop.NewDesk(id, d, machine, d.Snapshot())
	if told := e.observer.DeskOpened; told != nil {
		told(DeskOpened{Desk: id, Seq: machine.Seq(), Rows: rows, Keys: len(keys), Took: e.clock.Now().Sub(start)})
	}
	return d, nil
}

func (e *Engine) readMachine(ctx context.Context, id string) (*core.Machine, int, error) {
	loader, rows := core.NewLoader(), 0
	state, err := e.store.Load(ctx, id, func(r persist.Row) error {
		rows++
		return loader.Row(core.RowKind(r.Kind), r.ID, r.Value)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read rows: %w", err)
	}
	machine, err := loader.Machine(core.Seq(state.Seq), core.Instant(state.At))
	if err != nil {
		return nil, 0, fmt.Errorf("build from rows: %w", err)
	}
	return machine, rows, nil
}

// readKeys returns the idempotency keys that still count, oldest first.
func (e *Engine) readKeys(ctx context.Context, id string, now core.Instant) ([]core.KeyRecord, error) {
	var keys []core.KeyRecord // newest first
	err := e.store.Headers(ctx, id, func(h persist.Header) error {
		if core.Instant(h.At) < now-core.KeyAgeMax || len(keys) >= core.KeysMax {
			return persist.ErrStop
		}
		group, err := core.DecodeKeys(h.Value)
		slices.Reverse(group)
		keys = append(keys, group...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	slices.Reverse(keys)
	return keys, nil
}
