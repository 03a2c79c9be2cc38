package stream

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// LineBytesMax bounds one line of a file. A longer one is refused and skipped.
const LineBytesMax = 1 << 20

// lines yields the lines of a file one by one, bounded, without their ends.
type lines struct {
	in   *bufio.Reader
	line int // number of the line last read, from 1
}

// newLines starts at the first line. A gzip archive is known by its first two
// bytes, not by its name.
func newLines(r io.Reader) (*lines, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	magic, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read first bytes: %w", err)
	}
	if bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		archive, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("open gzip archive: %w", err)
		}
		in = bufio.NewReaderSize(archive, 64<<10)
	}
	return &lines{in: in}, nil
}

// next returns the next line, or io.EOF after the last. The bytes are valid
// until the call after. tooLong tells that the line was over its bound.
func (l *lines) next() (text []byte, tooLong bool, err error) {
	text, err = l.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		text, tooLong, err = l.rest(bytes.Clone(text))
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0 && !tooLong) {
		return nil, false, err
	}
	l.line++
	return bytes.TrimRight(text, "\r\n"), tooLong, nil
}

// rest reads on to the end of a line that is longer than the buffer.
func (l *lines) rest(text []byte) ([]byte, bool, error) {
	tooLong := false
	for {
		more, err := l.in.ReadSlice('\n')
		if tooLong = tooLong || len(text)+len(more) > LineBytesMax; tooLong {
			text = text[:0]
		} else {
			text = append(text, more...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, tooLong, err
		}
	}
}

// table reads the rows of a comma-separated file whose first line names its
// columns. One line is one row: a quotation mark that is never closed costs its
// own line and no other.
type table struct {
	*lines
	columns map[string]int
	width   int // cells of a row
	cells   []string
	faults  *Faults
}

func newTable(in *lines, faults *Faults, required ...string) (*table, error) {
	header, tooLong, err := in.next()
	if err != nil || tooLong {
		return nil, fmt.Errorf("%w: the file is empty or its first line is too long", ErrHeader)
	}
	t := &table{lines: in, columns: make(map[string]int), faults: faults}
	names, err := t.split(strings.TrimPrefix(string(header), "\ufeff"))
	if err != nil {
		return nil, fmt.Errorf("%w: the first line is not a row of names: %w", ErrHeader, err)
	}
	t.width = len(names)
	for i, name := range names {
		t.columns[strings.TrimSpace(name)] = i
	}
	var missing []string
	for _, name := range required {
		if _, ok := t.columns[name]; !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrHeader, strings.Join(missing, ", "))
	}
	return t, nil
}

// next moves to the next row that can be read and reports whether there is one.
// Blank lines are passed over.
func (t *table) next() (bool, error) {
	for {
		text, tooLong, err := t.lines.next()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("line %d: %w", t.line+1, err)
		}
		switch {
		case tooLong:
			t.refuse("line-too-long", "the line is longer than %d bytes", LineBytesMax)
		case len(bytes.TrimSpace(text)) == 0:
		case !utf8.Valid(text):
			t.refuse("not-utf8", "the line is not UTF-8")
		case t.row(string(text)):
			return true, nil
		}
	}
}

func (t *table) row(text string) bool {
	cells, err := t.split(text)
	if err != nil {
		t.refuse("bad-row", "%v", err)
		return false
	}
	if len(cells) != t.width {
		t.refuse("bad-row", "the row has %d cells, the header %d", len(cells), t.width)
		return false
	}
	t.cells = cells
	return true
}

func (t *table) split(text string) ([]string, error) {
	if !strings.Contains(text, `"`) {
		t.cells = t.cells[:0]
		for cell := range strings.SplitSeq(text, ",") {
			t.cells = append(t.cells, cell)
		}
		return t.cells, nil
	}
	cells, err := csv.NewReader(strings.NewReader(text)).Read()
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return nil, fault.Err
	}
	return cells, err
}

// cell returns a column of the row, without spaces around it; empty when the
// file has no such column.
func (t *table) cell(column string) string {
	if i, ok := t.columns[column]; ok {
		return strings.TrimSpace(t.cells[i])
	}
	return ""
}

// rowNumber counts data rows from 1: the header is line 1.
func (t *table) rowNumber() int { return t.line - 1 }

func (t *table) refuse(reason, format string, args ...any) {
	t.fault(Refused, reason, format, args...)
}

func (t *table) fault(treatment Treatment, reason, format string, args ...any) {
	t.faults.add(Fault{Line: t.line, Treatment: treatment, Reason: reason, Detail: fmt.Sprintf(format, args...)})
}
