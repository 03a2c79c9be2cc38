package stream

import "errors"

// The errors of reading, by when they happen.
var (
	// ErrFormat: the format's name is not known.
	ErrFormat = errors.New("unknown stream format")
	// ErrHeader: the file's first line does not name the columns that the format needs.
	ErrHeader = errors.New("columns are missing")
	// ErrRowsMax: the file has more rows than the reader was allowed to take.
	ErrRowsMax = errors.New("too many rows")
)
