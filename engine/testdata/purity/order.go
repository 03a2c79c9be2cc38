package fixture

import (
	"maps"
	"reflect"
	"slices"
)

type loads map[string]int

func ranged(l loads, names []string) (sum int) {
	for _, load := range l { // want: ranges over a map
		sum += load
	}
	for _, load := range l { // order: a sum does not depend on it
		sum += load
	}
	for range l { // order: // want: ranges over a map
		sum++
	}
	for range names {
		sum++
	}
	for _, name := range slices.Sorted(maps.Keys(l)) {
		sum += l[name]
	}
	for name := range maps.Keys(l) { // want: maps.Keys yields in the order of a map, which neither slices.Sorted nor `// order:` settles
		sum += l[name]
	}
	_ = maps.Collect(maps.All(l))
	_ = len(slices.Collect(maps.Keys(l)))     // order: only counted
	_ = slices.Collect(maps.Values[loads](l)) // want: maps.Values yields in the order of a map, which neither slices.Sorted nor `// order:` settles
	_ = reflect.ValueOf(l).MapRange()         // want: (reflect.Value).MapRange depends on the order of a map
	return sum
}

func constrained[M ~map[K]V, K comparable, V any](m M) {
	for range m { // want: ranges over a map
	}
}

func aliased[M interface{ ~map[string]int }, S ~[]int](m M, s S) {
	for range m { // want: ranges over a map
	}
	for range s {
	}
}
