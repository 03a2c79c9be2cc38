// Package engine is a fixture: a shell that picks its store and its daemon.
package engine

import (
	"errors"
	"os"

	huma "github.com/danielgtaylor/huma/v2" // want depguard

	"github.com/yardmaster/yardmaster/bench"          // want depguard
	"github.com/yardmaster/yardmaster/persist/pebble" // want depguard
)

// Zero is something to import.
const Zero = bench.Zero + pebble.Zero

// Uses keeps the import in use.
var Uses = huma.Stub

var errGone = errors.New("engine: gone")

type Undocumented struct{} // want revive

// Sloppy drops an error, compares one by identity, and excuses itself without a reason.
func Sloppy(err error) bool {
	os.Remove("x")        // want errcheck
	os.Remove("y")        /* want nolintlint */ //nolint:errcheck
	return err == errGone // want errorlint
}
