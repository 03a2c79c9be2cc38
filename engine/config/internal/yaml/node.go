package yaml

import (
	"regexp"
	"sort"
)

// Kind is what a node is.
type Kind uint8

// The kinds. A key without a value is Null.
const (
	Null Kind = iota + 1
	Bool
	Int
	Float
	Text
	List
	Map
)

var kindNames = [...]string{Null: "nothing", Bool: "a truth value", Int: "a number", Float: "a fraction", Text: "a text", List: "a list", Map: "a mapping"}

// String names the kind in a sentence, with its article.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return "invalid"
	}
	return kindNames[k]
}

// Node is a value of the document.
type Node struct {
	Kind       Kind
	Start, End int     // the bytes of the source that it takes, quotes and brackets included
	Text       string  // of scalars: the text, escapes and folding undone
	Quoted     bool    // of scalars: not plain
	Items      []*Node // of a List
	Pairs      []Pair  // of a Map, in order; keys may repeat

	body   int     // where Text starts in the source, if it stands there unchanged
	pieces []piece // otherwise: runs of Text that do
}

// Pair is a key with its value. A key is a scalar on one line.
type Pair struct {
	Key, Value *Node
}

// piece is a run of a text: from the byte text on, it stands in the source from
// the byte src on.
type piece struct{ text, src int }

// Place returns where the byte at offset of Text stands in the source. An
// offset outside Text is moved to its nearest end.
func (n *Node) Place(offset int) int {
	offset = min(max(offset, 0), len(n.Text))
	if len(n.pieces) == 0 {
		return min(n.body+offset, n.End)
	}
	i := sort.Search(len(n.pieces), func(i int) bool { return n.pieces[i].text > offset }) - 1
	i = max(i, 0)
	place := n.pieces[i].src + offset - n.pieces[i].text
	if i+1 < len(n.pieces) {
		place = min(place, n.pieces[i+1].src)
	}
	return min(place, n.End)
}

// Get returns the value and the key node of the first pair with that key.
func (n *Node) Get(key string) (value, keyNode *Node, ok bool) {
	for _, pair := range n.Pairs {
		if pair.Key.Text == key {
			return pair.Value, pair.Key, true
		}
	}
	return nil, nil, false
}

func nullAt(at int) *Node { return &Node{Kind: Null, Start: at, End: at, body: at} }

// Number forms of the core schema, without octal and hexadecimal: in a
// configuration those are more often a mistake than meant.
var (
	intForm   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	floatForm = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// resolve tells the kind of a plain text.
func resolve(text string) Kind {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool
	}
	if c := text[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return Text
	}
	switch {
	case intForm.MatchString(text):
		return Int
	case floatForm.MatchString(text):
		return Float
	default:
		return Text
	}
}
