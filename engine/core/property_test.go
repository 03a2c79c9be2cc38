package core_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// TestInvariants drives random desks with random commands and holds every step
// against oracles. The names of the invariants are those of docs/architecture.md.
// For longer runs: go test -run TestInvariants -rapid.checks=10000.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			w.step()
		}
		w.replay()
	})
}

// world is one desk three times: told plainly, with ticks in between, and
// rebuilt from its rows now and then.
type world struct {
	*rapid.T
	plain, ticked, reborn *core.Machine
	told                  map[string][]string // by machine, its events
	store                 map[string][]byte   // rows as a store would keep them
	journal               []byte              // encoded entries
	now                   core.Instant
	mirror                mirror
	promises              *promises
	keys                  map[string]core.Input // applied under a key
	records               []core.KeyRecord      // as a store would hand them back
}

func newWorld(t *rapid.T) *world {
	w := &world{
		T: t, plain: core.New(), ticked: core.New(), reborn: core.New(), told: map[string][]string{}, store: map[string][]byte{},
		now: core.At(time.Date(2026, 3, 27, 8, 0, 0, 0, time.UTC)), promises: newPromises(),
		keys: map[string]core.Input{},
	}
	w.applyConfig()
	return w
}

func (w *world) applyConfig() {
	config := drawConfig(w.T)
	apply, err := core.NewApplyConfig(config)
	if err != nil {
		w.Fatalf("drawn configuration: %v", err)
	}
	w.do(core.Input{At: w.now, Command: apply})
}

// step does one random thing.
func (w *world) step() {
	switch rapid.IntRange(0, 29).Draw(w.T, "kind") {
	case 0:
		w.applyConfig()
		return
	case 1:
		from := w.now + core.Instant(rapid.Int64Range(0, 60).Draw(w.T, "until outage"))*core.Instant(time.Minute)
		w.now = from + core.Instant(rapid.Int64Range(0, 600).Draw(w.T, "outage"))*core.Instant(time.Minute)
		w.do(core.Input{At: w.now, Command: core.Outage{From: from, To: w.now}})
		return
	case 2:
		w.retry()
		return
	}
	w.now += drawGap(w.T, w.plain, w.now)
	in := core.Input{At: w.now, Command: drawCommand(w.T, w.plain.Publish(), w.plain.Config().Source(), w.now)}
	if rapid.IntRange(0, 9).Draw(w.T, "keyed") == 0 {
		in.Key = fmt.Sprintf("k%d", w.plain.Seq())
		w.keys[in.Key] = in
	}
	w.do(in)
}

// retry gives a key again: with the same command, the first answer is pointed
// to; with another, it is refused. Nothing changes (invariant 2).
func (w *world) retry() {
	maps.DeleteFunc(w.keys, func(_ string, in core.Input) bool { return w.now-in.At > core.KeyAgeMax })
	names := slices.Sorted(maps.Keys(w.keys))
	if len(names) == 0 {
		return
	}
	in := w.keys[names[rapid.IntRange(0, len(names)-1).Draw(w.T, "key")]]
	before, seq := w.plain.Digest(), w.plain.Seq()
	in.At = w.now
	if got := w.plain.Apply(in); got.Replay == 0 || got.Replay > seq || len(got.Entries)+len(got.Rows) > 0 || got.Key != nil {
		w.Fatalf("retry of %q: %+v", in.Key, got)
	}
	in.Command = core.NextTicket{Agent: "somebody else"}
	if got := w.plain.Apply(in); got.Reply.Rejection == nil || got.Reply.Rejection.Reason != core.ReasonKeyReuse {
		w.Fatalf("key %q given to another command: %+v", in.Key, got)
	}
	if w.plain.Digest() != before || w.plain.Seq() != seq {
		w.Fatalf("a retry changed the desk")
	}
}

