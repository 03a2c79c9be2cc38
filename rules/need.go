package rules

import (
	"math"
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
)

// A need is what a condition cannot do without. When none of its keys is hit by the facts, the condition is false, and
// evaluating it would not fail. It is one of:
//
//	a key       priority == 1
//	one of      one need suffices as they are all needed: the sides of and
//	each of     all are looked up as any may do: the sides of or
type need struct {
	key    *key
	oneOf  []need
	eachOf []need // not nil; empty for a condition that never holds
}

// A key is one question about the facts that a table can answer for many rules at once.
type key struct {
	about *subject
	test  keyTest
	value value   // equals, unlike
	text  string  // contains, startsWith, endsWith
	from  float64 // between, both ends included
	to    float64
}

// keyTest is the question.
type keyTest uint8

const (
	equals keyTest = iota + 1
	contains
	startsWith
	endsWith
	between
	unlike // is there, and is not of the kind of value: fraction for any number, strange for any kind at all
)

// String names the question as the language does.
func (t keyTest) String() string {
	return [...]string{"none", "==", "contains", "startsWith", "endsWith", "between", "unlike"}[t]
}

// searchTests are the questions about a part of a text.
var searchTests = map[string]keyTest{"contains": contains, "startsWith": startsWith, "endsWith": endsWith}

// A needer finds the need of a condition in its checked tree, before it is lifted.
type needer struct {
	sure   surer
	survey *survey
	within *subject // the list whose elements a predicate looks at
}

// need gives what node cannot do without to be true or, negated, to be false. It is not ok when nothing can be said.
func (q *needer) need(node ast.Node, negated bool) (need, bool) {
	switch n := node.(type) {
	case *ast.BoolNode:
		return need{eachOf: []need{}}, n.Value == negated
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return q.need(n.Node, !negated)
		}
	case *ast.BinaryNode:
		return q.operation(n, negated)
	case *ast.BuiltinNode:
		if !negated {
			return q.quantifier(n)
		}
	case *ast.PredicateNode:
		return q.need(n.Node, negated)
	}
	return q.truth(node, negated)
}

func (q *needer) operation(n *ast.BinaryNode, negated bool) (need, bool) {
	switch n.Operator {
	case "and", "&&", "or", "||":
		if isOr := n.Operator == "or" || n.Operator == "||"; isOr != negated {
			return q.either(n, negated)
		}
		return q.both(n, negated)
	case "!=":
		if negated {
			return q.equality(n)
		}
	}
	if negated {
		return need{}, false
	}
	switch n.Operator {
	case "==":
		return q.equality(n)
	case "<", "<=", ">", ">=":
		return q.comparison(n)
	case "in":
		return q.membership(n)
	case "contains", "startsWith", "endsWith":
		return q.search(n)
	}
	return need{}, false
}

// both is the need of sides that must both hold. With the right one goes what may make the left one fail: else a rule that
// is not looked at would hide a failure.
func (q *needer) both(n *ast.BinaryNode, negated bool) (need, bool) {
	var options []need
	if left, ok := q.need(n.Left, negated); ok {
		options = append(options, left)
	}
	if failures, ok := q.failures(n.Left); ok {
		if right, ok := q.need(n.Right, negated); ok {
			options = append(options, need{eachOf: append(failures, right)})
		}
	}
	return need{oneOf: options}, len(options) > 0
}

// failures gives keys of which one is hit whenever evaluating node fails. It is not ok when that cannot be said with keys.
func (q *needer) failures(node ast.Node) ([]need, bool) {
	if q.sure.isSure(node) {
		return nil, true
	}
	switch n := node.(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return q.failures(n.Node)
		}
	case *ast.BinaryNode:
		return q.operationFailures(n)
	}
	return nil, false
}

func (q *needer) operationFailures(n *ast.BinaryNode) ([]need, bool) {
	like := value{kind: strange}
	switch n.Operator {
	case "and", "&&", "or", "||":
		left, leftOK := q.failures(n.Left)
		right, rightOK := q.failures(n.Right)
		return append(left, right...), leftOK && rightOK
	case "<", "<=", ">", ">=":
		like = value{kind: fraction}
	case "contains", "startsWith", "endsWith":
		like = value{kind: text}
	case "==", "!=":
	default:
		return nil, false
	}
	about, constant, _, ok := q.sides(n)
	if !ok || like.kind == fraction && !constant.isNumber() || like.kind == text && constant.kind != text {
		return nil, false
	}
	return []need{{key: &key{about: about, test: unlike, value: like}}}, true
}

func (q *needer) either(n *ast.BinaryNode, negated bool) (need, bool) {
	left, leftOK := q.need(n.Left, negated)
	right, rightOK := q.need(n.Right, negated)
	return need{eachOf: []need{left, right}}, leftOK && rightOK
}

