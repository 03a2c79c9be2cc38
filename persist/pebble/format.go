package pebble

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/yardmaster/yardmaster/persist"
)

// format is the number of the layout that the package comment draws. A change
// that an older build would misread raises it.
const format = 1

// identity is written by Pebble into every directory as the name of the order of
// its keys, and compared before it changes anything: a Pebble directory of
// another program is refused, and other programs refuse ours. The order itself
// is bytewise.
const identity = "yardmaster.persist.bytewise"

var formatKey = []byte{tagFormat}

// pebbleFile matches the names that Pebble gives its files, as far as they can
// be there before a directory is a store: its creation may have been cut short.
var pebbleFile = regexp.MustCompile(`^(LOCK|(MANIFEST|OPTIONS)-[0-9]+|marker\..+|[0-9]+\.(log|sst|blob|dbtmp)|temporary\.[0-9]+\.dbtmp)$`)

// inspect refuses a directory that Pebble would spoil or not understand. It
// changes nothing.
func inspect(dir string, files vfs.FS) error {
	names, err := files.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	desc, err := pebble.Peek(dir, files)
	var path *os.PathError
	if errors.As(err, &path) {
		return err
	}
	if err != nil {
		return fmt.Errorf("%w: %w; a newer build may have written it", persist.ErrFormat, err)
	}
	if desc.Exists {
		return inspectOptions(desc.OptionsFilename, files)
	}
	for _, name := range names {
		if !pebbleFile.MatchString(name) {
			return fmt.Errorf("%w: it holds %q, which is not of a store; name an empty directory", persist.ErrFormat, name)
		}
	}
	return nil
}

// inspectOptions refuses a Pebble directory of another program.
func inspectOptions(path string, files vfs.FS) error {
	if path == "" {
		return nil // the creation was cut short before options were written
	}
	f, err := files.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if !ownOptions.Match(text) {
		return fmt.Errorf("%w: it is a Pebble database of another program; name another directory", persist.ErrFormat)
	}
	return nil
}

var ownOptions = regexp.MustCompile(`(?m)^\s*comparer=` + regexp.QuoteMeta(identity) + `$`)

// settleFormat writes the format into a new database and verifies that of an
// old one.
func settleFormat(db *pebble.DB) error {
	value, closer, err := db.Get(formatKey)
	if errors.Is(err, pebble.ErrNotFound) {
		return writeFormat(db)
	}
	if err != nil {
		return readError(formatKey, err)
	}
	defer func() { _ = closer.Close() }()
	if len(value) != 4 {
		return corrupt(formatKey, "the format is not a number")
	}
	if n := binary.BigEndian.Uint32(value); n != format {
		return fmt.Errorf("%w: it has format %d, this build reads %d; open it with the build that wrote it, or a newer one", persist.ErrFormat, n, format)
	}
	return nil
}

func writeFormat(db *pebble.DB) error {
	iter, err := db.NewIter(nil)
	if err != nil {
		return err
	}
	used := iter.First()
	if err := iter.Close(); err != nil {
		return readError(formatKey, err)
	}
	if used {
		return corrupt(formatKey, "the format is missing from a database that holds keys")
	}
	b := db.NewBatch()
	if err := b.Set(formatKey, binary.BigEndian.AppendUint32(nil, format), nil); err != nil {
		return err
	}
	// A write that waits for its own sync would end the process if that failed.
	if err := db.ApplyNoSyncWait(b, pebble.Sync); err != nil {
		return err
	}
	return b.SyncWait()
}

// lockNaming is a file system whose refusal to lock is an ErrLocked.
type lockNaming struct{ vfs.FS }

// Lock tells a lock that is held from one that could not be tried: the latter
// comes with the path of the file that could not be made.
func (l lockNaming) Lock(name string) (io.Closer, error) {
	c, err := l.FS.Lock(name)
	var path *os.PathError
	if err != nil && !errors.As(err, &path) {
		err = fmt.Errorf("%w: %w", persist.ErrLocked, err)
	}
	return c, err
}

// Unwrap implements [vfs.FS].
func (l lockNaming) Unwrap() vfs.FS { return l.FS }
