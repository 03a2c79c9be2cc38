package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

func TestOptionsReportEveryProblem(t *testing.T) {
	broken := pullDesk()
	broken.Queues[0].Groups = []core.GroupID{"nobody"}
	tests := []struct {
		name string
		opts engine.Options
		want []string
	}{
		{"zero", engine.Options{}, nil},
		{"bounds", engine.Options{Partitions: 1024, InboxMax: 1 << 20, Config: pullDesk()}, nil},
		{"all at once", engine.Options{Partitions: -1, InboxMax: 1 << 21, Folds: []engine.Fold{nil}, TimeFromInputs: true, Config: broken},
			[]string{"Partitions is -1", "InboxMax is 2097152, not within 0 to 1048576", "Folds[0] is nil", "TimeFromInputs", "nobody"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.opts.Validate()
			if (err != nil) != (test.want != nil) || err != nil && !errors.Is(err, engine.ErrOptions) {
				t.Fatalf("Validate: %v", err)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is missing in:\n%v", part, err)
				}
			}
		})
	}
	_, err := engine.Open(testContext(t), persist.NewMemory(), engine.Options{Config: broken})
	var problems core.Problems
	if !errors.As(err, &problems) || len(problems) != 1 {
		t.Errorf("Open with a broken configuration: %v, want its problems", err)
	}
}

func TestDeskIDs(t *testing.T) {
	e := open(t, persist.NewMemory(), engine.Options{})
	for id, ok := range map[string]bool{
		"default": true, "Ünïcode desk 1": true, strings.Repeat("x", 128): true,
		"": false, " a": false, "a ": false, "a\nb": false, "a\x7f": false, "\xff": false, strings.Repeat("x", 129): false,
	} {
		d, err := e.Desk(testContext(t), id)
		switch {
		case ok && (err != nil || d.ID() != id):
			t.Errorf("%q: %v", id, err)
		case !ok && !errors.Is(err, engine.ErrDeskID):
			t.Errorf("%q: %v, want ErrDeskID", id, err)
		}
	}
}

func TestDeskIsReadOnceHoweverManyAsk(t *testing.T) {
	opened := make(chan engine.DeskOpened, 100)
	e := open(t, persist.NewMemory(), engine.Options{Observer: engine.Observer{DeskOpened: func(d engine.DeskOpened) { opened <- d }}})
	desks := make([]*engine.Desk, 50)
	var group sync.WaitGroup
	for i := range desks {
		group.Go(func() { desks[i], _ = e.Desk(testContext(t), "busy") })
	}
	group.Wait()
	for _, d := range desks {
		if d != desks[0] {
			t.Fatal("two desks of one name")
		}
	}
	if len(opened) != 1 {
		t.Errorf("read %d times, want once", len(opened))
	}
}

// unreadable is a store whose first read of a desk fails.
type unreadable struct {
	persist.Store
	once sync.Once
}

func (s *unreadable) Load(ctx context.Context, desk string, fn func(persist.Row) error) (state persist.State, err error) {
	s.once.Do(func() { err = errDisk })
	if err != nil {
		return persist.State{}, err
	}
	return s.Store.Load(ctx, desk, fn)
}

func TestDeskThatCouldNotBeReadIsReadAgain(t *testing.T) {
	e := open(t, &unreadable{Store: persist.NewMemory()}, engine.Options{})
	if _, err := e.Desk(testContext(t), "a"); !errors.Is(err, errDisk) {
		t.Errorf("first: %v, want the store's error", err)
	}
	if _, err := e.Desk(testContext(t), "a"); err != nil {
		t.Errorf("second: %v", err)
	}
}

func TestConfigurationIsAppliedOnlyIfItDiffers(t *testing.T) {
	store := persist.NewMemory()
	e, d := openDesk(t, store, pullDesk())
	_, version := d.Snapshot().Config()
	closeEngine(t, e)

	_, d = openDesk(t, store, pullDesk())
	if _, same := d.Snapshot().Config(); same != version {
		t.Errorf("version %d after opening with the same configuration, want %d", same, version)
	}
	reply, err := d.Configure(testContext(t), 0, offerDesk())
	if _, next := d.Snapshot().Config(); err != nil || reply.Rejection != nil || next != version+1 {
		t.Errorf("version %d after another configuration, want %d (%+v, %v)", next, version+1, reply, err)
	}
	broken := pullDesk()
	broken.Zone = "Atlantis/Capital"
	var problems core.Problems
	if _, err := d.Configure(testContext(t), 0, broken); !errors.As(err, &problems) {
		t.Errorf("a broken configuration: %v, want its problems", err)
	}
	reply, err = d.Submit(testContext(t), engine.Request{Command: core.ApplyConfig{Config: broken}})
	if err != nil || reply.Rejection == nil {
		t.Errorf("a broken configuration as a command: %+v, %v; want a rejection", reply, err)
	}
	reply, err = d.Submit(testContext(t), engine.Request{Command: core.ApplyConfig{}})
	if err != nil || reply.Rejection == nil {
		t.Errorf("no configuration as a command: %+v, %v; want a rejection", reply, err)
	}
}

