// Package queue keeps waiting lines and deadlines in order.
//
// A [Line] is one ordered waiting line with ranks: it answers "who is first", "who stands at place i" and "how many stand
// before this one". A [Queue] is several lines told apart by a signature and read as one, so that a reader that cannot serve
// one kind of item skips all of its kind at once. [Deadlines] is a set of pending instants that are handed back in one fixed
// order. The package knows nothing of what waits: an item is its [Key], a pending instant its [Deadline].
//
// # Contract
//
// The order of a line is that of [Key.Compare] and nothing else; the order of a queue is the merge of its lines; deadlines
// come in the order of [Deadline.Compare]. All three are sets: what is there already is not added again, and what is not there
// is not taken out, both told by the result. No result depends on the history of the writes, on a clock, on randomness or on
// the order of a map: two structures with the same contents give the same answers.
//
// With n items and b blocks of at most 256 of them, Insert, Delete and Min take O(log n) comparisons and move at most one
// block; Position and At add up the sizes of at most b blocks; Clone copies nothing, and the first write to a block that is
// shared with a clone copies that block.
//
// # Concurrency
//
// Each structure has one owner, and no method takes a lock. Any number of goroutines may read one structure while nobody writes
// it. [Line.Clone] and [Queue.Clone] are writes to the original: its owner calls them, and from then on the original and the
// clone may be read and written by different goroutines. A structure must not be written while one of its iterators runs.
//
// # Errors
//
// There are none. Inserting twice and deleting what is not there are answered with false. A key that stands in two lines of one
// queue breaks the caller's promise that a key identifies an item; the queue panics when it notices.
//
// # Caveats
//
// Position is a sum over blocks, not a lookup: cheap enough to answer a reader, too dear to ask for every item of a long line.
// The zero values of Line, Queue and Deadlines are not usable; use the constructors.
package queue
