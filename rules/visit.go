package rules

import "github.com/expr-lang/expr/ast"

// visit calls do for node and every node below it, a node after those below it.
func visit(node *ast.Node, do func(*ast.Node)) {
	for _, child := range children(*node) {
		visit(child, do)
	}
	do(node)
}

// children gives the places of the nodes directly below n, in the order of evaluation.
func children(n ast.Node) []*ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return []*ast.Node{&n.Node}
	case *ast.BinaryNode:
		return []*ast.Node{&n.Left, &n.Right}
	case *ast.ChainNode:
		return []*ast.Node{&n.Node}
	case *ast.MemberNode:
		return []*ast.Node{&n.Node, &n.Property}
	case *ast.SliceNode:
		return present(&n.Node, &n.From, &n.To)
	case *ast.CallNode:
		return places(n.Arguments) // the callee is a name of the language, not a value
	case *ast.BuiltinNode:
		return places(n.Arguments)
	case *ast.PredicateNode:
		return []*ast.Node{&n.Node}
	case *ast.ConditionalNode:
		return []*ast.Node{&n.Cond, &n.Exp1, &n.Exp2}
	case *ast.VariableDeclaratorNode:
		return []*ast.Node{&n.Value, &n.Expr}
	case *ast.SequenceNode:
		return places(n.Nodes)
	case *ast.ArrayNode:
		return places(n.Nodes)
	case *ast.MapNode:
		return places(n.Pairs)
	case *ast.PairNode:
		return []*ast.Node{&n.Key, &n.Value}
	}
	return nil
}

func places(nodes []ast.Node) []*ast.Node {
	out := make([]*ast.Node, len(nodes))
	for i := range nodes {
		out[i] = &nodes[i]
	}
	return out
}

// present drops the places that are empty, such as the end of x[1:].
func present(places ...*ast.Node) []*ast.Node {
	out := places[:0]
	for _, place := range places {
		if *place != nil {
			out = append(out, place)
		}
	}
	return out
}