// do gives an input to all three machines and checks everything.
func (w *world) do(in core.Input) {
	shadow := w.shadow()
	result := w.plain.Apply(in)
	w.keep("plain", result)
	w.observe(in, result)
	w.tick(in)
	w.keep("ticked", w.ticked.Apply(in))
	w.rebirth()
	w.keep("reborn", w.reborn.Apply(in))
	w.rejection(in, result, shadow)
	w.agree(in)
	w.checkRows()
	w.checkState()
	if result.Key != nil {
		w.records = append(w.records, *result.Key)
	}
	if len(w.mirror.faults)+len(w.promises.faults) > 0 {
		for _, line := range w.told["plain"] {
			w.Log(line)
		}
		w.Fatalf("after %s at %v:\n%s", in.Command.Kind(), in.At, strings.Join(slices.Concat(w.mirror.faults, w.promises.faults), "\n"))
	}
}

// shadow is now and then a copy of the desk as it stands, else nil.
func (w *world) shadow() *core.Machine {
	if rapid.IntRange(0, 5).Draw(w.T, "shadow") > 0 {
		return nil
	}
	return w.rebuild(w.plain)
}

// rejection checks that a refused command did nothing but let time pass.
func (w *world) rejection(in core.Input, result core.Result, shadow *core.Machine) {
	if shadow == nil || result.Reply.Rejection == nil || in.Key != "" {
		return
	}
	shadow.Apply(core.Input{At: in.At, Command: core.Tick{}})
	if shadow.Seq() != w.plain.Seq() || shadow.Digest() != w.plain.Digest() {
		w.Fatalf("%s was refused (%v) and left a trace", in.Command.Kind(), result.Reply.Rejection)
	}
}

// tick wakes one machine between two inputs, where no outage forbids it.
func (w *world) tick(in core.Input) {
	until := in.At
	if outage, ok := in.Command.(core.Outage); ok {
		until = outage.From
	}
	for range rapid.IntRange(0, 3).Draw(w.T, "ticks") {
		next, ok := w.ticked.Next()
		at := next + core.Instant(rapid.Int64Range(1, int64(time.Hour)).Draw(w.T, "late"))
		if !ok || at > until {
			return
		}
		w.keep("ticked", w.ticked.Apply(core.Input{At: at, Command: core.Tick{}}))
	}
}

// rebirth now and then replaces one machine by what its rows say.
func (w *world) rebirth() {
	if rapid.IntRange(0, 4).Draw(w.T, "rebirth") == 0 {
		w.reborn = w.rebuild(w.reborn)
	}
}

func (w *world) rebuild(m *core.Machine) *core.Machine {
	loader := core.NewLoader()
	for row := range m.Rows() {
		value, err := row.Value.AppendBinary(nil)
		if err == nil {
			err = loader.Row(row.Kind, []byte(row.ID), value)
		}
		if err != nil {
			w.Fatalf("row %c: %v", row.Kind, err)
		}
	}
	again, err := loader.Machine(m.Seq(), m.Now())
	if err != nil {
		w.Fatal(err)
	}
	for _, record := range w.records {
		again.Remember(record)
	}
	if again.Digest() != m.Digest() {
		w.Fatalf("the desk rebuilt from its rows has another digest")
	}
	return again
}

// keep notes the events that a machine told.
func (w *world) keep(machine string, result core.Result) {
	w.told[machine] = append(w.told[machine], allOf(result)...)
}

// agree compares the three machines.
func (w *world) agree(in core.Input) {
	for name, m := range map[string]*core.Machine{"ticked": w.ticked, "reborn": w.reborn} {
		if diff := cmp.Diff(w.told["plain"], w.told[name]); diff != "" {
			w.Fatalf("%s: the %s desk told otherwise (-plain +%s):\n%s", in.Command.Kind(), name, name, diff)
		}
		if m.Digest() != w.plain.Digest() {
			w.Fatalf("%s: the %s desk has another digest", in.Command.Kind(), name)
		}
	}
}

