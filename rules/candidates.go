package rules

import "math/bits"

// candidates is the set of rules that a pass has yet to ask, in order: a bit for each rule, a bit for each word of these,
// and a bit for each word of those. Adding and taking cost the same whatever the number of rules.
type candidates struct {
	rules, words, blocks []uint64
}

// reset empties the set and makes room for rules below n.
func (c *candidates) reset(n int) {
	for c.next() >= 0 {
	}
	if words := n/64 + 1; words > len(c.rules) {
		c.rules = make([]uint64, words)
		c.words = make([]uint64, words/64+1)
		c.blocks = make([]uint64, words/(64*64)+1)
	}
}

// add adds a rule.
func (c *candidates) add(rule uint32) {
	word, block := rule/64, rule/(64*64)
	c.rules[word] |= 1 << (rule % 64)
	c.words[block] |= 1 << (word % 64)
	c.blocks[block/64] |= 1 << (block % 64)
}

// next takes the first rule out of the set; -1 when it is empty.
func (c *candidates) next() int {
	for i, blocks := range c.blocks {
		if blocks == 0 {
			continue
		}
		block := i*64 + bits.TrailingZeros64(blocks)
		word := block*64 + bits.TrailingZeros64(c.words[block])
		bit := bits.TrailingZeros64(c.rules[word])
		if c.rules[word] &= c.rules[word] - 1; c.rules[word] == 0 {
			if c.words[block] &= c.words[block] - 1; c.words[block] == 0 {
				c.blocks[i] &= c.blocks[i] - 1
			}
		}
		return word*64 + bit
	}
	return -1
}
