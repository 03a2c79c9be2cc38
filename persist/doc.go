// Package persist is the contract between an engine that decides and a storage
// that keeps: rows and a journal for each desk, changed together in groups, and
// acknowledged only when they are durable.
//
// # What
//
// A desk is a name with three things behind it: rows (its present state, one
// opaque value for each (kind, id)), a journal (how it came to be, one record
// for each commit) and a sequence (the number of its last journal entry). A
// [Group] changes any number of desks and is kept as a whole or not at all. A
// [Store] keeps groups; [Memory] is a store without a disk, and the package
// persisttest holds the contract as a test suite for every other one.
//
// The package knows nothing of what the bytes mean. It can be used alone
// wherever one writer owns a named state, wants it durable together with its
// history, and must not be overtaken by a second writer.
//
// # Contract
//
//  1. To write, lead: [Store.Lead] gives the lease of a partition and raises
//     its epoch. A lease of an earlier epoch is fenced from then on, and every
//     group of it has been decided when Lead returns.
//  2. [Store.Commit] never waits. It answers with a [Pending] whose Wait
//     answers nil once the group is durable.
//  3. Groups of one lease become durable in the order of the Commit calls.
//  4. A commit names the sequence that it builds on, durable or in flight. If
//     the desk stands elsewhere the group is fenced.
//  5. The first group of a lease that does not become durable ends the lease:
//     all later groups of it are refused. Whoever wants to go on leads again
//     and loads what is durable.
//  6. Reads see what is durable and nothing else, however early the storage
//     shows a write. A group that Wait answered nil for is seen by every read
//     that starts afterwards, wholly. After ErrFailed reads go on to answer what
//     was durable before.
//  7. What is durable survives the end of the process and, where there is a
//     disk, of its power.
//
// The life of a group:
//
//	             refused: nothing written
//	Commit ───┬──────────────────────────▶ ErrInvalid, ErrTooLarge,
//	          │                            ErrFenced, ErrClosed
//	          │ accepted
//	          ▼
//	      in flight ───┬──▶ durable        nil
//	                   └──▶ unknown        ErrFailed: reopen the store, then read
//
// A store that is not one of this module needs the methods of [Store]; [Ledger],
// [Outcome] and [Group.Check] are the parts of them that do not depend on the
// storage.
//
// # Concurrency
//
// A store may be used from any number of goroutines. The Commit calls of one
// lease take effect in the order in which they are made, so one goroutine at a
// time makes them. A [Pending] may be waited on by many goroutines, many times.
// [Ledger] is not safe for concurrent use; a store guards it with its own lock.
//
// # Errors
//
// Every error that a caller may act on is one of the sentinels of this package,
// wrapped with the desk, key or directory concerned; test with [errors.Is].
//
// # Caveats
//
//   - Which desks belong to which partition is the caller's rule. A store does
//     not check it; two leases that write the same desk are kept apart by the
//     desk's sequence alone.
//   - A read holds its view of the storage until it returns. A callback that
//     takes minutes makes the storage keep what has been replaced meanwhile.
//   - A journal is only appended to; nothing here trims or erases it.
//   - Bytes given to a callback are valid until it returns and must not be
//     changed.
package persist
