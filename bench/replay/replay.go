package replay

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// The pipeline: so many commands a batch, so many batches under way.
const (
	batchSize     = 256
	batchesFlying = 8
)

// Options says how a stream is replayed. The zero value replays as fast as it
// goes, with the configuration that the stream itself applies.
type Options struct {
	Config   *core.Config // applied before the first command; nil: none
	Speed    float64      // times real time; 0: as fast as it goes
	Events   io.Writer    // each event as a line of JSON; nil: nowhere
	Progress io.Writer    // a terminal on which progress is drawn; nil: none
}

// Run replays the stream over the store, which it leaves open, and reports. A
// store that holds the beginning of the same run is continued.
func Run(ctx context.Context, store persist.Store, s *stream.Stream, opts Options) (*Report, error) {
	r := &run{stream: s, opts: opts, tally: NewTally(), began: time.Now(), cpu: cpuSeconds()}
	if s.Format() == stream.HelpdeskItaly {
		r.cases = NewCases()
	}
	if opts.Events != nil {
		r.journal = newJournal(opts.Events)
	}
	eng, err := engine.Open(ctx, store, engine.Options{Partitions: 1, TimeFromInputs: true, Folds: []engine.Fold{r}})
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	err = r.replay(ctx, eng)
	if closing := eng.Close(context.WithoutCancel(ctx)); err == nil {
		err = closing
	}
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	return r.report(), nil
}

// run is one replay under way.
type run struct {
	stream   *stream.Stream
	opts     Options
	desk     *engine.Desk
	tally    *Tally
	cases    *Cases
	journal  *journal
	progress *progress

	began    time.Time
	cpu      float64
	resumed  int // commands found done
	digest   core.Digest
	seq      core.Seq
	spent    time.Duration
	spentCPU float64
}

// Fold takes the events of the desk as they become durable; it is called by the
// engine's writer.
func (r *run) Fold(_ string, entries []core.Entry) {
	for i := range entries {
		r.add(entries[i].Events)
	}
}

func (r *run) add(events []core.Event) {
	for i := range events {
		r.tally.Add(&events[i])
		if r.cases != nil {
			r.cases.Add(&events[i])
		}
		if r.journal != nil {
			r.journal.Add(&events[i])
		}
	}
}

func (r *run) replay(ctx context.Context, eng *engine.Engine) error {
	desk, err := eng.Desk(ctx, engine.DefaultDesk)
	if err != nil {
		return err
	}
	r.desk = desk
	next, err := r.resume(ctx)
	if err != nil {
		return err
	}
	if err := r.submitAll(ctx, next); err != nil {
		return err
	}
	if r.digest, r.seq, err = desk.Digest(ctx); err != nil {
		return err
	}
	if r.journal != nil {
		if err := r.journal.flush(); err != nil {
			return err
		}
	}
	r.spent, r.spentCPU = time.Since(r.began), cpuSeconds()-r.cpu
	return nil
}

// configIndex stands for the configuration in the list of commands: before the
// first of the stream.
const configIndex = -1

// resume finds the command to go on with, after folding the events that are
// there already.
func (r *run) resume(ctx context.Context) (next int, err error) {
	snapshot := r.desk.Snapshot()
	if snapshot.Seq() == 0 {
		return configIndex, nil
	}
	next = configIndex
	if snapshot.LastKey() != core.HashKey(r.configKey()) {
		var found bool
		if next, found = r.stream.Find(snapshot.LastKey()); !found {
			return 0, fmt.Errorf("%w: it ends at sequence %d with a command that is not of %s; replay into an empty directory",
				ErrForeign, snapshot.Seq(), r.stream.Name())
		}
	}
	if err := r.sameConfig(snapshot); err != nil {
		return 0, err
	}
	r.resumed = max(0, next)
	return next, r.catchUp(ctx, snapshot.Seq())
}

