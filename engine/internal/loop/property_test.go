package loop_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
)

// auditor watches a loop's effects and knows what must not happen.
type auditor struct {
	t        *rapid.T
	accepted map[string]int      // commands of a token not answered
	durable  map[string]core.Seq // by desk
	kept     map[string]core.Seq // by desk, in flight included
	flights  []map[string]core.Seq
	shown    map[string]core.Seq // by desk, published
	fed      map[string]core.Seq
	next     uint64
	told     []string
}

func newAuditor(t *rapid.T) *auditor {
	return &auditor{
		t: t, accepted: map[string]int{}, durable: map[string]core.Seq{}, kept: map[string]core.Seq{},
		shown: map[string]core.Seq{}, fed: map[string]core.Seq{}, next: 1,
	}
}

// settle is what the store says before a step that carries it.
func (a *auditor) settle() {
	for desk, seq := range a.flights[0] {
		a.durable[desk] = seq
	}
	a.flights = a.flights[1:]
}

func (a *auditor) watch(out *loop.Out) {
	for _, effect := range out.Effects {
		switch e := effect.(type) {
		case loop.Commit:
			a.commit(e)
		case loop.Publish:
			a.shown[e.Desk.ID()] = fakeOf(e.Desk).seen[e.Snapshot]
			a.atMostDurable("published", e.Desk.ID(), a.shown[e.Desk.ID()])
		case loop.Feed:
			first, last := e.Entries[0].Events[0].Seq, e.Entries[len(e.Entries)-1].Events[0].Seq
			if first != a.fed[e.Desk.ID()]+1 {
				a.t.Fatalf("feed of %s goes on with %d after %d", e.Desk.ID(), first, a.fed[e.Desk.ID()])
			}
			a.fed[e.Desk.ID()] = last
		case loop.Answers:
			a.answers(e)
		}
	}
	a.told = append(a.told, tell(out.Effects)...)
}

func (a *auditor) commit(c loop.Commit) {
	if c.Number != a.next {
		a.t.Fatalf("commit %d, want %d", c.Number, a.next)
	}
	a.next++
	flight := map[string]core.Seq{}
	for _, part := range c.Group.Commits {
		if core.Seq(part.Expect) != a.kept[part.Desk] || part.Seq <= part.Expect {
			a.t.Fatalf("desk %s: commit (%d-%d] after %d", part.Desk, part.Expect, part.Seq, a.kept[part.Desk])
		}
		a.kept[part.Desk], flight[part.Desk] = core.Seq(part.Seq), core.Seq(part.Seq)
	}
	a.flights = append(a.flights, flight)
	if len(a.flights) > loop.InFlightMax {
		a.t.Fatalf("%d groups in flight", len(a.flights))
	}
}

// answers carry their desk in the token: "desk/number".
func (a *auditor) answers(list loop.Answers) {
	for _, answer := range list {
		token := answer.Token.(string)
		desk := token[:1]
		a.atMostDurable("answered", desk, answer.Reply.Seq)
		if a.shown[desk] < answer.Reply.Seq || a.fed[desk] < answer.Reply.Seq {
			a.t.Fatalf("%s answered at %d, shown %d, fed %d", token, answer.Reply.Seq, a.shown[desk], a.fed[desk])
		}
		a.accepted[token]--
		if a.accepted[token] < 0 {
			a.t.Fatalf("%s answered too often", token)
		}
	}
}

func (a *auditor) atMostDurable(what, desk string, seq core.Seq) {
	if seq > a.durable[desk] {
		a.t.Fatalf("desk %s: %s %d, durable is %d", desk, what, seq, a.durable[desk])
	}
}

