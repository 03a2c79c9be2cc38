package rules

import (
	"fmt"
	"reflect"
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
		*node = m.at(n, &ast.BinaryNode{Operator: "??", Left: n, Right: m.at(n, &ast.BoolNode{})})
	}
}

// collection makes a missing collection an empty one.
func (m *lifter) collection(node *ast.Node) {
	if n := *node; !m.sound(n) {
		*node = m.at(n, &ast.BinaryNode{Operator: "??", Left: n, Right: m.at(n, &ast.ArrayNode{})})
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
		*operand = m.at(value, &ast.IdentifierNode{Value: let.Name})
		if !sound {
			there = m.both(there, m.isThere(let))
		}
	}
	*node = m.typed(inner, &ast.ConditionalNode{Cond: there, Exp1: inner, Exp2: m.at(inner, absent())})
	for _, let := range slices.Backward(bound) {
		let.Expr = *node
		*node = m.typed(inner, let)
	}
}

// declare makes a variable of a name that no source can write.
func (m *lifter) declare(value ast.Node) *ast.VariableDeclaratorNode {
	m.made++
	return &ast.VariableDeclaratorNode{Name: fmt.Sprintf("$%d", m.made), Value: value}
}

func (m *lifter) isThere(let *ast.VariableDeclaratorNode) ast.Node {
	at := let.Value
	return m.at(at, &ast.BinaryNode{
		Operator: "!=",
		Left:     m.at(at, &ast.IdentifierNode{Value: let.Name}),
		Right:    m.at(at, &ast.NilNode{}),
	})
}

func (m *lifter) both(a, b ast.Node) ast.Node {
	if a == nil {
		return b
	}
	return m.at(b, &ast.BinaryNode{Operator: "and", Left: a, Right: b})
}

func never() ast.Node   { return &ast.BoolNode{} }
func nothing() ast.Node { return &ast.NilNode{} }

// at gives a new node the place of an old one, for carets.
func (m *lifter) at(old, made ast.Node) ast.Node {
	made.SetLocation(old.Location())
	return made
}

// typed gives a new node the place and the type of an old one.
func (m *lifter) typed(old, made ast.Node) ast.Node {
	made.SetNature(*old.Nature())
	return m.at(old, made)
}

// sound reports whether a node, rewritten already, cannot be missing. It may err on the side of no.
func (m *lifter) sound(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.NilNode, *ast.ChainNode:
		return false
	case *ast.IdentifierNode:
		return m.soundName(n)
	case *ast.MemberNode:
		return !n.Optional && m.sound(n.Node) && solid(n.Type()) && m.soundMember(n)
	case *ast.PointerNode:
		return n.Name != "" || m.elements[len(m.elements)-1]
	case *ast.BinaryNode:
		return n.Operator != "??" || m.sound(n.Left) || m.sound(n.Right)
	case *ast.ConditionalNode:
		return m.sound(n.Exp1) && m.sound(n.Exp2)
	case *ast.VariableDeclaratorNode:
		return m.sound(n.Expr)
	case *ast.BuiltinNode:
		return !slices.Contains([]string{"find", "findLast", "findIndex", "findLastIndex", "first", "last", "get", "max", "min"}, n.Name)
	}
	return true
}

// infallible reports whether a sound node cannot fail to evaluate, either: it is a literal or a fact.
func (m *lifter) infallible(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.MemberNode:
		_, named := n.Property.(*ast.StringNode)
		return named && m.infallible(n.Node)
	case *ast.IdentifierNode, *ast.PointerNode, *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return true
	}
	return false
}

func (m *lifter) soundName(n *ast.IdentifierNode) bool {
	for _, let := range slices.Backward(m.lets) {
		if let.name == n.Value {
			return let.sound
		}
	}
	return m.names.isTop(n.Value) && solid(n.Type())
}

// soundMember reports whether the element or field is of the type that the checker believes: lists that the expression
// itself builds hold any value.
func (m *lifter) soundMember(n *ast.MemberNode) bool {
	outer := n.Node.Type()
	switch outer.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return solid(outer.Elem())
	}
	return true
}

func (m *lifter) soundElements(collection ast.Node) bool {
	if call, ok := collection.(*ast.BuiltinNode); ok && call.Name == "filter" {
		return m.soundElements(call.Arguments[0])
	}
	t := collection.Type()
	return m.sound(collection) && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) && solid(t.Elem())
}

// solid reports whether every value of a type is there. A nil slice or map is an empty one.
func solid(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Invalid:
		return false
	}
	return true
}
