// Package pebble is a fixture: a store that knows tickets.
package pebble

import (
	pebble "github.com/cockroachdb/pebble/v2" // its own door

	"github.com/yardmaster/yardmaster/engine/core" // want depguard
)

// Zero is something to import.
const Zero = core.Zero

// Uses keeps the import in use.
var Uses = pebble.Stub
