// Package core is a fixture: the machine reaching upwards and sideways.
package core

import (
	"time"

	"github.com/goccy/go-yaml"      // want depguard
	"github.com/hashicorp/go-memdb" // its own door
	"github.com/spf13/cobra"        // want depguard

	"github.com/yardmaster/yardmaster/engine/config" // want depguard
)

// Zero is something to import.
const Zero = config.Zero

// Uses keeps the imports in use.
var Uses = []any{yaml.Marshal, memdb.NewMemDB, cobra.NoArgs}

// Stamp reads the wall.
func Stamp() time.Time { return time.Now() } // want forbidigo
