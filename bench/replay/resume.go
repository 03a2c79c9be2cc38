package replay

import (
	"context"
	"fmt"

	"github.com/yardmaster/yardmaster/engine/core"
)

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

// configKey is the key under which the configuration is applied.
func (r *run) configKey() string { return r.stream.Name() + "/config" }
