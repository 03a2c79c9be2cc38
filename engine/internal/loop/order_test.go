package loop_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/engine/internal/loop"
	"github.com/yardmaster/yardmaster/persist"
)

func TestDurableGroupIsPublishedFoldedFedAnsweredInThatOrder(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	b, _ := w.desk("b")
	got := w.step(loop.In{Work: []loop.Work{
		{Desk: a, Token: "x", Inputs: inputs(create("1"), create("2"))},
		{Desk: b, Token: "y", Inputs: inputs(create("1"))},
	}})
	w.want(got, "commit 1: a(0-2] b(0-1]")
	w.want(w.durable(),
		"publish a@2", "publish b@1",
		"fold a 1-2", "fold b 1-1",
		"feed a 1-2", "feed b 1-1",
		"answer x[0] seq 1", "answer x[1] seq 2", "answer y[0] seq 1",
		"durable 1: 3 commands",
	)
}

func TestNothingIsVisibleOrAnsweredBeforeItIsDurable(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.want(w.work(a, "x", create("1")), "commit 1: a(0-1]")
	w.want(w.step(loop.In{}))
	w.want(w.ask(a, "reader", loop.AskSnapshot))
	if !slices.Contains(w.durable(), "answer x[0] seq 1") {
		t.Error("the answer did not come with the durable group")
	}
}

func TestGroupIsSentAsSoonAsFewerThanTwoAreInFlight(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.want(w.work(a, "1", create("1")), "commit 1: a(0-1]")
	w.want(w.work(a, "2", create("2")), "commit 2: a(1-2]")
	w.want(w.work(a, "3", create("3")))
	w.want(w.work(a, "4", create("4")))
	w.want(w.durable(),
		"publish a@1", "fold a 1-1", "feed a 1-1", "answer 1[0] seq 1", "durable 1: 1 commands",
		"commit 3: a(2-4]")
}

func TestGroupClosesAt1024Commands(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a")
	w.work(a, "1", create("1"))
	w.work(a, "2", create("2"))
	w.work(a, "3", many(3000)...)
	for w.out.More {
		w.want(w.step(loop.In{}))
	}
	if got := len(m.log); got != 2+loop.GroupCommandsMax {
		t.Errorf("with two groups in flight %d commands were applied, want %d", got, 2+loop.GroupCommandsMax)
	}
	got := w.durable()
	if last, want := got[len(got)-1], "commit 3: a(2-1026]"; last != want {
		t.Errorf("after a group settled: %q, want %q", last, want)
	}
}

func TestGroupClosesAt1MiB(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a")
	w.work(a, "1", create("1"))
	w.work(a, "2", create("2"))
	var long []core.Command
	for range 100 {
		long = append(long, core.AddMessage{Ticket: "1", Text: strings.Repeat("x", 64<<10)})
	}
	w.want(w.work(a, "3", long...))
	if got := len(m.log) - 2; got != 16 {
		t.Errorf("%d commands of 64 KiB were applied to one group, want 16", got)
	}
	if w.out.More {
		t.Error("the loop wants to step although nothing can be applied")
	}
}

func TestStoreWithSmallLimitsGetsSmallGroups(t *testing.T) {
	const bytesMax = 4 << 10
	w := newWorld(t, loop.Options{GroupBytesMax: bytesMax})
	a, m := w.desk("a")
	w.work(a, "1", many(100)...)
	groups := 0
	for {
		for _, c := range commits(w) {
			groups++
			if n := len(c.Journal); n == 0 || n > bytesMax {
				t.Errorf("group %d has a journal of %d bytes, want at most %d", groups, n, bytesMax)
			}
		}
		if !w.out.More {
			break
		}
		w.step(loop.In{})
	}
	if groups != loop.InFlightMax || len(m.log) == 100 {
		t.Errorf("%d groups with %d commands, want %d and the rest waiting", groups, len(m.log), loop.InFlightMax)
	}
}

func commits(w *world) (list []persist.DeskCommit) {
	for _, e := range w.out.Effects {
		if c, ok := e.(loop.Commit); ok {
			list = append(list, c.Group.Commits...)
		}
	}
	return list
}

func TestRoundTakesAtMost256CommandsOfADeskAndDesksTakeTurns(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	b, _ := w.desk("b")
	got := w.step(loop.In{Work: []loop.Work{
		{Desk: a, Token: "x", Inputs: inputs(many(600)...)},
		{Desk: b, Token: "y", Inputs: inputs(create("1"))},
	}})
	w.want(got, "commit 1: a(0-256] b(0-1]")
	w.want(w.step(loop.In{}), "commit 2: a(256-512]")
}

func TestSnapshotIsTakenBeforeTheNextGroupsFirstCommand(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.work(a, "1", create("1"))
	w.work(a, "2", create("2"), create("3"))
	w.work(a, "3", create("4"))
	for i, want := range []string{"publish a@1", "publish a@3", "publish a@4"} {
		if got := w.durable()[0]; got != want {
			t.Errorf("group %d: %q, want %q", i+1, got, want)
		}
	}
}

