// Package stream reads recorded ticket streams as stamped commands.
//
// What. A recorded file (CSV, gzipped or not, or lines of JSON) becomes a
// [Stream]: the commands that its rows mean, in the order in which they
// happened, each under a key of its own. Three formats are known, see [Format].
//
// Contract. The order is (instant, row, step): rows that share an instant stay
// in file order, and the commands of one row in the order of its steps. The same
// file gives the same commands and keys each time. A column that tells the
// future (when a ticket will be closed, whether its promise will be kept) never
// reaches a command; the outcome that a record states is kept apart in
// [Verdicts], for the check afterwards.
//
// A bad row is refused, a row whose time cannot be is clamped, and both are
// counted and shown by [Faults]; nothing is dropped silently. Lines, rows and
// the faults that are kept are bounded, so that a hostile file costs an error
// and not the machine.
//
// Concurrency. A Stream is immutable once read and safe for any number of
// readers.
//
// Errors. [Read] and [Open] fail for a file that cannot be read at all: a
// missing column, a broken archive, more rows than [Options.RowsMax]. The
// sentinels are in errors.go.
//
// Caveats. The rows of a stream are held in memory, with repeated texts shared:
// about 250 bytes a row.
package stream
