package pebble

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Options configure a [Store]. The zero value is the default.
type Options struct {
	// CacheBytes is the memory for blocks read from disk; 0 means 64 MiB.
	CacheBytes int64

	// MemTableBytes is the memory for one table of writes not yet in sorted
	// files; up to four exist at a time. It also bounds how much log is read when
	// the store is opened after a crash. 0 means 64 MiB.
	MemTableBytes int64

	// Logger receives what the storage reports: errors and stalls at their
	// levels, the rest at debug level. nil means none.
	Logger *slog.Logger

	// FS is the file system; nil means the operating system's. A file system in
	// memory makes a store that forgets.
	FS vfs.FS
}

// The bounds of MemTableBytes: Pebble takes less than 4 GiB, and below 1 MiB
// there is more flushing than writing.
const (
	memTableBytesMin = 1 << 20
	memTableBytesMax = 2 << 30
)

// Validate reports all options that are out of bounds.
func (o Options) Validate() error {
	var problems []error
	if o.CacheBytes < 0 {
		problems = append(problems, fmt.Errorf("CacheBytes is %d, must not be negative", o.CacheBytes))
	}
	if o.MemTableBytes != 0 && (o.MemTableBytes < memTableBytesMin || o.MemTableBytes > memTableBytesMax) {
		problems = append(problems, fmt.Errorf("MemTableBytes is %d, must be 0 or from %d to %d",
			o.MemTableBytes, memTableBytesMin, memTableBytesMax))
	}
	return errors.Join(problems...)
}

func (o Options) withDefaults() Options {
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20
	}
	if o.MemTableBytes == 0 {
		o.MemTableBytes = 64 << 20
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.FS == nil {
		o.FS = vfs.Default
	}
	return o
}
