package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/pebble"
)

// openStore opens a data directory, or a store in memory when there is none.
func openStore(dir string) (persist.Store, error) {
	if dir == "" {
		return persist.NewMemory(), nil
	}
	store, err := pebble.Open(dir, pebble.Options{})
	if err != nil {
		return nil, unreachable(fmt.Errorf("open data directory %s: %w", dir, err))
	}
	return store, nil
}

// mustExist refuses a directory that holds nothing, so that a slip of the pen
// does not make a new one.
func mustExist(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unreachable(err)
	}
	if len(entries) == 0 {
		return unreachable(fmt.Errorf("data directory %s is empty", filepath.Clean(dir)))
	}
	return nil
}
