// Package rules is a fixture: floor 1 opening the doors of others.
package rules

import (
	expr "github.com/expr-lang/expr" // its own door
	btree "github.com/google/btree"  // want depguard

	"github.com/yardmaster/yardmaster/sla" // want depguard
)

// Uses keeps the imports in use.
var Uses = []any{expr.Stub, btree.Stub, sla.Zero}
