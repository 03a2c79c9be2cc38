package rules

import (
	"reflect"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// value binds a node that is used as a value.
func (b *binder) value(node ast.Node) term {
	if constant, ok := timeConstantOf(node); ok {
		return func(*frame) value { return constant }
	}
	if isTruth(node) {
		inner := b.truth(node)
		return func(f *frame) value { return ofBool(inner(f)) }
	}
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return b.name(n)
	case *ast.ChainNode:
		return b.value(n.Node)
	case *ast.MemberNode:
		return b.member(n)
	case *ast.PointerNode:
		return b.element(n)
	case *ast.UnaryNode:
		return b.sign(n)
	case *ast.BinaryNode:
		return b.operation(n)
	case *ast.ConditionalNode:
		return b.choice(n)
	case *ast.VariableDeclaratorNode:
		slot, bound := b.let(n)
		inner := b.value(n.Expr)
		b.unlet()
		return func(f *frame) value {
			f.lets[slot] = bound(f)
			return inner(f)
		}
	case *ast.BuiltinNode:
		return b.function(n)
	}
	b.leave()
	return nil
}

// constantOf gives the value of a literal, as expr's compiler pushes it.
//
// float: the value is passed on.
func constantOf(node ast.Node) (value, bool) {
	switch n := node.(type) {
	case *ast.NilNode:
		return value{kind: absent}, true
	case *ast.StringNode:
		return ofText(n.Value), true
	case *ast.BoolNode:
		return ofBool(n.Value), true
	case *ast.FloatNode:
		return ofFloat(n.Value), n.Nature().Kind != reflect.Float32
	case *ast.IntegerNode:
		if n.Nature().IsFloat {
			return ofFloat(float64(n.Value)), n.Nature().Kind == reflect.Float64
		}
		return ofInt(n.Value), true
	case *ast.UnaryNode:
		if v, ok := constantOf(n.Node); ok && n.Operator == "-" && v.kind == whole {
			return ofInt(-v.whole()), true
		} else if ok && n.Operator == "-" && v.kind == fraction {
			return ofFloat(-v.float()), true
		}
	}
	return value{}, false
}

// name binds a variable or a fact.
func (b *binder) name(n *ast.IdentifierNode) term {
	if slot := b.slot(n.Value); slot >= 0 {
		return func(f *frame) value { return f.lets[slot] }
	}
	return b.fact(n)
}

// slot is where a variable is kept, or -1. An inner one hides an outer one.
func (b *binder) slot(name string) int {
	for i := len(b.lets) - 1; i >= 0; i-- {
		if b.lets[i] == name {
			return i
		}
	}
	return -1
}

// element binds the element that a predicate looks at.
func (b *binder) element(n *ast.PointerNode) term {
	depth := len(b.elements) - 1
	switch {
	case depth < 0:
		b.leave()
	case n.Name == "index":
		return func(f *frame) value { return ofInt(f.loops[depth].index) }
	case n.Name == "" && b.elements[depth].typ == nil:
		return func(f *frame) value { l := &f.loops[depth]; return l.read(l.at) }
	}
	b.leave() // a struct is no value
	return nil
}

// member binds a member: of a struct of the facts, or of a map.
func (b *binder) member(n *ast.MemberNode) term {
	if _, _, ok := b.place(n); ok {
		return b.fact(n)
	}
	key, ok := n.Property.(*ast.StringNode)
	if !ok {
		b.leave()
		return nil
	}
	if depth, at, ok := b.place(n.Node); ok && depth < 0 {
		if read := at.fieldsReader(); read != nil {
			return func(f *frame) value { return ofAny(read(f.facts)[key.Value]) }
		}
	}
	base := b.value(n.Node)
	return func(f *frame) value {
		v := base(f)
		if v.kind == object {
			if fields, ok := v.any.(map[string]any); ok {
				return ofAny(fields[key.Value])
			}
		}
		if v.kind != absent {
			f.failed = true
		}
		return value{kind: absent}
	}
}

