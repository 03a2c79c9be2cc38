package rules

import (
	"fmt"
	"strings"
)

// Suggest is the hint that names the candidate nearest to a misspelt name; empty when none is near. It is exported for
// whoever reports problems beside those of rules, so that all guess alike.
func Suggest(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// Nearest is the candidate nearest to a misspelt name, by edits and without regard to case: at most a third of the name's
// letters may be wrong, and one in any case. It is empty when none is near; of equally near candidates the first is taken.
func Nearest(name string, candidates []string) string {
	wanted := []rune(strings.ToLower(name))
	if len(wanted) > 64 {
		return ""
	}
	best, bestDistance := "", 1+max(1, len(wanted)/3)
	for _, candidate := range candidates {
		if d := distance(wanted, []rune(strings.ToLower(candidate))); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance is the optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
