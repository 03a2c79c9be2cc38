package pebble

import (
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// reporter is what Pebble tells its news to: it logs them, and keeps the last
// trouble in the background for Health.
type reporter struct {
	log     *slog.Logger
	trouble atomic.Pointer[error]
}

// Infof implements [pebble.Logger].
func (r *reporter) Infof(format string, args ...any) { r.log.Debug(fmt.Sprintf(format, args...)) }

// Errorf implements [pebble.Logger].
func (r *reporter) Errorf(format string, args ...any) { r.log.Error(fmt.Sprintf(format, args...)) }

// Fatalf implements [pebble.Logger], which says that it does not return: Pebble
// calls it where it cannot go on without risking what is stored.
func (r *reporter) Fatalf(format string, args ...any) {
	f := fatal("the storage cannot go on: " + fmt.Sprintf(format, args...))
	r.log.Error(f.Error())
	panic(f)
}

// fatal is what Fatalf panics with.
type fatal string

// Error implements error.
func (f fatal) Error() string { return string(f) }

// listener returns the events of Pebble that matter to an operator.
func (r *reporter) listener() *pebble.EventListener {
	return &pebble.EventListener{
		BackgroundError: func(err error) {
			r.trouble.Store(&err)
			r.log.Error("storage background error", "error", err)
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			r.log.Error("storage corruption", "info", info.String())
		},
		FlushEnd: func(info pebble.FlushInfo) {
			if info.Err == nil {
				r.trouble.Store(nil)
			}
		},
		WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
			r.log.Warn("storage stalls writes", "reason", info.Reason)
		},
		WriteStallEnd: func() { r.log.Info("storage takes writes again") },
	}
}
