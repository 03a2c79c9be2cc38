package rules

import (
	"fmt"
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

const (
	// factSize is the number of elements that a collection among the facts is taken to have.
	factSize = 50
	// textCopiesMax bounds how many texts of the facts or the source a text put together by + may hold: with let, or with
	// a predicate over the results of another, a short source could double one a hundred times.
	textCopiesMax = 64
	// stepsEnd is where the sums of steps stop growing.
	stepsEnd = math.MaxInt32
)

// A cost bounds what evaluating a node may take and give.
type cost struct {
	steps  int64 // nodes evaluated, see Options.StepsMax
	size   int   // elements, of the value or of any list inside it
	copies int   // texts of the facts or the source inside a text of the value
}

// measure refuses a source whose evaluation could take too long, or build too long a text. The tree must be typed.
func (l *language) measure(tree *parser.Tree) []finding {
	m := meter{cache: l.cache()}
	total := m.of(tree.Node)
	if total.steps > int64(l.options.StepsMax) {
		m.found = append(m.found, finding{message: fmt.Sprintf("may take %d steps, at most %d", total.steps, l.options.StepsMax)})
	}
	return m.found
}

type meter struct {
	cache    *cache
	lets     []let
	elements []cost // of the collections that predicates run over, innermost last
	found    []finding
}

type let struct {
	name string
	cost cost
}

func (m *meter) of(node ast.Node) cost {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return m.name(n.Value)
	case *ast.PointerNode:
		return m.element(n.Name)
	case *ast.VariableDeclaratorNode:
		return m.let(n)
	case *ast.BuiltinNode:
		return m.call(n)
	case *ast.BinaryNode:
		return m.operation(n)
	case *ast.ArrayNode:
		c := m.all(n)
		c.size = max(c.size, len(n.Nodes))
		return c
	case *ast.MemberNode:
		c := m.all(n)
		c.size = max(c.size, factSize)
		return c
	}
	return m.all(node)
}

// all is the cost of evaluating every child once.
func (m *meter) all(node ast.Node) cost {
	c := cost{steps: 1, size: 1, copies: 1}
	for _, child := range children(node) {
		c = c.and(m.of(*child))
	}
	return c
}

func (m *meter) name(name string) cost {
	for _, let := range slices.Backward(m.lets) {
		if let.name == name {
			return cost{steps: 1, size: let.cost.size, copies: let.cost.copies}
		}
	}
	return cost{steps: 1, size: factSize, copies: 1}
}

func (m *meter) element(pointer string) cost {
	if pointer != "" || len(m.elements) == 0 {
		return cost{steps: 1, size: 1, copies: 1}
	}
	of := m.elements[len(m.elements)-1]
	return cost{steps: 1, size: of.size, copies: of.copies}
}

func (m *meter) let(n *ast.VariableDeclaratorNode) cost {
	value := m.of(n.Value)
	m.lets = append(m.lets, let{n.Name, value})
	result := m.of(n.Expr)
	m.lets = m.lets[:len(m.lets)-1]
	result.steps = bounded(result.steps + value.steps)
	return result
}

func (m *meter) call(n *ast.BuiltinNode) cost {
	if len(n.Arguments) < 2 || !isPredicate(n.Arguments[1]) {
		c := m.all(n)
		c.steps = bounded(c.steps + surcharge(n.Name))
		return c
	}
	over := m.of(n.Arguments[0])
	m.elements = append(m.elements, over)
	each := m.of(n.Arguments[1])
	m.elements = m.elements[:len(m.elements)-1]
	each.steps = bounded(each.steps * int64(over.size))
	return over.and(each)
}

func isPredicate(node ast.Node) bool {
	_, ok := node.(*ast.PredicateNode)
	return ok
}

func (m *meter) operation(n *ast.BinaryNode) cost {
	if from, to, ok := span(n); ok {
		return cost{steps: 1, size: max(to-from+1, 0), copies: 1}
	}
	left, right := m.of(n.Left), m.of(n.Right)
	c := left.and(right)
	c.steps = bounded(c.steps + surcharge(n.Operator))
	switch n.Operator {
	case "in":
		c.steps = bounded(c.steps + int64(right.size))
	case "+":
		if t := n.Nature(); t.IsString() || t.IsUnknown(m.cache) {
			c.copies = left.copies + right.copies
		}
	}
	if c.copies > textCopiesMax {
		m.found = append(m.found, finding{
			offset:  n.Location().From,
			message: fmt.Sprintf("+ puts together more than %d texts", textCopiesMax),
		})
		c.copies = 1
	}
	return c
}

// span reads a constant range.
func span(n *ast.BinaryNode) (from, to int, ok bool) {
	from, fromOK := integer(n.Left)
	to, toOK := integer(n.Right)
	return from, to, n.Operator == ".." && fromOK && toOK
}

func surcharge(operation string) int64 {
	switch {
	case operation == "matches":
		return 100
	case slices.Contains(textual, operation):
		return 10
	}
	return 0
}

// and is the cost of a node that evaluates both and may give the value of either.
func (c cost) and(d cost) cost {
	return cost{
		steps:  bounded(1 + c.steps + d.steps),
		size:   max(c.size, d.size),
		copies: max(c.copies, d.copies),
	}
}

func bounded(steps int64) int64 {
	return min(steps, stepsEnd)
}
