package rules

import (
	"slices"
	"strings"
)

// A searcher finds which of many words occur in a text, in one pass over it: the automaton of A. Aho and M. Corasick,
// "Efficient string matching" (1975). Words are compared as bytes.
//
// States are numbered breadth first, so that the children of a state lie side by side: a state needs the first of them,
// and each the byte that leads to it.
type searcher struct {
	root     [256]uint32 // state after one byte, 0 when no word starts so
	children []uint32    // first child of a state; those of the next state follow
	labels   []byte      // the byte that leads to a state
	retreat  []uint32    // the state of the longest proper suffix that is a state
	words    []int32     // the word that ends at a state, or -1
	shorter  []uint32    // the next state on the way of retreats at which a word ends, or 0
	lengths  []int       // of the words
}

// newSearcher makes the automaton of distinct words, none of them empty. A hit names a word by its index.
func newSearcher(words []string) *searcher {
	s := &searcher{words: []int32{-1}, labels: []byte{0}, lengths: make([]int, len(words))}
	order := make([]int, len(words))
	for i, word := range words {
		order[i], s.lengths[i] = i, len(word)
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(words[a], words[b]) })
	s.build(words, order)
	s.link()
	return s
}

// build makes the states, level by level. The words below a state are a stretch of the sorted ones.
func (s *searcher) build(words []string, order []int) {
	type stretch struct{ from, to, depth int }
	level := []stretch{{0, len(order), 0}}
	for state := 0; state < len(level); state++ {
		here := level[state]
		s.children = append(s.children, uint32(len(level))) //nolint:gosec // bounded by the size of the sources
		for from := here.from; from < here.to; {
			word := words[order[from]]
			if len(word) == here.depth {
				s.words[state] = int32(order[from]) //nolint:gosec // likewise
				from++
				continue
			}
			label, to := word[here.depth], from+1
			for to < here.to && words[order[to]][here.depth] == label {
				to++
			}
			level = append(level, stretch{from, to, here.depth + 1})
			s.labels, s.words = append(s.labels, label), append(s.words, -1)
			from = to
		}
	}
	s.children = append(s.children, uint32(len(level))) //nolint:gosec // likewise
}

// link finds the retreats: of a child, where its parent's retreat, or the first further one that can, goes by its byte.
func (s *searcher) link() {
	s.retreat, s.shorter = make([]uint32, len(s.words)), make([]uint32, len(s.words))
	for child := s.children[0]; child < s.children[1]; child++ {
		s.root[s.labels[child]] = child
	}
	for state := uint32(1); int(state) < len(s.words); state++ {
		for child := s.children[state]; child < s.children[state+1]; child++ {
			back := s.step(s.retreat[state], s.labels[child])
			s.retreat[child], s.shorter[child] = back, back
			if s.words[back] < 0 {
				s.shorter[child] = s.shorter[back]
			}
		}
	}
}

// step is the state after one more byte.
func (s *searcher) step(state uint32, b byte) uint32 {
	for state != 0 {
		first, end := s.children[state], s.children[state+1]
		for child := first; child < end; child++ {
			if s.labels[child] == b {
				return child
			}
		}
		state = s.retreat[state]
	}
	return s.root[b]
}

// start is the first place from i on where a word may start, the length of the text when there is none.
func (s *searcher) start(text string, i int) int {
	for i < len(text) && s.root[text[i]] == 0 {
		i++
	}
	return i
}

// ending is the state of the longest word that ends at a state, or 0. The next shorter one is at shorter.
func (s *searcher) ending(state uint32) uint32 {
	if s.words[state] >= 0 {
		return state
	}
	return s.shorter[state]
}
