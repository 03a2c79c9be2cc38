package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// listFact binds a slice among the facts; it is not ok for anything else.
func (b *binder) listFact(node ast.Node) (func(*frame) list, bool) {
	depth, at, ok := b.place(node)
	if !ok {
		return nil, false
	}
	read := at.lister()
	if read == nil {
		return nil, false
	}
	if depth < 0 {
		return func(f *frame) list { return read(f.facts) }, true
	}
	return func(f *frame) list { return read(f.loops[depth].at) }, true
}

// collection binds what a predicate runs over, and gives the place of an element that is a struct. What is absent is
// empty.
func (b *binder) collection(node ast.Node) (func(*frame) list, place) {
	node = unwrapped(node)
	if inner, ok := b.listFact(node); ok {
		_, at, _ := b.place(node)
		return inner, at.structElement()
	}
	if values, ok := constantList(node); ok {
		constant := listOf(values, readValue)
		return func(*frame) list { return constant }, place{}
	}
	inner := b.value(node)
	return func(f *frame) list { return f.list(inner(f)) }, place{}
}

// list gives the elements of a value.
func (f *frame) list(v value) list {
	switch x := v.any.(type) {
	case []any:
		return listOf(x, readAny)
	case []string:
		return listOf(x, readText)
	}
	f.failed = f.failed || v.kind != absent
	return list{}
}

// len is the length of an object.
func (v value) len() int {
	switch x := v.any.(type) {
	case []any:
		return len(x)
	case []string:
		return len(x)
	case map[string]any:
		return len(x)
	}
	return 0
}

// constantList gives the values of a folded list.
func constantList(node ast.Node) ([]value, bool) {
	n, ok := node.(*ast.ConstantNode)
	if !ok {
		return nil, false
	}
	var out []value
	switch values := n.Value.(type) {
	case []any:
		for _, v := range values {
			out = append(out, ofAny(v))
		}
	case []int:
		for _, v := range values {
			out = append(out, ofInt(v))
		}
	default:
		return nil, false
	}
	return out, true
}

// membership binds the operator in.
func (b *binder) membership(n *ast.BinaryNode) closure {
	left := b.value(n.Left)
	if set, ok := n.Right.(*ast.ConstantNode); ok {
		switch values := set.Value.(type) {
		case map[string]struct{}:
			return func(f *frame) bool { v := left(f); _, in := values[v.text]; return f.is(v, text) && in }
		case map[int]struct{}:
			return func(f *frame) bool { v := left(f); _, in := values[v.whole()]; return f.is(v, whole) && in }
		}
	}
	if values, ok := constantList(n.Right); ok {
		constant := listOf(values, readValue)
		return func(f *frame) bool { return f.has(constant, left(f)) }
	}
	if inner, ok := b.listFact(n.Right); ok {
		return func(f *frame) bool { v := left(f); return f.has(inner(f), v) }
	}
	right := b.value(n.Right)
	return func(f *frame) bool { v := left(f); return f.in(v, right(f)) }
}

// is reports whether v is of a kind; of another it is for expr to judge.
func (f *frame) is(v value, k kind) bool {
	f.failed = f.failed || v.kind != k
	return v.kind == k
}

// in reports whether v is a key of a map or an element of a list.
func (f *frame) in(v, container value) bool {
	if fields, ok := container.any.(map[string]any); ok {
		_, in := fields[v.text]
		return f.is(v, text) && in
	}
	return f.has(f.list(container), v)
}

// has reports whether an element of l equals v.
func (f *frame) has(l list, v value) bool {
	if l.len > 0 && l.read == nil {
		f.failed = true
		return false
	}
	for i := range l.len {
		equal, known := l.read(l.at(i)).equals(v)
		if f.failed = f.failed || !known; equal || !known {
			return equal
		}
	}
	return false
}

// quantifiers are the functions from a collection and a predicate to true or false.
var quantifiers = []string{"all", "any", "none", "one"}

// quantifier binds such a call; nil for any other.
func (b *binder) quantifier(n *ast.BuiltinNode) closure {
	if !slices.Contains(quantifiers, n.Name) {
		return nil
	}
	over, each := b.predicate(n)
	depth := len(b.elements)
	switch n.Name {
	case "one":
		return func(f *frame) bool { return f.count(over(f), each, depth) == 1 }
	case "any":
		return func(f *frame) bool { return f.find(over(f), each, depth, true) }
	case "none":
		return func(f *frame) bool { return !f.find(over(f), each, depth, true) }
	}
	return func(f *frame) bool { return !f.find(over(f), each, depth, false) }
}

// count binds the number of elements of which a predicate holds.
func (b *binder) count(n *ast.BuiltinNode) term {
	if len(n.Arguments) != 2 {
		b.leave()
		return nil
	}
	over, each := b.predicate(n)
	depth := len(b.elements)
	return func(f *frame) value { return ofInt(f.count(over(f), each, depth)) }
}

func (b *binder) predicate(n *ast.BuiltinNode) (over func(*frame) list, each closure) {
	over, element := b.collection(n.Arguments[0])
	predicate, ok := n.Arguments[1].(*ast.PredicateNode)
	if !ok || len(b.elements) == loopsMax {
		b.leave()
		return over, nil
	}
	b.elements = append(b.elements, element)
	each = b.truth(predicate.Node)
	b.elements = b.elements[:len(b.elements)-1]
	return over, each
}

// find reports whether the predicate gives wanted for an element.
func (f *frame) find(l list, each closure, depth int, wanted bool) bool {
	here, made := &f.loops[depth], len(f.texts)
	here.read = l.read
	for i := range l.len {
		here.at, here.index = l.at(i), i
		if each(f) == wanted {
			return true
		}
		f.texts = f.texts[:made] // what a predicate made went into its answer
	}
	return false
}

func (f *frame) count(l list, each closure, depth int) int {
	n := 0
	here, made := &f.loops[depth], len(f.texts)
	here.read = l.read
	for i := range l.len {
		here.at, here.index = l.at(i), i
		if each(f) {
			n++
		}
		f.texts = f.texts[:made]
	}
	return n
}
