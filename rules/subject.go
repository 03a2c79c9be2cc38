package rules

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
)

// A subject is a fact that keys are about, read once a pass for all of them: a value, the elements of a list, or a member
// of such elements.
type subject struct {
	name    string            // ticket.fields."amount", ticket.tags[], lower(ticket.subject)
	typ     reflect.Type      // nil when only the value tells
	list    func(*frame) list // of elements
	element place             // of an element that is a struct
	read    term              // the value; of elements, given the element in loops[0]
	fold    func(f *frame, s string) string
	touched Changed // the paths whose change may change this
}

func (s *subject) isBool() bool     { return s.typ == reflect.TypeFor[bool]() }
func (s *subject) isDuration() bool { return s.typ == reflect.TypeFor[time.Duration]() }

// A survey is the subjects met so far, by name.
type survey struct {
	language *language
	paths    []string // by Path
	byName   map[string]*subject
	inOrder  []*subject
}

func newSurvey(l *language) *survey {
	return &survey{language: l, paths: appendPaths(nil, "", l.facts, 0), byName: map[string]*subject{}}
}

// subject gives the subject that a node is. It is not ok for anything but a fact, or a fact in lower or upper case.
func (q *needer) subject(node ast.Node) (*subject, bool) {
	call, ok := node.(*ast.BuiltinNode)
	if !ok {
		return q.survey.find(node, q.within, "")
	}
	if call.Name != "lower" && call.Name != "upper" {
		return nil, false
	}
	return q.survey.find(call.Arguments[0], q.within, call.Name)
}

// elements gives the elements of a list that is a fact.
func (q *needer) elements(node ast.Node) (*subject, bool) {
	steps, ok := pathOf(node)
	if !ok || steps[0] == "#" || q.within != nil {
		return nil, false
	}
	return q.survey.keep(nameOf(steps)+"[]", func() (*subject, bool) {
		b := binder{language: q.survey.language}
		list, element := b.collection(node)
		s := &subject{list: list, element: element, touched: q.survey.touched(steps)}
		b.elements = []place{element}
		s.read = plainElement
		if element.typ == nil {
			s.typ = elementType(b.staticType(node))
		}
		return s, !b.stuck
	})
}

// elementType is the type of the elements of a slice, nil when they are of any type or t is no slice.
func elementType(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() != reflect.Slice || t.Elem().Kind() == reflect.Interface {
		return nil
	}
	return t.Elem()
}

func plainElement(f *frame) value {
	here := &f.loops[0]
	if here.read == nil {
		return value{kind: strange}
	}
	return here.read(here.at)
}

// find gives the subject of a node within a list, or of a fact when within is nil, under a function.
func (v *survey) find(node ast.Node, within *subject, function string) (*subject, bool) {
	steps, ok := pathOf(node)
	if !ok || (steps[0] == "#") != (within != nil) {
		return nil, false
	}
	name := nameOf(steps)
	if within != nil {
		name = within.name + strings.TrimPrefix(name, "#")
	}
	if function != "" {
		name = function + "(" + name + ")"
	}
	return v.keep(name, func() (*subject, bool) { return v.make(node, steps, within, function) })
}

func (v *survey) make(node ast.Node, steps []string, within *subject, function string) (*subject, bool) {
	b := binder{language: v.language}
	s := &subject{}
	if within == nil {
		s.touched = v.touched(steps)
	} else {
		*s = subject{list: within.list, element: within.element, touched: within.touched}
		b.elements = []place{within.element}
	}
	s.read, s.typ = b.value(node), b.staticType(node)
	if within != nil && len(steps) == 1 {
		s.typ = within.typ
	}
	switch function {
	case "lower":
		s.fold = (*frame).lower
	case "upper":
		s.fold = (*frame).upper
	}
	return s, !b.stuck
}

// staticType is the type of what lies at a node's place, nil when it has none or holds values of any type.
func (b *binder) staticType(node ast.Node) reflect.Type {
	_, at, ok := b.place(node)
	if !ok {
		return nil
	}
	if t := at.pointed().typ; t.Kind() != reflect.Interface {
		return t
	}
	return nil
}

// keep gives the subject of a name, made on first mention.
func (v *survey) keep(name string, made func() (*subject, bool)) (*subject, bool) {
	if s, known := v.byName[name]; known {
		return s, s != nil
	}
	s, ok := made()
	if !ok {
		v.byName[name] = nil
		return nil, false
	}
	s.name = name
	v.byName[name] = s
	v.inOrder = append(v.inOrder, s)
	return s, true
}

// pathOf gives the steps to a fact: its name, then fields and keys. The first step within a predicate is #.
func pathOf(node ast.Node) ([]string, bool) {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return []string{n.Value}, true
	case *ast.PointerNode:
		return []string{"#"}, n.Name == ""
	case *ast.ChainNode:
		return pathOf(n.Node)
	case *ast.MemberNode:
		key, ok := n.Property.(*ast.StringNode)
		if !ok {
			return nil, false
		}
		steps, ok := pathOf(n.Node)
		return append(steps, key.Value), ok
	}
	return nil, false
}

// nameOf makes one name of steps; those that are no names are quoted.
func nameOf(steps []string) string {
	var out strings.Builder
	for i, step := range steps {
		if i > 0 {
			out.WriteByte('.')
		}
		if strings.ContainsAny(step, ".\"[]()") {
			step = strconv.Quote(step)
		}
		out.WriteString(step)
	}
	return out.String()
}

// touched are the paths at, above and below a fact. A fact without a path may be changed by anything.
func (v *survey) touched(steps []string) Changed {
	var out Changed
	full := strings.Join(steps, ".")
	if !slices.Contains(v.paths, steps[0]) {
		return Everything()
	}
	for i, name := range v.paths[:min(len(v.paths), PathsMax)] {
		if name == full || strings.HasPrefix(full, name+".") || strings.HasPrefix(name, full+".") {
			out = out.With(Path(i))
		}
	}
	return out
}
