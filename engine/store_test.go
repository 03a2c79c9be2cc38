package engine_test

import (
	"testing"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/pebble"
)

// The store does not matter: a desk in a directory is the one in memory, also
// after the directory was closed and opened again.
func TestDeskInADirectoryIsTheOneInMemory(t *testing.T) {
	stream := recorded(3, 400)
	want, _ := replay(t, persist.NewMemory(), stream, 64)
	dir := t.TempDir()
	store := openDirectory(t, dir)
	if got, _ := replay(t, store, stream, 64); got != want {
		t.Errorf("digest %v in a directory, %v in memory", got, want)
	}
	closeStore(t, store)

	store = openDirectory(t, dir)
	e := open(t, store, engine.Options{TimeFromInputs: true})
	if got := digest(t, desk(t, e, engine.DefaultDesk)); got != want {
		t.Errorf("digest %v after reopening, want %v", got, want)
	}
	closeEngine(t, e)
	closeStore(t, store)
}

func openDirectory(t *testing.T, dir string) *pebble.Store {
	t.Helper()
	store, err := pebble.Open(dir, pebble.Options{CacheBytes: 1 << 20, MemTableBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func closeStore(t *testing.T, store persist.Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}
