package replay

import (
	"context"
	"slices"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// The pipeline: so many commands a batch, so many batches under way.
const (
	batchSize     = 256
	batchesFlying = 8
)

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
