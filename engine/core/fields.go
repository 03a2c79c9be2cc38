package core

import (
	"cmp"
	"slices"
	"strings"
)

// sortedFields lists fields by name: the canonical form of the map.
func sortedFields(fields map[string]Value) []Field {
	list := make([]Field, 0, len(fields))
	for name, value := range fields { // order: sorted below
		list = append(list, Field{name, value})
	}
	slices.SortFunc(list, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func fieldMap(list []Field) map[string]Value {
	if len(list) == 0 {
		return nil
	}
	fields := make(map[string]Value, len(list))
	for _, f := range list {
		fields[f.Name] = f.Value
	}
	return fields
}

// withField returns the list with one field set, or removed by a zero value,
// and the value it had. The list given is not written to.
func withField(list []Field, name string, value Value) (changed []Field, was Value) {
	i, found := slices.BinarySearchFunc(list, name, func(f Field, name string) int { return strings.Compare(f.Name, name) })
	if found {
		was = list[i].Value
	}
	switch {
	case was.Equal(value):
		return list, was
	case value.IsZero():
		return slices.Concat(list[:i], list[i+1:]), was
	case found:
		changed = slices.Clone(list)
		changed[i].Value = value
		return changed, was
	default:
		return slices.Concat(list[:i], []Field{{name, value}}, list[i:]), was
	}
}

// withTags returns the sorted union, and what was new in it.
func withTags(list, add []string) (changed, added []string) {
	for _, tag := range add {
		if i, found := slices.BinarySearch(list, tag); !found {
			list = slices.Concat(list[:i], []string{tag}, list[i:])
			added = append(added, tag)
		}
	}
	return list, added
}

// withoutTags returns what remains, and what was taken.
func withoutTags(list, remove []string) (changed, removed []string) {
	for _, tag := range remove {
		if i, found := slices.BinarySearch(list, tag); found {
			list = slices.Concat(list[:i], list[i+1:])
			removed = append(removed, tag)
		}
	}
	return list, removed
}

// withRequirement returns the list with a skill required at least at a level.
func withRequirement(list []Requirement, need Requirement) []Requirement {
	i, found := slices.BinarySearchFunc(list, need, func(a, b Requirement) int { return cmp.Compare(a.Skill, b.Skill) })
	if !found {
		return slices.Concat(list[:i], []Requirement{need}, list[i:])
	}
	if list[i].Level >= need.Level {
		return list
	}
	changed := slices.Clone(list)
	changed[i] = need
	return changed
}

func compareRequirements(a, b Requirement) int {
	return cmp.Or(cmp.Compare(a.Skill, b.Skill), cmp.Compare(a.Level, b.Level))
}
