package engine

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// Options shape an engine. The zero value is the default of every field.
type Options struct {
	// Partitions is the number of writer goroutines that desks are spread over, 1
	// to PartitionsMax. 0 is GOMAXPROCS. It is not stored: a store shared by
	// several engines needs the same number in each, given here.
	Partitions int

	// InboxMax bounds the commands of one desk that are accepted and not yet
	// answered, 1 to InboxLimit. 0 is InboxDefault.
	InboxMax int

	// TimeFromInputs stamps each command with its own At, but never earlier than
	// the last one that left a trace, and lets no deadline fire before a later
	// command comes: for replays, imports and simulations.
	TimeFromInputs bool

	// Clock gives the time. nil is the machine's clock.
	Clock Clock

	// Observer is told what the engine does.
	Observer Observer

	// Folds are told, in this order, of every entry that became durable while the
	// engine is open.
	Folds []Fold

	// Config is applied to DefaultDesk by Open, unless it is what the desk has.
	// It needs a time to be stamped with, so it does not go with TimeFromInputs:
	// there, use Desk.Configure.
	Config *core.Config
}

// Bounds and defaults of Options.
const (
	PartitionsMax = 1024
	InboxDefault  = 16_384
	InboxLimit    = 1 << 20
)

// Validate reports every problem, joined, each wrapping ErrOptions; a
// configuration's problems are core.Problems.
func (o Options) Validate() error {
	var problems []error
	add := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%w: %s", ErrOptions, fmt.Sprintf(format, args...)))
	}
	if o.Partitions < 0 || o.Partitions > PartitionsMax {
		add("Partitions is %d, not within 0 to %d", o.Partitions, PartitionsMax)
	}
	if o.InboxMax < 0 || o.InboxMax > InboxLimit {
		add("InboxMax is %d, not within 0 to %d", o.InboxMax, InboxLimit)
	}
	for i, fold := range o.Folds {
		if fold == nil {
			add("Folds[%d] is nil", i)
		}
	}
	if o.Config != nil && o.TimeFromInputs {
		add("Config is given with TimeFromInputs, so there is no time to apply it at; use Desk.Configure")
	}
	if o.Config != nil {
		if _, err := core.Compile(o.Config); err != nil {
			problems = append(problems, fmt.Errorf("%w: Config: %w", ErrOptions, err))
		}
	}
	return errors.Join(problems...)
}

// orDefaults fills in what was left out.
func (o Options) orDefaults() Options {
	if o.Partitions == 0 {
		o.Partitions = min(runtime.GOMAXPROCS(0), PartitionsMax)
	}
	if o.InboxMax == 0 {
		o.InboxMax = InboxDefault
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	return o
}

// Fold aggregates what became durable: reports, read models, search indexes.
type Fold interface {
	// Fold is called on the writer's goroutine, before the commands' callers are
	// answered, once for every entry and in the order of their sequences within a
	// desk. Calls for desks of different partitions may be concurrent. It must be
	// quick, must not submit commands and wait for them, must not change the
	// entries, and must not panic.
	Fold(desk string, entries []core.Entry)
}

// Observer holds functions that are called as things happen; those left nil are
// not. They may be called from several goroutines and must be quick.
type Observer struct {
	// DeskOpened is called after a desk was read from the store.
	DeskOpened func(DeskOpened)
	// GroupDurable is called after a group was published and answered.
	GroupDurable func(GroupDurable)
	// Overloaded is called when commands are turned away.
	Overloaded func(desk string, commands int)
	// PartitionFailed is called once for a partition that stops for good.
	PartitionFailed func(PartitionFailed)
}

// DeskOpened describes a desk that was read.
type DeskOpened struct {
	Desk string
	Seq  core.Seq
	Rows int
	Keys int // idempotency keys read back
	Took time.Duration
}

// GroupDurable describes a group that the store has kept.
type GroupDurable struct {
	Partition int
	Desks     int
	Commands  int // that left a trace, ticks included
	Bytes     int // encoded: rows, journal and keys
	Took      time.Duration
}

// PartitionFailed describes the end of a partition.
type PartitionFailed struct {
	Partition int
	Err       error
	Stack     []byte // of a broken invariant; else nil
}
