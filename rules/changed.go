package rules

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// PathsMax is how many paths the facts may have.
const PathsMax = 256

// pathDepthMax ends the listing of facts that hold pointers to their own type.
const pathDepthMax = 6

// Path numbers a fact: a dotted chain of names below F, such as ticket.status. A map is one path, whatever its keys. The
// numbers depend on F alone, so they can be looked up once and used with every set over F.
type Path int

// Changed is the set of paths that an action changed. The zero value is nothing. It is a value: comparable, and free to copy.
//
// A path stands for everything below it, too. An action that changes a fact and does not say so may leave a later rule of
// the same pass unmatched; one that says too much costs only time.
type Changed struct {
	bits [PathsMax / 64]uint64
}

// Everything is the Changed of a caller who does not know what was changed.
func Everything() Changed {
	var c Changed
	for i := range c.bits {
		c.bits[i] = ^uint64(0)
	}
	return c
}

// With returns c with the paths added.
func (c Changed) With(paths ...Path) Changed {
	for _, p := range paths {
		c.bits[p/64] |= 1 << (p % 64)
	}
	return c
}

// Union returns what is in c or d.
func (c Changed) Union(d Changed) Changed {
	for i := range c.bits {
		c.bits[i] |= d.bits[i]
	}
	return c
}

// Has reports whether p is in c.
func (c Changed) Has(p Path) bool {
	return c.bits[p/64]&(1<<(p%64)) != 0
}

// meets reports whether c and d have a path in common.
func (c Changed) meets(d Changed) bool {
	for i := range c.bits {
		if c.bits[i]&d.bits[i] != 0 {
			return true
		}
	}
	return false
}

// IsZero reports whether nothing is in c.
func (c Changed) IsZero() bool {
	return c == Changed{}
}

// PathOf gives the path of a fact by its dotted name. It is an error if F has no such fact, or more than PathsMax.
func PathOf[F any](name string) (Path, error) {
	names := Paths[F]()
	i := slices.Index(names, name)
	if i < 0 {
		return 0, fmt.Errorf("rules: find path %q: %v has no such fact", name, reflect.TypeFor[F]())
	}
	if i >= PathsMax {
		return 0, fmt.Errorf("rules: find path %q: it is number %d, at most %d facts have paths", name, i+1, PathsMax)
	}
	return Path(i), nil
}

// Paths lists the dotted names of the facts of F, outer before inner, in the order of declaration; Path is the index.
func Paths[F any]() []string {
	return appendPaths(nil, "", reflect.TypeFor[F](), 0)
}

func appendPaths(paths []string, prefix string, t reflect.Type, depth int) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || depth == pathDepthMax {
		return paths
	}
	for _, field := range reflect.VisibleFields(t) {
		name, ok := factName(field)
		if !ok {
			continue
		}
		paths = append(paths, prefix+name)
		paths = appendPaths(paths, prefix+name+".", field.Type, depth+1)
	}
	return paths
}

// factName is the name under which expressions see a field; the fields of an embedded struct count as the outer struct's.
func factName(field reflect.StructField) (string, bool) {
	tag := strings.TrimSpace(field.Tag.Get("expr"))
	switch {
	case !field.IsExported(), field.Anonymous, tag == "-":
		return "", false
	case tag == "":
		return field.Name, true
	}
	return tag, true
}
