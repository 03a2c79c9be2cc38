package loop_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
	"github.com/yardmaster/yardmaster/persist"
)

// TestSimulation drives loops over real machines and a store whose disk is slow,
// and which loses what is in flight now and then, by one seed each. Callers
// submit keyed commands and, after a crash, submit again what was not answered.
// Checked all along: what was answered survives, a key is applied once, a desk
// rebuilt from its rows is the one whose journal is replayed, and the same seed
// gives the same story.
func TestSimulation(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			first := simulate(t, seed)
			if again := simulate(t, seed); again != first {
				t.Errorf("digest %v the second time, %v the first", again, first)
			}
		})
	}
}

// simulation is the world around a loop: callers, clock, disk.
type simulation struct {
	t      *testing.T
	random *rand.Rand
	now    core.Instant

	disk    *slowDisk
	store   *persist.Memory
	lease   persist.Lease
	pending []flight

	loop  *loop.Loop
	out   loop.Out
	desks []*loop.Desk

	sent     map[string]core.Input // by key, every command of the callers
	order    []string              // the keys, in the order of submission
	deskOf   map[string]int
	answered map[string]core.Reply
}

type flight struct {
	number  uint64
	pending persist.Pending
}

// slowDisk is a gate that opens when the simulation says so.
type slowDisk struct {
	open bool
	held []func(error)
}

func (d *slowDisk) Sync(done func(error)) {
	if d.open {
		done(nil)
		return
	}
	d.held = append(d.held, done)
}

func (d *slowDisk) release() {
	done := d.held[0]
	d.held = d.held[1:]
	done(nil)
}

const simulatedDesks = 3

func simulate(t *testing.T, seed uint64) [simulatedDesks]core.Digest {
	t.Helper()
	disk := &slowDisk{}
	s := &simulation{
		t: t, random: rand.New(rand.NewPCG(seed, 1)), now: core.At(time.Date(2026, 3, 27, 16, 0, 0, 0, time.UTC)),
		disk: disk, store: persist.NewMemoryBehind(disk),
		sent: map[string]core.Input{}, deskOf: map[string]int{}, answered: map[string]core.Reply{},
	}
	s.open()
	for range 250 {
		s.now = s.now.Add(s.pause())
		switch s.random.IntN(40) {
		case 0:
			s.crash()
		case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12:
			s.settle()
		default:
			s.submit(1 + s.random.IntN(20))
		}
	}
	s.drain()
	return s.verify()
}

// pause is mostly short, sometimes minutes, and sometimes back.
func (s *simulation) pause() time.Duration {
	switch s.random.IntN(20) {
	case 0:
		return time.Duration(s.random.IntN(600)) * time.Second
	case 1:
		return -time.Duration(s.random.IntN(3000)) * time.Millisecond
	default:
		return time.Duration(s.random.IntN(2000)) * time.Millisecond
	}
}

// open leads and reads the desks, as an engine does.
func (s *simulation) open() {
	s.disk.open = true
	lease, err := s.store.Lead(context.Background(), 0)
	s.check(err)
	s.disk.open = false
	s.lease, s.loop, s.out, s.pending, s.desks = lease, loop.New(loop.Options{}), loop.Out{}, nil, nil
	for i := range simulatedDesks {
		m := s.read(i)
		s.desks = append(s.desks, loop.NewDesk(deskName(i), i, m, m.Publish()))
	}
	s.step(loop.In{Opened: s.desks})
}

// read rebuilds a desk from what is durable.
func (s *simulation) read(desk int) *core.Machine {
	loader := core.NewLoader()
	state, err := s.store.Load(context.Background(), deskName(desk), func(r persist.Row) error {
		return loader.Row(core.RowKind(r.Kind), r.ID, r.Value)
	})
	s.check(err)
	m, err := loader.Machine(core.Seq(state.Seq), core.Instant(state.At))
	s.check(err)
	var keys []core.KeyRecord // newest first
	s.check(s.store.Headers(context.Background(), deskName(desk), func(h persist.Header) error {
		group, err := core.DecodeKeys(h.Value)
		slices.Reverse(group)
		keys = append(keys, group...)
		return err
	}))
	for _, key := range slices.Backward(keys) {
		m.Remember(key)
	}
	return m
}

