package core

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// wire writes or reads a record by one description: a type's fields method
// names each field once, with its number, and serves both directions, so that
// what is written and what is read cannot drift apart.
//
//	record:  field* 0
//	field:   number (uvarint, ascending)  payload
//	payload: uvarint | zigzag varint | length + bytes | count + records
//
// Zero fields are left out, so equal values have equal bytes. A number that the
// reader does not know means a newer writer and is an error.
type wire struct {
	buf     []byte
	pos     int
	reading bool
	tag     uint64 // reading: the number of the field that comes next
	err     error
}

// errWire is what a damaged record is reported as.
var errWire = errors.New("core: damaged record")

// record is a type that describes its fields to a wire.
type record interface{ fields(w *wire) }

// appendRecord appends the encoding of r.
func appendRecord(dst []byte, r record) []byte {
	w := wire{buf: dst}
	r.fields(&w)
	return append(w.buf, 0)
}

// readRecord reads a whole encoding into r.
func readRecord(data []byte, r record) error {
	w := wire{buf: data, reading: true}
	w.record(r)
	if w.err == nil && w.pos != len(data) {
		w.fail("%d bytes are left over", len(data)-w.pos)
	}
	return w.err
}

func (w *wire) record(r record) {
	if !w.reading {
		r.fields(w)
		w.buf = append(w.buf, 0)
		return
	}
	outer := w.tag
	w.tag = w.readUint()
	r.fields(w)
	if w.err == nil && w.tag != 0 {
		w.fail("field %d is not known to this version", w.tag)
	}
	w.tag = outer
}

// has says whether field n is to be written, or comes next.
func (w *wire) has(n uint64, zero bool) bool {
	if w.reading {
		return w.err == nil && w.tag == n
	}
	if zero {
		return false
	}
	w.buf = binary.AppendUvarint(w.buf, n)
	return true
}

// next reads the number of the field after the one just read.
func (w *wire) next() {
	if w.reading {
		w.tag = w.readUint()
	}
}

func (w *wire) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("%w at byte %d: %s", errWire, w.pos, fmt.Sprintf(format, args...))
	}
}

func (w *wire) readUint() uint64 {
	if w.err != nil {
		return 0
	}
	v, n := binary.Uvarint(w.buf[w.pos:])
	if n <= 0 {
		w.fail("a number is cut short or too large")
		return 0
	}
	w.pos += n
	return v
}

// readCount reads a length and checks it against the bytes that are left, of
// which each item takes at least one.
func (w *wire) readCount() int {
	n := w.readUint()
	if n > uint64(len(w.buf)-w.pos) {
		w.fail("a length of %d runs past the end", n)
		return 0
	}
	return int(n) //nolint:gosec // bounded by the buffer's length
}

func (w *wire) readText() string {
	n := w.readCount()
	text := string(w.buf[w.pos : w.pos+n])
	w.pos += n
	return text
}

func wireUint[T ~uint8 | ~uint16 | ~uint32 | ~uint64](w *wire, n uint64, p *T) {
	if !w.has(n, *p == 0) {
		return
	}
	if w.reading {
		v := w.readUint()
		if *p = T(v); uint64(*p) != v {
			w.fail("field %d is out of range", n)
		}
		w.next()
		return
	}
	w.buf = binary.AppendUvarint(w.buf, uint64(*p))
}

func wireInt[T ~int32 | ~int64](w *wire, n uint64, p *T) {
	if !w.has(n, *p == 0) {
		return
	}
	if w.reading {
		u := w.readUint()
		v := int64(u>>1) ^ -int64(u&1) //nolint:gosec // zigzag
		if *p = T(v); int64(*p) != v {
			w.fail("field %d is out of range", n)
		}
		w.next()
		return
	}
	w.buf = binary.AppendVarint(w.buf, int64(*p))
}

func wireBool(w *wire, n uint64, p *bool) {
	if !w.has(n, !*p) {
		return
	}
	if w.reading {
		*p = true
		w.next()
	}
}

func wireText[T ~string](w *wire, n uint64, p *T) {
	if !w.has(n, *p == "") {
		return
	}
	if w.reading {
		*p = T(w.readText())
		w.next()
		return
	}
	w.buf = binary.AppendUvarint(w.buf, uint64(len(*p)))
	w.buf = append(w.buf, *p...)
}

func wireTexts[T ~string](w *wire, n uint64, p *[]T) {
	if !w.has(n, len(*p) == 0) {
		return
	}
	if w.reading {
		*p = nil
		for n := w.readCount(); n > 0 && w.err == nil; n-- {
			*p = append(*p, T(w.readText()))
		}
		*p = slices.Clip(*p)
		w.next()
		return
	}
	w.buf = binary.AppendUvarint(w.buf, uint64(len(*p)))
	for _, text := range *p {
		w.buf = binary.AppendUvarint(w.buf, uint64(len(text)))
		w.buf = append(w.buf, text...)
	}
}

// wireRecords carries a list of records; P is the pointer to its item type.
func wireRecords[T any, P interface {
	*T
	record
}](w *wire, n uint64, p *[]T) {
	if !w.has(n, len(*p) == 0) {
		return
	}
	if w.reading {
		*p = nil
		// The list grows as it is read: a count is only a claim.
		for n := w.readCount(); n > 0 && w.err == nil; n-- {
			*p = append(*p, *new(T))
			w.record(P(&(*p)[len(*p)-1]))
		}
		*p = slices.Clip(*p)
		w.next()
		return
	}
	w.buf = binary.AppendUvarint(w.buf, uint64(len(*p)))
	for i := range *p {
		w.record(P(&(*p)[i]))
	}
}

// wireRecord carries one nested record, left out when zero is true.
func wireRecord(w *wire, n uint64, r record, zero bool) {
	if w.has(n, zero) {
		w.record(r)
		w.next()
	}
}