func TestRejectionIsAnsweredAtOnceIfAllItSawIsDurable(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	b, _ := w.desk("b")
	w.want(w.work(a, "x", refused(), empty()), "answer x[0] seq 0 rejected", "answer x[1] seq 0 empty")
	w.want(w.work(b, "other desk", create("1")), "commit 1: b(0-1]")
	w.want(w.work(a, "y", refused()), "answer y[0] seq 0 rejected")
}

func TestRejectionWaitsForTheGroupThatHoldsWhatItSaw(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.want(w.work(a, "1", create("1")), "commit 1: a(0-1]")
	w.want(w.work(a, "saw 1", refused(), empty()))
	w.want(w.work(a, "2", create("2")), "commit 2: a(1-2]")
	w.want(w.work(a, "saw 2", refused()))
	w.want(w.work(a, "3", create("3"), refused()))
	w.want(w.durable(),
		"publish a@1", "fold a 1-1", "feed a 1-1",
		"answer 1[0] seq 1", "answer saw 1[0] seq 1 rejected", "answer saw 1[1] seq 1 empty",
		"durable 1: 1 commands",
		"commit 3: a(2-3]")
	w.want(w.durable(),
		"publish a@2", "fold a 2-2", "feed a 2-2",
		"answer 2[0] seq 2", "answer saw 2[0] seq 2 rejected",
		"durable 2: 1 commands")
	w.want(w.durable(),
		"publish a@3", "fold a 3-3", "feed a 3-3",
		"answer 3[0] seq 3", "answer 3[1] seq 3 rejected",
		"durable 3: 1 commands")
}

func TestRepeatedKeyWaitsForItsFirstAnswerToBeDurable(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	again := loop.In{Work: []loop.Work{{Desk: a, Token: "x", Inputs: []core.Input{{Key: "k", Command: create("1")}}}}}
	w.want(w.step(again), "commit 1: a(0-1]")
	w.want(w.step(again))
	got := w.durable()
	if !slices.Contains(got, "answer x[0] seq 1 replay 1") {
		t.Errorf("effects %q tell no replay", got)
	}
	w.want(w.step(again), "answer x[0] seq 1 replay 1")
}

func TestTracelessCommandsDoNotFillAGroup(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	for range 10 {
		w.work(a, "x", slices.Repeat([]core.Command{refused()}, 256)...)
	}
	w.want(w.work(a, "y", create("1")), "commit 1: a(0-1]")
}

func TestFailedGroupEndsTheLoop(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	b, _ := w.desk("b")
	w.work(a, "1", create("1"))
	w.work(a, "2", create("2"), refused())
	w.work(a, "3", create("3"))
	w.ask(b, "reader", loop.AskSnapshot)
	w.work(b, "4", many(2000)...)
	for w.out.More {
		w.step(loop.In{})
	}
	w.ask(a, "reader of a", loop.AskQueues)
	w.sent++
	got := w.step(loop.In{Settled: []loop.Settled{{Number: 1, Err: errors.New("disk full")}}})
	w.want(got[:4],
		"answer 1[0] error disk full",
		"answer 2[0] error disk full", "answer 2[1] error disk full",
		"answer 3[0] error disk full")
	if n := len(got); n != 4+2000+1 || got[n-1] != "view reader of a error disk full" {
		t.Errorf("%d effects, last %q; want every command and question answered", n, got[n-1])
	}
	if w.out.Err == nil || w.out.More {
		t.Errorf("Err %v, More %v after the failure", w.out.Err, w.out.More)
	}
	w.want(w.durable()) // the second group's outcome no longer counts
	w.want(w.work(b, "5", create("1")), "answer 5[0] error disk full")
	w.want(w.ask(b, "late", loop.AskDigest), "view late error disk full")
	w.step(loop.In{Close: true})
	if !w.out.Drained {
		t.Error("a failed loop does not close")
	}
}

func TestCloseDrains(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.step(loop.In{Close: true, Work: []loop.Work{{Desk: a, Token: "x", Inputs: inputs(many(300)...)}}})
	for i := 0; !w.out.Drained; i++ {
		switch {
		case i > 10:
			t.Fatal("the loop does not drain")
		case w.out.More:
			w.step(loop.In{})
		default:
			w.durable()
		}
	}
	if w.sent != 2 {
		t.Errorf("drained after %d groups, want 2", w.sent)
	}
}

