package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yardmaster/yardmaster/rules"
)

// rare is facts of types that helpdesks do not have, but that an embedder's struct may.
type rare struct {
	embedded
	*pointed
	Status  status            `expr:"status"`
	Small   int8              `expr:"small"`
	Big     uint64            `expr:"big"`
	Long    int64             `expr:"long"`
	Half    float32           `expr:"half"`
	Numbers []int             `expr:"numbers"`
	Floats  []float64         `expr:"floats"`
	Anys    []any             `expr:"anys"`
	Named   labels            `expr:"named"`
	Array   [2]string         `expr:"array"`
	Names   []*string         `expr:"names"`
	People  []*person         `expr:"people"`
	Words   map[string]string `expr:"words"`
	Any     any               `expr:"any_thing"`
	Far     **string          `expr:"far"`
	When    time.Time         `expr:"when"`
	Self    *rare             `expr:"self"`
}

type (
	labels   []string
	embedded struct {
		ID string `expr:"id"`
	}
	pointed struct {
		Code string `expr:"code"`
	}
)

// TestRareTypes: facts that closures and the index do not know, or know a little, match as on expr's machine.
func TestRareTypes(t *testing.T) {
	var list []rules.Rule[string]
	for _, when := range []string{
		`id == "a"`, `code == "b"`, `code == "b" and id == "a"`, `id == "a" and code contains "b"`, `small == 3`, `small > 2 and small in [3]`, `-small < 0`, `big == 7`,
		`big > 5 and long == 5`, `long in [5]`, `long * 2 == 10`, `half == 0.5`, `half in [0.5]`, `half < 1 and long > 1`, `3 in numbers`, `any(numbers, # > 2)`,
		`any(numbers, # == 3 or # < 0)`, `any(floats, # >= 1.5)`, `1.5 in floats`, `"a" in anys`, `any(anys, # == 2)`, `any(anys, # > 1)`, `any(anys, # == nil)`,
		`"a" in named`, `any(named, # == "a")`, `"a" in array`, `any(array, # startsWith "a")`, `any(names, # == "a")`, `any(people, .name == "kim")`,
		`any(people, .leader.name == "lee")`, `one(people, .tier == "gold" and .name != "")`, `words.a == "b"`, `words["x"] == ""`, `"a" in words`, `any_thing == "a"`,
		`any_thing.b == "c"`, `any_thing.b.c == 1`, `any_thing contains "a"`, `far == "z"`, `far startsWith "z"`, `self.self.id == "in"`, `self.code == "q"`,
		`self.numbers[0] == 1`, `any(self.numbers, # == 1)`, `"x" in self.anys`, `len(named) == 1 and len(words) == 1`, `self == nil`, `self != nil and self.small == 1`,
		`lower(id) == "a"`, `numbers == [3]`, `anys[0] == "a"`, `count(people, .name == "kim") > 0`, `not (self.id == "in")`,
	} {
		if _, err := rules.CompileCondition[rare](when, rules.Options{}); err != nil {
			t.Fatal(err)
		}
		list = append(list, rules.Rule[string]{Name: when, When: when})
	}
	plain, err := rules.Compile[rare](list, rules.Options{Linear: true})
	if err != nil {
		t.Fatal(err)
	}
	fast, err := rules.Compile[rare](list, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, z := "a", "z"
	pz := &z
	for i, facts := range []*rare{
		{},
		{
			embedded: embedded{"a"}, pointed: &pointed{"b"}, Status: "new", Small: 3, Big: 7, Long: 5, Half: 0.5, Numbers: []int{3}, Floats: []float64{1.5},
			Anys: []any{"a", 2, nil}, Named: labels{"a"}, Array: [2]string{"a", "b"}, Names: []*string{nil, &a},
			People: []*person{nil, {Name: "kim", Tier: "gold", Leader: &person{Name: "lee"}}}, Words: map[string]string{"a": "b"}, Any: "a", Far: &pz,
			Self: &rare{pointed: &pointed{"q"}, Numbers: []int{1}, Small: 1, Self: &rare{embedded: embedded{"in"}}},
		},
		{Big: 1<<64 - 1, Small: -128, Long: -5, Any: map[string]any{"b": "c"}, Far: new(*string), Self: &rare{Anys: []any{"x"}}, Anys: []any{2.0, "b"}},
		{Any: map[string]any{"b": map[string]any{"c": 1}}, Anys: []any{&a, labels{"a"}, 5}, Self: &rare{}},
		{Any: &person{Name: "x"}, Anys: []any{uint64(2), int8(2)}, Numbers: []int{-1}},
	} {
		want, got := *plain.Run(nil, facts, 0, nil), *fast.Run(nil, facts, 0, nil)
		got.Evaluated = want.Evaluated
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(rules.Changed{})); diff != "" {
			t.Errorf("facts %d (-linear +indexed):\n%s", i, diff)
		}
	}
}
