package pebble

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/persisttest"
)

// TestMain looks for goroutines that outlive their store. The one ignored is
// left by Pebble when it fails to open, which a test makes it do many times.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/cockroachdb/pebble/v2.(*ConcurrencyLimitScheduler).periodicGranter"))
}

// errDisk is how a failing disk answers.
var errDisk = errors.New("the disk failed")

// disk holds back and fails what is written to the log.
type disk struct {
	failsWrites bool // failing concerns writes beside syncs

	mu      sync.Mutex
	held    chan struct{} // closed when a sync waits
	free    chan struct{} // closed when syncs need not wait; nil when none does
	failing bool
	syncs   int
}

// over returns the file system with the disk's faults.
func (d *disk) over(files vfs.FS) vfs.FS { return diskFS{files, d} }

type diskFS struct {
	vfs.FS
	disk *disk
}

func (f diskFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	file, err := f.FS.Create(name, category)
	return f.disk.watch(name, file), err
}

// ReuseForWrite is how Pebble makes a new log of an old one.
func (f diskFS) ReuseForWrite(from, to string, category vfs.DiskWriteCategory) (vfs.File, error) {
	file, err := f.FS.ReuseForWrite(from, to, category)
	return f.disk.watch(to, file), err
}

func (f diskFS) Unwrap() vfs.FS { return f.FS }

func (d *disk) watch(name string, file vfs.File) vfs.File {
	if file == nil || !strings.HasSuffix(name, ".log") {
		return file
	}
	return diskFile{file, d}
}

type diskFile struct {
	vfs.File
	disk *disk
}

func (f diskFile) Write(b []byte) (int, error) {
	if f.disk.failsWrites {
		if err := f.disk.failure(); err != nil {
			return 0, err
		}
	}
	return f.File.Write(b)
}

func (f diskFile) Sync() error {
	if err := f.disk.meet(); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f diskFile) SyncData() error {
	if err := f.disk.meet(); err != nil {
		return err
	}
	return f.File.SyncData()
}

// meet counts a sync, holds it if syncs are held, and says whether it fails.
func (d *disk) meet() error {
	if free := d.arrive(); free != nil {
		<-free
	}
	return d.failure()
}

func (d *disk) arrive() (free chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
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

func (d *disk) failure() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failing {
		return errDisk
	}
	return nil
}

// synced is the number of syncs so far.
func (d *disk) synced() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs
}

func (d *disk) hold() <-chan struct{} {
	held := make(chan struct{})
	d.let(held, make(chan struct{}), false)
	return held
}

// let changes the state and frees the syncs that wait.
func (d *disk) let(held, free chan struct{}, failing bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.free != nil {
		close(d.free)
	}
	d.held, d.free, d.failing = held, free, failing
}

func (d *disk) release() { d.let(nil, nil, false) }
func (d *disk) fail()    { d.let(nil, nil, true) }

// onDisk is the harness of a real directory.
func onDisk(t *testing.T) persisttest.Harness {
	d, dir := &disk{}, t.TempDir()
	return d.harness(func() (persist.Store, error) {
		return Open(dir, Options{FS: d.over(vfs.Default)})
	})
}

// onCrashing returns the harness of a file system in memory whose crashes leave
// each unsynced block with the given probability.
func onCrashing(failsWrites bool, unsyncedPercent int) func(*testing.T) persisttest.Harness {
	return func(*testing.T) persisttest.Harness {
		d, mem := &disk{failsWrites: failsWrites}, vfs.NewCrashableMem()
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
		"crash loses what is not synced": onCrashing(false, 0),
		"crash keeps some of it":         onCrashing(true, 50),
		"crash keeps most of it":         onCrashing(false, 90),
	} {
		t.Run(name, func(t *testing.T) { persisttest.Run(t, harness) })
	}
}
