package engine

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
)

// DefaultDesk is the desk of whoever has only one.
const DefaultDesk = "default"

// DeskBytesMax bounds a desk's id.
const DeskBytesMax = 128

// Desk is one helpdesk account of an engine. It is safe for concurrent use and
// valid as long as the engine is open; reading the last snapshot is allowed
// after that.
type Desk struct {
	id        string
	engine    *Engine
	partition *partition
	state     *loop.Desk

	snapshot atomic.Pointer[core.Snapshot]
	feed     feed
	room     room
}

// ID returns the desk's name.
func (d *Desk) ID() string { return d.id }

// Submit does one command and returns its reply once it is durable. A command
// that the domain refuses has a Reply with a Rejection and no error; an error
// means that something broke: ErrOverloaded, ErrClosed and ErrTooMany (nothing
// was applied), ErrFailed and that of ctx (outcome unknown).
func (d *Desk) Submit(ctx context.Context, request Request) (core.Reply, error) {
	answers, err := d.SubmitBatch(ctx, []Request{request})
	if err != nil {
		return core.Reply{}, err
	}
	return answers[0].Reply, answers[0].Err
}

// SubmitBatch does commands in their order and returns an answer for each. It is
// not atomic: each command stands for itself, commands of others may come in
// between, and a rejected one does not stop those after it. The batch is
// accepted as a whole or not at all; the error is then Submit's.
func (d *Desk) SubmitBatch(ctx context.Context, requests []Request) ([]Answer, error) {
	batch, err := d.Enqueue(ctx, requests)
	if err != nil {
		return nil, err
	}
	return batch.Wait(ctx)
}

// Enqueue accepts commands and does not wait for their answers, so that several
// batches can be on their way. Batches enqueued one after the other are applied
// in that order. If the inbox has no room, it answers ErrOverloaded at once.
func (d *Desk) Enqueue(ctx context.Context, requests []Request) (*Batch, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("engine: submit to desk %q: %w", d.id, err)
	}
	n := len(requests)
	if err := d.mayHold(n); err != nil {
		return nil, err
	}
	if !d.room.try(n) {
		if told := d.engine.observer.Overloaded; told != nil {
			told(d.id, n)
		}
		return nil, fmt.Errorf("engine: submit %d to desk %q: %w", n, d.id, ErrOverloaded)
	}
	return d.enqueue(requests)
}

// EnqueueWait is Enqueue for a pipeline that feeds as fast as it is served: if
// the inbox has no room it waits, first come first served.
func (d *Desk) EnqueueWait(ctx context.Context, requests []Request) (*Batch, error) {
	if err := d.mayHold(len(requests)); err != nil {
		return nil, err
	}
	if err := d.room.take(ctx, len(requests)); err != nil {
		return nil, fmt.Errorf("engine: submit to desk %q: %w", d.id, err)
	}
	return d.enqueue(requests)
}

// Configure makes config the desk's configuration; if it says what the newest
// one says, nothing is done. The instant counts under Options.TimeFromInputs. A
// configuration with problems is an error wrapping core.Problems; a reply may
// have a rejection, such as for a name dropped that tickets still use. A nil
// configuration is the empty one.
func (d *Desk) Configure(ctx context.Context, at core.Instant, config *core.Config) (core.Reply, error) {
	if config == nil {
		config = &core.Config{}
	}
	command, err := core.NewApplyConfig(config)
	if err != nil {
		return core.Reply{}, fmt.Errorf("engine: configure desk %q: %w", d.id, err)
	}
	return d.Submit(ctx, Request{At: at, Command: command})
}

// Snapshot returns the newest published state, without waiting. Whoever has been
// answered finds the write in it.
func (d *Desk) Snapshot() *core.Snapshot { return d.snapshot.Load() }

// Fresh returns a state that is not older than the call: it holds every command
// accepted before, and the deadlines that have passed.
func (d *Desk) Fresh(ctx context.Context) (*core.Snapshot, error) {
	view, err := d.ask(ctx, loop.AskSnapshot)
	return view.Snapshot, err
}

