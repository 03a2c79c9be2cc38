package replay_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/bench/streams"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/persist/pebble"
)

func deskOf(t testing.TB, format stream.Format) *core.Config {
	t.Helper()
	name, source, ok := streams.Desk(format.String())
	if !ok {
		t.Fatalf("no desk is bundled for %s", format)
	}
	desk, err := config.Parse(name, source)
	if err != nil {
		t.Fatal(err)
	}
	return desk
}

func read(t testing.TB, r io.Reader, format stream.Format) *stream.Stream {
	t.Helper()
	s, err := stream.Read(t.Context(), r, "record.csv", format, stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t testing.TB, store persist.Store, s *stream.Stream) *replay.Report {
	t.Helper()
	report, err := replay.Run(t.Context(), store, s, replay.Options{Config: deskOf(t, s.Format())})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// same compares what does not depend on the machine and on how a run was cut.
var same = cmpopts.IgnoreFields(replay.Report{}, "Seconds", "CPUSeconds", "CommandsPerSecond", "CPUMicros", "Resumed")

func unpacked(t testing.TB, r io.Reader) []byte {
	t.Helper()
	archive, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(archive)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// recorded opens one of the recorded sets, which stand beside the repository
// where they are kept, and skips the test where they do not.
func recorded(t testing.TB, path ...string) *os.File {
	t.Helper()
	if testing.Short() {
		t.Skip("a whole record is too long for -short")
	}
	for _, shared := range []string{"../../shared", "../../../shared"} {
		if file, err := os.Open(filepath.Join(append([]string{shared, "streams"}, path...)...)); err == nil {
			t.Cleanup(func() { _ = file.Close() })
			return file
		}
	}
	t.Skip("the recorded sets are not here")
	return nil
}

func TestTheSamplesCountsComeFromEvents(t *testing.T) {
	report := run(t, persist.NewMemory(), read(t, streams.Sample(), stream.UCIServiceNow))
	if diff := cmp.Diff(recount(t, unpacked(t, streams.Sample())), report.Counts.Counts); diff != "" {
		t.Errorf("counts (-recounted +replayed):\n%s", diff)
	}
	if report.Refused != 0 || len(report.Rejected) != 0 {
		t.Errorf("refused %d, rejected %v, want none", report.Refused, report.Rejected)
	}
	a := report.SLA["to_closed"]["3"]
	if a == nil || a.Compared == 0 || float64(a.Agrees) < 0.98*float64(a.Compared) {
		t.Errorf("to_closed of priority 3 = %+v, want an agreement of 98 %% and more", a)
	}
}

func TestCountsHoldForAnyCut(t *testing.T) {
	sample := unpacked(t, streams.Sample())
	for name, cut := range map[string]struct{ every, months int }{
		"every seventh":               {7, 0},
		"five months later":           {1, 5},
		"every third, years earlier":  {3, -50},
		"every hundredth, in a while": {100, 31},
	} {
		t.Run(name, func(t *testing.T) {
			record := cutAndShifted(t, sample, cut.every, cut.months)
			report := run(t, persist.NewMemory(), read(t, bytes.NewReader(record), stream.UCIServiceNow))
			if diff := cmp.Diff(recount(t, record), report.Counts.Counts); diff != "" {
				t.Errorf("counts (-recounted +replayed):\n%s", diff)
			}
		})
	}
}

func TestTheSameReplayGivesTheSameState(t *testing.T) {
	sample := func() *stream.Stream { return read(t, streams.Sample(), stream.UCIServiceNow) }
	want := run(t, persist.NewMemory(), sample())
	if diff := cmp.Diff(want, run(t, persist.NewMemory(), sample()), same); diff != "" {
		t.Errorf("a second replay (-first +second):\n%s", diff)
	}
	dir := t.TempDir()
	store := open(t, dir)
	if diff := cmp.Diff(want, run(t, store, sample()), same); diff != "" {
		t.Errorf("in Pebble (-memory +pebble):\n%s", diff)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := digestOf(t, dir); got != want.Digest {
		t.Errorf("reopened: digest %s, want %s", got, want.Digest)
	}
}

func open(t testing.TB, dir string) *pebble.Store {
	t.Helper()
	store, err := pebble.Open(dir, pebble.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func digestOf(t *testing.T, dir string) string {
	t.Helper()
	store := open(t, dir)
	defer store.Close()
	eng, err := engine.Open(t.Context(), store, engine.Options{TimeFromInputs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close(context.Background())
	desk, err := eng.Desk(t.Context(), engine.DefaultDesk)
	if err != nil {
		t.Fatal(err)
	}
	digest, _, err := desk.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// cutter ends a run once so many bytes of events were written.
type cutter struct {
	left int
	cut  context.CancelFunc
}

func (c *cutter) Write(text []byte) (int, error) {
	if c.left -= len(text); c.left < 0 {
		c.cut()
	}
	return len(text), nil
}

// A run that is cut short, again and again, ends where one that was not ends.
func TestARunGoesOnWhereItWasCut(t *testing.T) {
	sample := func() *stream.Stream { return read(t, streams.Sample(), stream.UCIServiceNow) }
	want := run(t, persist.NewMemory(), sample())
	store := persist.NewMemory()
	cuts := 0
	for bytes := 100_000; ; bytes += 1_000_000 {
		ctx, cancel := context.WithCancel(t.Context())
		report, err := replay.Run(ctx, store, sample(), replay.Options{
			Config: deskOf(t, stream.UCIServiceNow), Events: &cutter{bytes, cancel},
		})
		cancel()
		if err == nil {
			if diff := cmp.Diff(want, report, same); diff != "" {
				t.Errorf("after %d cuts (-whole +cut):\n%s", cuts, diff)
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cuts++
	}
	if cuts < 2 {
		t.Errorf("the run was cut %d times: it proves nothing", cuts)
	}
	// What is finished is only told again.
	again := run(t, store, sample())
	if again.Resumed != again.Commands-1 {
		t.Errorf("a finished run did %d commands again", again.Commands-again.Resumed)
	}
	if diff := cmp.Diff(want, again, same); diff != "" {
		t.Errorf("told again (-want +got):\n%s", diff)
	}
}

func TestAStoreOfAnotherRunIsRefused(t *testing.T) {
	store := persist.NewMemory()
	sample := read(t, streams.Sample(), stream.UCIServiceNow)
	run(t, store, sample)
	other, err := stream.Read(t.Context(), streams.Sample(), "other.csv", stream.UCIServiceNow, stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := replay.Run(t.Context(), store, other, replay.Options{}); !errors.Is(err, replay.ErrForeign) {
		t.Errorf("another stream: %v, want ErrForeign", err)
	}
	changed := deskOf(t, stream.UCIServiceNow)
	changed.Name = "another"
	if _, err := replay.Run(t.Context(), store, sample, replay.Options{Config: changed}); !errors.Is(err, replay.ErrConfig) {
		t.Errorf("another configuration: %v, want ErrConfig", err)
	}
}

func TestEventsAreWrittenDense(t *testing.T) {
	var events bytes.Buffer
	s := read(t, strings.NewReader(`{"at":"2026-03-01T09:00:00Z","command":"config.apply","config":{"queues":[{"id":"q"}]}}
{"at":"2026-03-01T09:00:00Z","command":"ticket.create","id":"a","queue":"q"}
{"at":"2026-03-01T10:00:00Z","command":"ticket.solve","ticket":"a"}
{"at":"2026-03-01T11:00:00Z","command":"ticket.solve","ticket":"a"}
{"at":"2026-03-01T12:00:00Z","command":"ticket.solve","ticket":"none"}
`), stream.JSONL)
	report, err := replay.Run(t.Context(), persist.NewMemory(), s, replay.Options{Events: &events})
	if err != nil {
		t.Fatal(err)
	}
	var seqs []core.Seq
	for line := range strings.Lines(events.String()) {
		var e core.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if seqs = append(seqs, e.Seq); e.Seq != core.Seq(len(seqs)) {
			t.Fatalf("event %d is at place %d", e.Seq, len(seqs))
		}
	}
	if len(seqs) == 0 || uint64(len(seqs)) != report.Events {
		t.Errorf("%d lines, %d events", len(seqs), report.Events)
	}
	want := map[core.Reason]int{core.ReasonTransition: 1, core.ReasonNotFound: 1}
	if diff := cmp.Diff(want, report.Rejected); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
}

// Held to a speed, a replay takes its time and ends in the same state.
func TestSpeedDoesNotMatterToTheState(t *testing.T) {
	lines := `{"at":"2026-03-01T09:00:00Z","command":"config.apply","config":{}}
{"at":"2026-03-01T09:00:01Z","command":"ticket.create","id":"a"}
{"at":"2026-03-01T09:00:20Z","command":"ticket.solve","ticket":"a"}
`
	fast, err := replay.Run(t.Context(), persist.NewMemory(), read(t, strings.NewReader(lines), stream.JSONL), replay.Options{})
	if err != nil {
		t.Fatal(err)
	}
	held, err := replay.Run(t.Context(), persist.NewMemory(), read(t, strings.NewReader(lines), stream.JSONL), replay.Options{Speed: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fast, held, same); diff != "" {
		t.Errorf("reports (-max +held):\n%s", diff)
	}
	if held.Seconds < 0.020 {
		t.Errorf("20 recorded seconds at 1000 times real time took %v s, want 0.020 or more", held.Seconds)
	}
}

// expected is what the whole ServiceNow record comes to, by its own notes.
func TestTheWholeServiceNowRecord(t *testing.T) {
	file := recorded(t, "uci-servicenow-incidents", "incident_event_log.csv.gz")
	report := run(t, persist.NewMemory(), read(t, file, stream.UCIServiceNow))
	want := replay.Counts{
		Tickets: 24918, Created: 24918, PriorityChanged: 436, GroupAssigned: 44004, GroupCleared: 3329, AgentAssigned: 29459,
		AgentCleared: 2325, Reopened: 331, ReopenedTickets: 275, Open: 15988, Pending: 5852, OnHold: 527, Solved: 25236, Closed: 24930,
	}
	if diff := cmp.Diff(want, report.Counts.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if report.Refused != 0 || report.Clamped != 7 || report.Overread != 5 {
		t.Errorf("refused %d, clamped %d, overread %d, want 0, 7, 5", report.Refused, report.Clamped, report.Overread)
	}
	for priority, least := range map[string]struct {
		of   int
		part float64
	}{"3": {23466, 0.992}, "4": {774, 0.998}} {
		a := report.SLA["to_closed"][priority]
		if a == nil || a.Compared != least.of || float64(a.Agrees) < least.part*float64(a.Compared) {
			t.Errorf("to_closed of priority %s = %+v, want %d compared, %g of them agreeing", priority, a, least.of, least.part)
		}
	}
}

func TestTheWholeRecordCutAndShifted(t *testing.T) {
	whole := unpacked(t, recorded(t, "uci-servicenow-incidents", "incident_event_log.csv.gz"))
	record := cutAndShifted(t, whole, 7, 4)
	report := run(t, persist.NewMemory(), read(t, bytes.NewReader(record), stream.UCIServiceNow))
	if diff := cmp.Diff(recount(t, record), report.Counts.Counts); diff != "" {
		t.Errorf("counts (-recounted +replayed):\n%s", diff)
	}
}

func TestTheWholeItalianRecord(t *testing.T) {
	var want map[string]any
	decode(t, recorded(t, "helpdesk-italy", "expected.json"), &want)
	report := run(t, persist.NewMemory(), read(t, recorded(t, "helpdesk-italy", "helpdesk.csv.gz"), stream.HelpdeskItaly))
	text, err := json.Marshal(report.Counts)
	if err != nil {
		t.Fatal(err)
	}
	var figures map[string]any
	decode(t, bytes.NewReader(text), &figures)
	got := make(map[string]any)
	for name := range want {
		got[name] = figures[name]
		// Figures that the expectation leaves out are not compared.
		if spread, ok := want[name].(map[string]any); ok && figures[name] != nil {
			part := make(map[string]any)
			for member := range spread {
				part[member] = figures[name].(map[string]any)[member]
			}
			got[name] = part
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 0.005)); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func decode(t *testing.T, r io.Reader, into any) {
	t.Helper()
	if err := json.NewDecoder(r).Decode(into); err != nil {
		t.Fatal(err)
	}
}
