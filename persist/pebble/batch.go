package pebble

import (
	"encoding/binary"

	"github.com/cockroachdb/pebble/v2"

	"github.com/yardmaster/yardmaster/persist"
)

// Bytes that Pebble's batch needs beside keys and values: its own header, and
// for each entry a kind and two lengths.
const (
	batchHeaderBytes = 12
	batchEntryBytes  = 11
)

// encode writes a group into a batch. Keys and values are written once, where
// the log will take them from.
func encode(db *pebble.DB, g persist.Group) *pebble.Batch {
	b := db.NewBatchWithSize(batchBytes(g))
	for i := range g.Commits {
		encodeCommit(b, &g.Commits[i])
	}
	return b
}

func encodeCommit(b *pebble.Batch, c *persist.DeskCommit) {
	front := 2 + len(c.Desk)
	state := b.SetDeferred(front, stampBytes)
	deskKey(state.Key[:0], tagState, c.Desk)
	putStamp(state.Value, c.Seq, c.At)
	finish(state)

	for i := range c.Rows {
		r := &c.Rows[i]
		size := front + 1 + len(r.ID)
		if r.Value == nil {
			del := b.DeleteDeferred(size)
			rowKey(del.Key[:0], c.Desk, r.Kind, r.ID)
			finish(del)
			continue
		}
		set := b.SetDeferred(size, len(r.Value))
		rowKey(set.Key[:0], c.Desk, r.Kind, r.ID)
		copy(set.Value, r.Value)
		finish(set)
	}
	if c.Seq > c.Expect {
		encodeRecord(b, tagJournal, c, c.Journal)
	}
	if len(c.Header) > 0 {
		encodeRecord(b, tagHeader, c, c.Header)
	}
}

func encodeRecord(b *pebble.Batch, tag byte, c *persist.DeskCommit, content []byte) {
	set := b.SetDeferred(2+len(c.Desk)+8, stampBytes+len(content))
	recordKey(set.Key[:0], tag, c.Desk, c.Seq)
	putStamp(set.Value, c.Expect, c.At)
	copy(set.Value[stampBytes:], content)
	finish(set)
}

// encodeEpoch writes the new epoch of a partition into a batch.
func encodeEpoch(db *pebble.DB, l persist.Lease) *pebble.Batch {
	b := db.NewBatch()
	set := b.SetDeferred(len(epochKey(0)), 8)
	copy(set.Key, epochKey(l.Partition()))
	binary.BigEndian.PutUint64(set.Value, uint64(l.Epoch()))
	finish(set)
	return b
}

// finish ends an entry. It fails in indexed batches only, which these are not.
func finish(op *pebble.DeferredBatchOp) {
	if err := op.Finish(); err != nil {
		panic("persist/pebble: a batch without an index failed to take an entry: " + err.Error())
	}
}

// batchBytes bounds the size of a group's batch from above.
func batchBytes(g persist.Group) int {
	size := batchHeaderBytes
	for i := range g.Commits {
		c := &g.Commits[i]
		front := batchEntryBytes + 2 + len(c.Desk)
		size += 3*(front+8+stampBytes) + len(c.Header) + len(c.Journal)
		for j := range c.Rows {
			size += front + 1 + len(c.Rows[j].ID) + len(c.Rows[j].Value)
		}
	}
	return size
}
