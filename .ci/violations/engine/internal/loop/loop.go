// Package loop is a fixture: the shell's machine reading the wall.
package loop

import "time"

// Now is late by construction.
func Now() time.Time { return time.Now() } // want forbidigo
