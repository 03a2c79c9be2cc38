package rules

import (
	"regexp"
	"slices"
	"unsafe"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

const (
	// letsMax and loopsMax bound the variables, and the predicates within predicates, that a frame has room for.
	letsMax, loopsMax = 16, 4
	// textsKeptMax is how much room for texts a frame keeps for the next evaluation, in bytes.
	textsKeptMax = 1 << 20
)

// A closure is a condition as a Go function. It gives what expr's machine gives, or sets frame.failed: then the machine is
// asked, so that failures and whatever closures do not know have one source.
type closure func(*frame) bool

// term is the same for a part of a condition that is a value.
type term func(*frame) value

// frame is what closures work on. The zero value is ready.
type frame struct {
	facts  unsafe.Pointer
	failed bool
	lets   [letsMax]value
	loops  [loopsMax]loop
	texts  []byte // texts made during this evaluation
}

// loop is where a predicate stands.
type loop struct {
	at    unsafe.Pointer             // the element
	read  func(unsafe.Pointer) value // reads it
	index int
}

// drop forgets the texts made for a condition, which went into its answer.
func (f *frame) drop(made int, held bool) bool {
	f.texts = f.texts[:made]
	return held
}

func (f *frame) fail() value {
	f.failed = true
	return value{kind: absent}
}

// begin readies the frame for an evaluation.
func (f *frame) begin(facts unsafe.Pointer) {
	f.facts, f.failed, f.texts = facts, false, f.texts[:0]
	if cap(f.texts) > textsKeptMax {
		f.texts = nil
	}
}

// A binder makes closures from a lifted tree. Once stuck, what it made is not to be used: the tree holds something that is
// left to expr's machine.
type binder struct {
	language *language
	program  *vm.Program
	lets     []string
	elements []place // of the lists that predicates run over, innermost last; of type nil when not known before
	stuck    bool
}

// bind makes the closure of a condition, nil when there is none.
func (l *language) bind(node ast.Node, program *vm.Program) closure {
	b := binder{language: l, program: program}
	made := b.truth(node)
	if b.stuck {
		return nil
	}
	return made
}

// leave gives up.
func (b *binder) leave() {
	b.stuck = true
}

// truth binds a node that is used as a condition.
func (b *binder) truth(node ast.Node) closure {
	switch n := node.(type) {
	case *ast.BoolNode:
		return func(*frame) bool { return n.Value }
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			inner := b.truth(n.Node)
			return func(f *frame) bool { return !inner(f) }
		}
	case *ast.BinaryNode:
		if made := b.test(n); made != nil {
			return made
		}
	case *ast.ConditionalNode:
		cond, yes, no := b.truth(n.Cond), b.truth(n.Exp1), b.truth(n.Exp2)
		return func(f *frame) bool {
			if cond(f) {
				return yes(f)
			}
			return no(f)
		}
	case *ast.VariableDeclaratorNode:
		slot, value := b.let(n)
		inner := b.truth(n.Expr)
		b.unlet()
		return func(f *frame) bool {
			f.lets[slot] = value(f)
			return inner(f)
		}
	case *ast.BuiltinNode:
		if made := b.quantifier(n); made != nil {
			return made
		}
	}
	inner := b.value(node)
	return func(f *frame) bool { return f.truth(inner(f)) }
}

// truth is a value as a condition; what is absent is false.
func (f *frame) truth(v value) bool {
	if v.kind != boolean && v.kind != absent {
		f.failed = true
	}
	return v.kind == boolean && v.truth()
}

// isTruth reports whether binding a node as a condition does not lead back to binding it as a value.
func isTruth(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.UnaryNode:
		return n.Operator == "not" || n.Operator == "!"
	case *ast.BinaryNode:
		return slices.Contains(tests, n.Operator)
	case *ast.BuiltinNode:
		return slices.Contains(quantifiers, n.Name)
	}
	return false
}

// tests are the operators that give true or false.
var tests = []string{
	"and", "&&", "or", "||", "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches",
}

// test binds an operation that gives true or false; nil when it gives something else.
func (b *binder) test(n *ast.BinaryNode) closure {
	switch n.Operator {
	case "and", "&&":
		left, right := b.truth(n.Left), b.truth(n.Right)
		return func(f *frame) bool { made := len(f.texts); return f.drop(made, left(f)) && f.drop(made, right(f)) }
	case "or", "||":
		left, right := b.truth(n.Left), b.truth(n.Right)
		return func(f *frame) bool { made := len(f.texts); return f.drop(made, left(f)) || f.drop(made, right(f)) }
	case "==":
		return b.equality(n)
	case "!=":
		equal := b.equality(n)
		return func(f *frame) bool { return !equal(f) }
	case "<", "<=", ">", ">=":
		return b.comparison(n)
	case "in":
		return b.membership(n)
	case "contains", "startsWith", "endsWith":
		return b.search(n)
	case "matches":
		return b.match(n)
	}
	return nil
}

func (b *binder) equality(n *ast.BinaryNode) closure {
	if read, word, ok := b.textAndWord(n); ok {
		return func(f *frame) bool { return read(f.facts) == word }
	}
	left, right := b.value(n.Left), b.value(n.Right)
	if constant, ok := constantOf(n.Right); ok && constant.kind == text {
		return func(f *frame) bool {
			if v := left(f); v.kind == text {
				return v.text == constant.text
			} else if v.kind == strange {
				f.failed = true
			}
			return false
		}
	}
	return func(f *frame) bool {
		equal, known := left(f).equals(right(f))
		f.failed = f.failed || !known
		return equal
	}
}

func (b *binder) comparison(n *ast.BinaryNode) closure {
	wanted, left, right := orders[n.Operator], b.value(n.Left), b.value(n.Right)
	if constant, ok := constantOf(n.Right); ok && constant.kind == whole {
		bound := int64(constant.whole())
		return func(f *frame) bool {
			v := left(f)
			if v.kind == whole {
				return orderOf(int64(v.whole()), bound)&wanted != 0
			}
			found, known := v.compare(constant)
			f.failed = f.failed || !known
			return found&wanted != 0
		}
	}
	return func(f *frame) bool {
		found, known := left(f).compare(right(f))
		f.failed = f.failed || !known
		return found&wanted != 0
	}
}

// match binds a match with a constant pattern, which the program has compiled.
func (b *binder) match(n *ast.BinaryNode) closure {
	pattern := b.pattern(n.Right)
	left := b.value(n.Left)
	return func(f *frame) bool {
		v := left(f)
		if v.kind != text {
			f.failed = f.failed || v.kind != absent
			return false
		}
		return pattern.MatchString(v.text)
	}
}

func (b *binder) pattern(node ast.Node) *regexp.Regexp {
	source, ok := node.(*ast.StringNode)
	if ok && b.program != nil {
		for _, constant := range b.program.Constants {
			if compiled, ok := constant.(*regexp.Regexp); ok && compiled.String() == source.Value {
				return compiled
			}
		}
	}
	b.leave()
	return nil
}

// let declares the variable of n, and binds its value.
func (b *binder) let(n *ast.VariableDeclaratorNode) (slot int, bound term) {
	bound = b.value(n.Value)
	if b.lets = append(b.lets, n.Name); len(b.lets) > letsMax {
		b.leave()
	}
	return len(b.lets) - 1, bound
}

func (b *binder) unlet() {
	b.lets = b.lets[:len(b.lets)-1]
}
