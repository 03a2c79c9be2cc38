package pebble

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/yardmaster/yardmaster/persist"
)

// TestReadsStayBehindTheSync waits until Pebble itself shows groups whose sync
// is held back, and then reads through the store.
func TestReadsStayBehindTheSync(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d := &disk{}
	s := opened(t, "store", Options{FS: d.over(vfs.NewMem())})
	lease := led(t, s)
	kept(t, s, lease, 1, "before")

	held := d.hold()
	first := s.Commit(lease, one(2, "first"))
	<-held
	second := s.Commit(lease, one(3, "second"))
	for shown := ""; shown != "second"; runtime.Gosched() {
		if ctx.Err() != nil {
			t.Fatalf("Pebble shows %q, the second group was not applied while the first is synced", shown)
		}
		value, closer, err := s.db.Get(rowKey(nil, "a", 1, []byte("x")))
		if err != nil {
			t.Fatal(err)
		}
		shown = string(value)
		_ = closer.Close()
	}
	if got := row(t, s); got != "before" {
		t.Errorf("the store shows %q with the sync held back", got)
	}
	d.release()
	for _, p := range []persist.Pending{first, second} {
		if err := p.Wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := row(t, s); got != "second" {
		t.Errorf("the store shows %q, both groups are durable", got)
	}
}

// TestGroupsShareSyncs holds one sync back while many groups come: they need two
// more at most, one for the group already applied and one for all the rest.
func TestGroupsShareSyncs(t *testing.T) {
	d := &disk{}
	s := opened(t, "store", Options{FS: d.over(vfs.NewMem())})
	lease := led(t, s)
	held := d.hold()
	last := s.Commit(lease, one(1, "v"))
	<-held
	before := d.synced()
	for seq := uint64(2); seq <= 50; seq++ {
		last = s.Commit(lease, one(seq, "v"))
	}
	d.release()
	if err := last.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := d.synced() - before; n > 2 {
		t.Errorf("49 groups took %d syncs", n)
	}
}

// TestManyTables writes so much that Pebble flushes, compacts and turns its log
// many times, under pipelined groups, and compares with what is read after
// reopening.
func TestManyTables(t *testing.T) {
	dir := t.TempDir()
	opts := Options{MemTableBytes: memTableBytesMin}
	s := opened(t, dir, opts)
	lease := led(t, s)
	const groups, rows = 400, 20
	value := bytes.Repeat([]byte("0123456789abcdef"), 64)
	var last persist.Pending
	for seq := uint64(1); seq <= groups; seq++ {
		c := persist.DeskCommit{Desk: "a", Expect: seq - 1, Seq: seq, Journal: value}
		for i := range uint64(rows) {
			id := binary.BigEndian.AppendUint64(nil, (seq*7+i)%1_000)
			c.Rows = append(c.Rows, persist.Row{Kind: 1, ID: id, Value: binary.BigEndian.AppendUint64(bytes.Clone(value), seq)})
		}
		last = s.Commit(lease, persist.Group{Commits: []persist.DeskCommit{c}})
		if seq%50 == 0 {
			if err := last.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := map[uint64]uint64{} // id to the last sequence that wrote it
	for seq := uint64(1); seq <= groups; seq++ {
		for i := range uint64(rows) {
			want[(seq*7+i)%1_000] = seq
		}
	}
	for range 2 {
		got := 0
		state, err := s.Load(t.Context(), "a", func(r persist.Row) error {
			id, seq := binary.BigEndian.Uint64(r.ID), binary.BigEndian.Uint64(r.Value[len(value):])
			if want[id] != seq {
				return fmt.Errorf("row %d is of sequence %d, want %d", id, seq, want[id])
			}
			got++
			return nil
		})
		if err != nil || got != len(want) || state.Seq != groups {
			t.Fatalf("%d rows at %d, want %d at %d: %v", got, state.Seq, len(want), groups, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = opened(t, dir, opts)
	}
}

// TestGroupAboveTheTable takes Pebble's path for batches that do not fit into a
// table in memory.
func TestGroupAboveTheTable(t *testing.T) {
	mem := vfs.NewCrashableMem()
	s := opened(t, "store", Options{FS: mem, MemTableBytes: memTableBytesMin})
	lease := led(t, s)
	big := strings.Repeat("v", 3<<20)
	for seq := uint64(1); seq <= 4; seq++ {
		kept(t, s, lease, seq, big)
	}
	after := opened(t, "store", Options{FS: mem.CrashClone(vfs.CrashCloneCfg{})})
	if got := row(t, after); got != big {
		t.Errorf("after a crash the row has %d bytes, want %d", len(got), len(big))
	}
}

func TestSecondOpenIsLocked(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir, Options{})
	_, err := Open(dir, Options{})
	if !errors.Is(err, persist.ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("a second store in the same process: %v", err)
	}
	// A second process: this very test, told to open the directory only.
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperOpensForeignDirectory$")
	cmd.Env = append(os.Environ(), "YARDMASTER_TEST_DIRECTORY="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), persist.ErrLocked.Error()) {
		t.Errorf("a second process was told:\n%s", out)
	}
}

// TestHelperOpensForeignDirectory is the second process of the test above.
func TestHelperOpensForeignDirectory(t *testing.T) {
	dir := os.Getenv("YARDMASTER_TEST_DIRECTORY")
	if dir == "" {
		t.Skip("runs as a second process only")
	}
	s, err := Open(dir, Options{})
	if err == nil {
		t.Fatal(s.Close())
	}
	fmt.Println(err)
}

func TestUnreadableDirectoryIsNotLocked(t *testing.T) {
	denied := errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpLock {
			return &os.PathError{Op: "open", Path: op.Path, Err: os.ErrPermission}
		}
		return nil
	})
	_, err := Open("store", Options{FS: errorfs.Wrap(vfs.NewMem(), denied)})
	if !errors.Is(err, os.ErrPermission) || errors.Is(err, persist.ErrLocked) {
		t.Errorf("got %v", err)
	}
}

func TestNewerFormatIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir, Options{})
	if err := s.db.Set(formatKey, binary.BigEndian.AppendUint32(nil, format+1), pebble.Sync); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{})
	if !errors.Is(err, persist.ErrFormat) || !strings.Contains(err.Error(), "format 2, this build reads 1") {
		t.Errorf("got %v", err)
	}
}

