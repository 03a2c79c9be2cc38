// Package core is the deterministic machine of one desk: stamped commands in,
// events and changed rows out.
//
// # What
//
// A [Machine] holds a desk: its configuration, agents, tickets, waiting lines
// and deadlines. [Machine.Apply] takes an [Input] and returns a [Result]: the
// answer, the journal entries with their events, and the rows that changed. An
// embedder of the whole engine does not use this package's machine directly, but
// its commands, events, configuration and snapshots.
//
// # Contract
//
//  1. Inputs come stamped, in order of time. Whoever owns the machine owns the
//     clock.
//  2. Commands stamped T come before the deadlines of T: once these have fired,
//     nothing is stamped T any more. Before a command stamped T, every deadline strictly earlier than T fires,
//     in the order: instant; class (SLA; timed rules; offers); ticket ordinal;
//     place within the ticket. Each instant's firings and their matching are an
//     entry of their own, at that instant. So neither the lateness of ticks nor
//     the size of batches changes an outcome.
//  3. A command is done whole or rejected whole, with a typed [Rejection]. A
//     rejection leaves no trace, unless the command carried a key: then one event
//     tells of it, so that a retry finds its answer.
//  4. Rows that are handed out are immutable. A machine rebuilt by a [Loader]
//     from its rows decides as the one that wrote them.
//  5. [Machine.Next] says when to wake up: at a tick stamped later than that.
//
// # Concurrency
//
// One goroutine at a time uses a machine. [Machine.Publish] returns a [Snapshot]
// that any number of goroutines may read while the machine goes on. A [Compiled]
// configuration is immutable.
//
// # Errors
//
// Apply never fails. [Compile] reports all [Problems] of a configuration at once,
// each with its place; [ParseInput] and [ParseCommand] return a [*Rejection] that
// names the field; reading rows and journals reports damage and never panics.
//
// # Caveats
//
// Floats do not decide anything: ratios are compared as integers, and custom
// numbers are kept as decimal text. Maps are never ranged over where order could
// matter. No configuration is applied by New: the first command is
// [ApplyConfig].
package core
