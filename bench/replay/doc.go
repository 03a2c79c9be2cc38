// Package replay runs a recorded stream through the engine and reports what came
// out.
//
// What. [Run] submits a stream's commands at their recorded instants to a desk
// over any store, folds the desk's events into figures, and returns a [Report]:
// the state's digest, how fast it went and what it cost, the counts of what
// happened, the verdict of every promise, and how often these agree with the
// record.
//
// Contract. Every count in a report is folded from the engine's events; none is
// taken from the reader. The engine's time comes from the commands alone, so
// that the digest depends on the stream and the configuration, and not on the
// speed, the batches, the store or how often the run was cut short. Over a
// durable store a run that was killed is continued: the desk remembers the key
// of its last command, the run goes on with that one (answered again, not done
// again), and the events already there are folded first.
//
// Concurrency. One Run at a time over a store. The folds run on the engine's
// writer; Run's own loop keeps several batches in flight.
//
// Errors. [ErrForeign] and [ErrConfig] for a store that holds another stream or
// was begun with another configuration; otherwise what the store or the engine
// reports. What the domain refuses is counted in the report and is no error.
//
// Caveats. A desk remembers a million keys of seven days; the last one is always
// among them, and it is the only one that resuming needs.
package replay
