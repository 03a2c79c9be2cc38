// Package pebble is a [persist.Store] in a directory of the local disk, on the
// embedded key-value store Pebble.
//
// # What
//
// One directory holds all desks of one process. A group is one atomic batch in
// Pebble's write-ahead log; it is durable when the log has been synced. Groups
// that come while a sync is under way share the next one, so that throughput
// comes from many groups, or large ones, and never from leaving a sync out.
//
// # Contract
//
// The contract is that of package persist; the suite in persisttest passes on a
// real directory and on a file system that is crashed. On top of it:
//
//   - A directory is opened by one process at a time; a second gets
//     [persist.ErrLocked].
//   - The format has a number. A directory of a higher one, or one that this
//     package did not write, is refused with [persist.ErrFormat] and left as it
//     is.
//   - Opening reads the state of every desk (some 150 bytes each), not the rows.
//
// Keys and values. Numbers are big-endian, so that the order of keys is the
// order of numbers; a name is preceded by its length, so that no desk's keys lie
// between another's:
//
//	          ┌────┐
//	format    │ 00 │                                    format number (4)
//	          ├────┼───────────────┐
//	epoch     │ 01 │ partition (4) │                    epoch (8)
//	          ├────┼────────┬──────┴──┐
//	state     │ 02 │ len(1) │ desk    │                 seq (8), at (8)
//	          ├────┼────────┼─────────┼─────────┬────┐
//	row       │ 03 │ len(1) │ desk    │ kind(1) │ id │  value
//	          ├────┼────────┼─────────┼─────────┴──┬─┘
//	journal   │ 04 │ len(1) │ desk    │ seq (8)    │    expect (8), at (8), journal
//	          ├────┼────────┼─────────┼────────────┤
//	header    │ 05 │ len(1) │ desk    │ seq (8)    │    expect (8), at (8), header
//	          └────┴────────┴─────────┴────────────┘
//
// Reads of what is durable. Pebble shows a write once it is in memory, before
// its sync. The store therefore reads from a view, a Pebble snapshot, taken
// right after the newest durable batch was applied and before the next one was:
//
//	applied   ──▶ batch 7 ─ view 7 ──▶ batch 8 ─ view 8 ──▶ batch 9 ─ view 9
//	durable   ──▶ batch 7
//	reads               └── of view 7, until batch 8 is durable
//
// # Concurrency
//
// A [Store] may be used from any number of goroutines. It owns two:
//
//	name    does                                            ends
//	apply   takes the groups in line, as one batch, to      when Close was called and
//	        Pebble's log and memory, and takes a view       the line is empty
//	settle  waits for the sync of each batch, makes its     when apply has ended and the
//	        view the one that is read, answers the groups   last batch is decided
//
// At most two batches are between the two: one is synced while the next is
// prepared.
//
// # Errors
//
// The sentinels of package persist, wrapped with the directory, desk or key.
// When the log cannot be written or synced, the groups in flight and all later
// ones answer [persist.ErrFailed]; reads go on to answer what was durable. Close
// and Open again to learn what the disk has kept.
//
// # Caveats
//
//   - If Pebble cannot write its manifest, or cannot end one log file before it
//     begins the next, it cannot go on and ends the process by a panic. What was
//     acknowledged is durable all the same.
//   - A file system that confirms a sync without doing it loses what was
//     acknowledged.
//   - The journal grows until it is trimmed; this package has no retention of
//     its own.
package pebble
