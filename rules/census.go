package rules

import "slices"

// A census counts the keys of a set's rules, for estimating how many facts hit one.
type census struct {
	values map[*subject]int // distinct values that a subject is compared with
}

// certain is the estimate, in millionths, that a key is hit by all facts.
const certain = 1_000_000

func takeCensus(needs []*need) census {
	c := census{values: map[*subject]int{}}
	seen := map[valueKey]bool{}
	for _, n := range needs {
		if n != nil {
			c.count(*n, seen)
		}
	}
	return c
}

// valueKey is a value that a subject is compared with, as a map wants it.
type valueKey struct {
	about *subject
	kind  kind
	bits  uint64
	text  string
}

func (c census) count(n need, seen map[valueKey]bool) {
	for _, sub := range n.oneOf {
		c.count(sub, seen)
	}
	for _, sub := range n.eachOf {
		c.count(sub, seen)
	}
	if n.key == nil || n.key.test != equals {
		return
	}
	v := valueKey{n.key.about, n.key.value.kind, n.key.value.bits, n.key.value.text}
	if !seen[v] {
		seen[v] = true
		c.values[v.about]++
	}
}

// plan gives the keys to file a rule under, and a filter for those that stand for equal values or words; nil when there is
// none. The filter is a second need, the likeliest to fail after the first. What may make it fail to be evaluated goes with
// the keys, unfiltered.
func (c census) plan(n need) (keys []*key, second *filter) {
	options := alternatives(n)
	best, cost := 0, certain+1
	for i, option := range options {
		if other, costs := c.cheapest(option); costs < cost {
			best, keys, cost = i, other, costs
		}
	}
	var more []*key
	cost = certain
	for i, option := range options {
		others, costs := c.cheapest(option)
		if made := filterOf(others, keys); i != best && made != nil && costs < cost {
			second, more, cost = made, others, costs
		}
	}
	for _, k := range more {
		if k.test == unlike {
			keys = append(keys, k)
		}
	}
	return keys, second
}

// alternatives are the needs of which each would suffice.
func alternatives(n need) []need {
	var out []need
	for _, sub := range n.oneOf {
		out = append(out, alternatives(sub)...)
	}
	if last := len(n.eachOf) - 1; last >= 0 && n.eachOf[last].oneOf != nil {
		for _, sub := range alternatives(n.eachOf[last]) {
			out = append(out, need{eachOf: append(slices.Clone(n.eachOf[:last]), sub)})
		}
	}
	if out == nil {
		return []need{n}
	}
	return out
}

// filterOf makes keys a filter if they ask one plain fact, that no key of the first asks, for its value.
func filterOf(keys, first []*key) *filter {
	var out filter
	for _, k := range keys {
		if k.test == unlike {
			continue
		}
		value, ok := scalarOf(k.value)
		if !ok || k.test != equals || k.about.list != nil || out.about != nil && out.about != k.about {
			return nil
		}
		out.about, out.values = k.about, append(out.values, value)
	}
	if out.about == nil || slices.ContainsFunc(first, func(k *key) bool { return k.about == out.about }) {
		return nil
	}
	return &out
}

// cheapest gives the keys to file a rule under: of needs that each suffice those that fewest facts are likely to hit, the
// first of equals. The cost is that likelihood in millionths, added up.
func (c census) cheapest(n need) (keys []*key, cost int) {
	switch {
	case n.key != nil:
		return []*key{n.key}, c.cost(n.key)
	case n.eachOf != nil:
		for _, sub := range n.eachOf {
			more, costs := c.cheapest(sub)
			keys, cost = append(keys, more...), min(cost+costs, certain)
		}
		return keys, cost
	}
	cost = certain + 1
	for _, sub := range n.oneOf {
		if other, costs := c.cheapest(sub); costs < cost {
			keys, cost = other, costs
		}
	}
	return keys, cost
}

// cost estimates how likely facts hit a key. Values are taken to be as frequent as each other, with a few more than rules
// name, a list to have four, long words to be rarer than short ones, and half of all numbers to be on either side of a bound.
func (c census) cost(k *key) int {
	cost := certain
	switch k.test {
	case equals:
		cost = certain / (4 + c.values[k.about])
		if k.value.kind == boolean || k.value.kind == absent {
			cost = certain / 2
		}
	case contains, startsWith, endsWith:
		cost = certain / [...]int{1, 3, 12, 50, 200, 400}[min(len(k.text), 5)]
	case between:
		cost = certain
		if k.from == k.to {
			cost = certain / 10
		}
	case unlike:
		cost = certain / 1_000
	}
	if k.about.list != nil {
		cost = min(4*cost, certain)
	}
	return cost
}
