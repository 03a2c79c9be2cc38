package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
	"github.com/yardmaster/yardmaster/persist"
)

// Request is a command to be done: At counts under Options.TimeFromInputs only,
// Key makes it done once, and Command, with everything it points to, is not to
// be changed once submitted.
type Request = core.Input

// Answer is what became of one request: a reply, which may be a rejection, or
// an error if something broke.
type Answer struct {
	Reply core.Reply
	Err   error
}

// Batch is a number of requests on their way together.
type Batch struct {
	desk    *Desk
	answers []Answer // written by the partition's writer until done is closed
	open    int      // not yet answered; the writer's
	done    chan struct{}

	mu      sync.Mutex
	recalls []recall // answers still to be read from the journal

	// Room for a batch of one, so that it costs one allocation less for each.
	inputs [1]core.Input
	answer [1]Answer
}

// recall is an answer that was given before: a repeated key's.
type recall struct {
	index int
	seq   core.Seq // among the events of its entry
}

// newBatch copies the requests, compiling configurations on the way: that is
// the submitter's work, not the writer's.
func newBatch(d *Desk, requests []Request) (*Batch, []core.Input) {
	b := &Batch{desk: d, open: len(requests), done: make(chan struct{})}
	inputs := b.inputs[:]
	if len(requests) == 1 {
		b.answers = b.answer[:]
	} else {
		inputs, b.answers = make([]core.Input, len(requests)), make([]Answer, len(requests))
	}
	for i, request := range requests {
		inputs[i] = compiled(request)
	}
	if len(requests) == 0 {
		close(b.done)
	}
	return b, inputs[:len(requests)]
}

// compiled prepares a configuration. One with problems is left as it is: the
// machine's rejection will list them.
func compiled(in core.Input) core.Input {
	if c, ok := in.Command.(core.ApplyConfig); ok && c.Config != nil {
		if ready, err := core.NewApplyConfig(c.Config); err == nil {
			in.Command = ready
		}
	}
	return in
}

// Wait returns the answers, in the order of the requests, once all are there;
// they are not to be changed. If ctx ends first the outcome is unknown, and Wait
// may be called again. It may be called by many goroutines.
func (b *Batch) Wait(ctx context.Context) ([]Answer, error) {
	select {
	case <-b.done:
	default:
		select {
		case <-b.done:
		case <-ctx.Done():
			return nil, fmt.Errorf("engine: wait for desk %q: %w", b.desk.id, context.Cause(ctx))
		}
	}
	if err := b.recallAll(ctx); err != nil {
		return nil, err
	}
	return b.answers, nil
}

// settle takes an answer from the writer, and gives the places back with the
// last one.
func (b *Batch) settle(a loop.Answer, failure error) {
	b.answers[a.Index] = Answer{Reply: a.Reply, Err: failure}
	if failure == nil && a.Replay != 0 {
		b.recalls = append(b.recalls, recall{a.Index, a.Replay})
	}
	b.open--
	if b.open == 0 {
		b.desk.room.give(len(b.answers))
		close(b.done)
	}
}

// recallAll reads the first answers of repeated keys, on the goroutine of
// whoever waits for them.
func (b *Batch) recallAll(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.recalls) > 0 {
		r := b.recalls[0]
		reply, err := b.desk.recall(ctx, r.seq)
		if err != nil && ctx.Err() != nil {
			return err
		}
		b.answers[r.index] = Answer{Reply: reply, Err: err}
		b.recalls = b.recalls[1:]
	}
	return nil
}

// recall reads the reply of the journal entry with a sequence.
func (d *Desk) recall(ctx context.Context, seq core.Seq) (reply core.Reply, err error) {
	found := false
	err = d.engine.store.Journal(ctx, d.id, uint64(seq)-1, func(r persist.Record) error {
		entries, err := core.DecodeEntries(r.Journal)
		if err != nil {
			return err
		}
		for i := range entries {
			if events := entries[i].Events; events[0].Seq <= seq && seq <= events[len(events)-1].Seq {
				reply, found = entries[i].Reply, true
			}
		}
		return persist.ErrStop
	})
	if err == nil && !found {
		err = persist.ErrCorrupt
	}
	if err != nil {
		return core.Reply{}, fmt.Errorf("engine: read answer %d of desk %q: %w", seq, d.id, err)
	}
	reply.Replayed = true
	return reply, nil
}
