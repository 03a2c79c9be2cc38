package loop

import "github.com/yardmaster/yardmaster/engine/core"

// Machine is what the loop needs of a [core.Machine]. After Apply at an instant
// t, Next is not before t.
type Machine interface {
	Apply(core.Input) core.Result
	Next() (core.Instant, bool)
	Now() core.Instant
	Seq() core.Seq
	Publish() *core.Snapshot
	PublishQueues() *core.QueuesView
	Digest() core.Digest
}

// Desk is one desk in a loop's care.
type Desk struct {
	id      string
	owner   any
	machine Machine

	published *core.Snapshot // of the newest durable state
	seq       core.Seq       // the machine's, after the last entry kept
	floor     core.Instant   // of the last input that left a trace: no later one is stamped earlier
	pending   *part          // the newest change that is not durable
	away      core.Instant   // not 0: when an outage began that the machine has not been told of

	queue fifo[queued]
	ready bool // stands in Loop.ready

	due    core.Instant // while it stands in the agenda
	place  int          // in the agenda, from 1; 0 when it is not there
	number uint64       // in order of opening: breaks ties of due
}

// queued is work and how much of it has been applied.
type queued struct {
	Work
	next int
}

// NewDesk returns a desk for In.Opened. The machine stands where the store
// stands, the snapshot is of that state, and the owner is the caller's business.
func NewDesk(id string, owner any, m Machine, published *core.Snapshot) *Desk {
	return &Desk{id: id, owner: owner, machine: m, published: published, seq: m.Seq(), floor: m.Now()}
}

// ID returns the desk's name.
func (d *Desk) ID() string { return d.id }

// Owner returns what NewDesk was given.
func (d *Desk) Owner() any { return d.owner }

// stamp returns the instant of an input that is entered at t.
func (d *Desk) stamp(t core.Instant) core.Instant { return max(d.floor, t) }