// observe folds what the plain machine told.
func (w *world) observe(in core.Input, result core.Result) {
	for _, row := range result.Rows {
		w.storeRow(row)
	}
	w.journalEntries(result.Entries)
	if next, ok := in.Command.(core.NextTicket); ok {
		defer w.checkNext(next, result.Reply)()
	}
	away := false
	for _, e := range result.Entries {
		_, outage := e.Command.(core.Outage)
		away = away || outage
		closing := away && !outage && e.At == in.At
		passed := e.At
		if e.Command != nil && !outage || closing {
			passed--
		}
		w.mirror.entry(e, passed, !away || closing)
		w.promises.entry(e)
	}
	w.mirror.passed = in.At - 1
	w.mirror.settled(in.At)
	w.promises.missed(in.At)
	if w.mirror.seq != w.plain.Seq() {
		w.Fatalf("events up to %d, but the desk's sequence is %d", w.mirror.seq, w.plain.Seq())
	}
}

// checkNext returns a check to be made when the entries before the command's own
// have been folded; only the answer "nothing fits" can be held against the desk
// as it is left.
func (w *world) checkNext(c core.NextTicket, reply core.Reply) func() {
	return func() {
		a := w.mirror.agent(c.Agent)
		if !reply.Empty || a == nil {
			return
		}
		if t := w.mirror.next(a); t != nil {
			w.Fatalf("%s is told that nothing fits, though %s does", a.ID, t.id)
		}
	}
}

func (w *world) storeRow(row core.Row) {
	key := string(row.Kind) + row.ID
	if row.Value == nil {
		delete(w.store, key)
		return
	}
	value, err := row.Value.AppendBinary(nil)
	if err != nil {
		w.Fatal(err)
	}
	w.store[key] = value
}

// checkRows checks that what was handed out to be stored is what the desk holds.
func (w *world) checkRows() {
	held := map[string][]byte{}
	for row := range w.plain.Rows() {
		value, err := row.Value.AppendBinary(nil)
		if err != nil {
			w.Fatal(err)
		}
		held[string(row.Kind)+row.ID] = value
	}
	for key, value := range held {
		if string(w.store[key]) != string(value) {
			w.Fatalf("row %q is not as it was handed out", key)
		}
	}
	if len(held) != len(w.store) {
		w.Fatalf("%d rows held, %d stored", len(held), len(w.store))
	}
}

// checkState compares the desk with its mirror: invariants 4, 5, 8 and 9.
func (w *world) checkState() {
	view := w.plain.PublishQueues()
	for t := range view.Tickets() {
		w.checkTicket(t)
	}
	for _, a := range w.mirror.agents {
		if a != nil {
			w.checkAgent(view, a)
		}
	}
	for _, q := range view.Queues() {
		var got, want []core.TicketID
		for position, t := range view.Line(q.ID) {
			if position != len(got) {
				w.Fatalf("position %d in place %d", position, len(got))
			}
			got = append(got, t.ID)
		}
		for _, t := range w.mirror.line(q.ID) {
			want = append(want, t.id)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Fatalf("queue %s is not in its order (-want +got):\n%s", q.ID, diff)
		}
		if q.Waiting != len(want) {
			w.Fatalf("queue %s: %d waiting, want %d", q.ID, q.Waiting, len(want))
		}
	}
}

// checkTicket compares a row with what the events told.
func (w *world) checkTicket(t *core.Ticket) {
	mt := w.mirror.ticket(t.ID)
	type seen struct {
		Status   core.Status
		Priority core.Priority
		Queue    core.QueueID
		Group    core.GroupID
		Assignee core.AgentID
		Tags     string
		Offers   []core.AgentID
		Enqueued core.Instant
	}
	got := seen{t.Status, t.Priority, t.Queue, t.Group, t.Assignee, strings.Join(t.Tags, " "), nil, 0}
	want := seen{mt.status, mt.priority, mt.queue, mt.group, mt.assignee, strings.Join(slices.Sorted(slices.Values(mt.tags)), " "), nil, 0}
	for _, o := range t.Offers {
		got.Offers = append(got.Offers, o.Agent)
	}
	for _, a := range mt.offers {
		want.Offers = append(want.Offers, a.ID)
	}
	if t.Waiting() {
		got.Enqueued, want.Enqueued = t.Enqueued, mt.enqueued
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Fatalf("ticket %s is not as told (-told +row):\n%s", t.ID, diff)
	}
	if len(t.Offers) > 0 && !t.Waiting() {
		w.Fatalf("ticket %s is offered and does not wait", t.ID)
	}
	w.checkPresets(t)
}

