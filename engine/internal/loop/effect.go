package loop

import (
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// In is what happened since the last step.
type In struct {
	Now     core.Instant // the time, read once for the step
	Opened  []*Desk      // desks read from the store, not opened before
	Work    []Work       // in the order of arrival
	Settled []Settled    // outcomes of commits, oldest first
	Close   bool         // no more work will come; once true it counts for ever
}

// Work is a batch of commands for a desk, or one question about it.
type Work struct {
	Desk   *Desk
	Token  any          // whose it is; comes back with each answer
	Inputs []core.Input // not to be changed until all are answered
	Ask    Ask          // zero for commands
}

// Ask is a reader's question. It is put in line with the commands, so that the
// answer holds all that was submitted before it, and is answered when that is
// durable.
type Ask uint8

// The questions.
const (
	AskSnapshot Ask = iota + 1 // a snapshot not older than the question
	AskQueues                  // the waiting lines, cloned at a group's end
	AskDigest                  // the digest, computed at a group's end
)

// String returns the question's name.
func (a Ask) String() string {
	switch a {
	case AskSnapshot:
		return "snapshot"
	case AskQueues:
		return "queues"
	case AskDigest:
		return "digest"
	default:
		return "none"
	}
}

// Settled is the outcome of the commit of that number: nil when it is durable.
type Settled struct {
	Number uint64
	Err    error
}

// Out is what is to be done. It may be reused for the next step.
type Out struct {
	Effects []Effect     // to be carried out in this order
	Wake    core.Instant // step again when the time has come to it; 0 for never
	More    bool         // step again at once
	Drained bool         // closed, and everything answered: the loop is done
	Err     error        // why the loop failed; set from then on
}

func (o *Out) reset() {
	clear(o.Effects)
	*o = Out{Effects: o.Effects[:0]}
}

// Effect is one thing to do. The set is closed: the types of this file.
type Effect interface{ effect() }

type (
	// Commit asks the store to keep a group. Numbers count from 1.
	Commit struct {
		Number uint64
		Group  persist.Group
	}

	// Publish shows readers a desk's newest durable state.
	Publish struct {
		Desk     *Desk
		Snapshot *core.Snapshot
	}

	// Fold tells whoever aggregates what became durable.
	Fold struct {
		Desk    *Desk
		Entries []core.Entry
	}

	// Feed tells a desk's subscribers what became durable.
	Feed struct {
		Desk    *Desk
		Entries []core.Entry
	}

	// Answers go to those who submitted commands.
	Answers []Answer

	// Views go to those who asked.
	Views []View

	// Durable reports a group that has been published and answered.
	Durable struct {
		Number   uint64
		Desks    int
		Commands int
		Bytes    int // encoded
	}
)

func (Commit) effect()  {}
func (Publish) effect() {}
func (Fold) effect()    {}
func (Feed) effect()    {}
func (Answers) effect() {}
func (Views) effect()   {}
func (Durable) effect() {}

// Answer is the result of one command of a Work.
type Answer struct {
	Token  any
	Index  int // in Work.Inputs
	Reply  core.Reply
	Replay core.Seq // not 0: the reply is that of the journal entry with this sequence, which is durable
	Err    error    // the loop failed; the outcome is unknown
}

// View is the answer to a question.
type View struct {
	Token    any
	Snapshot *core.Snapshot   // to AskSnapshot
	Queues   *core.QueuesView // to AskQueues
	Digest   core.Digest      // to AskDigest
	Seq      core.Seq         // the desk's sequence at which the digest was taken
	Err      error
}
