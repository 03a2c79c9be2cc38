package persist

import "errors"

// Opening.
var (
	// ErrLocked says that another process, or another store of this one, has the
	// directory open.
	ErrLocked = errors.New("persist: in use by another process")

	// ErrFormat says that what is stored is of a format that this build does not
	// read: written by a newer build, or by another program. Nothing was changed.
	ErrFormat = errors.New("persist: format not readable by this build")
)

// Committing.
var (
	// ErrInvalid says that a group breaks a rule of [Group] that any store
	// enforces; it is a mistake of the caller. Nothing of the group was written.
	ErrInvalid = errors.New("persist: invalid group")

	// ErrTooLarge says that a group exceeds one of the store's [Limits]. Nothing
	// of the group was written.
	ErrTooLarge = errors.New("persist: too large")

	// ErrFenced says that somebody else leads or has written, or that the lease
	// ended with an earlier group. Nothing of the group was written; lead again
	// and load before going on.
	ErrFenced = errors.New("persist: fenced")

	// ErrFailed says that the storage failed. Whether the group is durable is
	// unknown until the store has been closed, opened again and read; it is there
	// as a whole or not at all.
	ErrFailed = errors.New("persist: storage failed, reopen to learn the outcome")
)

// Reading.
var (
	// ErrNotFound says that there is no such row.
	ErrNotFound = errors.New("persist: not found")

	// ErrCorrupt says that a stored value fails its check or cannot be decoded.
	// The message names the key. No part of the value was served.
	ErrCorrupt = errors.New("persist: corrupt")

	// ErrStop is returned by a callback to end a read early; the read then
	// returns nil.
	ErrStop = errors.New("persist: stop reading")
)

// At any time.
var (
	// ErrClosed says that the store was closed before the call, or that a read
	// was cut short by Close.
	ErrClosed = errors.New("persist: store is closed")
)
