package loop_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
)

const second = core.Instant(time.Second)

func wantLog(t *testing.T, m *fakeMachine, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, m.log); diff != "" {
		t.Errorf("applied (-want +got):\n%s", diff)
	}
}

func TestStampIsTheLaterOfClockAndMachine(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a")
	w.work(a, "x", create("1"), create("2"))
	w.now = 50 // the clock went back
	w.work(a, "y", create("3"))
	w.now = 120
	w.work(a, "z", create("4"))
	wantLog(t, m, "100 ticket.create", "100 ticket.create", "100 ticket.create", "120 ticket.create")
}

// A command that comes after a deadline has fired is stamped after it, also when
// the desk is opened anew: else the journal would replay in another order.
func TestClockThatGoesBackStaysBehindADeadlineThatFired(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a", func(m *fakeMachine) { m.arm(200) })
	w.now = 300
	w.step(loop.In{})
	if at := commits(w)[0].At; at != 300 {
		t.Errorf("the commit is kept with the instant %d, want 300", at)
	}
	w.now = 150
	w.work(a, "x", create("1"), create("2"))
	wantLog(t, m, "300 desk.tick", "300 ticket.create", "300 ticket.create")
	if at := commits(w)[0].At; at != 300 {
		t.Errorf("the commit is kept with the instant %d, want 300", at)
	}
}

func TestWakeIsANanosecondAfterTheDeadline(t *testing.T) {
	w := newWorld(t, loop.Options{})
	_, m := w.desk("a", func(m *fakeMachine) { m.arm(200, 300) })
	if w.out.Wake != 201 {
		t.Fatalf("wake at %d, want 201", w.out.Wake)
	}
	w.now = 200
	w.want(w.step(loop.In{}))
	w.now = 201
	w.want(w.step(loop.In{}), "commit 1: a(0-1]")
	if w.out.Wake != 301 {
		t.Errorf("wake at %d, want 301", w.out.Wake)
	}
	wantLog(t, m, "201 desk.tick")
}

func TestWakeIsTheEarliestOfAllDesks(t *testing.T) {
	w := newWorld(t, loop.Options{})
	w.desk("a", func(m *fakeMachine) { m.arm(500) })
	_, b := w.desk("b", func(m *fakeMachine) { m.arm(300) })
	w.desk("c")
	if w.out.Wake != 301 {
		t.Errorf("wake at %d, want 301", w.out.Wake)
	}
	w.now = 301
	w.step(loop.In{})
	if w.out.Wake != 501 {
		t.Errorf("wake at %d after the first deadline, want 501", w.out.Wake)
	}
	wantLog(t, b, "301 desk.tick")
}

func TestDeadlinesFireBeforeCommandsOfTheSameRound(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a", func(m *fakeMachine) { m.arm(200) })
	w.now = 300
	w.want(w.work(a, "x", create("1")), "commit 1: a(0-2]")
	wantLog(t, m, "300 desk.tick", "300 ticket.create")
}

func TestOverdueDeadlineOfFiveSecondsIsAnOutage(t *testing.T) {
	tests := []struct {
		name string
		late core.Instant
		want []string
	}{
		{"almost", 5*second - 1, []string{"5000000099 desk.tick"}},
		{"exactly", 5 * second, []string{"5000000100 desk.outage 100-5000000100", "5000000100 desk.tick"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, loop.Options{})
			w.now = 1
			_, m := w.desk("a", func(m *fakeMachine) { m.arm(100) })
			w.now = 100 + test.late
			w.step(loop.In{})
			wantLog(t, m, test.want...)
		})
	}
}

func TestOutageComesBeforeTheCommandThatFindsIt(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a", func(m *fakeMachine) { m.arm(200) })
	w.now = 10 * second
	w.work(a, "x", create("1"))
	wantLog(t, m, "10000000000 desk.outage 200-10000000000", "10000000000 desk.tick", "10000000000 ticket.create")
}

func TestStoreThatStandsStillIsAnOutage(t *testing.T) {
	w := newWorld(t, loop.Options{GroupBytesMax: 1}) // each command fills a group
	a, m := w.desk("a", func(m *fakeMachine) { m.arm(200) })
	w.work(a, "1", create("1"), create("2"), create("3"))
	for w.out.More {
		w.step(loop.In{})
	}
	w.now = 20 * second
	w.want(w.step(loop.In{})) // the deadline has passed, but nothing can be applied
	w.durable()
	wantLog(t, m, "100 ticket.create", "100 ticket.create", "100 ticket.create",
		"20000000000 desk.outage 200-20000000000", "20000000000 desk.tick")
}

func TestIdlenessIsNoOutage(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a")
	w.work(a, "x", create("1"))
	w.durable()
	w.now = 1_000_000 * second
	w.work(a, "y", create("2"))
	wantLog(t, m, "100 ticket.create", "1000000000000000 ticket.create")
}

func TestDeskThatWasLeftAloneIsToldWhenOpened(t *testing.T) {
	changedAt := func(at core.Instant, seq core.Seq) func(*fakeMachine) {
		return func(m *fakeMachine) { m.now, m.seq = at, seq }
	}
	tests := []struct {
		name string
		desk func(*fakeMachine)
		opts loop.Options
		want []string
	}{
		{"for five seconds", changedAt(95*second, 7), loop.Options{}, []string{"100000000000 desk.outage 95000000000-100000000000"}},
		{"for less", changedAt(95*second+1, 7), loop.Options{}, nil},
		{"a new desk", changedAt(0, 0), loop.Options{}, nil},
		{"in a replay", changedAt(95*second, 7), loop.Options{TimeFromInputs: true}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.opts)
			w.now = 100 * second
			_, m := w.desk("a", test.desk)
			wantLog(t, m, test.want...)
		})
	}
}

func TestOutageAtOpeningComesBeforeOverdueDeadlines(t *testing.T) {
	w := newWorld(t, loop.Options{})
	w.now = 100 * second
	_, m := w.desk("a", func(m *fakeMachine) { m.now, m.seq = 50*second, 3; m.arm(60 * second) })
	wantLog(t, m, "100000000000 desk.outage 50000000000-100000000000", "100000000000 desk.tick")
}

func TestTimeFromInputsNeverTicks(t *testing.T) {
	w := newWorld(t, loop.Options{TimeFromInputs: true})
	a, m := w.desk("a", func(m *fakeMachine) { m.arm(200) })
	w.now = 1000 * second
	w.want(w.step(loop.In{}))
	if w.out.Wake != 0 {
		t.Errorf("wake at %d, want never", w.out.Wake)
	}
	w.ask(a, "reader", loop.AskSnapshot)
	w.step(loop.In{Work: []loop.Work{{Desk: a, Token: "x", Inputs: []core.Input{
		{At: 150, Command: create("1")}, {At: 120, Command: create("2")}, {At: 201, Command: create("3")},
	}}}})
	wantLog(t, m, "150 ticket.create", "150 ticket.create", "201 ticket.create")
}

func TestMachineThatDoesNotServeItsDeadlinesBreaksTheContract(t *testing.T) {
	w := newWorld(t, loop.Options{})
	m := stuckMachine{newFake("a")}
	a := loop.NewDesk("a", m.fakeMachine, m, m.Publish())
	defer func() {
		if recover() == nil {
			t.Error("the loop would step for ever")
		}
	}()
	w.step(loop.In{Opened: []*loop.Desk{a}})
}

// stuckMachine has a deadline that never fires.
type stuckMachine struct{ *fakeMachine }

func (stuckMachine) Next() (core.Instant, bool) { return 1, true }
