package rules

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// shownMax bounds a rendered value, in bytes.
const shownMax = 200

// A dissector finds the part of a condition that settles it, by evaluating the parts of its checked tree one by one.
type dissector struct {
	language *language
	scratch  *Scratch
	facts    any
	source   string
	lets     []*ast.VariableDeclaratorNode // around the part
}

func newDissector[F any](scratch *Scratch, facts *F, options Options) *dissector {
	options.Linear = true // parts are evaluated once
	l, _ := newLanguage(reflect.TypeFor[F](), options)
	return &dissector{language: l, scratch: scratch, facts: facts}
}

// part is the part that settles a condition, which compiles.
func (d *dissector) part(source string) *Part {
	tree, found := d.language.parse(source)
	if len(found) > 0 {
		return nil
	}
	if found = d.language.resolve(tree); len(found) > 0 {
		return nil
	}
	d.source, d.lets = source, nil
	node, held := d.settling(tree.Node, false)
	from, to := excerpt(source, node)
	p := &Part{From: from, To: to, Source: cut(source, from, to), Held: held, Values: d.operands(node, nil)}
	p.Line, p.Column = position(source, from)
	return p
}

// settling finds the smallest part that makes node other than wanted: false where it is negated, else true.
func (d *dissector) settling(node ast.Node, negated bool) (settles ast.Node, held bool) {
	switch n := node.(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return d.settling(n.Node, !negated)
		}
	case *ast.BinaryNode:
		isAnd, isOr := n.Operator == "and" || n.Operator == "&&", n.Operator == "or" || n.Operator == "||"
		if isAnd && !negated || isOr && negated {
			if left, err := d.holds(n.Left); err != nil || left == negated {
				return d.settling(n.Left, negated)
			}
			return d.settling(n.Right, negated)
		}
	case *ast.VariableDeclaratorNode:
		d.lets = append(d.lets, n)
		return d.settling(n.Expr, negated)
	case *ast.ConditionalNode:
		switch held, err := d.holds(n.Cond); {
		case err != nil:
			return d.settling(n.Cond, negated)
		case held:
			return d.settling(n.Exp1, negated)
		}
		return d.settling(n.Exp2, negated)
	}
	return node, negated
}

// holds evaluates a part as a condition.
func (d *dissector) holds(node ast.Node) (bool, error) {
	tree := d.tree(node)
	d.language.config.Expect = reflect.Bool
	if found := d.language.lift(tree); len(found) > 0 {
		return false, fmt.Errorf("rules: evaluate part: %s", found[0].message)
	}
	program, err := compiler.Compile(tree, d.language.config)
	if err != nil {
		return false, fmt.Errorf("rules: evaluate part: %w", err)
	}
	return d.scratch.run(program, d.facts)
}

// value evaluates a part as a value.
func (d *dissector) value(node ast.Node) (any, error) {
	tree := d.tree(node)
	d.language.config.Expect = reflect.Invalid
	if found := d.language.liftValue(tree); len(found) > 0 {
		return nil, fmt.Errorf("rules: evaluate part: %s", found[0].message)
	}
	program, err := compiler.Compile(tree, d.language.config)
	if err != nil {
		return nil, fmt.Errorf("rules: evaluate part: %w", err)
	}
	d.scratch.machine.MemoryBudget = elementsMax
	return d.scratch.machine.Run(program, d.facts)
}

// tree is a part by itself, with the variables that it may use.
func (d *dissector) tree(node ast.Node) *parser.Tree {
	node = clone(node)
	for i := len(d.lets) - 1; i >= 0; i-- {
		let := new(*d.lets[i])
		let.Value, let.Expr = clone(let.Value), node
		node = typed(node, let)
	}
	return &parser.Tree{Node: node, Source: file.NewSource(d.source)}
}

// operands gives the values that a part compares.
func (d *dissector) operands(node ast.Node, out []Operand) []Operand {
	switch n := node.(type) {
	case *ast.UnaryNode:
		return d.operands(n.Node, out)
	case *ast.BinaryNode:
		if isTruth(n) || n.Operator == ".." {
			return d.operands(n.Right, d.operands(n.Left, out))
		}
	case *ast.BuiltinNode:
		if len(n.Arguments) == 2 && isPredicate(n.Arguments[1]) {
			return d.operands(n.Arguments[0], out)
		}
	case *ast.VariableDeclaratorNode, *ast.ConditionalNode:
		return out
	}
	if isLiteral(node) {
		return out
	}
	from, to := excerpt(d.source, node)
	shown := Operand{Source: cut(d.source, from, to), Value: ""}
	if value, err := d.value(node); err != nil {
		shown.Value = "failed: " + failure(Problem{}, d.source, err).Message
	} else {
		shown.Value = show(value)
	}
	for _, seen := range out {
		if seen == shown {
			return out
		}
	}
	return append(out, shown)
}

func isLiteral(node ast.Node) bool {
	if _, ok := timeConstantOf(node); ok {
		return true
	}
	_, ok := constants(node)
	return ok
}

// show renders a value as a source would write it.
//
// float: the value is only shown.
func show(value any) string {
	v := indirect(value)
	var out string
	switch d, isDuration := value.(time.Duration); {
	case !v.IsValid() || v.Kind() == reflect.Pointer:
		return "nil"
	case isDuration:
		return fmt.Sprintf("duration(%q)", d)
	case v.Kind() == reflect.String:
		out = strconv.Quote(v.String())
	case v.CanFloat() && (math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)):
		return formatFloat(v.Float())
	case v.CanFloat() || v.CanInt() || v.CanUint() || v.Kind() == reflect.Bool:
		out, _ = toString(value)
	case v.Kind() == reflect.Slice && v.IsNil():
		return "[]"
	default:
		encoded, err := json.Marshal(v.Interface())
		if out = string(encoded); err != nil {
			return fmt.Sprintf("%T", value)
		}
	}
	return clipped(out)
}

// clipped cuts a long rendering at a character.
func clipped(s string) string {
	if len(s) <= shownMax {
		return s
	}
	end := shownMax
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