// checkPresets checks the states that the presets are documented to have.
func (w *world) checkPresets(t *core.Ticket) {
	for _, c := range t.Clocks {
		want := sla.Running
		switch {
		case c.Metric != "resolution" && c.Metric != "agent_work" && c.Metric != "requester_wait":
			continue
		case t.Status.Finished():
			want = sla.Ended
		case c.Metric != "resolution" && t.Status == core.StatusPending, c.Metric == "agent_work" && t.Status == core.StatusOnHold:
			want = sla.Paused
		}
		if c.State != want {
			w.Fatalf("%s of ticket %s, which is %s, is %s", c.Metric, t.ID, t.Status, c.State)
		}
	}
}

// checkAgent recounts what an agent holds.
func (w *world) checkAgent(view *core.QueuesView, ma *mirrorAgent) {
	a, ok := view.Agent(ma.ID)
	if !ok {
		w.Fatalf("agent %s is not to be found", ma.ID)
	}
	type seen struct {
		Presence      core.Presence
		Load          uint64
		Held, Ringing uint32
	}
	want := seen{Presence: ma.presence, Load: w.mirror.load(ma)}
	for _, t := range w.mirror.tickets {
		if w.mirror.holds(ma, t) {
			want.Held++
		}
		if slices.Contains(t.offers, ma) {
			want.Ringing++
		}
	}
	if diff := cmp.Diff(want, seen{a.Presence, a.Load, a.Held, a.Ringing}); diff != "" {
		w.Fatalf("agent %s (-recounted +row):\n%s", ma.ID, diff)
	}
}

func (w *world) journalEntries(entries []core.Entry) {
	if len(entries) == 0 {
		return
	}
	data, err := core.AppendEntries(nil, entries)
	if err != nil {
		w.Fatal(err)
	}
	back, err := core.DecodeEntries(data)
	if err != nil {
		w.Fatalf("the journal cannot be read: %v", err)
	}
	again, err := core.AppendEntries(nil, back)
	if err != nil || string(again) != string(data) {
		w.Fatalf("the journal reads back as something else: %v", err)
	}
	w.journal = append(w.journal, fmt.Sprintf("%08d", len(data))...)
	w.journal = append(w.journal, data...)
}

// replay feeds the commands of the journal to an empty desk (invariant 10).
func (w *world) replay() {
	m := core.New()
	var told []string
	for rest := w.journal; len(rest) > 0; {
		var size int
		if _, err := fmt.Sscanf(string(rest[:8]), "%d", &size); err != nil {
			w.Fatal(err)
		}
		entries, err := core.DecodeEntries(rest[8 : 8+size])
		if err != nil {
			w.Fatal(err)
		}
		rest = rest[8+size:]
		for _, e := range entries {
			if e.Command == nil {
				continue
			}
			in := core.Input{At: e.At, Key: e.Key, Command: e.Command}
			if outage, ok := e.Command.(core.Outage); ok {
				in.At = outage.To
			}
			told = append(told, allOf(m.Apply(in))...)
		}
	}
	end := core.Input{At: w.now + 1, Command: core.Tick{}}
	told = append(told, allOf(m.Apply(end))...)
	w.keep("plain", w.plain.Apply(end))
	if diff := cmp.Diff(w.told["plain"], told); diff != "" {
		w.Fatalf("the journal replays otherwise (-live +replayed):\n%s", diff)
	}
	if m.Digest() != w.plain.Digest() {
		w.Fatalf("the journal replays to another digest")
	}
}