func TestManyDesksShareAnEngineAndNothingElse(t *testing.T) {
	const desks, tickets = 100, 20
	store := persist.NewMemory()
	folded := &fold{}
	e := open(t, store, engine.Options{Partitions: 3, Folds: []engine.Fold{folded}})
	var want []string
	var group sync.WaitGroup
	for i := range desks {
		id := fmt.Sprintf("desk %03d", i)
		want = append(want, id)
		group.Go(func() {
			d, err := e.Desk(testContext(t), id)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := d.Configure(testContext(t), 0, pullDesk()); err != nil {
				t.Error(err)
			}
			for n := range i%tickets + 1 {
				mustSubmit(t, d, create(n))
			}
		})
	}
	group.Wait()
	got, err := e.Desks(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("desks (-want +got):\n%s", diff)
	}
	for i, id := range want {
		snapshot := desk(t, e, id).Snapshot()
		if snapshot.Len() != i%tickets+1 {
			t.Errorf("%s has %d tickets, want %d", id, snapshot.Len(), i%tickets+1)
		}
		if err := dense(folded.of(id), 1, snapshot.Seq()); err != nil {
			t.Errorf("folds of %s: %v", id, err)
		}
	}
}

func TestCloseAnswersEverythingAccepted(t *testing.T) {
	disk := newLatch()
	store := persist.NewMemoryBehind(disk)
	e, d := openDesk(t, store, pullDesk())
	disk.hold()
	var batches []*engine.Batch
	for n := range 3000 {
		batch, err := d.Enqueue(testContext(t), []engine.Request{{Command: create(n)}})
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, batch)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := e.Close(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("close with an ended context: %v", err)
	}
	for what, err := range map[string]error{
		"submit":       second(d.Submit(testContext(t), engine.Request{Command: create(1)})),
		"enqueue wait": second(d.EnqueueWait(testContext(t), []engine.Request{{Command: create(1)}})),
		"fresh":        second(d.Fresh(testContext(t))),
		"desk":         second(e.Desk(testContext(t), "other")),
		"desks":        second(e.Desks(testContext(t))),
		"health":       e.Health(testContext(t)),
	} {
		if !errors.Is(err, engine.ErrClosed) {
			t.Errorf("%s after close: %v, want ErrClosed", what, err)
		}
	}
	disk.release(nil)
	closeEngine(t, e)
	closeEngine(t, e)
	for _, batch := range batches {
		answers, err := batch.Wait(testContext(t))
		if err != nil || answers[0].Err != nil || answers[0].Reply.Rejection != nil {
			t.Fatalf("answer %+v, %v", answers, err)
		}
	}
	if got := d.Snapshot().Len(); got != 3000 {
		t.Errorf("%d tickets after close, want 3000", got)
	}
}

func TestHealthIsThatOfTheStore(t *testing.T) {
	store := persist.NewMemory()
	e := open(t, store, engine.Options{})
	if err := e.Health(testContext(t)); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := e.Health(testContext(t)); !errors.Is(err, persist.ErrClosed) {
		t.Errorf("with a closed store: %v, want ErrClosed", err)
	}
}

func TestObserverIsToldOfGroups(t *testing.T) {
	groups := make(chan engine.GroupDurable, 100)
	e := open(t, persist.NewMemory(), engine.Options{
		Partitions: 1, Config: pullDesk(),
		Observer: engine.Observer{GroupDurable: func(g engine.GroupDurable) { groups <- g }},
	})
	d := desk(t, e, engine.DefaultDesk)
	mustSubmit(t, d, create(1))
	closeEngine(t, e)
	close(groups)
	commands := 0
	for g := range groups {
		commands += g.Commands
		if g.Bytes == 0 || g.Desks != 1 || g.Took < 0 {
			t.Errorf("group %+v", g)
		}
	}
	if commands != 2 {
		t.Errorf("%d commands in groups, want a configuration and a ticket", commands)
	}
}
