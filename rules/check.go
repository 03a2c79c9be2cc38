package rules

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// check runs expr's type checker and returns what it found beside what is known already. The checker stops at its first
// error, so unknown fields, of which there may be many, are found by the types that it left on the nodes.
func (l *language) check(tree *parser.Tree, found []finding) []finding {
	_, err := checker.Check(tree, l.config)
	visit(&tree.Node, func(node *ast.Node) { found = append(found, l.unknownField(*node)...) })
	if len(found) == 0 && err != nil {
		found = l.mistyped(tree, err)
	}
	if len(found) == 0 {
		visit(&tree.Node, func(node *ast.Node) { found = append(found, l.inexact(*node)...) })
	}
	return found
}

func (l *language) unknownField(node ast.Node) []finding {
	n, ok := node.(*ast.MemberNode)
	if !ok {
		return nil
	}
	base := n.Node.Nature().Deref(l.cache())
	name, ok := n.Property.(*ast.StringNode)
	if !ok || !base.IsStruct() {
		return nil
	}
	if field, ok := base.FieldByName(l.cache(), name.Value); ok && !field.IsFunc() {
		return nil
	}
	return []finding{{
		offset:  n.Location().From,
		message: "unknown name " + name.Value,
		hint:    Suggest(name.Value, fieldNames(l.cache(), base.Type)),
	}}
}

// mistyped words the checker's error.
func (l *language) mistyped(tree *parser.Tree, err error) []finding {
	var at *file.Error
	if errors.As(err, &at) {
		return []finding{{offset: at.From, message: at.Message}}
	}
	given := tree.Node.Nature().Deref(l.cache())
	if given.IsBool() { // of a pointer: missing means false
		return nil
	}
	what := given.String()
	if given.Nil {
		what = "nil"
	}
	return []finding{{message: fmt.Sprintf("gives %s; a condition gives true or false", what)}}
}

// inexact refuses what Go leaves to the processor: the integer of a float that is out of range.
func (l *language) inexact(node ast.Node) []finding {
	switch n := node.(type) {
	case *ast.MemberNode:
		return l.inexactIndex(n)
	case *ast.SliceNode:
		return l.inexactSlice(n)
	case *ast.BinaryNode:
		return l.inexactProduct(n)
	}
	return nil
}

func (l *language) inexactIndex(n *ast.MemberNode) []finding {
	base, index := n.Node.Nature().Deref(l.cache()), n.Property.Nature().Deref(l.cache())
	if base.IsMap() || index.IsInteger || index.IsString() {
		return nil
	}
	return []finding{{offset: n.Property.Location().From, message: "an index must be an integer or a text", hint: "use int(...) or string(...)"}}
}

// inexactSlice needs a base of known type as well: without one, the checker does not look at the bounds.
func (l *language) inexactSlice(n *ast.SliceNode) []finding {
	if base := n.Node.Nature().Deref(l.cache()); base.IsUnknown(l.cache()) {
		return []finding{{offset: n.Location().From, message: "a part of a value of unknown type cannot be taken"}}
	}
	for _, bound := range present(&n.From, &n.To) {
		if t := (*bound).Nature().Deref(l.cache()); !t.IsInteger {
			return []finding{{offset: (*bound).Location().From, message: "a bound must be an integer", hint: "use int(...)"}}
		}
	}
	return nil
}

func (l *language) inexactProduct(n *ast.BinaryNode) []finding {
	left, right := n.Left.Nature().Deref(l.cache()), n.Right.Nature().Deref(l.cache())
	exact := isWhole(left) && isWhole(right)
	if n.Operator != "*" || !left.IsDuration() && !right.IsDuration() || exact {
		return nil
	}
	return []finding{{offset: n.Location().From, message: "a duration can be multiplied by an integer only", hint: "use int(...)"}}
}

func isWhole(t staticType) bool {
	switch t.Kind {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}
