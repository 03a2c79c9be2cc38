// Package queue is a fixture: a product package that uses what tests use.
package queue

import (
	"testing" // want depguard

	btree "github.com/google/btree"    // its own door
	cmp "github.com/google/go-cmp/cmp" // want depguard
)

// Uses keeps the imports in use.
var Uses = []any{btree.Stub, cmp.Stub, testing.Short}
