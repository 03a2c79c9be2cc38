package rules

import (
	"reflect"
	"slices"

	"github.com/expr-lang/expr/ast"
)

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
