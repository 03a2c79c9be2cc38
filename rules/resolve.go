package rules

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// resolve replaces the shorthands by what they stand for, reports unknown names and fields, and leaves a typed tree.
// New nodes take the place in the source of those that they replace, so that carets stay right.
func (l *language) resolve(tree *parser.Tree) []finding {
	r := resolver{names: &l.names}
	r.walk(&tree.Node, true)
	return l.check(tree, r.found)
}

type resolver struct {
	names *vocabulary
	lets  []string // names declared by let, innermost last
	found []finding
}

// walk resolves the names in node; alone is false for the x of x.y.
func (r *resolver) walk(node *ast.Node, alone bool) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.name(node, n.Value, alone)
	case *ast.MemberNode:
		r.walk(&n.Node, false)
		r.walk(&n.Property, true)
	case *ast.VariableDeclaratorNode:
		r.let(n)
	default:
		for _, child := range children(n) {
			r.walk(child, true)
		}
	}
}

func (r *resolver) let(n *ast.VariableDeclaratorNode) {
	if r.names.isTop(n.Name) || r.names.isBare(n.Name) {
		r.report(n, fmt.Sprintf("%s is a fact, let cannot redefine it", n.Name), "")
	}
	r.walk(&n.Value, true)
	r.lets = append(r.lets, n.Name)
	r.walk(&n.Expr, true)
	r.lets = r.lets[:len(r.lets)-1]
}

func (r *resolver) name(node *ast.Node, name string, alone bool) {
	switch {
	case slices.Contains(r.lets, name):
		return
	case r.names.isTop(name):
	case r.names.isBare(name):
		ast.Patch(node, member(*node, &ast.IdentifierNode{Value: r.names.prefix}, name))
	default:
		r.report(*node, "unknown name "+name, Suggest(name, slices.Concat(r.lets, r.names.all)))
		return
	}
	if field, ok := r.names.self[name]; ok && alone {
		ast.Patch(node, member(*node, *node, field))
	}
}

func (r *resolver) report(n ast.Node, message, hint string) {
	r.found = append(r.found, finding{offset: n.Location().From, message: message, hint: hint})
}

// member makes base.field, all of it at the place of at.
func member(at, base ast.Node, field string) *ast.MemberNode {
	property := &ast.StringNode{Value: field}
	property.SetLocation(at.Location())
	base.SetLocation(at.Location())
	return &ast.MemberNode{Node: base, Property: property}
}