// truth is the need of a fact that is itself a condition.
func (q *needer) truth(node ast.Node, negated bool) (need, bool) {
	about, ok := q.subject(node)
	if !ok || !about.isBool() {
		return need{}, false
	}
	if !negated {
		return equal(about, ofBool(true)), true
	}
	return need{eachOf: []need{equal(about, ofBool(false)), equal(about, value{kind: absent})}}, true
}

func equal(about *subject, v value) need {
	return need{key: &key{about: about, test: equals, value: v}}
}

func (q *needer) equality(n *ast.BinaryNode) (need, bool) {
	about, constant, _, ok := q.sides(n)
	switch {
	case !ok || about.isDuration() != (constant.kind == lapse):
		return need{}, false
	case constant.kind == lapse:
		return need{key: &key{about: about, test: between, from: constant.size(), to: constant.size()}}, true
	}
	return equal(about, constant), true
}

// sides tells the fact from the constant; turned is true when the constant is on the left.
func (q *needer) sides(n *ast.BinaryNode) (about *subject, constant value, turned, ok bool) {
	fact, literal := n.Left, n.Right
	if constant, ok = timeConstantOf(literal); !ok {
		fact, literal, turned = n.Right, n.Left, true
		constant, ok = timeConstantOf(literal)
	}
	if ok {
		about, ok = q.subject(fact)
	}
	return about, constant, turned, ok
}

// timeConstantOf is constantOf, with constant durations.
func timeConstantOf(node ast.Node) (value, bool) {
	if call, ok := node.(*ast.BuiltinNode); ok && call.Name == "duration" {
		if literal, ok := call.Arguments[0].(*ast.StringNode); ok {
			d, err := time.ParseDuration(literal.Value)
			return ofRare(d), err == nil
		}
	}
	return constantOf(node)
}

// comparison needs a number within a range, or a duration: of facts of any type durations are left, as they are not in the
// order of numbers.
//
// float: a bound is made a float, which keeps the order of integers though not their distance; so both ends are included.
func (q *needer) comparison(n *ast.BinaryNode) (need, bool) {
	about, constant, turned, ok := q.sides(n)
	if !ok || about.isDuration() != (constant.kind == lapse) || !constant.isNumber() && constant.kind != lapse {
		return need{}, false
	}
	k := &key{about: about, test: between, from: math.Inf(-1), to: math.Inf(1)}
	if isBelow := n.Operator == "<" || n.Operator == "<="; isBelow != turned {
		k.to = constant.size()
	} else {
		k.from = constant.size()
	}
	return need{key: k}, true
}

// size is a number or a duration as a float.
//
// float: see comparison.
func (v value) size() float64 {
	if v.kind == lapse {
		return float64(int64(v.bits)) //nolint:gosec // the bits are what was kept
	}
	return v.number()
}

func (q *needer) membership(n *ast.BinaryNode) (need, bool) {
	if constant, ok := constantOf(n.Left); ok {
		about, ok := q.elements(n.Right)
		if !ok || constant.kind == absent {
			return need{}, false
		}
		return equal(about, constant), true
	}
	about, ok := q.subject(n.Left)
	if !ok {
		return need{}, false
	}
	if r, ok := n.Right.(*ast.BinaryNode); ok {
		from, to, ok := span(r)
		if about.isDuration() {
			return need{}, false
		}
		return need{key: &key{about: about, test: between, from: float64(from), to: float64(to)}}, ok && from <= to
	}
	return q.oneOf(about, n.Right)
}

func (q *needer) oneOf(about *subject, node ast.Node) (need, bool) {
	values, ok := node.(*ast.ArrayNode)
	if !ok {
		return need{}, false
	}
	out := need{eachOf: []need{}}
	for _, element := range values.Nodes {
		constant, ok := constantOf(element)
		if !ok || constant.kind == absent {
			return need{}, false
		}
		out.eachOf = append(out.eachOf, equal(about, constant))
	}
	return out, true
}

func (q *needer) search(n *ast.BinaryNode) (need, bool) {
	part, ok := n.Right.(*ast.StringNode)
	if !ok || part.Value == "" {
		return need{}, false
	}
	about, ok := q.subject(n.Left)
	if !ok {
		return need{}, false
	}
	return need{key: &key{about: about, test: searchTests[n.Operator], text: part.Value}}, true
}

// quantifier is the need of an element for which a predicate holds.
func (q *needer) quantifier(n *ast.BuiltinNode) (need, bool) {
	if !slices.Contains([]string{"any", "one"}, n.Name) || q.within != nil {
		return need{}, false
	}
	about, ok := q.elements(n.Arguments[0])
	if !ok {
		return need{}, false
	}
	q.within = about
	q.sure.enter(about)
	out, ok := q.need(n.Arguments[1], false)
	q.sure.leave()
	q.within = nil
	return out, ok
}
