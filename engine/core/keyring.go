package core

// keyring remembers idempotency keys in the order in which they came: at most
// KeysMax, none older than KeyAgeMax of machine time before the newest.
type keyring struct {
	known  map[[16]byte]KeyRecord
	order  []KeyRecord // oldest first, from head
	head   int
	newest [16]byte
}

func newKeyring() keyring { return keyring{known: map[[16]byte]KeyRecord{}} }

func (k *keyring) find(key string, at Instant) (KeyRecord, bool) {
	if key == "" {
		return KeyRecord{}, false
	}
	record, ok := k.known[HashKey(key)]
	return record, ok && record.At >= at-KeyAgeMax
}

func (k *keyring) add(record KeyRecord) {
	k.known[record.Hash] = record
	k.order = append(k.order, record)
	k.newest = record.Hash
	for len(k.order)-k.head > KeysMax || k.order[k.head].At < record.At-KeyAgeMax {
		k.forgetOldest()
	}
	if k.head > len(k.order)/2 && k.head > 1024 {
		k.order = append([]KeyRecord(nil), k.order[k.head:]...)
		k.head = 0
	}
}

// forgetOldest drops the oldest record, unless its key has come again since.
func (k *keyring) forgetOldest() {
	oldest := k.order[k.head]
	if k.known[oldest.Hash] == oldest {
		delete(k.known, oldest.Hash)
	}
	k.head++
}
