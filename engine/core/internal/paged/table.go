package paged

import (
	"fmt"
	"iter"
	"slices"
)

const (
	pageBits  = 6  // a page is 64 rows
	folioBits = 6  // a folio is 64 pages
	slotBits  = 26 // of which the root has what is left

	pageLen  = 1 << pageBits
	folioLen = 1 << folioBits
)

// SlotsMax is how many slots a table has: slots run from 0 to SlotsMax-1.
const SlotsMax = 1 << slotBits

// Table is the writer's side of a table of rows: slot → immutable row. Slots are meant to be dense: memory goes by pages of 64.
//
//	root    [ folio ][ folio ] …            grows with the highest slot
//	folio   [ page × 64 ]
//	page    [ row × 64 ]                    slot = folio·4096 + page·64 + row
type Table[T any] struct {
	now       TableView[T]
	epoch     uint64
	rootEpoch uint64 // in which the root was copied
}

// TableView is one published version of a [Table]. The zero value is an empty table.
type TableView[T any] struct {
	root []*folio[T]
	len  int
	high uint32
}

type folio[T any] struct {
	epoch uint64
	pages [folioLen]*page[T]
}

type page[T any] struct {
	epoch uint64
	len   int // rows that are not nil
	rows  [pageLen]*T
}

// NewTable returns an empty table.
func NewTable[T any]() *Table[T] {
	return &Table[T]{epoch: 1}
}

// Set puts row in slot, or clears the slot if row is nil. The table shares the row with every later reader: the caller must not
// change it any more. It panics if slot is not below [SlotsMax].
func (t *Table[T]) Set(slot uint32, row *T) {
	was := t.now.Get(slot)
	if was == row {
		return
	}
	p := t.page(slot)
	p.rows[slot%pageLen] = row
	if was == nil {
		p.len++
		t.now.len++
		t.now.high = max(t.now.high, slot+1)
	}
	if row == nil {
		p.len--
		t.now.len--
		t.trim(slot, p)
	}
}

// Get returns the row in slot, or nil if there is none.
func (t *Table[T]) Get(slot uint32) *T { return t.now.Get(slot) }

// Len returns the number of rows.
func (t *Table[T]) Len() int { return t.now.Len() }

// High returns one more than the highest slot that ever held a row: all rows are below it. It never falls.
func (t *Table[T]) High() uint32 { return t.now.High() }

// All returns the rows with their slots, in the order of slots.
func (t *Table[T]) All() iter.Seq2[uint32, *T] { return t.now.All() }

// Publish returns the present version for readers.
func (t *Table[T]) Publish() TableView[T] {
	t.epoch++
	return t.now
}

// page returns the page of slot, ready to be written.
func (t *Table[T]) page(slot uint32) *page[T] {
	f := t.folio(slot)
	at := &f.pages[slot>>pageBits%folioLen]
	switch {
	case *at == nil:
		*at = &page[T]{epoch: t.epoch}
	case (*at).epoch != t.epoch:
		own := **at
		own.epoch = t.epoch
		*at = &own
	}
	return *at
}

// folio returns the folio of slot, ready to be written.
func (t *Table[T]) folio(slot uint32) *folio[T] {
	at := &t.ownRoot(slot)[slot>>(pageBits+folioBits)]
	switch {
	case *at == nil:
		*at = &folio[T]{epoch: t.epoch}
	case (*at).epoch != t.epoch:
		own := **at
		own.epoch = t.epoch
		*at = &own
	}
	return *at
}

// ownRoot returns the root, ready to be written and long enough for slot.
func (t *Table[T]) ownRoot(slot uint32) []*folio[T] {
	if slot >= SlotsMax {
		panic(fmt.Sprintf("paged: slot %d is not below %d", slot, SlotsMax))
	}
	if t.rootEpoch != t.epoch {
		t.rootEpoch, t.now.root = t.epoch, slices.Clone(t.now.root)
	}
	if n := int(slot>>(pageBits+folioBits)) + 1; n > len(t.now.root) {
		t.now.root = append(t.now.root, make([]*folio[T], n-len(t.now.root))...)
	}
	return t.now.root
}

// trim drops the page of slot if it is empty, so that a range of slots out of use costs nothing.
func (t *Table[T]) trim(slot uint32, p *page[T]) {
	if p.len == 0 {
		t.folio(slot).pages[slot>>pageBits%folioLen] = nil
	}
}

// Get returns the row in slot, or nil if there is none.
func (v TableView[T]) Get(slot uint32) *T {
	i := int(slot >> (pageBits + folioBits))
	if i >= len(v.root) || v.root[i] == nil {
		return nil
	}
	p := v.root[i].pages[slot>>pageBits%folioLen]
	if p == nil {
		return nil
	}
	return p.rows[slot%pageLen]
}

// Len returns the number of rows.
func (v TableView[T]) Len() int { return v.len }

// High returns one more than the highest slot that ever held a row: all rows are below it.
func (v TableView[T]) High() uint32 { return v.high }

// All returns the rows with their slots, in the order of slots.
func (v TableView[T]) All() iter.Seq2[uint32, *T] {
	return func(yield func(uint32, *T) bool) {
		for i, f := range v.root {
			if f != nil && !f.all(uint32(i)<<(pageBits+folioBits), yield) {
				return
			}
		}
	}
}

// all yields the rows of f, whose first slot is base, and reports whether to go on.
func (f *folio[T]) all(base uint32, yield func(uint32, *T) bool) bool {
	for i, p := range f.pages {
		if p == nil {
			continue
		}
		for j, row := range p.rows {
			if row != nil && !yield(base+uint32(i)<<pageBits+uint32(j), row) {
				return false
			}
		}
	}
	return true
}