// sign binds a sign before a fact. Before other values it is left: there expr keeps the size of an integer.
func (b *binder) sign(n *ast.UnaryNode) term {
	_, p, ok := b.place(n.Node)
	if !ok || n.Operator != "-" || !isPlainNumber(p.pointed().typ) {
		b.leave()
		return nil
	}
	inner := b.fact(n.Node)
	return func(f *frame) value {
		switch v := inner(f); v.kind {
		case whole:
			return ofInt(-v.whole())
		case fraction:
			return ofFloat(-v.float())
		}
		return f.fail()
	}
}

func (b *binder) choice(n *ast.ConditionalNode) term {
	cond, yes, no := b.truth(n.Cond), b.value(n.Exp1), b.value(n.Exp2)
	return func(f *frame) value {
		if cond(f) {
			return yes(f)
		}
		return no(f)
	}
}

// operation binds arithmetic and ??.
func (b *binder) operation(n *ast.BinaryNode) term {
	left, right := b.value(n.Left), b.value(n.Right)
	if n.Operator == "??" {
		return func(f *frame) value {
			v := left(f)
			is, known := v.isNil()
			switch {
			case !known:
				return f.fail()
			case is:
				return right(f)
			}
			return v
		}
	}
	switch n.Operator {
	case "+", "-", "*", "/", "%":
		sign := n.Operator[0]
		return func(f *frame) value { return f.calculate(sign, left(f), right(f)) }
	}
	b.leave()
	return nil
}

// calculate does arithmetic as expr does: integers wrap around, a quotient is a float, a sum of texts is a text.
//
// float: expr calculates with floats as soon as one operand is one, and so must this.
func (f *frame) calculate(sign byte, v, w value) value {
	switch {
	case v.kind == whole && w.kind == whole && sign != '/':
		return f.calculateWhole(sign, v.whole(), w.whole())
	case v.kind == text && w.kind == text && sign == '+':
		return ofText(f.joined(v.text, w.text))
	case !v.isNumber() || !w.isNumber():
		return f.fail()
	}
	x, y := v.number(), w.number()
	switch sign {
	case '+':
		return ofFloat(x + y)
	case '-':
		return ofFloat(x - y)
	case '*':
		return ofFloat(x * y)
	case '/':
		return ofFloat(x / y)
	}
	return f.fail()
}

func (f *frame) calculateWhole(sign byte, x, y int) value {
	switch {
	case sign == '+':
		return ofInt(x + y)
	case sign == '-':
		return ofInt(x - y)
	case sign == '*':
		return ofInt(x * y)
	case y != 0:
		return ofInt(x % y)
	}
	return f.fail()
}

// function binds a call of a function of the language.
func (b *binder) function(n *ast.BuiltinNode) term {
	switch n.Name {
	case "len":
		return b.length(n.Arguments[0])
	case "count":
		return b.count(n)
	case "lower", "upper", "trim", "trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix":
		return b.textFunction(n)
	}
	b.leave()
	return nil
}

// length binds the length of a text, in characters, or of a collection; of what is absent it is 0, since then the lifted
// argument is an empty list.
func (b *binder) length(arg ast.Node) term {
	if inner, ok := b.listFact(unwrapped(arg)); ok {
		return func(f *frame) value { return ofInt(inner(f).len) }
	}
	inner, wrapped := b.value(unwrapped(arg)), unwrapped(arg) != arg
	return func(f *frame) value {
		switch v := inner(f); {
		case v.kind == text:
			return ofInt(utf8.RuneCountInString(v.text))
		case v.kind == object:
			return ofInt(v.len())
		case v.kind == absent && wrapped:
			return ofInt(0)
		}
		return f.fail()
	}
}

// unwrapped is x for x ?? [], which the lifter makes.
func unwrapped(node ast.Node) ast.Node {
	if n, ok := node.(*ast.BinaryNode); ok && n.Operator == "??" {
		if empty, ok := n.Right.(*ast.ConstantNode); ok {
			if values, ok := empty.Value.([]any); ok && len(values) == 0 {
				return n.Left
			}
		}
	}
	return node
}
