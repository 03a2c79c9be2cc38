package replay

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
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
