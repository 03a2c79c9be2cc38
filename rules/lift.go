package rules

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/parser"
)

// lift rewrites the tree so that missing values are values and not errors, as the package comment promises:
//
//	x.y          ->  x?.y
//	x and y      ->  (x ?? false) and (y ?? false)
//	any(x, p)    ->  any(x ?? [], p)
//	x > y        ->  let $1 = x; let $2 = y; $1 != nil and $2 != nil ? $1 > $2 : false
//	x + y, f(x)  ->  the same with nil in the place of false
//
// wherever x or y may be missing. What cannot be missing stays as it is, and costs nothing.
func (l *language) lift(tree *parser.Tree) []finding {
	m := lifter{names: &l.names}
	m.walk(&tree.Node)
	m.truth(&tree.Node)
	return l.settle(tree, &m)
}

// liftValue is lift for a part that need not be a condition.
func (l *language) liftValue(tree *parser.Tree) []finding {
	m := lifter{names: &l.names}
	m.walk(&tree.Node)
	return l.settle(tree, &m)
}

// settle gives the rewritten tree its types, and its constants their values.
func (l *language) settle(tree *parser.Tree, m *lifter) []finding {
	if _, err := checker.Check(tree, l.config); err != nil {
		return l.mistyped(tree, err)
	}
	for _, n := range m.loose {
		// The checker takes an absent text for a text, and would have it compared as one.
		n.Left.SetNature(staticType{})
		n.Right.SetNature(staticType{})
	}
	fold(&tree.Node, m.members)
	return nil
}

type lifter struct {
	names    *vocabulary
	lets     []declared
	elements []bool // whether the elements that # stands for cannot be missing, innermost last
	made     int    // variables introduced so far

	loose   []*ast.BinaryNode // comparisons by == or != with what may be missing
	members []*ast.BinaryNode // memberships, by in, of what cannot be missing
}

type declared struct {
	name  string
	sound bool // cannot be missing
}

// walk rewrites node and what is below it, from the leaves up.
func (m *lifter) walk(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.VariableDeclaratorNode:
		m.walk(&n.Value)
		m.lets = append(m.lets, declared{n.Name, m.sound(n.Value)})
		m.walk(&n.Expr)
		m.lets = m.lets[:len(m.lets)-1]
	case *ast.BuiltinNode:
		m.call(node, n)
	default:
		for _, child := range children(n) {
			m.walk(child)
		}
		m.rewrite(node)
	}
}

func (m *lifter) rewrite(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.MemberNode:
		m.chain(node, n)
	case *ast.UnaryNode:
		m.unary(node, n)
	case *ast.BinaryNode:
		m.binary(node, n)
	case *ast.ConditionalNode:
		m.truth(&n.Cond)
	case *ast.SliceNode:
		m.guard(node, nothing, children(n)...)
	case *ast.CallNode:
		n.SetNature(staticType{}) // or the checker would not look at the arguments again
		m.guard(node, nothing, places(n.Arguments)...)
	}
}

// chain makes the access to a member of what may be missing an optional one.
func (m *lifter) chain(node *ast.Node, n *ast.MemberNode) {
	if !m.sound(n.Node) {
		n.Optional = true
		at := n.Location()
		*node = &ast.ChainNode{Node: n}
		(*node).SetLocation(at)
		(*node).SetNature(*n.Nature())
	}
	m.guard(node, nothing, &n.Property)
}

func (m *lifter) unary(node *ast.Node, n *ast.UnaryNode) {
	if n.Operator == "!" || n.Operator == "not" {
		m.truth(&n.Node)
		return
	}
	m.guard(node, nothing, &n.Node)
}

func (m *lifter) binary(node *ast.Node, n *ast.BinaryNode) {
	switch n.Operator {
	case "and", "or", "&&", "||":
		m.truth(&n.Left)
		m.truth(&n.Right)
	case "<", "<=", ">", ">=":
		m.guard(node, never, &n.Left, &n.Right)
	case "+", "-", "*", "/", "%":
		m.guard(node, nothing, &n.Left, &n.Right)
	case "==", "!=":
		if !m.sound(n.Left) || !m.sound(n.Right) {
			m.loose = append(m.loose, n)
		}
	case "in":
		m.guard(node, never, &n.Left)
		m.members = append(m.members, n)
	}
}

