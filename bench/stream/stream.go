package stream

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/yardmaster/yardmaster/engine/core"
)

// Stream is a recorded file as stamped commands, in the order in which they
// happened.
type Stream struct {
	name     string
	format   Format
	rows     int
	items    []item
	faults   Faults
	verdicts Verdicts
}

// Verdicts holds, for each ticket of which the record states it, whether its
// promise was kept, as the ticket's last row says. It is the outcome: no command
// of the stream knows of it.
type Verdicts map[core.TicketID]bool

// Options bounds the reading. The zero value is the default.
type Options struct {
	// RowsMax is how many rows a file may have; 0 means RowsMaxDefault.
	RowsMax int
}

// RowsMaxDefault is the bound on rows when Options gives none.
const RowsMaxDefault = 5_000_000

// item is one command to come: its place in the order, and the row that it is
// built from when asked.
type item struct {
	at   core.Instant
	row  uint32
	step uint8
	from row
}

// row is a row of a file as its format keeps it.
type row interface {
	// command returns what the row asks for at that step.
	command(step uint8) core.Command
	// key returns the step's key; prefix is the stream's name and the row's number.
	key(prefix string, step uint8) string
}

// Open reads the file at path; "-" is standard input.
func Open(ctx context.Context, path string, format Format, opts Options) (*Stream, error) {
	if path == "-" {
		return Read(ctx, os.Stdin, "-", format, opts)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	return Read(ctx, file, filepath.Base(path), format, opts)
}

// Read reads a file of that name to its end. The name becomes part of the keys,
// so that another file's rows are other commands.
func Read(ctx context.Context, r io.Reader, name string, format Format, opts Options) (*Stream, error) {
	s := &Stream{name: format.String() + ":" + bounded(name), format: format}
	rd := &reader{Stream: s, ctx: ctx, rowsMax: cmp.Or(opts.RowsMax, RowsMaxDefault), texts: make(map[string]string)}
	if err := rd.read(r); err != nil {
		return nil, fmt.Errorf("stream: read %s: %w", name, err)
	}
	slices.SortStableFunc(s.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.row, b.row), cmp.Compare(a.step, b.step))
	})
	return s, nil
}

// bounded keeps a file's name short enough for keys: a long one is replaced by
// the start of its SHA-256.
func bounded(name string) string {
	if len(name) <= 128 {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

// Name returns format:file, the common start of the stream's keys.
func (s *Stream) Name() string { return s.name }

// Format returns how the file was written.
func (s *Stream) Format() Format { return s.format }

// Rows returns how many rows gave commands.
func (s *Stream) Rows() int { return s.rows }

// Len returns the number of commands.
func (s *Stream) Len() int { return len(s.items) }

// Input builds command i, from 0 to Len()-1.
func (s *Stream) Input(i int) core.Input {
	it := &s.items[i]
	return core.Input{At: it.at, Key: s.key(it), Command: it.from.command(it.step)}
}

// At returns the instant of command i without building it.
func (s *Stream) At(i int) core.Instant { return s.items[i].at }

// Inputs yields all commands in order.
func (s *Stream) Inputs() iter.Seq[core.Input] {
	return func(yield func(core.Input) bool) {
		for i := range s.items {
			if !yield(s.Input(i)) {
				return
			}
		}
	}
}

// Find returns the first command whose key has that hash: of several under one
// key it is the first that was done.
func (s *Stream) Find(hash [16]byte) (int, bool) {
	for i := range s.items {
		if key := s.key(&s.items[i]); key != "" && core.HashKey(key) == hash {
			return i, true
		}
	}
	return 0, false
}

// Faults returns what was refused, clamped or left out.
func (s *Stream) Faults() Faults { return s.faults }

// Verdicts returns the outcomes that the record states; nil when it has none.
func (s *Stream) Verdicts() Verdicts { return s.verdicts }

func (s *Stream) key(it *item) string {
	return it.from.key(s.name+"/"+strconv.Itoa(int(it.row)), it.step)
}

// reader is a Stream in the making.
type reader struct {
	*Stream
	ctx     context.Context
	rowsMax int
	texts   map[string]string // repeated cells, kept once
}

func (r *reader) read(in io.Reader) error {
	lines, err := newLines(in)
	if err != nil {
		return err
	}
	switch r.format {
	case UCIServiceNow:
		return r.readUCI(lines)
	case HelpdeskItaly:
		return r.readItaly(lines)
	case JSONL:
		return r.readJSONL(lines)
	default:
		return ErrFormat
	}
}

// admit counts one more row, and refuses the file when there are too many or
// the reader was told to stop.
func (r *reader) admit() error {
	if r.rows++; r.rows > r.rowsMax {
		return fmt.Errorf("%w: more than %d", ErrRowsMax, r.rowsMax)
	}
	if r.rows%4096 == 0 {
		return r.ctx.Err()
	}
	return nil
}

func (r *reader) add(at core.Instant, rowNumber int, step uint8, from row) {
	r.items = append(r.items, item{at: at, row: uint32(rowNumber), step: step, from: from})
}

// once returns the one copy of a text that occurs on many rows.
func (r *reader) once(text string) string {
	kept, ok := r.texts[text]
	if !ok {
		kept = string([]byte(text)) // a copy that does not hold its line
		r.texts[kept] = kept
	}
	return kept
}
