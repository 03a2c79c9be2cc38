//go:build unix

package bench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/bench/streams"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/pebble"
)

func desk(b *testing.B) *core.Config {
	b.Helper()
	name, source, _ := streams.Desk(stream.UCIServiceNow.String())
	c, err := config.Parse(name, source)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// records yields the streams that are here: the sample, and the whole record
// where it stands beside the repository.
func records(b *testing.B, measure func(b *testing.B, s *stream.Stream)) {
	b.Run("record=sample", func(b *testing.B) {
		s, err := stream.Read(b.Context(), streams.Sample(), streams.SampleName, stream.UCIServiceNow, stream.Options{})
		if err != nil {
			b.Fatal(err)
		}
		measure(b, s)
	})
	for _, shared := range []string{"../shared", "../../shared"} {
		path := filepath.Join(shared, "streams", "uci-servicenow-incidents", "incident_event_log.csv.gz")
		if _, err := os.Stat(path); err != nil || testing.Short() {
			continue
		}
		b.Run("record=whole", func(b *testing.B) {
			s, err := stream.Open(b.Context(), path, stream.UCIServiceNow, stream.Options{})
			if err != nil {
				b.Fatal(err)
			}
			measure(b, s)
		})
		return
	}
}

// BenchmarkMachine is the pure machine alone: no shell, no store, one command
// after the other.
func BenchmarkMachine(b *testing.B) {
	records(b, func(b *testing.B, s *stream.Stream) {
		config := desk(b)
		cpu := newMeter()
		for b.Loop() {
			m := core.New()
			apply(b, m, s, config, s.Len())
			m.Publish()
		}
		cpu.report(b, s.Len())
	})
}

// BenchmarkWeight is what the machine keeps in memory for a ticket: the live heap
// when most tickets are open, less what lived before, over the open ones and over
// all.
func BenchmarkWeight(b *testing.B) {
	records(b, func(b *testing.B, s *stream.Stream) {
		config := desk(b)
		peak := mostOpen(b, s, config)
		var open, all, heap float64
		for b.Loop() {
			before := live()
			m := core.New()
			apply(b, m, s, config, peak)
			heap = float64(live()) - float64(before)
			snapshot := m.Publish()
			open, all = float64(snapshot.Open()), float64(snapshot.Len())
			runtime.KeepAlive(m)
		}
		b.ReportMetric(open, "open")
		b.ReportMetric(heap/open, "B/open-ticket")
		b.ReportMetric(heap/all, "B/ticket")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkReplay is the whole engine in memory and on disk, side by side.
func BenchmarkReplay(b *testing.B) {
	for _, store := range []struct {
		name string
		open func(b *testing.B) persist.Store
	}{
		{"memory", func(*testing.B) persist.Store { return persist.NewMemory() }},
		{"pebble", func(b *testing.B) persist.Store {
			s, err := pebble.Open(b.TempDir(), pebble.Options{})
			if err != nil {
				b.Fatal(err)
			}
			return s
		}},
	} {
		b.Run("store="+store.name, func(b *testing.B) {
			records(b, func(b *testing.B, s *stream.Stream) {
				config := desk(b)
				cpu := newMeter()
				for b.Loop() {
					kept := store.open(b)
					if _, err := replay.Run(b.Context(), kept, s, replay.Options{Config: config}); err != nil {
						b.Fatal(err)
					}
					if err := kept.Close(); err != nil {
						b.Fatal(err)
					}
				}
				cpu.report(b, s.Len())
			})
		})
	}
}

// BenchmarkSubmit is tickets created one by one, by so many callers at once, each
// waiting until its ticket is durable.
func BenchmarkSubmit(b *testing.B) {
	for _, callers := range []int{1, 8, 64, 512} {
		b.Run(fmt.Sprintf("store=pebble/callers=%d", callers), func(b *testing.B) {
			store, err := pebble.Open(b.TempDir(), pebble.Options{})
			if err != nil {
				b.Fatal(err)
			}
			eng, err := engine.Open(b.Context(), store, engine.Options{Config: desk(b)})
			if err != nil {
				b.Fatal(err)
			}
			d, err := eng.Desk(b.Context(), engine.DefaultDesk)
			if err != nil {
				b.Fatal(err)
			}
			cpu := newMeter()
			b.ResetTimer()
			create(b, d, callers)
			b.StopTimer()
			cpu.report(b, 1)
			if err := eng.Close(b.Context()); err != nil {
				b.Fatal(err)
			}
			if err := store.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// create has callers create b.N tickets between them.
func create(b *testing.B, d *engine.Desk, callers int) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				reply, err := d.Submit(b.Context(), engine.Request{Command: core.CreateTicket{
					ID: core.TicketID(fmt.Sprintf("t%d", n)), Subject: "Printer", Requester: "ada", Channel: core.ChannelEmail,
				}})
				if err != nil || reply.Rejection != nil {
					b.Error(err, reply.Rejection)
					return
				}
			}
		})
	}
	all.Wait()
}

// apply feeds the first n commands to a machine.
func apply(b *testing.B, m *core.Machine, s *stream.Stream, c *core.Config, n int) {
	b.Helper()
	configure(b, m, s, c)
	for i := range n {
		if result := m.Apply(s.Input(i)); result.Reply.Rejection != nil {
			b.Fatal(result.Reply.Rejection)
		}
	}
}

func configure(b *testing.B, m *core.Machine, s *stream.Stream, c *core.Config) {
	b.Helper()
	command, err := core.NewApplyConfig(c)
	if err != nil {
		b.Fatal(err)
	}
	if result := m.Apply(core.Input{At: s.At(0), Command: command}); result.Reply.Rejection != nil {
		b.Fatal(result.Reply.Rejection)
	}
}

// mostOpen finds after how many commands most tickets are open.
func mostOpen(b *testing.B, s *stream.Stream, c *core.Config) int {
	b.Helper()
	m := core.New()
	configure(b, m, s, c)
	best, after := 0, 0
	for i := range s.Len() {
		m.Apply(s.Input(i))
		if i%256 != 0 {
			continue
		}
		if open := m.Publish().Open(); open > best {
			best, after = open, i+1
		}
	}
	return after
}

// live is the heap that survives a collection.
func live() uint64 {
	runtime.GC()
	runtime.GC() // what the first only found dead is gone now
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// meter measures the processor time of the process.
type meter struct{ start float64 }

func newMeter() meter { return meter{used()} }

// report tells commands a second and processor time a command, at so many
// commands an operation.
func (m meter) report(b *testing.B, commands int) {
	all := float64(b.N * commands)
	b.ReportMetric(all/b.Elapsed().Seconds(), "commands/s")
	b.ReportMetric((used()-m.start)*1e6/all, "cpu-µs/command")
}

func used() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