// Queues returns the waiting lines, not older than the call. They are copied for
// each call, on the writer: not for every page view of a large desk.
func (d *Desk) Queues(ctx context.Context) (*core.QueuesView, error) {
	view, err := d.ask(ctx, loop.AskQueues)
	return view.Queues, err
}

// Digest returns the digest of a durable state, not older than the call, and its
// sequence. It is computed over all rows on the writer, which does nothing else
// meanwhile: about a microsecond a row.
func (d *Desk) Digest(ctx context.Context) (core.Digest, core.Seq, error) {
	view, err := d.ask(ctx, loop.AskDigest)
	return view.Digest, view.Seq, err
}

// Follow returns the newest state and a subscription to everything after it:
// together they miss nothing and tell nothing twice.
func (d *Desk) Follow(ctx context.Context) (*core.Snapshot, *Subscription, error) {
	snapshot := d.Snapshot()
	sub, err := d.Subscribe(ctx, snapshot.Seq())
	return snapshot, sub, err
}

// Subscribe returns a subscription to the events after a sequence: those of the
// past are read from the journal, then it is live. A cursor beyond the feed is
// ErrCursor.
func (d *Desk) Subscribe(ctx context.Context, after core.Seq) (*Subscription, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("engine: subscribe to desk %q: %w", d.id, err)
	}
	if last := d.Snapshot().Seq(); after > last {
		return nil, fmt.Errorf("engine: subscribe to desk %q after %d, it stands at %d: %w", d.id, after, last, ErrCursor)
	}
	return newSubscription(d, after), nil
}

// mayHold says whether a batch can ever be accepted.
func (d *Desk) mayHold(n int) error {
	if n > d.engine.inboxMax {
		return fmt.Errorf("engine: submit %d to desk %q, whose inbox holds %d: %w", n, d.id, d.engine.inboxMax, ErrTooMany)
	}
	return nil
}

// enqueue hands over requests for which there is room.
func (d *Desk) enqueue(requests []Request) (*Batch, error) {
	batch, inputs := newBatch(d, requests)
	if len(inputs) == 0 {
		return batch, nil
	}
	if !d.partition.inbox.work(loop.Work{Desk: d.state, Token: batch, Inputs: inputs}) {
		d.room.give(len(inputs))
		return nil, fmt.Errorf("engine: submit to desk %q: %w", d.id, ErrClosed)
	}
	return batch, nil
}

// ask puts a question in line behind the commands and waits for its answer.
func (d *Desk) ask(ctx context.Context, ask loop.Ask) (loop.View, error) {
	reader := make(reader, 1)
	if !d.partition.inbox.work(loop.Work{Desk: d.state, Token: reader, Ask: ask}) {
		return loop.View{}, fmt.Errorf("engine: read %s of desk %q: %w", ask, d.id, ErrClosed)
	}
	select {
	case view := <-reader:
		return view, view.Err
	case <-ctx.Done():
		return loop.View{}, fmt.Errorf("engine: read %s of desk %q: %w", ask, d.id, context.Cause(ctx))
	}
}

// reader is somebody who waits for one view; it has room for it, so the writer
// never waits.
type reader chan loop.View

// checkDeskID says whether text can name a desk: 1 to DeskBytesMax bytes of
// UTF-8 without control characters and without spaces around it.
func checkDeskID(id string) error {
	isControl := func(r rune) bool { return r < 0x20 || r == 0x7f }
	switch {
	case id == "":
		return fmt.Errorf("%w: it is empty", ErrDeskID)
	case len(id) > DeskBytesMax:
		return fmt.Errorf("%w: %.32q... has %d bytes, above %d", ErrDeskID, id, len(id), DeskBytesMax)
	case !utf8.ValidString(id), strings.ContainsFunc(id, isControl), strings.TrimSpace(id) != id:
		return fmt.Errorf("%w: %q is not plain text without spaces around it", ErrDeskID, id)
	default:
		return nil
	}
}
