package rules

import (
	"reflect"
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
)

// A surer tells which parts of a checked tree cannot fail to evaluate, whatever the facts, once lifted. It may err on the
// side of no.
type surer struct {
	language *language
	elements []reflect.Type // of the lists that predicates run over, innermost last
}

// enter and leave surround what is asked about the elements of a list.
func (s *surer) enter(about *subject) {
	t := about.typ
	if about.element.typ != nil {
		t = about.element.typ
	}
	s.elements = append(s.elements, t)
}

func (s *surer) leave() { s.elements = s.elements[:len(s.elements)-1] }

// isSure reports whether a node, used as a condition or a value, cannot fail.
func (s *surer) isSure(node ast.Node) bool {
	if _, ok := constantOf(node); ok {
		return true
	}
	switch n := node.(type) {
	case *ast.IdentifierNode, *ast.ChainNode, *ast.MemberNode, *ast.PointerNode:
		return s.typeOf(node) == reflect.TypeFor[bool]()
	case *ast.UnaryNode:
		return (n.Operator == "not" || n.Operator == "!") && s.isSure(n.Node)
	case *ast.BinaryNode:
		return s.isSureOperation(n)
	case *ast.BuiltinNode:
		return s.isSureCall(n)
	case *ast.PredicateNode:
		return s.isSure(n.Node)
	}
	return false
}

func (s *surer) isSureOperation(n *ast.BinaryNode) bool {
	left, right := s.classOf(n.Left), s.classOf(n.Right)
	switch n.Operator {
	case "and", "&&", "or", "||":
		return s.isSure(n.Left) && s.isSure(n.Right)
	case "==", "!=":
		return s.isReadable(n.Left) && s.isReadable(n.Right)
	case "<", "<=", ">", ">=":
		return left != 0 && left == right
	case "contains", "startsWith", "endsWith":
		return left == text && right == text
	case "matches":
		return left == text
	case "in":
		return s.isReadable(n.Left) && s.isSureContainer(n)
	}
	return false
}

// isSureContainer reports whether looking a readable value up in the right side cannot fail.
func (s *surer) isSureContainer(n *ast.BinaryNode) bool {
	if r, ok := n.Right.(*ast.BinaryNode); ok {
		_, _, ok := span(r)
		return ok
	}
	if values, ok := n.Right.(*ast.ArrayNode); ok {
		return !slices.ContainsFunc(values.Nodes, func(v ast.Node) bool { _, ok := literal(v); return !ok })
	}
	t := s.typeOf(n.Right)
	return t != nil && t.Kind() == reflect.Slice
}

// isSureCall knows the predicates over lists of plain elements.
func (s *surer) isSureCall(n *ast.BuiltinNode) bool {
	if !slices.Contains(quantifiers, n.Name) || len(n.Arguments) != 2 {
		return false
	}
	t := s.typeOf(n.Arguments[0])
	if t == nil || t.Kind() != reflect.Slice {
		return false
	}
	s.elements = append(s.elements, t.Elem())
	defer s.leave()
	return s.isSure(n.Arguments[1])
}

// isReadable reports whether the value of a node can be had without a failure: of constants, of what lies at a place among
// the facts, and of the members of a map there.
func (s *surer) isReadable(node ast.Node) bool {
	if _, ok := timeConstantOf(node); ok || s.typeOf(node) != nil || s.classOf(node) != 0 {
		return true
	}
	if chain, ok := node.(*ast.ChainNode); ok {
		return s.isReadable(chain.Node)
	}
	m, ok := node.(*ast.MemberNode)
	if !ok {
		return false
	}
	_, named := m.Property.(*ast.StringNode)
	return named && s.typeOf(m.Node) == reflect.TypeFor[map[string]any]()
}

// classOf is the kind of a value as far as order and search go: fraction for numbers, text, lapse, or 0 when not known.
func (s *surer) classOf(node ast.Node) kind {
	if v, ok := timeConstantOf(node); ok {
		switch {
		case v.isNumber():
			return fraction
		case v.kind == text || v.kind == lapse:
			return v.kind
		}
		return 0
	}
	if call, ok := node.(*ast.BuiltinNode); ok {
		return s.classOfCall(call)
	}
	switch t := s.typeOf(node); {
	case t == nil:
		return 0
	case t == reflect.TypeFor[string]():
		return text
	case t == reflect.TypeFor[time.Duration]():
		return lapse
	case t == reflect.TypeFor[int](), t == reflect.TypeFor[int64](), t == reflect.TypeFor[int32](), t == reflect.TypeFor[float64]():
		return fraction
	}
	return 0
}

func (s *surer) classOfCall(call *ast.BuiltinNode) kind {
	switch call.Name {
	case "lower", "upper", "trim":
		if len(call.Arguments) == 1 && s.classOf(call.Arguments[0]) == text {
			return text
		}
	case "len":
		if t := s.typeOf(call.Arguments[0]); t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.String) {
			return fraction
		}
	}
	return 0
}

// typeOf is the type of what lies at a node's place, behind pointers; nil when it has none, or holds values of any type.
func (s *surer) typeOf(node ast.Node) reflect.Type {
	b := binder{language: s.language}
	for _, t := range s.elements {
		if t != nil && deref(t).Kind() == reflect.Struct {
			b.elements = append(b.elements, place{typ: t})
		} else {
			b.elements = append(b.elements, place{})
		}
	}
	if p, ok := node.(*ast.PointerNode); ok && p.Name == "" && len(s.elements) > 0 {
		if t := s.elements[len(s.elements)-1]; t != nil && t.Kind() != reflect.Interface && t.Kind() != reflect.Pointer {
			return t
		}
		return nil
	}
	return b.staticType(node)
}
