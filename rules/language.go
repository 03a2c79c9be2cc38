package rules

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
	"github.com/expr-lang/expr/vm"
)

// A language compiles sources over one type of facts:
//
//	source -> admit -> parse -> censor -> resolve -> check -> measure -> needs -> lift -> fold -> program -> closure
//
// Every step either passes the tree on or ends with all that it found. Those before check are written to be cheap on any
// input, since expr's checker is not: it visits the arguments of an overloaded function once for each overload.
type language struct {
	facts   reflect.Type
	options Options
	config  *conf.Config
	names   vocabulary
	survey  *survey // of the facts that rules need; nil when no index is to be made
}

// newLanguage reads the facts' type and the options; a nil language comes with the reasons.
func newLanguage(facts reflect.Type, options Options) (*language, []Problem) {
	if facts.Kind() != reflect.Struct {
		return nil, []Problem{{Rule: -1, Field: "facts", Message: fmt.Sprintf("%v is not a struct", facts)}}
	}
	found := options.problems()
	l := &language{facts: facts, options: options.withDefaults(), config: conf.CreateNew()}
	// Compiled for the struct and run on a pointer to it, expr reaches a nested fact in one step and copies nothing on the way.
	l.config.WithEnv(reflect.Zero(facts).Interface())
	l.config.Functions = functions()
	l.config.Expect, l.config.ExpectAny = reflect.Bool, true
	l.config.MaxNodes = uint(l.options.NodesMax)
	l.names = newVocabulary(l.cache(), facts, options)
	if found = append(found, l.names.problems(l.cache(), options)...); len(found) > 0 {
		return nil, found
	}
	return l, nil
}

// A compilation is a source made ready to be evaluated.
type compilation struct {
	program *vm.Program
	closure closure // nil when only the program can tell
	need    *need   // nil when there is none, or nobody asked
}

// compile makes a source ready, or says what is wrong with it.
func (l *language) compile(source string) (made *compilation, found []finding) {
	defer func() {
		// The source is a user's: a panic below is a limit of expr that the steps do not know, not a broken invariant here.
		if r := recover(); r != nil {
			made, found = nil, []finding{{message: firstLine(fmt.Sprintf("cannot be compiled: %v", r))}}
		}
	}()
	tree, found := l.parse(source)
	if len(found) > 0 {
		return nil, found
	}
	made = new(compilation)
	for _, step := range []func(*parser.Tree) []finding{l.censor, l.resolve, l.measure, made.needs(l), l.lift} {
		if found := step(tree); len(found) > 0 {
			return nil, found
		}
	}
	program, err := compiler.Compile(tree, l.config)
	if err != nil {
		return nil, []finding{{message: firstLine(err.Error())}}
	}
	made.program = program
	if !l.options.Linear {
		made.closure = l.bind(tree.Node, program)
	}
	return made, nil
}

// needs keeps what the condition cannot do without, which shows best before it is lifted.
func (c *compilation) needs(l *language) func(*parser.Tree) []finding {
	return func(tree *parser.Tree) []finding {
		if l.survey != nil {
			q := needer{sure: surer{language: l}, survey: l.survey}
			if n, ok := q.need(tree.Node, false); ok {
				c.need = &n
			}
		}
		return nil
	}
}

func (l *language) parse(source string) (*parser.Tree, []finding) {
	if found := l.admit(source); len(found) > 0 {
		return nil, found
	}
	tree, err := parser.ParseWithConfig(source, l.config)
	if err != nil {
		return nil, []finding{l.syntax(source, err)}
	}
	return tree, nil
}

// admit bounds what the recursive parser gets to see: the source's size, and the nesting of its brackets.
func (l *language) admit(source string) []finding {
	switch {
	case len(source) > l.options.SourceBytesMax:
		return []finding{{message: fmt.Sprintf("%d bytes long, at most %d", len(source), l.options.SourceBytesMax)}}
	case !utf8.ValidString(source):
		return []finding{{message: "not valid UTF-8"}}
	}
	tokens, err := lexer.Lex(file.NewSource(source))
	if err != nil {
		return []finding{l.syntax(source, err)}
	}
	depth := 0
	for _, token := range tokens {
		switch {
		case token.Is(lexer.Bracket, "(", "[", "{"):
			depth++
		case token.Is(lexer.Bracket):
			depth--
		}
		if depth > l.options.DepthMax {
			return []finding{{offset: token.From, message: l.tooDeep()}}
		}
	}
	return nil
}

func (l *language) tooDeep() string {
	return fmt.Sprintf("nested more than %d deep", l.options.DepthMax)
}

// syntax words an error of expr's lexer or parser.
func (l *language) syntax(source string, err error) finding {
	var at *file.Error
	if !errors.As(err, &at) {
		return finding{message: firstLine(err.Error())}
	}
	message := at.Message
	if token, ok := strings.CutPrefix(message, "unexpected token "); ok {
		return unexpected(source, token, at.From)
	}
	if strings.Contains(message, "exceeds maximum allowed nodes") {
		message = fmt.Sprintf("more than %d nodes", l.options.NodesMax)
	}
	return finding{offset: at.From, message: message}
}

// unexpected words a token that the parser did not expect; expr shows it as Kind("text").
func unexpected(source, token string, offset int) finding {
	if token == string(lexer.EOF) {
		return finding{offset: utf8.RuneCountInString(strings.TrimRight(source, " \t\r\n")), message: "unexpected end"}
	}
	_, quoted, _ := strings.Cut(token, "(")
	quoted = strings.TrimSuffix(quoted, ")")
	return finding{offset: offset, message: "unexpected " + quoted, hint: foreignOperators[quoted]}
}

// foreignOperators are those of other languages, as the parser quotes them, with what to write instead.
var foreignOperators = map[string]string{
	`"="`:    `use "==" to compare`,
	`"&"`:    `use "and"`,
	`"AND"`:  `use "and"`,
	`"OR"`:   `use "or"`,
	`"NOT"`:  `use "not"`,
	`"IN"`:   `use "in"`,
	`"is"`:   `use "=="`,
	`"like"`: `use "contains", "startsWith", "endsWith" or "matches"`,
}

func (l *language) cache() *cache {
	return &l.config.NtCache
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