// sameConfig refuses to go on under another configuration than the desk began
// with.
func (r *run) sameConfig(snapshot *core.Snapshot) error {
	if r.opts.Config == nil {
		return nil
	}
	given, err := core.Compile(r.opts.Config)
	if err != nil {
		return err
	}
	if kept, _ := snapshot.Config(); !given.Same(kept) {
		return fmt.Errorf("%w; replay into an empty directory, or with the configuration of then", ErrConfig)
	}
	return nil
}

// catchUp folds the journal up to that sequence. Nothing has been submitted yet,
// so that the live events begin right after it.
func (r *run) catchUp(ctx context.Context, to core.Seq) error {
	feed, err := r.desk.Subscribe(ctx, 0)
	if err != nil {
		return err
	}
	defer feed.Close()
	for seq := core.Seq(0); seq < to; {
		events, err := feed.Next(ctx)
		if err != nil {
			return err
		}
		r.add(events)
		seq = events[len(events)-1].Seq
	}
	return nil
}

// submitAll keeps the pipeline full from that command to the last.
func (r *run) submitAll(ctx context.Context, next int) error {
	total := r.stream.Len()
	r.progress = newProgress(r.opts.Progress, total, r.resumed)
	defer r.progress.clear()
	var p pace
	if total > 0 {
		p = newPace(r.opts.Speed, r.stream.At(r.resumed))
	}
	pipe := &pipeline{run: r}
	if next == configIndex {
		if err := pipe.config(ctx); err != nil {
			return err
		}
		next = 0
	}
	for i := next; i < total; i++ {
		if early := p.early(r.stream.At(i)); early > 0 {
			if err := pipe.drain(ctx); err != nil {
				return err
			}
			if err := hold(ctx, early); err != nil {
				return err
			}
		}
		if err := pipe.add(ctx, r.stream.Input(i)); err != nil {
			return err
		}
	}
	return pipe.drain(ctx)
}

func (r *run) configKey() string { return r.stream.Name() + "/config" }

// pipeline groups commands into batches and keeps several under way.
type pipeline struct {
	*run
	batch  []engine.Request
	flying []*engine.Batch
	done   int
}

// config applies the configuration at the stream's first instant.
func (p *pipeline) config(ctx context.Context) error {
	if p.opts.Config == nil || p.stream.Len() == 0 {
		return nil
	}
	command, err := core.NewApplyConfig(p.opts.Config)
	if err != nil {
		return err
	}
	reply, err := p.desk.Submit(ctx, engine.Request{Key: p.configKey(), At: p.stream.At(0), Command: command})
	if err == nil && reply.Rejection != nil {
		err = reply.Rejection
	}
	return err
}

func (p *pipeline) add(ctx context.Context, in engine.Request) error {
	p.batch = append(p.batch, in)
	if len(p.batch) < batchSize {
		return nil
	}
	return p.launch(ctx)
}

// launch sends the batch off, as soon as the desk has room for it.
func (p *pipeline) launch(ctx context.Context) error {
	if len(p.batch) == 0 {
		return nil
	}
	if len(p.flying) >= batchesFlying {
		if err := p.land(ctx); err != nil {
			return err
		}
	}
	batch, err := p.desk.EnqueueWait(ctx, p.batch)
	if err != nil {
		return err
	}
	p.flying = append(p.flying, batch)
	p.batch = p.batch[:0] // the desk has its own copy
	return nil
}

// land awaits the oldest batch under way.
func (p *pipeline) land(ctx context.Context) error {
	answers, err := p.flying[0].Wait(ctx)
	if err != nil {
		return err
	}
	p.flying = slices.Delete(p.flying, 0, 1)
	for i := range answers {
		if answers[i].Err != nil {
			return answers[i].Err
		}
	}
	p.done += len(answers)
	p.run.progress.at(p.resumed + p.done)
	return nil
}

func (p *pipeline) drain(ctx context.Context) error {
	if err := p.launch(ctx); err != nil {
		return err
	}
	for len(p.flying) > 0 {
		if err := p.land(ctx); err != nil {
			return err
		}
	}
	return nil
}
