// Package loop is the shell of one partition as a pure machine: it decides in
// which order commands are applied, committed, published and answered, and does
// none of it itself. [Loop.Step] takes what happened since the last call and
// says what is to be done now; whoever calls it has the goroutines, the clock
// and the store. A seed can therefore drive it bit for bit.
//
// # A command's way
//
//	Work ──> desk's queue ──round──> Machine.Apply ──> open group
//	                                                      │ fewer than two in flight
//	                                                      v
//	Answers <── Feed <── Fold <── Publish <── Settled <── Commit
//
// # Contract
//
//  1. Steps are made one at a time, and the effects of a step are carried out in
//     their order before the next step. The bytes of a Commit may be used until
//     then, no longer.
//  2. A desk is opened once, before any work for it, with a machine that stands
//     where the store stands; from then on the machine belongs to the loop.
//  3. For each Commit one Settled comes back, in the order of the commits.
//  4. While Out.More is true the next step needs no new event. Otherwise the
//     next is due when something happens, or the time passes Out.Wake.
//
// In return the loop keeps these orders:
//
//  1. The work of one desk is applied in the order of its arrival, at most 256
//     commands in a step, all stamped with the step's time; desks with work take
//     turns.
//  2. A group is committed as soon as fewer than two are in flight; while two
//     are, it grows to 1,024 commands or about 1 MiB, then nothing is applied.
//     The store is the only thing that is waited for: there is no timer.
//  3. Before the first command of the next group is applied, the snapshots of
//     this one are taken.
//  4. When a group is durable: its snapshots, its folds, its feed, its answers.
//  5. Nothing that is not durable is published or answered. A result that left no
//     trace (a rejection, an empty answer, a repeated key) waits for the newest
//     group that holds what it saw of its desk; if all that is durable already,
//     it is answered at once.
//  6. The first group that is not durable ends the loop: what is in flight or
//     waits, and all later work, is answered with that error.
//
// # Time
//
// A command is stamped with the step's time, or with the stamp of the desk's
// last input that left a trace, if that is later: a clock that goes back stands
// still for the desk. That stamp is kept with each commit and a desk is opened
// with it, so that reopening changes no instant. A desk whose next deadline
// has passed gets a Tick; the wake-up asked for lies a nanosecond behind the
// deadline, because a machine fires what is strictly earlier.
//
// A shell that was away tells the machine so before anything else, by an Outage.
// It was away if a desk, when opened, was last changed 5 s ago or more; and if a
// deadline is found 5 s or more overdue, for a shell that runs serves it within
// moments: the machine was suspended, the clock was put forward, or the store
// stood still. A desk without deadlines has nothing that could be late, so
// idleness is no outage, and no heartbeat is needed.
//
// Under Options.TimeFromInputs none of this happens: commands bring their time,
// there are no ticks, no outages and no wake-ups.
//
// # Errors
//
// The loop has no errors of its own but one, a row or entry that cannot be
// encoded, which ends it as a failed group does. A machine that breaks its
// contract makes it panic; [Loop.Fail] then answers everybody.
package loop