func deskName(i int) string { return fmt.Sprint("desk ", i) }

// submit sends n new commands to a desk, the first of which configures it.
func (s *simulation) submit(n int) {
	desk := s.random.IntN(simulatedDesks)
	var keys []string
	for range n {
		key := fmt.Sprint("key ", len(s.order))
		in := core.Input{Key: key, Command: s.command()}
		if !slices.Contains(slices.Collect(maps.Values(s.deskOf)), desk) {
			in.Command = core.ApplyConfig{Config: simulatedConfig()}
		}
		s.sent[key], s.deskOf[key] = in, desk
		s.order = append(s.order, key)
		keys = append(keys, key)
	}
	s.send(desk, keys)
}

func (s *simulation) send(desk int, keys []string) {
	inputs := make([]core.Input, len(keys))
	for i, key := range keys {
		inputs[i] = s.sent[key]
	}
	s.step(loop.In{Work: []loop.Work{{Desk: s.desks[desk], Token: keys, Inputs: inputs}}})
}

func (s *simulation) command() core.Command {
	ticket := core.TicketID(fmt.Sprint("t", s.random.IntN(40)))
	agent := core.AgentID([]string{"ada", "bob"}[s.random.IntN(2)])
	return [...]core.Command{
		core.CreateTicket{ID: ticket, Requester: "rita", Priority: core.Priority(1 + s.random.IntN(4))},
		core.CreateTicket{ID: ticket, Requester: "ron", Tags: []string{"new"}},
		core.AddMessage{Ticket: ticket, From: core.RoleAgent, Agent: agent, Public: true, Text: "hello"},
		core.AcceptOffer{Ticket: ticket, Agent: agent},
		core.DeclineOffer{Ticket: ticket, Agent: agent},
		core.SolveTicket{Ticket: ticket},
		core.ReopenTicket{Ticket: ticket},
		core.SetPresence{Agent: agent, Presence: core.Presence(1 + s.random.IntN(4))},
		core.NextTicket{Agent: agent},
	}[s.random.IntN(9)]
}

func simulatedConfig() *core.Config {
	agent := func(id core.AgentID) core.AgentSpec {
		return core.AgentSpec{AgentProfile: core.AgentProfile{ID: id, Groups: []core.GroupID{"support"}}, Presence: core.PresenceOnline}
	}
	return &core.Config{
		Groups: []core.GroupSpec{{ID: "support"}},
		Agents: []core.AgentSpec{agent("ada"), agent("bob")},
		Queues: []core.QueueSpec{{ID: "support", Groups: []core.GroupID{"support"}, Offer: core.OfferSpec{Expires: "90s", CoolDown: "2m"}}},
		Rules:  []core.RuleSpec{{Name: "all", Then: []core.Action{{Route: "support"}}}},
	}
}

// step makes steps until the loop waits for something.
func (s *simulation) step(in loop.In) {
	for {
		in.Now = s.now
		s.loop.Step(in, &s.out)
		s.check(s.out.Err)
		for _, effect := range s.out.Effects {
			switch e := effect.(type) {
			case loop.Commit:
				s.pending = append(s.pending, flight{e.Number, s.store.Commit(s.lease, e.Group)})
			case loop.Answers:
				for _, a := range e {
					s.take(a)
				}
			}
		}
		if !s.out.More {
			return
		}
		in = loop.In{}
	}
}

// take checks an answer: what it tells is durable, and what a key was told
// before.
func (s *simulation) take(a loop.Answer) {
	key := a.Token.([]string)[a.Index]
	reply := a.Reply
	if a.Replay != 0 {
		reply = s.entry(s.deskOf[key], a.Replay).Reply
	}
	if seq := s.durable(s.deskOf[key]); a.Reply.Seq > seq {
		s.t.Fatalf("%s was answered at %d, durable is %d", key, a.Reply.Seq, seq)
	}
	if before, ok := s.answered[key]; ok && !cmp.Equal(before, reply) {
		s.t.Fatalf("%s was told %+v, and before %+v", key, reply, before)
	}
	s.answered[key] = reply
}

