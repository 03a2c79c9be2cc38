// Package config is a fixture: desk.yaml reaching for the bench and the directory.
package config

import (
	"time"

	yaml "github.com/goccy/go-yaml"       // want depguard
	memdb "github.com/hashicorp/go-memdb" // want depguard

	"github.com/yardmaster/yardmaster/bench" // want depguard
)

// Zero is something to import.
const Zero = bench.Zero

// Uses keeps the imports in use; a package that is not pure may read the clock.
var Uses = []any{yaml.Stub, memdb.Stub, time.Now}
