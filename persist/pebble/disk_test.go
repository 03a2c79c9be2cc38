package pebble

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"go.uber.org/goleak"

	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/persisttest"
)

// TestMain looks for goroutines that outlive their store. The one ignored is
// left by Pebble when it fails to open, which a test makes it do many times.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/cockroachdb/pebble/v2.(*ConcurrencyLimitScheduler).periodicGranter"))
}

// disk is a file system whose log can be held back and made to fail.
type disk struct {
	fault errorfs.OpKind // the operation on the log that fails beside syncs

	mu      sync.Mutex
	held    chan struct{} // closed when a sync waits
	free    chan struct{} // closed when syncs need not wait; nil when none does
	failing bool
	syncs   int
}

// over returns the file system with the disk's faults.
func (d *disk) over(files vfs.FS) vfs.FS { return errorfs.Wrap(files, errorfs.InjectorFunc(d.meet)) }

func (d *disk) meet(op errorfs.Op) error {
	sync := op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData
	if !strings.HasSuffix(op.Path, ".log") || !sync && op.Kind != d.fault {
		return nil
	}
	if free := d.arrive(sync); free != nil {
		<-free
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failing {
		return errorfs.ErrInjected
	}
	return nil
}

// arrive counts a sync and returns what it waits for, if anything.
func (d *disk) arrive(sync bool) chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !sync {
		return nil
	}
	d.syncs++
	if d.free != nil {
		select {
		case <-d.held:
		default:
			close(d.held)
		}
	}
	return d.free
}

func (d *disk) hold() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held, d.free = make(chan struct{}), make(chan struct{})
	return d.held
}

// let ends holding, and failing unless told to fail.
func (d *disk) let(failing bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failing = failing
	if d.free != nil {
		close(d.free)
		d.free = nil
	}
}

func (d *disk) release() { d.let(false) }
func (d *disk) fail()    { d.let(true) }

// onDisk is the harness of a real directory.
func onDisk(t *testing.T) persisttest.Harness {
	d, dir := &disk{fault: errorfs.OpFileSync}, t.TempDir()
	return d.harness(func() (persist.Store, error) {
		return Open(dir, Options{FS: d.over(vfs.Default)})
	})
}

// onCrashing returns the harness of a file system in memory whose crashes leave
// each unsynced block with the given probability.
func onCrashing(fault errorfs.OpKind, unsyncedPercent int) func(*testing.T) persisttest.Harness {
	return func(*testing.T) persisttest.Harness {
		d, mem := &disk{fault: fault}, vfs.NewCrashableMem()
		rng := rand.New(rand.NewPCG(1, uint64(unsyncedPercent)))
		h := d.harness(func() (persist.Store, error) {
			return Open("store", Options{FS: d.over(mem), MemTableBytes: 1 << 20})
		})
		h.Crash = func() {
			mem = mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: unsyncedPercent, RNG: rng})
		}
		return h
	}
}

func (d *disk) harness(open func() (persist.Store, error)) persisttest.Harness {
	return persisttest.Harness{
		Open: func() (persist.Store, error) {
			d.release()
			return open()
		},
		Hold:    d.hold,
		Release: d.release,
		Fail:    d.fail,
	}
}

func TestStoreKeepsContract(t *testing.T) {
	for name, harness := range map[string]func(*testing.T) persisttest.Harness{
		"directory":                      onDisk,
		"crash loses what is not synced": onCrashing(errorfs.OpFileSync, 0),
		"crash keeps some of it":         onCrashing(errorfs.OpFileWrite, 50),
		"crash keeps most of it":         onCrashing(errorfs.OpFileSync, 90),
	} {
		t.Run(name, func(t *testing.T) { persisttest.Run(t, harness) })
	}
}
