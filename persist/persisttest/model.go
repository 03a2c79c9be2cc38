package persisttest

import (
	"bytes"
	"slices"

	"github.com/yardmaster/yardmaster/persist"
)

// model is the oracle: what a store must show, kept in the dumbest way. A
// content is never changed in place.
type model map[string]content

// content is everything of one desk as reads show it: rows in order, records
// oldest first, headers newest first.
type content struct {
	State   persist.State
	Rows    []persist.Row
	Records []persist.Record
	Headers []persist.Header
}

func (m model) apply(g persist.Group) {
	for _, c := range g.Commits {
		m[c.Desk] = m[c.Desk].after(c)
	}
}

// after returns the content once a commit is durable.
func (d content) after(c persist.DeskCommit) content {
	next := content{
		State:   persist.State{Seq: c.Seq, At: c.At},
		Rows:    slices.Clone(d.Rows),
		Records: slices.Clone(d.Records),
		Headers: slices.Clone(d.Headers),
	}
	for _, r := range c.Rows {
		next.set(cloneRow(r))
	}
	if c.Seq > c.Expect {
		next.Records = append(next.Records, persist.Record{Expect: c.Expect, Seq: c.Seq, At: c.At, Journal: clone(c.Journal)})
	}
	if len(c.Header) > 0 {
		h := persist.Header{Expect: c.Expect, Seq: c.Seq, At: c.At, Value: clone(c.Header)}
		next.Headers = slices.Insert(next.Headers, 0, h)
	}
	return next
}

func (d *content) set(r persist.Row) {
	i, found := slices.BinarySearchFunc(d.Rows, r, func(a, b persist.Row) int {
		return bytes.Compare(rowKey(a), rowKey(b))
	})
	switch {
	case found && r.Value == nil:
		d.Rows = slices.Delete(d.Rows, i, i+1)
	case found:
		d.Rows[i] = r
	case r.Value != nil:
		d.Rows = slices.Insert(d.Rows, i, r)
	}
}

func rowKey(r persist.Row) []byte { return append([]byte{r.Kind}, r.ID...) }
