package loop

import (
	"fmt"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// encoder turns groups into bytes. What it returns is valid until reset; its
// buffers are used again, for a store has read a group when Commit returns.
type encoder struct {
	bytes   []byte
	rows    []persist.Row
	commits []persist.DeskCommit
}

// bytesKept bounds the buffer that is kept for the next group.
const bytesKept = 4 * GroupBytesMax

func (e *encoder) reset() {
	if cap(e.bytes) > bytesKept {
		e.bytes = nil
	}
	clear(e.rows)
	clear(e.commits)
	e.bytes, e.rows, e.commits = e.bytes[:0], e.rows[:0], e.commits[:0]
}

// group encodes a sealed group and notes its size.
func (e *encoder) group(g *group) (persist.Group, error) {
	first, size := len(e.commits), len(e.bytes)
	for _, p := range g.parts {
		commit, err := e.part(p)
		if err != nil {
			return persist.Group{}, fmt.Errorf("loop: encode desk %q: %w", p.desk.id, err)
		}
		e.commits = append(e.commits, commit)
	}
	g.bytes = len(e.bytes) - size
	return persist.Group{Commits: e.commits[first:len(e.commits):len(e.commits)]}, nil
}

func (e *encoder) part(p *part) (persist.DeskCommit, error) {
	c := persist.DeskCommit{Desk: p.desk.id, Expect: uint64(p.expect), Seq: uint64(p.seq), At: int64(p.at)}
	first := len(e.rows)
	for _, row := range p.rows {
		encoded, err := e.row(row)
		if err != nil {
			return c, err
		}
		e.rows = append(e.rows, encoded)
	}
	c.Rows = e.rows[first:len(e.rows):len(e.rows)]
	if len(p.entries) > 0 {
		journal, err := e.since(core.AppendEntries(e.bytes, p.entries))
		if err != nil {
			return c, err
		}
		c.Journal = journal
	}
	if len(p.keys) > 0 {
		c.Header, _ = e.since(core.AppendKeys(e.bytes, p.keys), nil)
	}
	return c, nil
}

func (e *encoder) row(row core.Row) (persist.Row, error) {
	id, _ := e.since(append(e.bytes, row.ID...), nil)
	encoded := persist.Row{Kind: byte(row.Kind), ID: id}
	if row.Value == nil {
		return encoded, nil
	}
	value, err := e.since(row.Value.AppendBinary(e.bytes))
	encoded.Value = value
	return encoded, err
}

// since takes the longer buffer that an append returned and answers what was
// appended, never nil. Growing leaves earlier answers where they were.
func (e *encoder) since(longer []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	from := len(e.bytes)
	e.bytes = longer
	return longer[from:len(longer):len(longer)], nil
}
