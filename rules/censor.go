package rules

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

const (
	// callDepthMax bounds calls within calls: expr's checker visits the arguments of an overloaded function once for each
	// overload, so that its work doubles with every level.
	callDepthMax = 8
	// rangeMax bounds the elements of a..b.
	rangeMax = 1_000
	// fieldMark starts the name under which expr's compiler files the fields that a program reads, among its texts: a text
	// equal to such a name would take a field's place.
	fieldMark = "&{["
)

// censor refuses what the language leaves out, before anything costly looks at the tree.
func (l *language) censor(tree *parser.Tree) []finding {
	c := censor{depthMax: l.options.DepthMax, tooDeep: l.tooDeep(), seen: map[ast.Node]bool{}}
	c.look(tree.Node, 1, 0)
	return c.found
}

type censor struct {
	depthMax int
	tooDeep  string
	seen     map[ast.Node]bool
	found    []finding
}

// look judges node, which lies depth nodes deep and inside calls calls.
//
// For a < b < c and for a ?: b the parser puts one node in two places. Nested, they would have every walk of the tree, this
// one and expr's, take twice as long with every level; so they are not part of the language.
func (c *censor) look(node ast.Node, depth, calls int) {
	if c.seen[node] {
		c.refuse(node, "this would be evaluated twice", `write "a < b and b < c" for a < b < c, "a ? a : b" for a ?: b`)
		return
	}
	c.seen[node] = true
	if depth > c.depthMax {
		c.refuse(node, c.tooDeep, "")
		return
	}
	switch node.(type) {
	case *ast.BuiltinNode, *ast.CallNode:
		if calls++; calls > callDepthMax {
			c.refuse(node, fmt.Sprintf("calls nested more than %d deep", callDepthMax), "")
			return
		}
	}
	c.judge(node)
	for _, child := range children(node) {
		c.look(*child, depth+nesting(node, *child), calls)
	}
}

// nesting is what a child adds to the depth: nothing on the left of a chain such as a or b or c, or a.b.c.
func nesting(parent, child ast.Node) int {
	left := ast.Node(nil)
	switch n := parent.(type) {
	case *ast.BinaryNode:
		left = n.Left
	case *ast.MemberNode:
		left = n.Node
	case *ast.ChainNode:
		left = n.Node
	}
	if child == left {
		return 0
	}
	return 1
}

func (c *censor) judge(node ast.Node) {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		if strings.HasPrefix(n.Value, "$") {
			c.refuse(n, "unknown name "+n.Value, "")
		}
	case *ast.StringNode:
		if strings.HasPrefix(n.Value, fieldMark) {
			c.refuse(n, fmt.Sprintf("a text cannot start with %s", fieldMark), `use "contains" with what follows`)
		}
	case *ast.BuiltinNode:
		c.judgeCall(n, n.Name)
	case *ast.CallNode:
		c.judgeCallee(n)
	case *ast.BinaryNode:
		c.judgeOperator(n)
	case *ast.MapNode:
		c.refuse(n, "maps cannot be written here", "")
	case *ast.BytesNode:
		c.refuse(n, "bytes cannot be written here", `use "..." without the b`)
	case *ast.SequenceNode:
		c.refuse(n, "of several expressions only the last would count", `use "and" or "or" between them`)
	}
}

func (c *censor) judgeCallee(n *ast.CallNode) {
	if name, ok := n.Callee.(*ast.IdentifierNode); ok {
		c.judgeCall(n, name.Value)
		return
	}
	c.refuse(n, "methods cannot be called", "")
}

// judgeCall lets an admitted function pass, unless a fact of the same name hides it: then expr made it a call of the fact.
func (c *censor) judgeCall(n ast.Node, name string) {
	message, hint := callProblem(name)
	if _, isCall := n.(*ast.CallNode); message == "" && isCall && !isReplaced(name) {
		message = fmt.Sprintf("function %s is hidden by a fact of that name", name)
	}
	if message != "" {
		c.refuse(n, message, hint)
	}
}

func (c *censor) judgeOperator(n *ast.BinaryNode) {
	switch n.Operator {
	case "**", "^":
		c.refuse(n, fmt.Sprintf("operator %s is refused: its rounding differs between processors", n.Operator), "")
	case "..":
		c.judgeRange(n)
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			c.refuse(n.Right, "a pattern must be a constant", "")
		} else if message := patternProblem(pattern.Value); message != "" {
			c.refuse(pattern, message, "")
		}
	}
}

func (c *censor) judgeRange(n *ast.BinaryNode) {
	from, fromOK := integer(n.Left)
	to, toOK := integer(n.Right)
	switch {
	case !fromOK || !toOK:
		c.refuse(n, "a range must be between constants", "")
	case to > from && uint64(to)-uint64(from) >= rangeMax:
		c.refuse(n, fmt.Sprintf("a range of more than %d elements", rangeMax), "")
	}
}

// integer reads a constant integer with its sign.
func integer(n ast.Node) (int, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return n.Value, true
	case *ast.UnaryNode:
		value, ok := integer(n.Node)
		if n.Operator == "-" {
			value = -value
		}
		return value, ok && (n.Operator == "-" || n.Operator == "+")
	}
	return 0, false
}

func (c *censor) refuse(node ast.Node, message, hint string) {
	c.found = append(c.found, finding{offset: node.Location().From, message: message, hint: hint})
}
