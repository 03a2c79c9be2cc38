package pebble

import (
	"fmt"
	"runtime"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"

	"github.com/yardmaster/yardmaster/persist"
)

// storageVersion is the version of Pebble's own files. From this one on Pebble
// tells a log that a crash has torn at its end from one that is damaged within
// what was synced. A later one is taken when a need for it shows, as it cannot
// be undone.
const storageVersion = pebble.FormatWALSyncChunks

// openDB opens Pebble. Pebble panics with the error where it cannot create or
// sync a file that it must have; nothing is in flight yet, so here it is an
// error as any other.
func openDB(dir string, opts Options, report *reporter) (db *pebble.DB, err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case runtime.Error:
			panic(cause)
		case error:
			db, err = nil, cause
		default:
			panic(cause)
		}
	}()
	cache := pebble.NewCache(opts.CacheBytes)
	defer cache.Unref()
	db, err = pebble.Open(dir, tuned(opts, report, cache))
	if err != nil && pebble.IsCorruptionError(err) {
		err = fmt.Errorf("%w: %w", persist.ErrCorrupt, err)
	}
	return db, err
}

// tuned returns what suits this workload: scans of whole desks, single reads of
// rows that are not in memory, and writes that wait for compactions only when
// these are far behind.
func tuned(opts Options, report *reporter, cache *pebble.Cache) *pebble.Options {
	order := *pebble.DefaultComparer
	order.Name = identity
	o := &pebble.Options{
		FS:                          lockNaming{opts.FS},
		Comparer:                    &order,
		Cache:                       cache,
		FormatMajorVersion:          storageVersion,
		MemTableSize:                uint64(opts.MemTableBytes),
		MemTableStopWritesThreshold: 4,
		L0CompactionThreshold:       2,
		L0StopWritesThreshold:       1_000,
		LBaseMaxBytes:               64 << 20,
		CompactionConcurrencyRange:  func() (lower, upper int) { return 1, 2 },
		Logger:                      report,
		EventListener:               report.listener(),
	}
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	return o
}
