package rules

import (
	"reflect"
	"unsafe"

	"github.com/expr-lang/expr/ast"
)

// place finds where a node's value lies: below the facts, for which depth is -1, or below the element of the predicate at
// a depth. It is not ok for what does not lie at one place: variables, members of maps, results.
func (b *binder) place(node ast.Node) (depth int, at place, ok bool) {
	switch n := node.(type) {
	case *ast.ChainNode:
		return b.place(n.Node)
	case *ast.PointerNode:
		depth = len(b.elements) - 1
		if n.Name == "" && depth >= 0 && b.elements[depth].typ != nil {
			return depth, b.elements[depth], true
		}
	case *ast.IdentifierNode:
		if b.slot(n.Value) < 0 {
			at, ok = b.language.field(place{typ: b.language.facts}, n.Value)
			return -1, at, ok
		}
	case *ast.MemberNode:
		name, named := n.Property.(*ast.StringNode)
		if !named {
			break
		}
		if depth, at, ok = b.place(n.Node); ok {
			at, ok = b.language.field(at, name.Value)
			return depth, at, ok
		}
	}
	return 0, place{}, false
}

// field is the place of a field by its name in expressions. A field of an embedded pointer is left to expr, for which a
// nil one is an error and not a missing value.
func (l *language) field(at place, name string) (place, bool) {
	t := deref(at.typ)
	if t.Kind() != reflect.Struct {
		return place{}, false
	}
	outer := l.cache().FromType(t)
	index, ok := outer.FieldIndex(l.cache(), name)
	if !ok || len(index) == 0 {
		return place{}, false
	}
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() != reflect.Struct {
			return place{}, false
		}
	}
	return at.field(index), true
}

// fact binds what lies at a place.
func (b *binder) fact(node ast.Node) term {
	depth, at, ok := b.place(node)
	if !ok {
		b.leave()
		return nil
	}
	read := at.reader()
	if read == nil {
		b.leave()
	}
	if depth < 0 {
		return func(f *frame) value { return read(f.facts) }
	}
	return func(f *frame) value { return read(f.loops[depth].at) }
}

// textAndWord recognizes the commonest comparison, of a text among the facts with a constant.
func (b *binder) textAndWord(n *ast.BinaryNode) (read func(unsafe.Pointer) string, word string, ok bool) {
	literal, ok := n.Right.(*ast.StringNode)
	if !ok {
		return nil, "", false
	}
	depth, at, ok := b.place(n.Left)
	if !ok || depth >= 0 || len(at.hops) > 0 || at.typ != reflect.TypeFor[string]() {
		return nil, "", false
	}
	return at.textReader(), literal.Value, true
}

func isPlainNumber(t reflect.Type) bool {
	return t == reflect.TypeFor[int]() || t == reflect.TypeFor[float64]()
}
