package persist

import "fmt"

// Row is one value of a desk's present state.
type Row struct {
	// Kind separates sorts of rows; the caller numbers them.
	Kind byte
	// ID names the row within its kind; it may be empty.
	ID []byte
	// Value is the new content; nil deletes the row. Empty is a content.
	Value []byte
}

// DeskCommit is the change of one desk within a group.
type DeskCommit struct {
	// Desk is the name: any bytes, at least one.
	Desk string
	// Expect is the desk's last sequence on which the commit builds, durable or
	// in flight; 0 for a new desk.
	Expect uint64
	// Seq is the desk's last sequence after the commit, at least Expect.
	Seq uint64
	// At is the instant of the commit's last entry, in unix nanoseconds. A store
	// keeps it beside the sequence and does not interpret it.
	At int64
	// Rows are the rows that change. If a row is given twice the later counts.
	Rows []Row
	// Header is a small part of the record that [Store.Headers] reads alone. It
	// is empty if Seq equals Expect.
	Header []byte
	// Journal holds the encoded entries of the sequences (Expect, Seq]. It is
	// empty if Seq equals Expect.
	Journal []byte
}

// Group is what becomes durable together: commits of any number of desks, each
// desk at most once.
type Group struct {
	Commits []DeskCommit
}

// Check verifies the rules that need no knowledge of the store: names, sizes
// and sequences. It returns the first problem, wrapping ErrInvalid or
// ErrTooLarge. That a desk occurs once only is checked by [Ledger.Admit].
func (g Group) Check(lim Limits) error {
	total := 0
	for i := range g.Commits {
		c := &g.Commits[i]
		if err := c.checkShape(); err != nil {
			return err
		}
		size, err := c.checkSizes(lim)
		if err != nil {
			return err
		}
		total += size
	}
	if total > lim.GroupBytesMax {
		return fmt.Errorf("the group has %d bytes, above %d: %w", total, lim.GroupBytesMax, ErrTooLarge)
	}
	return nil
}

func (c *DeskCommit) checkShape() error {
	switch {
	case c.Desk == "":
		return fmt.Errorf("a commit names no desk: %w", ErrInvalid)
	case c.Seq < c.Expect:
		return fmt.Errorf("desk %q goes back from sequence %d to %d: %w", c.Desk, c.Expect, c.Seq, ErrInvalid)
	case c.Seq == c.Expect && len(c.Header)+len(c.Journal) > 0:
		return fmt.Errorf("desk %q brings a record without a new sequence after %d: %w", c.Desk, c.Expect, ErrInvalid)
	}
	return nil
}

// checkSizes returns the commit's size as well, so that rows are walked once
// for both.
func (c *DeskCommit) checkSizes(lim Limits) (int, error) {
	if len(c.Desk) > lim.DeskBytesMax {
		return 0, fmt.Errorf("the name of desk %.32q... has %d bytes, above %d: %w", c.Desk, len(c.Desk), lim.DeskBytesMax, ErrTooLarge)
	}
	if n := max(len(c.Header), len(c.Journal)); n > lim.ValueBytesMax {
		return 0, fmt.Errorf("the record of desk %q has a part of %d bytes, above %d: %w", c.Desk, n, lim.ValueBytesMax, ErrTooLarge)
	}
	total := len(c.Desk) + len(c.Header) + len(c.Journal)
	for i := range c.Rows {
		r := &c.Rows[i]
		if len(r.ID) > lim.IDBytesMax || len(r.Value) > lim.ValueBytesMax {
			return 0, fmt.Errorf("a row of desk %q, kind %d, has an id of %d and a value of %d bytes, above %d or %d: %w",
				c.Desk, r.Kind, len(r.ID), len(r.Value), lim.IDBytesMax, lim.ValueBytesMax, ErrTooLarge)
		}
		total += len(r.ID) + len(r.Value)
	}
	return total, nil
}
