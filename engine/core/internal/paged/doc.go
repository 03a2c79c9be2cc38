// Package paged keeps the rows of a machine, and the indexes over them, so that readers see published versions while one writer
// goes on.
//
// There are three structures, all over slots, which are small numbers that the caller gives out and reuses. A [Table] holds a
// row in each slot. An [Index] finds the slot of a text id. [Postings] hold, for each key, the ascending set of slots that have
// it.
//
// # Contract
//
// Each structure is a tree of small pages. Publish returns a view of the present version and begins a new epoch; it copies
// nothing. A page that was made or copied in the present epoch belongs to the writer and is written in place; the first write
// to an older page copies it, and the path above it. So a view never changes, versions share all that did not change between
// them, and a writer that publishes once in a group of writes copies each touched page once in that group.
//
// A row is immutable once it is in a table: a change puts a new row in the slot. What a structure answers depends on its
// contents alone, not on the order in which they came, on a clock, on randomness or on the order of a map.
//
// # Concurrency
//
// One goroutine writes a structure, and reads it through the structure itself. Any number of goroutines read views, without
// locks and for as long as they like; how a view gets from the writer to them (an atomic pointer, a channel) is the caller's,
// and must order the publication before the reading. Views are small values, to be copied freely. A view keeps alive only the
// pages of its own version.
//
// # Errors
//
// There are none. What is there already is not added, and what is not there is not taken out, both told by the result. A slot
// that is out of range is a broken invariant of the caller and a panic.
//
// # Caveats
//
// An iterator of the writer's own side must not run while the structure is written; iterators of views are free of that. An
// index stores no ids: it asks the caller for the id of a slot, so the rows must be in place while it is asked. Ids whose
// hashes are all equal make an index a list; the hash is public and not keyed, so a caller that lets strangers choose ids
// must bound how many one of them may have.
package paged
