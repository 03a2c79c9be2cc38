package persist

import "context"

// Partition numbers a set of desks that one leader writes. The caller assigns
// desks to partitions.
type Partition uint32

// Epoch counts the leaders of a partition, from 1. It never falls, whatever is
// closed, reopened or lost.
type Epoch uint64

// Lease is the right to write that [Store.Lead] gives. It stays valid until the
// partition is led again, a group of it does not become durable, or the store
// is closed.
type Lease interface {
	// Partition is the partition led.
	Partition() Partition
	// Epoch is the number of this leader.
	Epoch() Epoch
}

// Pending is the outcome, now or later, of one group.
type Pending interface {
	// Wait returns once the outcome is known, and then always the same: nil
	// (durable), or an error wrapping ErrFailed (outcome unknown), ErrFenced,
	// ErrInvalid, ErrTooLarge or ErrClosed (not written). If ctx ends first, Wait
	// returns its error, which says nothing about the group; an outcome that is
	// known is returned all the same.
	Wait(ctx context.Context) error
}

// State is where a desk stands.
type State struct {
	// Seq is the desk's last sequence; 0 for a desk that has no entries.
	Seq uint64
	// At is [DeskCommit.At] of the desk's last commit.
	At int64
}

// Record is one commit as the journal keeps it: the entries of the sequences
// (Expect, Seq].
type Record struct {
	Expect  uint64
	Seq     uint64
	At      int64 // unix nanoseconds
	Journal []byte
}

// Header is the small part of a [Record], readable without the rest.
type Header struct {
	Expect uint64
	Seq    uint64
	At     int64 // unix nanoseconds
	Value  []byte
}

// Store keeps the rows and journals of desks. The package comment is its
// contract.
//
// Every method answers ErrClosed after Close. Reads stop with the error of ctx
// when it ends. A callback ends a read with an error: ErrStop makes the read
// return nil, any other error is what the read's error wraps.
type Store interface {
	// Lead raises the epoch of a partition and returns its lease. Any earlier
	// lease of the partition is fenced at once, and every group of it is decided
	// before Lead returns, so that what the new leader loads is all there is. If
	// ctx ends first there is no new lease, but the earlier may be fenced.
	Lead(ctx context.Context, p Partition) (Lease, error)

	// Commit takes a group and returns at once; it does not wait for the storage.
	// The group's slices have been read when Commit returns and may be reused.
	// How many groups are in flight is for the caller to bound.
	// A group without commits changes nothing and is durable when those before
	// it are.
	Commit(l Lease, g Group) Pending

	// Desks calls fn for every desk that has a durable commit, in the bytewise
	// order of their names.
	Desks(ctx context.Context, fn func(desk string, s State) error) error

	// Load calls fn for every row of a desk, in the bytewise order of (Kind, ID),
	// and returns where the desk stood. Rows and state are of one durable
	// instant. A desk that was never committed to has no rows and the zero State.
	Load(ctx context.Context, desk string, fn func(Row) error) (State, error)

	// Get returns the value of one row, which the caller may keep and change, or
	// ErrNotFound.
	Get(ctx context.Context, desk string, kind byte, id []byte) ([]byte, error)

	// Journal calls fn for every record whose Seq is above after, in ascending
	// order, as of one durable instant. Records follow each other without a gap.
	Journal(ctx context.Context, desk string, after uint64, fn func(Record) error) error

	// Headers calls fn for every record that has a header, newest first, as of
	// one durable instant.
	Headers(ctx context.Context, desk string, fn func(Header) error) error

	// Health is nil while the store can be expected to take and answer. It wraps
	// ErrFailed once groups cannot become durable any more.
	Health(ctx context.Context) error

	// Limits are the sizes that the store takes. They do not change.
	Limits() Limits

	// Close refuses new calls, waits until every group in flight is decided and
	// every read has returned, and releases the storage. After a failure its
	// error says once more that not all could be written. Closing again returns
	// the same. It must not be called from a callback of a read.
	Close() error
}