func TestForeignDirectoryIsRefusedAndLeftAlone(t *testing.T) {
	for name, c := range map[string]struct {
		fill func(*testing.T, string)
		says string
	}{
		"files of a user": {
			fill: func(t *testing.T, dir string) { write(t, filepath.Join(dir, "thesis.txt"), "chapter one") },
			says: `"thesis.txt"`,
		},
		"log files with words for names": {
			fill: func(t *testing.T, dir string) { write(t, filepath.Join(dir, "access.log"), "GET /") },
			says: `"access.log"`,
		},
		"a database of the predecessors": {
			fill: func(t *testing.T, dir string) { write(t, filepath.Join(dir, "CURRENT"), "MANIFEST-000001\n") },
			says: `"CURRENT"`,
		},
		"a Pebble of another program": {
			fill: func(t *testing.T, dir string) {
				db, err := pebble.Open(dir, &pebble.Options{Logger: &reporter{log: slog.New(slog.DiscardHandler)}})
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(db.Set([]byte("k"), []byte("v"), pebble.Sync), db.Close()); err != nil {
					t.Fatal(err)
				}
			},
			says: "another program",
		},
		"a Pebble of the future": {
			fill: func(t *testing.T, dir string) {
				write(t, filepath.Join(dir, "marker.format-version.000099.999"), "")
			},
			says: "newer build",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.fill(t, dir)
			before := listing(t, dir)
			_, err := Open(dir, Options{})
			if !errors.Is(err, persist.ErrFormat) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to say %s", err, c.says)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("the directory was changed, from\n%s\nto\n%s", before, after)
			}
		})
	}
}

func TestOpenSaysWhatOptionsAreWrong(t *testing.T) {
	_, err := Open(t.TempDir(), Options{CacheBytes: -1, MemTableBytes: 5})
	if err == nil || !strings.Contains(err.Error(), "CacheBytes is -1") || !strings.Contains(err.Error(), "MemTableBytes is 5") {
		t.Errorf("got %v, want both problems", err)
	}
}

