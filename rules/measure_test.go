package rules

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/compiler"
)

// hoard is facts as large as small limits allow.
type hoard struct {
	Subject string         `expr:"subject"`
	Tags    []string       `expr:"tags"`
	Notes   []note         `expr:"notes"`
	Fields  map[string]any `expr:"fields"`
	Amount  float64        `expr:"amount"`
}

type note struct {
	Author string `expr:"author"`
	Public bool   `expr:"public"`
}

var hoardLimits = Options{TextBytesMax: 1_000, ElementsMax: 20}

func newHoard() *hoard {
	h := &hoard{Subject: strings.Repeat("Aé", 333), Fields: map[string]any{"n": 7, "s": strings.Repeat("b", 900)}, Amount: 1.5}
	var list []any
	for i := range 20 {
		h.Tags = append(h.Tags, strings.Repeat("t", 40+i%10))
		h.Notes = append(h.Notes, note{strings.Repeat("n", 45), i%2 == 0})
		list = append(list, strings.Repeat("l", 40))
	}
	h.Fields["list"] = list
	return h
}

// tally is the nodes that an evaluation goes through: those of each predicate as often as it is evaluated.
type tally struct {
	outside int64
	nodes   []int64 // of predicates
	times   []int64
}

func (t *tally) steps() int64 {
	total := t.outside
	for i, nodes := range t.nodes {
		total += nodes * t.times[i]
	}
	return total
}

// instrument makes every predicate below node count its evaluations, and returns the nodes that lie in none.
func (t *tally) instrument(node ast.Node) int64 {
	n := int64(1)
	for _, child := range children(node) {
		p, ok := (*child).(*ast.PredicateNode)
		if !ok {
			n += t.instrument(*child)
			continue
		}
		id := len(t.nodes)
		t.nodes, t.times = append(t.nodes, 0), append(t.times, 0)
		t.nodes[id] = t.instrument(p.Node)
		tick := &ast.CallNode{Callee: &ast.IdentifierNode{Value: "tick"}, Arguments: []ast.Node{&ast.IntegerNode{Value: id}}}
		p.Node = &ast.VariableDeclaratorNode{Name: fmt.Sprintf("$tick%d", id), Value: tick, Expr: p.Node}
	}
	return n
}

// FuzzBounds: an evaluation of an accepted source takes no more steps than were calculated, and allocates no more than the
// texts and lists that were calculated and what so many steps can.
func FuzzBounds(f *testing.F) {
	for _, seed := range []string{
		`any(tags, any(notes, .author == #))`, `reduce(1..4000, #acc + subject, "") == ""`, `repeat(repeat("x", 900000), 900) == ""`,
		`let a = subject + subject; let b = a + a; let c = b + b; c + c == ""`, `len(map(tags, map(tags, map(tags, #)))) > 1`,
		`map(map(tags, # + #), # + #) == tags`, `any(fields.list, any(#, true))`, `filter(1..1000, # % 2 == 0) == map(1..500, # * 2)`,
		`any(tags, upper(subject) + lower(#) == subject)`, `count(map(1..1000, subject + string(#)), # contains "x") > 0`,
		`any(1..1000, subject matches "(a|b)*c")`, `max(map(tags, len(#))) > sum(map(notes, len(.author)))`, `sum(tags, len(#)) > 3`,
		`all(map(tags, tags), all(#, # in tags))`, `let m = map(1..100, tags); any(m, any(#, # == ""))`, `tags[1:][2:] == tags`,
		`indexOf(subject, "x") + lastIndexOf(subject, "y") == 3`, `string(amount) + string(fields.n) == trim(subject, "A")`,
		`filter(1..0, 0 != 0) != max(0..0, 0)`,
		`find(tags, findIndex(tags, # == "") == 3) == findLast(tags, none(tags, one(tags, #index == 2)))`, `one(map(tags, map(tags, subject + #)), true)`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		l, found := newLanguage(reflect.TypeFor[hoard](), hoardLimits)
		if len(found) > 0 {
			t.Fatal(found)
		}
		if _, found := l.compile(source); len(found) > 0 {
			return
		}
		tree, _ := l.parse(source)
		if found := l.resolve(tree); len(found) > 0 {
			t.Fatal(found)
		}
		bound, counted := l.cost(tree.Node), tally{}
		counted.outside = counted.instrument(tree.Node)
		l.config.Functions["tick"] = &builtin.Function{
			Name:  "tick",
			Func:  func(args ...any) (any, error) { counted.times[args[0].(int)]++; return 0, nil },
			Types: []reflect.Type{reflect.TypeFor[func(any) int]()},
		}
		if found := l.lift(tree); len(found) > 0 {
			t.Fatal(found)
		}
		program, err := compiler.Compile(tree, l.config)
		if err != nil {
			t.Fatal(err)
		}
		scratch, facts := new(Scratch), newHoard()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = scratch.run(program, facts) // a failure ends an evaluation early
		runtime.ReadMemStats(&after)
		if got := counted.steps(); got > bound.steps {
			t.Errorf("%q takes %d steps, calculated are %d", source, got, bound.steps)
		}
		if got, most := int64(after.TotalAlloc-before.TotalAlloc), 64<<10+bound.peak+512*bound.steps; got > most {
			t.Errorf("%q allocates %d bytes, calculated are %d", source, got, most)
		}
	})
}

// TestCost pins what steps and bytes are.
func TestCost(t *testing.T) {
	for source, want := range map[string]struct{ steps, peak int64 }{
		`amount > 1`:               {3, 0},
		`subject == "x"`:           {3, 0},
		`subject contains "x"`:     {3 + 1_001/64, 0},
		`subject matches "x+"`:     {3 + 1_000*3/64, 0},
		`lower(subject) == "x"`:    {5 + 3_000/64, 3_000},
		`any(tags, # == "x")`:      {2 + 20*5, 0},
		`"x" in tags`:              {3 + 20, 0},
		`subject + subject == "x"`: {5 + 2_000/64, 2_000},
		`lower(subject) == "a" or lower(subject) == "b"`: {11 + 2*(3_000/64), 3_000},
		`map(tags, lower(#)) == []`:                      {0, 20 * (16 + 3_000)},
		`filter(tags, true) == []`:                       {0, 20 * 16},
	} {
		l, _ := newLanguage(reflect.TypeFor[hoard](), hoardLimits)
		tree, found := l.parse(source)
		if found = append(found, l.resolve(tree)...); len(found) > 0 {
			t.Fatal(found)
		}
		got := l.cost(tree.Node)
		if want.steps != 0 && got.steps != want.steps || got.peak != want.peak {
			t.Errorf("%s: %d steps, %d bytes; want %d, %d", source, got.steps, got.peak, want.steps, want.peak)
		}
	}
}
