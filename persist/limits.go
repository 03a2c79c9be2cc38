package persist

// Limits are the sizes, in bytes, that a store takes.
type Limits struct {
	// DeskBytesMax bounds the name of a desk.
	DeskBytesMax int
	// IDBytesMax bounds [Row.ID].
	IDBytesMax int
	// ValueBytesMax bounds [Row.Value], [DeskCommit.Header] and
	// [DeskCommit.Journal], each.
	ValueBytesMax int
	// GroupBytesMax bounds a whole group: the sum of its names, ids, values,
	// headers and journals.
	GroupBytesMax int
}

// DefaultLimits are those of the stores of this module: desk names of 128 bytes,
// ids of 1 KiB, values of 16 MiB, groups of 64 MiB.
func DefaultLimits() Limits {
	return Limits{
		DeskBytesMax:  128,
		IDBytesMax:    1 << 10,
		ValueBytesMax: 16 << 20,
		GroupBytesMax: 64 << 20,
	}
}
