package config

import (
	_ "embed" // the starter desk is a file of its own, so that it can be read as one
	"slices"
)

//go:embed starter.yaml
var starter []byte

// Starter returns a small desk to begin with: a desk.yaml with every key that
// it uses explained. It parses.
func Starter() []byte { return slices.Clone(starter) }