// TestOpenSurvivesEveryFailure makes the n-th writing operation of Open fail, for
// every n: Open answers an error, and opens the directory once it is mended.
func TestOpenSurvivesEveryFailure(t *testing.T) {
	for n := int32(0); ; n++ {
		mem := vfs.NewCrashableMem()
		counter := errorfs.OnIndex(n)
		faulty := errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind.ReadOrWrite() == errorfs.OpIsRead || op.Kind == errorfs.OpFileClose {
				return nil
			}
			return counter.MaybeError(op)
		}))
		s, err := Open("store", Options{FS: faulty})
		if err == nil {
			err = s.Close()
		}
		if counter.Index.Load() >= 0 {
			t.Logf("Open and Close make %d writing operations", n)
			break
		}
		if err != nil && !errors.Is(err, errorfs.ErrInjected) && !strings.Contains(err.Error(), "injected") {
			t.Errorf("operation %d failed, and Open answered %v", n, err)
		}
		for _, files := range []vfs.FS{mem.CrashClone(vfs.CrashCloneCfg{}), mem} {
			again := opened(t, "store", Options{FS: files})
			kept(t, again, led(t, again), 1, "v")
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestCorruptEntriesAreNamed writes entries that no store writes, one at a time.
func TestCorruptEntriesAreNamed(t *testing.T) {
	stamp := make([]byte, stampBytes)
	putStamp(stamp, 5, 0)
	for name, c := range map[string]struct{ key, value []byte }{
		"state of another length":   {deskKey(nil, tagState, "a"), stamp[:15]},
		"record cut short":          {recordKey(nil, tagJournal, "a", 9), stamp[:15]},
		"record that goes back":     {recordKey(nil, tagJournal, "a", 5), stamp},
		"record that leaves a gap":  {recordKey(nil, tagJournal, "a", 9), stamp},
		"record with a longer key":  {append(recordKey(nil, tagJournal, "a", 9), 1), stamp},
		"header cut short":          {recordKey(nil, tagHeader, "a", 9), nil},
		"row without a kind":        {deskKey(nil, tagRow, "a"), []byte("v")},
		"state with a longer name":  {append(deskKey(nil, tagState, "a"), 'b'), stamp},
		"state of a desk no name":   {deskKey(nil, tagState, ""), stamp},
		"state that ends in a tag ": {[]byte{tagState}, stamp},
	} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, "store", Options{FS: vfs.NewMem()})
			lease := led(t, s)
			kept(t, s, lease, 1, "v")
			if err := s.db.Set(c.key, c.value, pebble.Sync); err != nil {
				t.Fatal(err)
			}
			kept(t, s, lease, 2, "v") // what is durable moves past the entry
			err := everyRead(t.Context(), s)
			if name == "state of another length" {
				err = s.db.Set(c.key, c.value, pebble.Sync) // the commit has mended it
				s.land(wave{view: newView(s.db)})
				err = errors.Join(err, everyRead(t.Context(), s))
			}
			if !errors.Is(err, persist.ErrCorrupt) || !strings.Contains(err.Error(), fmt.Sprintf("%x", c.key)) {
				t.Errorf("got %v, want the key %x named", err, c.key)
			}
		})
	}
}

func everyRead(ctx context.Context, s *Store) error {
	_, load := s.Load(ctx, "a", func(persist.Row) error { return nil })
	return errors.Join(load,
		s.Desks(ctx, func(string, persist.State) error { return nil }),
		s.Journal(ctx, "a", 0, func(persist.Record) error { return nil }),
		s.Headers(ctx, "a", func(persist.Header) error { return nil }))
}

// TestCorruptFilesAreNotServed turns a byte in each sorted file in turn.
func TestCorruptFilesAreNotServed(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir, Options{})
	kept(t, s, led(t, s), 1, strings.Repeat("value ", 1_000))
	if err := errors.Join(s.db.Flush(), s.Close()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sorted files: %v", err)
	}
	for _, file := range files {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		torn := bytes.Clone(whole)
		torn[20] ^= 0xff
		write(t, file, string(torn))
		s, err := Open(dir, Options{})
		if err == nil {
			err = everyRead(t.Context(), s)
			_ = s.Close()
		}
		if !errors.Is(err, persist.ErrCorrupt) {
			t.Errorf("with %s damaged: %v", filepath.Base(file), err)
		}
		write(t, file, string(whole))
	}
}

func TestHealthTellsTroubleInTheBackground(t *testing.T) {
	var failing = make(chan struct{})
	full := errorfs.InjectorFunc(func(op errorfs.Op) error {
		select {
		case <-failing:
			if op.Kind == errorfs.OpCreate && strings.HasSuffix(op.Path, ".sst") {
				return errorfs.ErrInjected
			}
		default:
		}
		return nil
	})
	var log bytes.Buffer
	s := opened(t, "store", Options{FS: errorfs.Wrap(vfs.NewMem(), full), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	kept(t, s, led(t, s), 1, "v")
	close(failing)
	if _, err := s.db.AsyncFlush(); err != nil {
		t.Fatal(err)
	}
	for s.Health(t.Context()) == nil {
		runtime.Gosched()
	}
	if err := s.Health(t.Context()); !errors.Is(err, errorfs.ErrInjected) {
		t.Errorf("health: %v", err)
	}
}

func opened(t *testing.T, dir string, opts Options) *Store {
	t.Helper()
	s, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func led(t testing.TB, s *Store) persist.Lease {
	t.Helper()
	l, err := s.Lead(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// one is a group of one commit of desk "a" that sets its row "x".
func one(seq uint64, value string) persist.Group {
	return persist.Group{Commits: []persist.DeskCommit{{
		Desk: "a", Expect: seq - 1, Seq: seq,
		Rows:   []persist.Row{{Kind: 1, ID: []byte("x"), Value: []byte(value)}},
		Header: []byte("header"), Journal: []byte("journal"),
	}}}
}

func kept(t testing.TB, s *Store, l persist.Lease, seq uint64, value string) {
	t.Helper()
	if err := s.Commit(l, one(seq, value)).Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func row(t testing.TB, s *Store) string {
	t.Helper()
	v, err := s.Get(t.Context(), "a", 1, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	return string(v)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// listing is the names, sizes and times of change of a directory's files.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, e.Name(), info.Size(), info.ModTime())
	}
	return b.String()
}