func (s *simulation) durable(desk int) core.Seq {
	state, err := s.store.Load(context.Background(), deskName(desk), func(persist.Row) error { return persist.ErrStop })
	s.check(err)
	return core.Seq(state.Seq)
}

// entry reads the journal entry with a sequence.
func (s *simulation) entry(desk int, seq core.Seq) core.Entry {
	for _, entry := range s.journal(desk, seq-1) {
		if last := entry.Events[len(entry.Events)-1].Seq; entry.Events[0].Seq <= seq && seq <= last {
			return entry
		}
	}
	s.t.Fatalf("desk %d: no entry with sequence %d", desk, seq)
	return core.Entry{}
}

func (s *simulation) journal(desk int, after core.Seq) (entries []core.Entry) {
	s.check(s.store.Journal(context.Background(), deskName(desk), uint64(after), func(r persist.Record) error {
		list, err := core.DecodeEntries(r.Journal)
		entries = append(entries, list...)
		return err
	}))
	return entries
}

// settle lets the oldest group become durable.
func (s *simulation) settle() {
	if len(s.pending) == 0 {
		s.step(loop.In{})
		return
	}
	s.disk.release()
	f := s.pending[0]
	s.pending = s.pending[1:]
	s.step(loop.In{Settled: []loop.Settled{{Number: f.number, Err: f.pending.Wait(context.Background())}}})
}

// crash loses what is in flight; callers submit again what was not answered.
func (s *simulation) crash() {
	s.store = s.store.Reopen()
	s.disk.held = nil
	s.open()
	unanswered := make([][]string, simulatedDesks)
	for _, key := range s.order {
		if _, ok := s.answered[key]; !ok {
			unanswered[s.deskOf[key]] = append(unanswered[s.deskOf[key]], key)
		}
	}
	for desk, keys := range unanswered {
		for part := range slices.Chunk(keys, 30) {
			s.send(desk, part)
		}
	}
}

// drain closes the loop.
func (s *simulation) drain() {
	s.step(loop.In{Close: true})
	for !s.out.Drained {
		s.settle()
	}
}

// verify checks what is durable in the end.
func (s *simulation) verify() (digests [simulatedDesks]core.Digest) {
	if len(s.answered) != len(s.order) {
		s.t.Fatalf("%d of %d commands were answered", len(s.answered), len(s.order))
	}
	kept := 0
	for desk := range simulatedDesks {
		journal := s.journal(desk, 0)
		for _, entry := range journal {
			if entry.Key == "" {
				continue // a deadline's instant, or the shell's own command
			}
			kept++
			if !cmp.Equal(s.answered[entry.Key], entry.Reply) {
				s.t.Errorf("%s was answered %+v, the journal says %+v", entry.Key, s.answered[entry.Key], entry.Reply)
			}
		}
		rebuilt := s.read(desk)
		digests[desk] = rebuilt.Digest()
		if got := replayed(journal).Digest(); got != digests[desk] {
			s.t.Errorf("desk %d: the journal replays to %v, the rows are %v", desk, got, digests[desk])
		}
	}
	if kept != len(s.order) {
		s.t.Errorf("the journals hold %d of the callers' commands, want each of %d once", kept, len(s.order))
	}
	return digests
}

// replayed applies a journal's commands to an empty desk. Deadlines fire on the
// way, as they did; a tick brings those after the last command.
func replayed(journal []core.Entry) *core.Machine {
	m := core.New()
	for _, entry := range journal {
		at := entry.At
		if outage, ok := entry.Command.(core.Outage); ok {
			at = outage.To // it is told when it is over, and kept at its beginning
		}
		if entry.Command != nil {
			m.Apply(core.Input{At: at, Key: entry.Key, Command: entry.Command})
		}
	}
	if n := len(journal); n > 0 && journal[n-1].Command == nil {
		last := journal[n-1]
		if m.Seq() < last.Events[len(last.Events)-1].Seq {
			m.Apply(core.Input{At: last.At + 1, Command: core.Tick{}})
		}
	}
	return m
}

func (s *simulation) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
