package paged

// HashString returns the FNV-1a hash of s, 64 bits. It is the same in every process and on every machine.
//
// Source: Fowler, Noll, Vo, Eastlake, "The FNV Non-Cryptographic Hash Algorithm", draft-eastlake-fnv.
func HashString(s string) uint64 {
	const (
		offset = 14695981039346656037
		prime  = 1099511628211
	)
	h := uint64(offset)
	for i := range len(s) {
		h ^= uint64(s[i])
		h *= prime
	}
	return h
}

// mix spreads the differences of any 64-bit hash over the 32 bits that a trie uses, so that neither the weak high bits of a
// short FNV hash nor numbers that are their own hash make a trie lopsided.
//
// Source: the finalizer of MurmurHash3 (fmix64), Austin Appleby, public domain.
func mix(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return uint32(h)
}
