package persist_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/persist"
)

func group(commits ...persist.DeskCommit) persist.Group { return persist.Group{Commits: commits} }

func step(desk string, expect, seq uint64) persist.DeskCommit {
	return persist.DeskCommit{Desk: desk, Expect: expect, Seq: seq}
}

func TestLedgerRestores(t *testing.T) {
	l := persist.NewLedger()
	l.RestoreEpoch(3, 41)
	l.RestoreDesk("a", 7)
	lease := l.Raise(3)
	if lease.Partition() != 3 || lease.Epoch() != 42 {
		t.Errorf("raised %v, want partition 3, epoch 42", lease)
	}
	if err := l.Admit(lease, group(step("a", 7, 9), step("b", 0, 1))); err != nil {
		t.Errorf("admit: %v", err)
	}
	if err := l.Admit(lease, group(step("a", 7, 9))); !errors.Is(err, persist.ErrFenced) {
		t.Errorf("a group that builds on what was restored, after another did: %v", err)
	}
}

func TestLedgerRefusalChangesNoDesk(t *testing.T) {
	l := persist.NewLedger()
	if err := l.Admit(l.Raise(1), group(step("a", 0, 5), step("b", 1, 2))); !errors.Is(err, persist.ErrFenced) {
		t.Fatalf("admit: %v", err)
	}
	if err := l.Admit(l.Raise(1), group(step("a", 0, 5), step("b", 0, 1), step("a", 5, 6))); !errors.Is(err, persist.ErrInvalid) {
		t.Fatalf("admit: %v", err)
	}
	if err := l.Admit(l.Raise(1), group(step("a", 0, 1), step("b", 0, 1))); err != nil {
		t.Errorf("the desks no longer stand at 0: %v", err)
	}
}

func TestLedgerKeepsStoresApart(t *testing.T) {
	one, two := persist.NewLedger(), persist.NewLedger()
	foreign := two.Raise(1)
	one.Raise(1)
	for _, lease := range []persist.Lease{foreign, nil} {
		if err := one.Admit(lease, group(step("a", 0, 1))); !errors.Is(err, persist.ErrFenced) {
			t.Errorf("lease %v was admitted: %v", lease, err)
		}
		one.End(lease, errors.New("nobody's business"))
	}
	if err := two.Admit(foreign, group(step("a", 0, 1))); err != nil {
		t.Errorf("the lease was ended by another ledger: %v", err)
	}
}

// TestLedgerAdmitsOneHistory draws leaders and groups, right and wrong, and
// compares with two maps: who leads, and where each desk stands.
func TestLedgerAdmitsOneHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ledger := persist.NewLedger()
		leader, stands := map[persist.Partition]persist.Lease{}, map[string]uint64{}
		var leases []persist.Lease
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if len(leases) == 0 || rapid.IntRange(0, 4).Draw(t, "lead") == 0 {
				p := persist.Partition(rapid.IntRange(1, 2).Draw(t, "partition"))
				leader[p] = ledger.Raise(p)
				leases = append(leases, leader[p])
				continue
			}
			by := rapid.SampledFrom(leases).Draw(t, "lease")
			g, right := drawGroup(t, stands)
			right = right && leader[by.Partition()] == by
			err := ledger.Admit(by, g)
			if (err == nil) != right {
				t.Fatalf("lease %v, group %+v: %v, want admitted: %t", by, g, err, right)
			}
			if right {
				for _, c := range g.Commits {
					stands[c.Desk] = c.Seq
				}
			} else if leader[by.Partition()] == by {
				leader[by.Partition()] = nil // the refusal ended the lease
			}
		}
	})
}

func drawGroup(t *rapid.T, stands map[string]uint64) (g persist.Group, right bool) {
	right, seen := true, map[string]bool{}
	for range rapid.IntRange(0, 4).Draw(t, "commits") {
		desk := fmt.Sprint("desk ", rapid.IntRange(1, 6).Draw(t, "desk"))
		off := rapid.SampledFrom([]uint64{0, 0, 0, 0, 0, 0, 1}).Draw(t, "off")
		expect := stands[desk] + off
		right = right && off == 0 && !seen[desk]
		seen[desk] = true
		g.Commits = append(g.Commits, step(desk, expect, expect+rapid.Uint64Range(0, 3).Draw(t, "entries")))
	}
	return g, right
}
