// Package engine runs helpdesk accounts: it routes their tickets and keeps their
// service-level promises. It is the package that a helpdesk product embeds.
//
// # What
//
// An [Engine] runs any number of desks over one store. A [Desk] takes commands
// (create a ticket, set an agent's presence, apply a configuration) and answers
// each once it is durable; what came of them is read from snapshots and followed
// as events. Deadlines fire by themselves. What is decided, and how, is the
// business of package core; how bytes are kept, of package persist.
//
//	Submit ──> inbox ──> writer: apply ──> group ──> store
//	                                                   │ durable
//	answer <── subscribers <── folds <── snapshot <────┘
//
// Whoever has one helpdesk uses [DefaultDesk] and need not think of desks again.
//
// # Contract
//
// The engine's duties:
//
//  1. Commands of one desk are applied one at a time, in the order in which they
//     were accepted, each stamped with a time that never goes back.
//  2. A command that was answered without an error is durable: it survives the
//     end of the process. One that was not answered is wholly there or wholly
//     absent after reopening.
//  3. Nothing that is not durable is seen: not in a snapshot, not in a fold, not
//     by a subscriber, not in an answer, be it a rejection.
//  4. Who is answered finds the write in every later snapshot and fold, and every
//     subscriber gets it.
//  5. A command with an idempotency key is applied once. A retry with the same
//     key and command gets the first answer, marked Replayed, as long as the desk
//     remembers the key: a million keys, seven days.
//  6. Subscribers get every event once and in order, from any cursor.
//  7. An overloaded desk says so at once, and does not slow others down by
//     queueing without bound.
//
// The embedder's duties:
//
//  1. One engine a store at a time; a second one fences the first, whose
//     partitions then fail.
//  2. Close the engine before the store.
//  3. Do not change what was submitted, nor what was returned.
//  4. After ErrFailed, close the engine and open a new one. Commands that were
//     answered with it may be durable; with keys they can be submitted again.
//
// # Concurrency
//
// Everything is safe for concurrent use, except that one goroutine at a time
// calls [Subscription.Next]. Snapshots are immutable and free to read. The
// goroutines of an engine with W partitions, whatever the number of desks:
//
//	name      number  owner      does                                    ends
//	writer    W       partition  steps the loop: applies, commits,       when all that was accepted
//	                             publishes, folds, feeds, answers        is answered, after Close
//	waiter    W       partition  waits for the store's outcomes          after its writer
//	alarm     0 or W  partition  the clock's callback: wakes the writer  with its writer
//
// Desks are read from the store on the goroutine of whoever asks for them first,
// four at a time; answers to repeated keys and past events are read on the
// goroutine of whoever waits for them. An idle desk has no goroutine.
//
// # Time
//
// Commands are stamped with the clock, or with the desk's last instant if that
// is later. Deadlines fire at their own instant, however late the process is. If
// it is late by five seconds or more, or the desk was left alone that long
// before it was opened, the desk is first told of an outage, so that nobody is
// punished for offers that could not be accepted. With Options.TimeFromInputs
// each command brings its time, and nothing fires between commands.
//
// # Errors
//
// A command that the domain refuses is answered: [core.Reply] has a Rejection
// with a reason and a field. An error means that something broke, and wraps one
// of the sentinels of this package, or what the store or the context said.
//
// A panic inside a machine means a broken invariant. It does not end the process:
// the desk's partition fails, nothing half applied is kept or acknowledged, and
// [Engine.Health] and [Observer] tell of it.
//
// # Caveats
//
//   - A batch is not atomic.
//   - A desk that was opened stays in memory until the engine is closed.
//   - A command whose rows or entry exceed the store's limits fails its
//     partition; the bounds of package core keep tickets far below those of the
//     stores of this module.
package engine