func TestQuestionsAreAnsweredWhenWhatTheySeeIsDurable(t *testing.T) {
	for _, ask := range []loop.Ask{loop.AskSnapshot, loop.AskQueues, loop.AskDigest} {
		t.Run(ask.String(), func(t *testing.T) {
			w := newWorld(t, loop.Options{})
			a, _ := w.desk("a")
			view := func(token string, seq int) string {
				if ask == loop.AskDigest {
					return fmt.Sprintf("view %s digest %d of seq %d", token, seq, seq)
				}
				return fmt.Sprintf("view %s %s", token, ask)
			}
			w.want(w.ask(a, "idle", ask), view("idle", 0))
			w.work(a, "1", create("1"))
			w.want(w.ask(a, "in flight", ask))
			w.work(a, "2", create("2"))
			w.work(a, "3", create("3"))
			w.want(w.ask(a, "open", ask))
			w.work(a, "4", create("4"))
			for group, want := range [][]string{{view("in flight", 1)}, nil, {view("open", 4)}} {
				var views []string
				for _, line := range w.durable() {
					if strings.HasPrefix(line, "view") {
						views = append(views, line)
					}
				}
				if diff := cmp.Diff(want, views); diff != "" {
					t.Errorf("group %d (-want +got):\n%s", group+1, diff)
				}
			}
		})
	}
}

func TestQuestionsShowTheStateOfTheirGroup(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, m := w.desk("a")
	seen := func() (snapshot, queues core.Seq) {
		for _, e := range w.out.Effects {
			views, _ := e.(loop.Views)
			for _, v := range views {
				snapshot, queues = max(snapshot, m.seen[v.Snapshot]), max(queues, m.queues[v.Queues])
			}
		}
		return snapshot, queues
	}
	w.work(a, "1", create("1"))
	w.ask(a, "s", loop.AskSnapshot)
	w.ask(a, "q", loop.AskQueues)
	w.work(a, "2", create("2"))
	w.durable()
	if s, q := seen(); s != 1 || q != 1 {
		t.Errorf("asked in flight: snapshot of %d, queues of %d; want 1", s, q)
	}
	w.durable()
	w.ask(a, "s", loop.AskSnapshot)
	if s, _ := seen(); s != 2 {
		t.Errorf("asked when idle: snapshot of %d, want 2", s)
	}
}

func TestBrokenInvariantLeavesNothingUnanswered(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	b, _ := w.desk("b")
	w.work(a, "1", create("1"))
	panicked := func() (broken any) {
		defer func() { broken = recover() }()
		w.step(loop.In{Work: []loop.Work{
			{Desk: a, Token: "2", Inputs: inputs(create("2"), core.CloseTicket{Ticket: "2"}, create("3"))},
			{Desk: b, Token: "3", Inputs: inputs(create("1"))},
		}})
		return nil
	}()
	if panicked == nil {
		t.Fatal("the machine did not panic")
	}
	w.loop.Fail(errors.New("broken"), &w.out)
	w.want(tell(w.out.Effects),
		"answer 1[0] error broken", "answer 2[0] error broken", "answer 2[1] error broken",
		"answer 2[2] error broken", "answer 3[0] error broken")
}

func TestRowThatCannotBeEncodedEndsTheLoop(t *testing.T) {
	w := newWorld(t, loop.Options{})
	m := &brokenRows{newFake("a")}
	a := loop.NewDesk("a", m.fakeMachine, m, m.Publish())
	got := w.step(loop.In{Opened: []*loop.Desk{a}, Work: []loop.Work{{Desk: a, Token: "x", Inputs: inputs(create("1"))}}})
	w.want(got, `answer x[0] error loop: encode desk "a": row is broken`)
}

// brokenRows is a machine whose rows cannot be encoded.
type brokenRows struct{ *fakeMachine }

func (m *brokenRows) Apply(in core.Input) core.Result {
	res := m.fakeMachine.Apply(in)
	for i := range res.Rows {
		res.Rows[i].Value = brokenRow{}
	}
	return res
}

type brokenRow struct{}

func (brokenRow) AppendBinary([]byte) ([]byte, error) { return nil, errors.New("row is broken") }

func TestRowsAreCoalescedAndEncodedOnce(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.step(loop.In{Work: []loop.Work{{Desk: a, Token: "x", Inputs: []core.Input{
		{Command: create("1")}, {Key: "k1", Command: create("2")}, {Command: solve("1")}, {Key: "k2", Command: solve("1")},
	}}}})
	var got []string
	c := commits(w)[0]
	for _, r := range c.Rows {
		got = append(got, fmt.Sprintf("%c %s=%s", r.Kind, r.ID, r.Value))
	}
	if diff := cmp.Diff([]string{"t 1=1@4", "t 2=2@2"}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	keys, err := core.DecodeKeys(c.Header)
	if err != nil || len(keys) != 2 || keys[0].Seq != 2 || keys[1].Seq != 4 {
		t.Errorf("keys %+v, %v; want those of sequences 2 and 4", keys, err)
	}
	if c.Expect != 0 || c.Seq != 4 || c.At != 100 {
		t.Errorf("commit (%d-%d] at %d, want (0-4] at 100", c.Expect, c.Seq, c.At)
	}
}

func TestSettledOutOfOrderBreaksTheContract(t *testing.T) {
	w := newWorld(t, loop.Options{})
	a, _ := w.desk("a")
	w.work(a, "1", create("1"))
	w.work(a, "2", create("2"))
	defer func() {
		if recover() == nil {
			t.Error("group 2 settled before group 1, and nothing was said")
		}
	}()
	w.step(loop.In{Settled: []loop.Settled{{Number: 2}}})
}
