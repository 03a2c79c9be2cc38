package rules

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// excerpt gives the part of a source that a node was parsed from, as the characters [from, to): from its first token to
// its last, and then as much as closes the brackets in between.
func excerpt(source string, node ast.Node) (from, to int) {
	from, to = node.Location().From, node.Location().To
	visit(&node, func(below *ast.Node) {
		if at := (*below).Location(); at.To > at.From {
			from, to = min(from, at.From), max(to, at.To)
		}
	})
	tokens, err := lexer.Lex(file.NewSource(source))
	if err != nil {
		return from, to
	}
	return balanced(tokens, from, to)
}

// balanced widens [from, to) until every bracket in it is matched.
func balanced(tokens []lexer.Token, from, to int) (int, int) {
	var opened []int // where brackets that are still open are
	for _, token := range tokens {
		switch {
		case token.Is(lexer.Bracket, "(", "[", "{"):
			opened = append(opened, token.From)
		case token.Is(lexer.Bracket) && len(opened) > 0:
			start := opened[len(opened)-1]
			opened = opened[:len(opened)-1]
			if isInside(start, from, to) != isInside(token.From, from, to) && start < to && token.To > from {
				from, to = min(from, start), max(to, token.To)
			}
		}
	}
	return from, to
}

func isInside(at, from, to int) bool { return from <= at && at < to }

// cut gives the characters [from, to) of a source, on one line.
func cut(source string, from, to int) string {
	characters := []rune(source)
	from = min(from, len(characters))
	return strings.Join(strings.Fields(string(characters[from:max(from, min(to, len(characters)))])), " ")
}
