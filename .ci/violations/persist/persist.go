// Package persist is a fixture: a contract that knows its store.
package persist

import "github.com/yardmaster/yardmaster/persist/pebble" // want depguard

// Uses keeps the import in use.
const Uses = pebble.Zero
