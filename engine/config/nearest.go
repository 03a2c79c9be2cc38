package config

import (
	"fmt"
	"strings"
)

// nearest returns the candidate that a mistaken word was meant to be, "" if
// none is near: at most two edits away, and less than half of the word.
func nearest(word string, candidates []string) string {
	best, least := "", min(3, (len(word)+2)/2)
	for _, candidate := range candidates {
		if d := edits(strings.ToLower(word), candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

func didYouMean(word string, candidates []string) string {
	if best := nearest(word, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// edits is the optimal string alignment distance: insertions, deletions,
// substitutions and swaps of neighbours.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var last, row, next [65]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], last[j-1]+1)
			}
		}
		last, row = row, next
	}
	return row[len(b)]
}
