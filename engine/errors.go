package engine

import "errors"

// Opening.
var (
	// ErrOptions says that Options are out of bounds; the message names every
	// field, its value and its bound.
	ErrOptions = errors.New("engine: invalid options")

	// ErrDeskID says that a text cannot name a desk.
	ErrDeskID = errors.New("engine: invalid desk id")
)

// Submitting. Nothing was applied.
var (
	// ErrOverloaded says that a desk's inbox has no room for the commands. Come
	// back later, or use EnqueueWait.
	ErrOverloaded = errors.New("engine: overloaded")

	// ErrTooMany says that a batch is larger than the inbox of its desk will ever
	// be. Split it.
	ErrTooMany = errors.New("engine: batch larger than the inbox")
)

// Reading.
var (
	// ErrCursor says that a cursor lies behind the end of a desk's feed: it is of
	// another desk, or of a state that was lost or restored from a backup.
	ErrCursor = errors.New("engine: cursor beyond the feed")

	// ErrUnsubscribed says that the subscription was closed.
	ErrUnsubscribed = errors.New("engine: subscription is closed")
)

// At any time.
var (
	// ErrClosed says that the engine was closed before the call.
	ErrClosed = errors.New("engine: closed")

	// ErrFailed says that the desk's partition has stopped: the store did not keep
	// a group, somebody else leads, or an invariant broke. The cause is wrapped
	// beside it. Commands answered with it may or may not be durable: open a new
	// engine to learn, and use idempotency keys to submit them again.
	ErrFailed = errors.New("engine: partition failed, reopen the engine")
)
