package pebble

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/yardmaster/yardmaster/persist"
)

// The workload: groups of 64 commits, each of one row of 300 bytes and a journal
// of as many, over 1,000 desks or one.
const (
	groupCommits = 64
	rowBytes     = 300
)

// BenchmarkCommit commits groups to a real directory, synced, with one or two of
// them in flight. One iteration is one group.
func BenchmarkCommit(b *testing.B) {
	for _, desks := range []int{1, 1_000} {
		for _, inFlight := range []int{1, 2} {
			b.Run(fmt.Sprintf("desks=%d/inflight=%d", desks, inFlight), func(b *testing.B) {
				d := &disk{}
				s, err := Open(b.TempDir(), Options{FS: d.over(vfs.Default)})
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = s.Close() }()
				lease, load := led(b, s), newLoad(desks)
				var pending []persist.Pending
				b.ReportAllocs()
				b.ResetTimer()
				first := d.synced()
				for b.Loop() {
					pending = append(pending, s.Commit(lease, load.group()))
					if len(pending) == inFlight {
						waitAll(b, pending[:1])
						pending = pending[1:]
					}
				}
				waitAll(b, pending)
				report(b, load.commits, d.synced()-first)
			})
		}
	}
}

// BenchmarkPebbleAlone is the floor: the same keys and values in the same
// batches, given to Pebble by a loop that keeps nothing else, one batch in flight
// or two.
func BenchmarkPebbleAlone(b *testing.B) {
	for _, inFlight := range []int{1, 2} {
		b.Run(fmt.Sprintf("desks=1/inflight=%d", inFlight), func(b *testing.B) {
			d := &disk{}
			opts := Options{FS: d.over(vfs.Default)}.withDefaults()
			db, err := openDB(b.TempDir(), opts, &reporter{log: opts.Logger})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			load := newLoad(1)
			var pending []*pebble.Batch
			settle := func() {
				if err := pending[0].SyncWait(); err != nil {
					b.Fatal(err)
				}
				_ = pending[0].Close()
				pending = pending[1:]
			}
			b.ReportAllocs()
			b.ResetTimer()
			first := d.synced()
			for b.Loop() {
				batch := encode(db, load.group())
				if err := db.ApplyNoSyncWait(batch, pebble.Sync); err != nil {
					b.Fatal(err)
				}
				if pending = append(pending, batch); len(pending) == inFlight {
					settle()
				}
			}
			for len(pending) > 0 {
				settle()
			}
			report(b, load.commits, d.synced()-first)
		})
	}
}

// BenchmarkLoad reads all rows of a desk.
func BenchmarkLoad(b *testing.B) {
	s, err := Open("store", Options{FS: vfs.NewMem()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	lease, load := led(b, s), newLoad(1)
	for range 1_000 {
		waitAll(b, []persist.Pending{s.Commit(lease, load.group())})
	}
	rows := 0
	for b.Loop() {
		if _, err := s.Load(b.Context(), load.desks[0].Desk, func(persist.Row) error { rows++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}

// BenchmarkGet reads single rows.
func BenchmarkGet(b *testing.B) {
	s, err := Open("store", Options{FS: vfs.NewMem()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	kept(b, s, led(b, s), 1, "value")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Get(b.Context(), "a", 1, []byte("x")); err != nil {
			b.Fatal(err)
		}
	}
}

// load makes groups. Its commits of one desk in a group are one commit, as an
// engine coalesces them.
type load struct {
	desks   []persist.DeskCommit // the last commit of each desk
	rng     *rand.Rand
	value   []byte
	commits int
	next    int
}

func newLoad(desks int) *load {
	l := &load{rng: rand.New(rand.NewPCG(1, 2)), value: make([]byte, groupCommits*rowBytes)}
	for i := range l.value {
		l.value[i] = byte(l.rng.Uint32())
	}
	for i := range desks {
		l.desks = append(l.desks, persist.DeskCommit{Desk: fmt.Sprintf("desk-%04d", i)})
	}
	return l
}

func (l *load) group() persist.Group {
	perDesk := max(1, groupCommits/len(l.desks))
	commits := make([]persist.DeskCommit, 0, groupCommits/perDesk)
	for range groupCommits / perDesk {
		c := &l.desks[l.next%len(l.desks)]
		l.next++
		c.Expect, c.Seq = c.Seq, c.Seq+uint64(perDesk)
		c.Rows = make([]persist.Row, perDesk)
		for i := range c.Rows {
			id := binary.BigEndian.AppendUint64(nil, l.rng.Uint64N(100_000))
			c.Rows[i] = persist.Row{Kind: 1, ID: id, Value: l.value[:rowBytes]}
		}
		c.Journal = l.value[:perDesk*rowBytes]
		commits = append(commits, *c)
	}
	l.commits += groupCommits
	return persist.Group{Commits: commits}
}

func waitAll(b *testing.B, pending []persist.Pending) {
	b.Helper()
	for _, p := range pending {
		if err := p.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func report(b *testing.B, commits, syncs int) {
	b.ReportMetric(float64(commits)/b.Elapsed().Seconds(), "commits/s")
	b.ReportMetric(float64(commits)/float64(max(1, syncs)), "commits/sync")
}
