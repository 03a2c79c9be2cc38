package core

// keyring remembers idempotency keys in the order in which they came: at most
// KeysMax, none older than KeyAgeMax of machine time before the newest.
type keyring struct {
	known  map[[16]byte]KeyRecord
	order  [][16]byte // oldest first, from head
	head   int
	newest [16]byte
}

func newKeyring() keyring { return keyring{known: map[[16]byte]KeyRecord{}} }

func (k *keyring) find(key string) (KeyRecord, bool) {
	if key == "" {
		return KeyRecord{}, false
	}
	record, ok := k.known[HashKey(key)]
	return record, ok
}

func (k *keyring) add(record KeyRecord) {
	k.known[record.Hash] = record
	k.order = append(k.order, record.Hash)
	k.newest = record.Hash
	for len(k.order)-k.head > KeysMax || k.known[k.order[k.head]].At < record.At-KeyAgeMax {
		delete(k.known, k.order[k.head])
		k.head++
	}
	if k.head > len(k.order)/2 && k.head > 1024 {
		k.order = append([][16]byte(nil), k.order[k.head:]...)
		k.head = 0
	}
}
