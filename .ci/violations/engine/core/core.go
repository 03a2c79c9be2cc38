// Package core is a fixture: the machine reaching upwards and sideways.
package core

import (
	"time"

	yaml "github.com/goccy/go-yaml"       // want depguard
	memdb "github.com/hashicorp/go-memdb" // its own door
	cobra "github.com/spf13/cobra"        // want depguard

	"github.com/yardmaster/yardmaster/engine/config" // want depguard
)

// Zero is something to import.
const Zero = config.Zero

// Uses keeps the imports in use.
var Uses = []any{yaml.Stub, memdb.Stub, cobra.Stub}

// Stamp reads the wall.
func Stamp() time.Time { return time.Now() } // want forbidigo
