package paged

// Index is the writer's side of an index: text id → slot.
//
// It keeps a slot and half a hash for each id, 8 bytes, and not the id: each method takes a function name that tells the id of
// a slot, which the caller reads from its rows. The function is asked only for slots that are in the index, must answer with
// the id under which the slot was inserted, and must not write.
type Index struct {
	slots trie[uint32]
}

// IndexView is one published version of an [Index]. The zero value is an empty index.
type IndexView struct {
	root *node[uint32]
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{slots: trie[uint32]{epoch: 1}}
}

// Insert files slot under id and reports whether id was free; if it was not, nothing changes.
func (x *Index) Insert(id string, slot uint32, name func(slot uint32) string) bool {
	hash := mix(HashString(id))
	if x.slots.root.find(hash, named(id, name)) != nil {
		return false
	}
	x.slots.insert(hash, slot)
	return true
}

// Delete takes id out and reports whether it was there. The row of its slot must still be in place.
func (x *Index) Delete(id string, name func(slot uint32) string) bool {
	hash, match := mix(HashString(id)), named(id, name)
	if x.slots.root.find(hash, match) == nil {
		return false
	}
	x.slots.remove(hash, match)
	return true
}

// Get returns the slot filed under id, and false if there is none.
func (x *Index) Get(id string, name func(slot uint32) string) (slot uint32, ok bool) {
	return IndexView{x.slots.root}.Get(id, name)
}

// Len returns the number of ids.
func (x *Index) Len() int { return x.slots.root.size() }

// Publish returns the present version for readers.
func (x *Index) Publish() IndexView {
	x.slots.epoch++
	return IndexView{x.slots.root}
}

// Get returns the slot filed under id, and false if there is none. The function name must read the rows of the same version.
func (v IndexView) Get(id string, name func(slot uint32) string) (slot uint32, ok bool) {
	if found := v.root.find(mix(HashString(id)), named(id, name)); found != nil {
		return *found, true
	}
	return 0, false
}

// Len returns the number of ids.
func (v IndexView) Len() int { return v.root.size() }

// named returns a match for the slot whose name is id.
func named(id string, name func(slot uint32) string) func(*uint32) bool {
	return func(slot *uint32) bool { return name(*slot) == id }
}
