package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// searches are the operators and functions that look for a text in another.
var searches = map[string]func(s, part string) bool{
	"contains":   strings.Contains,
	"startsWith": strings.HasPrefix,
	"endsWith":   strings.HasSuffix,
	"hasPrefix":  strings.HasPrefix,
	"hasSuffix":  strings.HasSuffix,
}

// search binds a search for a text in a text; what is absent has no part and is none.
func (b *binder) search(n *ast.BinaryNode) closure {
	found := searches[n.Operator]
	if read, word, ok := b.textAndWord(n); ok {
		return func(f *frame) bool { return found(read(f.facts), word) }
	}
	left, right := b.value(n.Left), b.value(n.Right)
	return func(f *frame) bool {
		v, w := left(f), right(f)
		if v.kind == text && w.kind == text {
			return found(v.text, w.text)
		}
		// Of two operands one of which is absent expr does not look at the other's type.
		f.failed = f.failed || v.kind != absent && w.kind != absent
		return false
	}
}

// textFunction binds a function from texts to a text or a truth value.
func (b *binder) textFunction(n *ast.BuiltinNode) term {
	apply := textFunctions[n.Name]
	first := b.value(n.Arguments[0])
	second := func(*frame) value { return ofText(" ") } // the default of trimPrefix and trimSuffix
	switch {
	case len(n.Arguments) == 2:
		second = b.value(n.Arguments[1])
	case n.Name == "trim":
		apply = func(_ *frame, s, _ string) value { return ofText(strings.TrimSpace(s)) }
	}
	return func(f *frame) value {
		v, w := first(f), second(f)
		if v.kind != text || w.kind != text {
			return f.fail()
		}
		return apply(f, v.text, w.text)
	}
}

var textFunctions = map[string]func(f *frame, s, t string) value{
	"lower":      func(f *frame, s, _ string) value { return ofText(f.lower(s)) },
	"upper":      func(f *frame, s, _ string) value { return ofText(f.upper(s)) },
	"trim":       func(_ *frame, s, t string) value { return ofText(strings.Trim(s, t)) },
	"trimPrefix": func(_ *frame, s, t string) value { return ofText(strings.TrimPrefix(s, t)) },
	"trimSuffix": func(_ *frame, s, t string) value { return ofText(strings.TrimSuffix(s, t)) },
	"hasPrefix":  func(_ *frame, s, t string) value { return ofBool(strings.HasPrefix(s, t)) },
	"hasSuffix":  func(_ *frame, s, t string) value { return ofBool(strings.HasSuffix(s, t)) },
}

// lower is strings.ToLower, upper is strings.ToUpper, joined is a + b, without an allocation: the texts live in the frame until the
// next evaluation.
func (f *frame) lower(s string) string { return f.mapped(s, unicode.ToLower) }
func (f *frame) upper(s string) string { return f.mapped(s, unicode.ToUpper) }

func (f *frame) mapped(s string, to func(rune) rune) string {
	start := len(f.texts)
	for _, r := range s {
		if r < utf8.RuneSelf {
			f.texts = append(f.texts, byte(to(r)))
		} else {
			f.texts = utf8.AppendRune(f.texts, to(r))
		}
	}
	return textOf(f.texts[start:])
}

// joined goes on where a ends when that is the newest text, so that a long sum does not take the square of its length.
func (f *frame) joined(a, b string) string {
	start := len(f.texts) - len(a)
	if start < 0 || !isAt(f.texts[start:], a) {
		start = len(f.texts)
		f.texts = append(f.texts, a...)
	}
	f.texts = append(f.texts, b...)
	return textOf(f.texts[start:])
}
