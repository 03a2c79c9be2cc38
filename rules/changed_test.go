package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/rules"
)

func TestPaths(t *testing.T) {
	want := []string{
		"ticket", "ticket.subject", "ticket.status", "ticket.priority", "ticket.load", "ticket.tags", "ticket.comments", "ticket.fields",
		"ticket.score", "ticket.vip", "event", "event.type", "event.from", "event.public", "requester", "requester.name", "requester.tier",
		"requester.leader", "requester.leader.name", "requester.leader.tier", "requester.leader.leader",
	}
	got := rules.Paths[desk]()
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	if last := got[len(got)-1]; last != "waited" {
		t.Errorf("the last path is %s", last)
	}
	for i, name := range got {
		if p, err := rules.PathOf[desk](name); err != nil || int(p) != i {
			t.Errorf("path of %s: %d, %v; want %d", name, p, err, i)
		}
	}
	_, err := rules.PathOf[desk]("ticket.hidden")
	if err == nil || err.Error() != `rules: find path "ticket.hidden": rules_test.desk has no such fact` {
		t.Errorf("got %v", err)
	}
}

// base is embedded: its fields count as those of the outer struct.
type base struct {
	ID string `expr:"id"`
}

type derived struct {
	base
	Plain   string
	Secret  string `expr:"-"`
	Renamed string `expr:"other"`
}

func TestPathsOfEmbeddedStructs(t *testing.T) {
	if diff := cmp.Diff([]string{"id", "Plain", "other"}, rules.Paths[derived]()); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	c, err := rules.CompileCondition[derived](`id == "a" and Plain == "b" and other == "c"`, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if held, err := c.Eval(nil, &derived{base: base{"a"}, Plain: "b", Renamed: "c"}); !held || err != nil {
		t.Errorf("got %v, %v", held, err)
	}
	if _, err := rules.CompileCondition[derived](`Secret == "a"`, rules.Options{}); err == nil {
		t.Error("a hidden field has a name")
	}
}

// Changed behaves as a set of numbers does.
func TestChangedIsASet(t *testing.T) {
	paths := rapid.SliceOf(rapid.IntRange(0, rules.PathsMax-1))
	rapid.Check(t, func(t *rapid.T) {
		a, b := paths.Draw(t, "a"), paths.Draw(t, "b")
		want := map[rules.Path]bool{}
		var first, second rules.Changed
		for _, p := range a {
			first, want[rules.Path(p)] = first.With(rules.Path(p)), true
		}
		for _, p := range b {
			second, want[rules.Path(p)] = second.With(rules.Path(p)), true
		}
		got := first.Union(second)
		for p := range rules.Path(rules.PathsMax) {
			if got.Has(p) != want[p] {
				t.Fatalf("path %d: %v, want %v", p, got.Has(p), want[p])
			}
		}
		if got.IsZero() != (len(want) == 0) || got != second.Union(first) || got.Union(rules.Everything()) != rules.Everything() {
			t.Fatal("not a set")
		}
	})
}
