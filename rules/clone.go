package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// clone copies a tree, so that the copy can be lifted while the original stays as it was checked.
func clone(node ast.Node) ast.Node {
	out := shallow(node)
	for _, child := range children(out) {
		*child = clone(*child)
	}
	return out
}

// shallow copies a node, with places of its own for the nodes below. Nodes that have none are never changed.
func shallow(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.UnaryNode:
		return new(*n)
	case *ast.BinaryNode:
		return new(*n)
	case *ast.ChainNode:
		return new(*n)
	case *ast.MemberNode:
		return new(*n)
	case *ast.SliceNode:
		return new(*n)
	case *ast.PredicateNode:
		return new(*n)
	case *ast.ConditionalNode:
		return new(*n)
	case *ast.VariableDeclaratorNode:
		return new(*n)
	case *ast.IdentifierNode:
		return new(*n)
	case *ast.IntegerNode:
		return new(*n)
	case *ast.CallNode:
		out := new(*n)
		out.Arguments = slices.Clone(n.Arguments)
		return out
	case *ast.BuiltinNode:
		out := new(*n)
		out.Arguments = slices.Clone(n.Arguments)
		return out
	case *ast.ArrayNode:
		out := new(*n)
		out.Nodes = slices.Clone(n.Nodes)
		return out
	}
	return node
}
