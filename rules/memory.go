package rules

import (
	"reflect"
	"time"
	"unsafe"
)

// This file is all that touches memory by address. Reading a field through package reflect costs an allocation or some
// 30 ns, and a condition reads a few; an address and an offset, both of which come from reflect when a condition is
// compiled, cost one. The rules that keep it right:
//
//   - a place is made by descending a reflect.Type, and only by the methods below, so that its type and its offsets agree;
//   - offsets stay within the struct that they are of, and the pointer in hand keeps that struct alive;
//   - facts are read, never written, and nothing read by address outlives the evaluation but as an ordinary Go value.

// A place is where a value lies: steps from a start, each but the last followed to what the pointer there points to.
type place struct {
	hops   []uintptr // offsets of the pointers to follow
	offset uintptr
	typ    reflect.Type
}

// field is the place of a field of the struct at p, through pointers if there are some.
func (p place) field(index []int) place {
	for _, i := range index {
		p = p.pointed()
		f := p.typ.Field(i)
		p.offset, p.typ = p.offset+f.Offset, f.Type
	}
	return p
}

// pointed is the place of what lies behind the pointers at p.
func (p place) pointed() place {
	for p.typ.Kind() == reflect.Pointer {
		p.hops = append(p.hops[:len(p.hops):len(p.hops)], p.offset)
		p.offset, p.typ = 0, p.typ.Elem()
	}
	return p
}

// find gives the address of the place, or nil if a pointer on the way is nil.
func (p *place) find(start unsafe.Pointer) unsafe.Pointer {
	for _, hop := range p.hops {
		if start = *(*unsafe.Pointer)(unsafe.Add(start, hop)); start == nil {
			return nil
		}
	}
	return unsafe.Add(start, p.offset)
}

// reader gives a function that reads the value at a place below a start; nil for a type that closures do not know. Behind a
// nil pointer nothing is there.
func (p place) reader() func(start unsafe.Pointer) value {
	p = p.pointed()
	read := reader(p.typ)
	switch offset := p.offset; {
	case read == nil:
		return nil
	case len(p.hops) == 0 && p.typ == reflect.TypeFor[string]():
		return func(start unsafe.Pointer) value { return ofText(*(*string)(unsafe.Add(start, offset))) }
	case len(p.hops) == 0 && p.typ == reflect.TypeFor[int]():
		return func(start unsafe.Pointer) value { return ofInt(*(*int)(unsafe.Add(start, offset))) }
	case len(p.hops) == 0:
		return func(start unsafe.Pointer) value { return read(unsafe.Add(start, offset)) }
	}
	return func(start unsafe.Pointer) value {
		if at := p.find(start); at != nil {
			return read(at)
		}
		return value{kind: absent}
	}
}

// textReader reads the string at a place with no pointers before it.
func (p place) textReader() func(start unsafe.Pointer) string {
	offset := p.offset
	return func(start unsafe.Pointer) string { return *(*string)(unsafe.Add(start, offset)) }
}

// fieldsReader gives a function that reads a map of texts to anything at a place with no pointers before it; nil for any
// other place.
func (p place) fieldsReader() func(start unsafe.Pointer) map[string]any {
	if offset := p.offset; len(p.hops) == 0 && p.typ == reflect.TypeFor[map[string]any]() {
		return func(start unsafe.Pointer) map[string]any { return *(*map[string]any)(unsafe.Add(start, offset)) }
	}
	return nil
}

// lister gives a function that reads the slice at a place below a start; nil for one that closures do not know. Behind a nil
// pointer it is empty.
func (p place) lister() func(start unsafe.Pointer) list {
	p = p.pointed()
	read := lister(p.typ)
	if read == nil {
		return nil
	}
	return func(start unsafe.Pointer) list {
		if at := p.find(start); at != nil {
			return read(at)
		}
		return list{}
	}
}

// structElement is the place of an element of the slice at p, below the element; of type nil when it is a plain value.
func (p place) structElement() place {
	if e := p.pointed().typ.Elem(); deref(e).Kind() == reflect.Struct {
		return place{typ: e}
	}
	return place{}
}

// reader gives a function that reads a value of a type at an address; nil for a type that closures do not know. The types
// are those of values that expr would see as plain: a named type is another type.
//
// float: the value is passed on.
func reader(t reflect.Type) func(unsafe.Pointer) value {
	switch t {
	case reflect.TypeFor[string]():
		return func(p unsafe.Pointer) value { return ofText(*(*string)(p)) }
	case reflect.TypeFor[bool]():
		return func(p unsafe.Pointer) value { return ofBool(*(*bool)(p)) }
	case reflect.TypeFor[int]():
		return func(p unsafe.Pointer) value { return ofInt(*(*int)(p)) }
	case reflect.TypeFor[int64]():
		return func(p unsafe.Pointer) value { return ofInt64(*(*int64)(p)) }
	case reflect.TypeFor[int32]():
		return func(p unsafe.Pointer) value { return ofInt(int(*(*int32)(p))) }
	case reflect.TypeFor[float64]():
		return func(p unsafe.Pointer) value { return ofFloat(*(*float64)(p)) }
	case reflect.TypeFor[time.Duration]():
		return func(p unsafe.Pointer) value { return ofRare(*(*time.Duration)(p)) }
	case reflect.TypeFor[any]():
		return func(p unsafe.Pointer) value { return ofAny(*(*any)(p)) }
	case reflect.TypeFor[map[string]any]():
		return func(p unsafe.Pointer) value { return ofAny(*(*map[string]any)(p)) }
	}
	return nil
}

// A list is the elements of a slice, of which a closure looks at one after the other.
type list struct {
	first unsafe.Pointer
	size  uintptr // of an element
	len   int
	read  func(unsafe.Pointer) value // nil for elements that are structs, or pointers to them
}

// at is the address of element i, which must be below len.
func (l *list) at(i int) unsafe.Pointer {
	return unsafe.Add(l.first, uintptr(i)*l.size) //nolint:gosec // i is below a length
}

// lister gives a function that reads the slice at an address; nil for one that closures do not know.
func lister(t reflect.Type) func(unsafe.Pointer) list {
	if t.Kind() != reflect.Slice || t.Name() != "" {
		return nil
	}
	read, size := reader(t.Elem()), t.Elem().Size()
	if read == nil && deref(t.Elem()).Kind() != reflect.Struct {
		return nil
	}
	return func(p unsafe.Pointer) list {
		// Every slice has the layout of this one: address, length, capacity.
		s := *(*[]struct{})(p)
		return list{first: unsafe.Pointer(unsafe.SliceData(s)), size: size, len: len(s), read: read}
	}
}

// listOf gives the elements of a slice.
func listOf[T any](s []T, read func(unsafe.Pointer) value) list {
	return list{first: unsafe.Pointer(unsafe.SliceData(s)), size: unsafe.Sizeof(*new(T)), len: len(s), read: read}
}

func readText(p unsafe.Pointer) value  { return ofText(*(*string)(p)) }
func readAny(p unsafe.Pointer) value   { return ofAny(*(*any)(p)) }
func readValue(p unsafe.Pointer) value { return *(*value)(p) }

// address is where a struct of facts lies.
func address[F any](facts *F) unsafe.Pointer { return unsafe.Pointer(facts) }

// textOf is the text in bytes that nobody writes to as long as it is in use.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// isAt reports whether s is the text in b, not just equal to it.
func isAt(b []byte, s string) bool {
	return len(b) == len(s) && len(s) > 0 && unsafe.SliceData(b) == unsafe.StringData(s)
}
