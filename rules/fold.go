package rules

import (
	"reflect"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// fold turns constant lists and ranges into values built once, and the right side of a membership into a set where the
// left is a text or an int. expr's own optimizer is not used: it makes such a set for a left side of any type, and then
// fails for those that do not fit.
func fold(node *ast.Node, members []*ast.BinaryNode) {
	visit(node, func(node *ast.Node) {
		value, ok := constants(*node)
		if !ok {
			return
		}
		constant := &ast.ConstantNode{Value: value}
		kept := *(*node).Nature()
		ast.Patch(node, constant)
		constant.SetNature(kept)
	})
	for _, n := range members {
		if list, ok := n.Right.(*ast.ConstantNode); ok {
			setOf(list, n.Left.Type())
		}
	}
}

// constants gives the elements of a list that has only literals, or of a range.
func constants(node ast.Node) (any, bool) {
	switch n := node.(type) {
	case *ast.ArrayNode:
		values := make([]any, len(n.Nodes))
		for i, element := range n.Nodes {
			value, ok := literal(element)
			if !ok {
				return nil, false
			}
			values[i] = value
		}
		return values, true
	case *ast.BinaryNode:
		if from, to, ok := span(n); ok {
			return numbers(from, to), true
		}
	}
	return nil, false
}

// literal gives the value of a literal.
//
// float: the value is passed on.
func literal(node ast.Node) (any, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.BoolNode:
		return n.Value, true
	case *ast.FloatNode:
		return n.Value, true
	}
	return integer(node)
}

func numbers(from, to int) []int {
	out := make([]int, max(to-from+1, 0))
	for i := range out {
		out[i] = from + i
	}
	return out
}

// setOf makes list a set if all its elements are of the type of what is looked for in it.
func setOf(list *ast.ConstantNode, wanted reflect.Type) {
	switch values := list.Value.(type) {
	case []any:
		switch wanted {
		case reflect.TypeFor[string]():
			replace(list, values, asserted[string])
		case reflect.TypeFor[int]():
			replace(list, values, asserted[int])
		}
	case []int:
		if wanted == reflect.TypeFor[int]() {
			replace(list, values, func(n int) (int, bool) { return n, true })
		}
	}
}

func asserted[T any](value any) (T, bool) {
	t, ok := value.(T)
	return t, ok
}

func replace[T comparable, V any](list *ast.ConstantNode, values []V, as func(V) (T, bool)) {
	if slices.ContainsFunc(values, func(v V) bool { _, ok := as(v); return !ok }) {
		return
	}
	set := make(map[T]struct{}, len(values))
	for _, value := range values {
		element, _ := as(value)
		set[element] = struct{}{}
	}
	list.Value = set
	list.SetType(reflect.TypeOf(set))
}