// run drives a loop with drawn work, deadlines and store latencies, then drains
// it, and returns what the auditor was told and what each desk applied.
func run(t *rapid.T, draw func(*rapid.T) []action) ([]string, []string) {
	actions := draw(t)
	play := func() ([]string, []string) {
		l, a, out, now := loop.New(loop.Options{}), newAuditor(t), loop.Out{}, core.Instant(1)
		var desks []*loop.Desk
		for _, name := range []string{"a", "b", "c"} {
			m := newFake(name)
			desks = append(desks, loop.NewDesk(name, m, m, m.Publish()))
		}
		l.Step(loop.In{Now: now, Opened: desks}, &out)
		settled := uint64(0)
		step := func(in loop.In) {
			in.Now = now
			l.Step(in, &out)
			a.watch(&out)
		}
		for i, action := range actions {
			now += action.later
			in := loop.In{}
			if action.settle && len(a.flights) > 0 {
				a.settle()
				settled++
				in.Settled = []loop.Settled{{Number: settled}}
			}
			if action.commands > 0 {
				d := desks[action.desk]
				token := fmt.Sprintf("%s/%d", d.ID(), i)
				in.Work = []loop.Work{{Desk: d, Token: token, Inputs: action.inputs()}}
				a.accepted[token] = action.commands
			}
			if action.arm > 0 {
				fakeOf(desks[action.desk]).arm(now + action.arm)
			}
			step(in)
		}
		step(loop.In{Close: true})
		for !out.Drained {
			in := loop.In{}
			if !out.More {
				a.settle()
				settled++
				in.Settled = []loop.Settled{{Number: settled}}
			}
			step(in)
		}
		for token, n := range a.accepted {
			if n != 0 {
				t.Fatalf("%d commands of %s were never answered", n, token)
			}
		}
		var logs []string
		for _, d := range desks {
			logs = append(logs, fakeOf(d).log...)
		}
		return a.told, logs
	}
	told, logs := play()
	again, _ := play()
	if !slices.Equal(told, again) {
		t.Fatalf("the same inputs gave other effects")
	}
	return told, logs
}

// action is one step's worth of events.
type action struct {
	desk, commands int
	kind           int
	later, arm     core.Instant
	settle         bool
}

func (a action) inputs() []core.Input {
	list := make([]core.Input, a.commands)
	for i := range list {
		list[i].Command = [...]core.Command{create("1"), solve("2"), refused(), empty()}[(a.kind+i)%4]
		if a.kind == 5 {
			list[i].Key = fmt.Sprint(i % 3)
		}
	}
	return list
}

func drawActions(t *rapid.T) []action {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) action {
		return action{
			desk:     rapid.IntRange(0, 2).Draw(t, "desk"),
			commands: rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(200, 600)).Draw(t, "commands"),
			kind:     rapid.IntRange(0, 5).Draw(t, "kind"),
			later:    core.Instant(rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, 10_000_000_000)).Draw(t, "later")),
			arm:      core.Instant(rapid.Int64Range(0, 1_000_000_000).Draw(t, "arm")),
			settle:   rapid.Bool().Draw(t, "settle"),
		}
	}), 1, 40).Draw(t, "actions")
}

func TestAnyScheduleKeepsTheOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { run(t, drawActions) })
}

// Whatever the batches and however slow the store, a replay applies the same
// commands at the same instants.
func TestBatchingDoesNotChangeWhatIsApplied(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1500).Draw(t, "commands")
		stream := make([]core.Input, n)
		for i := range stream {
			stream[i] = core.Input{At: core.Instant(rapid.IntRange(1, 1000).Draw(t, "at")), Command: create(fmt.Sprint(i % 7))}
		}
		apply := func(batch int) []string {
			l, out, sent := loop.New(loop.Options{TimeFromInputs: true}), loop.Out{}, uint64(0)
			m := newFake("a")
			d := loop.NewDesk("a", m, m, m.Publish())
			l.Step(loop.In{Opened: []*loop.Desk{d}}, &out)
			for rest := range slices.Chunk(stream, batch) {
				l.Step(loop.In{Work: []loop.Work{{Desk: d, Token: "x", Inputs: rest}}}, &out)
			}
			for l.Step(loop.In{Close: true}, &out); !out.Drained; {
				in := loop.In{}
				if !out.More {
					sent++
					in.Settled = []loop.Settled{{Number: sent}}
				}
				l.Step(in, &out)
			}
			return m.log
		}
		one, other := apply(1), apply(rapid.IntRange(2, n+1).Draw(t, "batch"))
		if !slices.Equal(one, other) {
			t.Fatalf("batches of one applied %q, larger ones %q", one, other)
		}
	})
}
