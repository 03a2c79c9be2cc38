package rules

import (
	"fmt"
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

const (
	// stepBytes is how much text a step reads.
	stepBytes = 64
	// slotBytes is what an element of a list takes.
	slotBytes = 16
	// caseGrowth is how much longer a text may get in another case: a byte that is no character becomes three.
	caseGrowth = 3
	// numberBytes bounds the text of a number or duration.
	numberBytes = 32
	// costEnd is where sums of steps and bytes stop growing.
	costEnd = math.MaxInt32
)

// A cost bounds what evaluating a node may take, and the value that it gives. Lengths are in bytes. Texts that are elements
// of one list of facts are as long as one text together: that bounds how long reading all of them takes, though not how
// long one of them is.
type cost struct {
	steps int64 // see Options.StepsMax
	peak  int64 // bytes built that are in use at one time, see Options.BytesMax
	kept  int64 // of these, bytes that the value keeps in use
	size  int64 // elements, of the value or of any list inside it
	text  int64 // length of the longest text, of the value or inside it
	mean  int64 // length that reading the value as a text is charged for
	each  int64 // the same for an element of it
}

// measure refuses a source whose evaluation could take too long, or build too much. The tree must be typed.
func (l *language) measure(tree *parser.Tree) []finding {
	total := l.cost(tree.Node)
	var found []finding
	if total.steps > int64(l.options.StepsMax) {
		found = append(found, finding{message: fmt.Sprintf("may take %d steps, at most %d", total.steps, l.options.StepsMax)})
	}
	if total.peak > int64(l.options.BytesMax) {
		found = append(found, finding{message: fmt.Sprintf("may build texts and lists of %d bytes, at most %d", total.peak, l.options.BytesMax)})
	}
	return found
}

func (l *language) cost(node ast.Node) cost {
	m := meter{cache: l.cache(), textMax: int64(l.options.TextBytesMax), elementsMax: int64(l.options.ElementsMax)}
	return m.of(node)
}

type meter struct {
	cache                *cache
	textMax, elementsMax int64
	lets                 []let
	elements             []cost // of the collections that predicates run over, innermost last
}

type let struct {
	name string
	cost cost
}

func (m *meter) of(node ast.Node) cost {
	switch n := node.(type) {
	case *ast.StringNode:
		length := int64(len(n.Value))
		return cost{steps: 1, size: 1, text: length, mean: length, each: length}
	case *ast.IdentifierNode:
		return m.name(n.Value)
	case *ast.PointerNode:
		return m.element(n.Name)
	case *ast.VariableDeclaratorNode:
		return m.let(n)
	case *ast.BuiltinNode:
		return m.call(n.Name, n, n.Arguments)
	case *ast.CallNode:
		return m.call(n.Callee.String(), n, n.Arguments)
	case *ast.BinaryNode:
		return m.operation(n)
	case *ast.ArrayNode:
		return m.array(n)
	case *ast.MemberNode:
		c := m.all(n)
		c.size = max(c.size, m.elementsMax)
		return c
	}
	return m.all(node)
}

// all is the cost of evaluating every child once.
func (m *meter) all(node ast.Node) cost {
	c := cost{steps: 1, size: 1}
	for _, child := range children(node) {
		c = c.and(m.of(*child))
	}
	return c
}

func (m *meter) name(name string) cost {
	for _, let := range slices.Backward(m.lets) {
		if let.name == name {
			c := let.cost
			c.steps, c.peak, c.kept = 1, 0, 0
			return c
		}
	}
	return cost{steps: 1, size: m.elementsMax, text: m.textMax, mean: m.textMax, each: m.textMax / m.elementsMax}
}

func (m *meter) element(pointer string) cost {
	if pointer != "" || len(m.elements) == 0 {
		return cost{steps: 1, size: 1}
	}
	of := m.elements[len(m.elements)-1]
	return cost{steps: 1, size: of.size, text: of.text, mean: of.each, each: of.each}
}

func (m *meter) let(n *ast.VariableDeclaratorNode) cost {
	value := m.of(n.Value)
	m.lets = append(m.lets, let{n.Name, value})
	result := m.of(n.Expr)
	m.lets = m.lets[:len(m.lets)-1]
	result.steps = bounded(result.steps + value.steps)
	result.peak = bounded(max(value.peak, value.kept+result.peak))
	result.kept = bounded(value.kept + result.kept)
	return result
}

func (m *meter) array(n *ast.ArrayNode) cost {
	c := m.all(n)
	c.size = max(c.size, int64(len(n.Nodes)))
	c.each = max(c.each, c.mean)
	return c.building(slotBytes * int64(len(n.Nodes)))
}

// call is the cost of a function: of one with a predicate, or of one that reads its arguments.
func (m *meter) call(name string, node ast.Node, args []ast.Node) cost {
	if len(args) > 1 && isPredicate(args[1]) {
		return m.predicate(name, m.of(args[0]), args[1])
	}
	c := m.all(node)
	switch name {
	case "len", "duration", "trim", "trimPrefix", "trimSuffix":
		c = c.reading(c.mean)
	case "indexOf", "lastIndexOf", "hasPrefix", "hasSuffix", "int", "float":
		c = c.reading(c.mean).plain()
	case "lower", "upper":
		c.text, c.mean = caseGrowth*c.text, caseGrowth*c.mean
		c = c.reading(c.mean).making(c.text)
	case "string":
		c.text, c.mean = max(c.text, numberBytes), max(c.mean, numberBytes)
		c = c.reading(c.mean).making(numberBytes)
	case "max", "min", "sum", "count":
		c.steps = bounded(c.steps + c.size*(1+c.each/stepBytes))
	}
	return c
}

// predicate is the cost of a function that has a predicate evaluated for each element.
func (m *meter) predicate(name string, over cost, predicate ast.Node) cost {
	m.elements = append(m.elements, over)
	each := m.of(predicate)
	m.elements = m.elements[:len(m.elements)-1]
	c := over
	c.steps = bounded(1 + over.steps + each.steps*over.size)
	c.peak = bounded(max(over.peak, over.kept+each.peak))
	switch name {
	case "map":
		c.text, c.mean, c.each = each.text, each.mean, max(each.mean, each.each)
		c.size = max(over.size, each.size)
		c = c.building(bounded((slotBytes + each.kept) * over.size))
	case "filter":
		c = c.building(slotBytes * over.size)
	case "all", "any", "none", "one", "count", "findIndex", "findLastIndex":
		c = c.plain()
	case "sum":
		c = c.plain()
	}
	return c
}

func isPredicate(node ast.Node) bool {
	_, ok := node.(*ast.PredicateNode)
	return ok
}

func (m *meter) operation(n *ast.BinaryNode) cost {
	if from, to, ok := span(n); ok {
		return cost{steps: 3, size: int64(max(to-from+1, 0))} // it and its two ends
	}
	left, right := m.of(n.Left), m.of(n.Right)
	c := left.and(right)
	switch n.Operator {
	case "+":
		if t := n.Nature(); t.IsString() || t.IsUnknown(m.cache) {
			c.text, c.mean = bounded(left.text+right.text), bounded(left.mean+right.mean)
			c = c.reading(c.mean).making(c.text)
		}
	case "contains", "startsWith", "endsWith":
		c = c.reading(left.mean + right.mean).plain()
	case "matches":
		c = c.reading(left.mean * int64(statesOf(n.Right))).plain()
	case "==", "!=", "<", "<=", ">", ">=":
		c = c.reading(min(left.mean, right.mean)).plain()
		if m.mayBeLists(n) {
			c.steps = bounded(c.steps + min(left.size, right.size)*(1+min(left.each, right.each)/stepBytes))
		}
	case "in":
		c.steps = bounded(c.steps + right.size*(1+min(left.mean, right.each)/stepBytes))
		c = c.plain()
	case "and", "&&", "or", "||", "-", "*", "/", "%":
		c = c.plain()
	}
	return c
}

// mayBeLists reports whether a comparison may have to look into its operands.
func (m *meter) mayBeLists(n *ast.BinaryNode) bool {
	for _, side := range []ast.Node{n.Left, n.Right} {
		t := side.Nature().Deref(m.cache)
		if t.Nil || t.IsNumber() || t.IsString() || t.IsBool() || t.IsDuration() {
			return false
		}
	}
	return true
}

// span reads a constant range.
func span(n *ast.BinaryNode) (from, to int, ok bool) {
	from, fromOK := integer(n.Left)
	to, toOK := integer(n.Right)
	return from, to, n.Operator == ".." && fromOK && toOK
}

// and is the cost of a node that evaluates both, the right one while it has the value of the left one, and may give the
// value of either.
func (c cost) and(d cost) cost {
	return cost{
		steps: bounded(1 + c.steps + d.steps),
		peak:  bounded(max(c.peak, c.kept+d.peak)),
		kept:  bounded(c.kept + d.kept),
		size:  max(c.size, d.size),
		text:  max(c.text, d.text),
		mean:  max(c.mean, d.mean),
		each:  max(c.each, d.each),
	}
}

// reading adds the steps of reading as many bytes of text.
func (c cost) reading(length int64) cost {
	c.steps = bounded(c.steps + bounded(length)/stepBytes)
	return c
}

// making is for a text made of texts that are not in use from then on.
func (c cost) making(length int64) cost {
	c.peak = bounded(max(c.peak, c.kept+length))
	c.kept = length
	return c
}

// building is for a list made of values that it keeps in use.
func (c cost) building(length int64) cost {
	c.kept = bounded(c.kept + length)
	c.peak = max(c.peak, c.kept)
	return c
}

// plain is for a result that is a number or a truth value.
func (c cost) plain() cost {
	return cost{steps: c.steps, peak: c.peak, size: 1}
}

func bounded(amount int64) int64 {
	return min(amount, costEnd)
}
