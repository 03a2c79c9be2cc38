package loop_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
)

// world drives one loop by hand and tells its effects as lines of text.
type world struct {
	t    *testing.T
	loop *loop.Loop
	now  core.Instant
	out  loop.Out
	sent uint64 // groups settled so far
}

func newWorld(t *testing.T, opts loop.Options) *world {
	t.Helper()
	return &world{t: t, loop: loop.New(opts), now: 100}
}

// desk opens a desk with a fake machine.
func (w *world) desk(name string, prepare ...func(*fakeMachine)) (*loop.Desk, *fakeMachine) {
	m := newFake(name)
	for _, f := range prepare {
		f(m)
	}
	d := loop.NewDesk(name, m, m, m.Publish())
	w.step(loop.In{Opened: []*loop.Desk{d}})
	return d, m
}

// step makes a step at the world's time and returns its effects.
func (w *world) step(in loop.In) []string {
	w.t.Helper()
	in.Now = w.now
	w.loop.Step(in, &w.out)
	return tell(w.out.Effects)
}

// work makes a step with one work.
func (w *world) work(d *loop.Desk, token string, commands ...core.Command) []string {
	w.t.Helper()
	return w.step(loop.In{Work: []loop.Work{{Desk: d, Token: token, Inputs: inputs(commands...)}}})
}

// ask makes a step with one question.
func (w *world) ask(d *loop.Desk, token string, ask loop.Ask) []string {
	w.t.Helper()
	return w.step(loop.In{Work: []loop.Work{{Desk: d, Token: token, Ask: ask}}})
}

// durable makes a step in which the oldest group in flight has become durable.
func (w *world) durable() []string {
	w.t.Helper()
	w.sent++
	return w.step(loop.In{Settled: []loop.Settled{{Number: w.sent}}})
}

func (w *world) want(got []string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Fatalf("effects (-want +got):\n%s", diff)
	}
}

func inputs(commands ...core.Command) []core.Input {
	list := make([]core.Input, len(commands))
	for i, c := range commands {
		list[i].Command = c
	}
	return list
}

// The commands that the fake machine knows.
func create(id string) core.Command { return core.CreateTicket{ID: core.TicketID(id)} }
func solve(id string) core.Command  { return core.SolveTicket{Ticket: core.TicketID(id)} }
func refused() core.Command         { return core.ReleaseTicket{Ticket: "nobody's"} }
func empty() core.Command           { return core.NextTicket{Agent: "ada"} }
func many(n int) (list []core.Command) {
	for i := range n {
		list = append(list, create(fmt.Sprint(i)))
	}
	return list
}

// tell renders effects, one line each, but one line for each answer and view.
func tell(effects []loop.Effect) []string {
	var lines []string
	for _, effect := range effects {
		switch e := effect.(type) {
		case loop.Commit:
			lines = append(lines, tellCommit(e))
		case loop.Publish:
			lines = append(lines, fmt.Sprintf("publish %s@%d", e.Desk.ID(), fakeOf(e.Desk).seen[e.Snapshot]))
		case loop.Fold:
			lines = append(lines, "fold "+tellEntries(e.Desk, e.Entries))
		case loop.Feed:
			lines = append(lines, "feed "+tellEntries(e.Desk, e.Entries))
		case loop.Answers:
			for _, a := range e {
				lines = append(lines, tellAnswer(a))
			}
		case loop.Views:
			for _, v := range e {
				lines = append(lines, tellView(v))
			}
		case loop.Durable:
			lines = append(lines, fmt.Sprintf("durable %d: %d commands", e.Number, e.Commands))
		}
	}
	return lines
}

func fakeOf(d *loop.Desk) *fakeMachine { return d.Owner().(*fakeMachine) }

func tellCommit(c loop.Commit) string {
	line := fmt.Sprintf("commit %d:", c.Number)
	for _, part := range c.Group.Commits {
		line += fmt.Sprintf(" %s(%d-%d]", part.Desk, part.Expect, part.Seq)
	}
	return line
}

func tellEntries(d *loop.Desk, entries []core.Entry) string {
	first, last := entries[0].Events[0].Seq, entries[len(entries)-1].Events[0].Seq
	return fmt.Sprintf("%s %d-%d", d.ID(), first, last)
}

func tellAnswer(a loop.Answer) string {
	line := fmt.Sprintf("answer %v[%d] seq %d", a.Token, a.Index, a.Reply.Seq)
	switch {
	case a.Err != nil:
		return fmt.Sprintf("answer %v[%d] error %v", a.Token, a.Index, a.Err)
	case a.Replay != 0:
		line += fmt.Sprintf(" replay %d", a.Replay)
	case a.Reply.Rejection != nil:
		line += " rejected"
	case a.Reply.Empty:
		line += " empty"
	}
	return line
}

func tellView(v loop.View) string {
	switch {
	case v.Err != nil:
		return fmt.Sprintf("view %v error %v", v.Token, v.Err)
	case v.Snapshot != nil:
		return fmt.Sprintf("view %v snapshot", v.Token)
	case v.Queues != nil:
		return fmt.Sprintf("view %v queues", v.Token)
	default:
		return fmt.Sprintf("view %v digest %d of seq %d", v.Token, v.Digest[0], v.Seq)
	}
}
