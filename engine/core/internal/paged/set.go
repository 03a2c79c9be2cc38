package paged

import (
	"cmp"
	"slices"
)

const (
	// chunkMax is the most slots of a chunk. A change copies one chunk and the list of chunks once an epoch; at a million slots
	// the two are of one size at a few hundred.
	chunkMax = 256
	// chunkSmall is the size below which a chunk looks for a neighbour to merge with.
	chunkSmall = chunkMax / 4
	// mergedMax is the most slots of a chunk that comes out of a merge. It lies well below chunkMax, so that a merge is not
	// undone by the next few additions.
	mergedMax = chunkMax / 2
)

// set is an ascending set of two or more slots, in chunks of consecutive ones. The set, with its list of chunks, and each chunk
// are owned by the writer in their epochs. No chunk is empty.
type set struct {
	epoch  uint64
	len    int
	chunks []*chunk
}

type chunk struct {
	epoch uint64
	slots []uint32
}

// pair returns the set of two different slots.
func pair(a, b uint32, epoch uint64) *set {
	slots := []uint32{min(a, b), max(a, b)}
	return &set{epoch: epoch, len: 2, chunks: []*chunk{{epoch: epoch, slots: slots}}}
}

// own returns the set ready to be written, copied if a view may see it.
func (s *set) own(epoch uint64) *set {
	if s.epoch == epoch {
		return s
	}
	chunks := make([]*chunk, len(s.chunks), len(s.chunks)+1) // room for a split
	copy(chunks, s.chunks)
	return &set{epoch: epoch, len: s.len, chunks: chunks}
}

func (s *set) first() uint32 { return s.chunks[0].slots[0] }

func (s *set) has(slot uint32) bool {
	_, found := slices.BinarySearch(s.chunks[s.home(slot)].slots, slot)
	return found
}

// add puts in a slot that is not there. The set must be owned.
func (s *set) add(slot uint32) {
	home := s.home(slot)
	at, _ := slices.BinarySearch(s.chunks[home].slots, slot)
	if len(s.chunks[home].slots) == chunkMax {
		home, at = s.split(home, at)
	}
	c := s.ownChunk(home)
	c.slots = slices.Insert(c.slots, at, slot)
	s.len++
}

// remove takes out a slot that is there. The set must be owned.
func (s *set) remove(slot uint32) {
	home := s.home(slot)
	c := s.ownChunk(home)
	at, _ := slices.BinarySearch(c.slots, slot)
	c.slots = slices.Delete(c.slots, at, at+1)
	s.len--
	if len(c.slots) < chunkSmall {
		s.shrink(home)
	}
}

func (s *set) all(yield func(uint32) bool) {
	for _, c := range s.chunks {
		for _, slot := range c.slots {
			if !yield(slot) {
				return
			}
		}
	}
}

// home returns the index of the chunk that slot belongs to: the last that does not start after it, or the first.
func (s *set) home(slot uint32) int {
	i, found := slices.BinarySearchFunc(s.chunks, slot, func(c *chunk, slot uint32) int {
		return cmp.Compare(c.slots[0], slot)
	})
	if found || i == 0 {
		return i
	}
	return i - 1
}

// ownChunk returns the chunk at index i ready to be written, copied if a view may see it.
func (s *set) ownChunk(i int) *chunk {
	c := s.chunks[i]
	if c.epoch == s.epoch {
		return c
	}
	own := &chunk{epoch: s.epoch, slots: make([]uint32, len(c.slots), len(c.slots)+1)}
	copy(own.slots, c.slots)
	s.chunks[i] = own
	return own
}

// split makes room in the full chunk at index home for a slot that belongs at index at, and returns where it goes now.
func (s *set) split(home, at int) (int, int) {
	if at == chunkMax && home == len(s.chunks)-1 {
		// New slots mostly come in ascending order; leaving the full chunk whole keeps chunks full.
		s.chunks = append(s.chunks, &chunk{epoch: s.epoch})
		return home + 1, 0
	}
	const cut = chunkMax / 2
	slots := s.chunks[home].slots
	left := &chunk{epoch: s.epoch, slots: slices.Clone(slots[:cut])}
	right := &chunk{epoch: s.epoch, slots: slices.Clone(slots[cut:])}
	s.chunks = slices.Replace(s.chunks, home, home+1, left, right)
	if at <= cut {
		return home, at
	}
	return home + 1, at - cut
}

// shrink merges the small chunk at index i with a neighbour if the two are small enough together, and drops it if it is empty.
func (s *set) shrink(i int) {
	switch {
	case len(s.chunks[i].slots) == 0:
		s.chunks = slices.Delete(s.chunks, i, i+1)
	case i+1 < len(s.chunks) && s.fits(i):
		s.merge(i)
	case i > 0 && s.fits(i-1):
		s.merge(i - 1)
	}
}

// fits reports whether the chunk at index i and the next are small enough together for a merge.
func (s *set) fits(i int) bool {
	return len(s.chunks[i].slots)+len(s.chunks[i+1].slots) <= mergedMax
}

// merge makes one chunk of the one at index i and the next.
func (s *set) merge(i int) {
	c := s.ownChunk(i)
	c.slots = append(c.slots, s.chunks[i+1].slots...)
	s.chunks = slices.Delete(s.chunks, i+1, i+2)
}