func (m *lifter) call(node *ast.Node, n *ast.BuiltinNode) {
	args := places(n.Arguments)
	m.walk(args[0])
	if len(args) > 1 && isPredicate(*args[1]) {
		m.elements = append(m.elements, m.soundElements(*args[0]))
		m.walk(args[1])
		if n.Name != "map" && n.Name != "sum" {
			m.truth(&(*args[1]).(*ast.PredicateNode).Node)
		}
		m.elements = m.elements[:len(m.elements)-1]
		m.collection(args[0])
		return
	}
	for _, arg := range args[1:] {
		m.walk(arg)
	}
	switch n.Name {
	case "len", "count", "sum":
		m.collection(args[0])
	case "type", "get", "first", "last": // take a missing value, and give one
	default:
		m.guard(node, nothing, args...)
	}
}

// truth makes a missing condition a false one.
func (m *lifter) truth(node *ast.Node) {
	if n := *node; !n.Nature().IsBool() || !m.sound(n) {
		*node = placed(n, &ast.BinaryNode{Operator: "??", Left: n, Right: placed(n, &ast.BoolNode{})})
	}
}

// collection makes a missing collection an empty one.
func (m *lifter) collection(node *ast.Node) {
	if n := *node; !m.sound(n) {
		*node = placed(n, &ast.BinaryNode{Operator: "??", Left: n, Right: placed(n, &ast.ArrayNode{})})
	}
}

// guard makes node, an operation on operands, give absent() when one of them is missing. All operands are evaluated first,
// in their order, so that whether a failing one fails does not depend on whether its neighbour is missing.
func (m *lifter) guard(node *ast.Node, absent func() ast.Node, operands ...*ast.Node) {
	if !slices.ContainsFunc(operands, func(operand *ast.Node) bool { return !m.sound(*operand) }) {
		return
	}
	var bound []*ast.VariableDeclaratorNode
	var there ast.Node
	inner := *node
	for _, operand := range operands {
		value, sound := *operand, m.sound(*operand)
		if sound && m.infallible(value) {
			continue
		}
		let := m.declare(value)
		bound = append(bound, let)
		*operand = placed(value, &ast.IdentifierNode{Value: let.Name})
		if !sound {
			there = both(there, isThere(let))
		}
	}
	*node = typed(inner, &ast.ConditionalNode{Cond: there, Exp1: inner, Exp2: placed(inner, absent())})
	for _, let := range slices.Backward(bound) {
		let.Expr = *node
		*node = typed(inner, let)
	}
}

// declare makes a variable of a name that no source can write.
func (m *lifter) declare(value ast.Node) *ast.VariableDeclaratorNode {
	m.made++
	return &ast.VariableDeclaratorNode{Name: fmt.Sprintf("$%d", m.made), Value: value}
}

func isThere(let *ast.VariableDeclaratorNode) ast.Node {
	return placed(let.Value, &ast.BinaryNode{
		Operator: "!=",
		Left:     placed(let.Value, &ast.IdentifierNode{Value: let.Name}),
		Right:    placed(let.Value, &ast.NilNode{}),
	})
}

func both(a, b ast.Node) ast.Node {
	if a == nil {
		return b
	}
	return placed(b, &ast.BinaryNode{Operator: "and", Left: a, Right: b})
}

func never() ast.Node   { return &ast.BoolNode{} }
func nothing() ast.Node { return &ast.NilNode{} }

// placed gives a new node the place of an old one, for carets.
func placed(old, made ast.Node) ast.Node {
	made.SetLocation(old.Location())
	return made
}

// typed gives a new node the place and the type of an old one.
func typed(old, made ast.Node) ast.Node {
	made.SetNature(*old.Nature())
	return placed(old, made)
}
