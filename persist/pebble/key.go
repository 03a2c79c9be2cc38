package pebble

import (
	"encoding/binary"
	"fmt"

	"github.com/yardmaster/yardmaster/persist"
)

// The first byte of every key; the package comment draws the rest.
const (
	tagFormat byte = iota
	tagEpoch
	tagState
	tagRow
	tagJournal
	tagHeader
)

// stampBytes is the length of two numbers: a state, or the front of a record.
const stampBytes = 16

func epochKey(p persist.Partition) []byte {
	return binary.BigEndian.AppendUint32([]byte{tagEpoch}, uint32(p))
}

// deskKey is the whole key of a desk's state, and the front of the desk's keys
// of any other tag.
//
// Names above the limit are never written; asked for, they get a length that no
// name has, lest a length cut to one byte lead into another desk.
func deskKey(to []byte, tag byte, desk string) []byte {
	to = append(to, tag, byte(min(len(desk), 0xff)))
	return append(to, desk...)
}

func rowKey(to []byte, desk string, kind byte, id []byte) []byte {
	return append(append(deskKey(to, tagRow, desk), kind), id...)
}

func recordKey(to []byte, tag byte, desk string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(deskKey(to, tag, desk), seq)
}

// after is the first key above all keys that begin with prefix. There is one,
// because no tag is 0xff.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for end[len(end)-1] == 0xff {
		end = end[:len(end)-1]
	}
	end[len(end)-1]++
	return end
}

// splitRow takes the front, the desk's, off the key of a row.
func splitRow(key []byte, front int) (kind byte, id []byte, err error) {
	if len(key) <= front {
		return 0, nil, corrupt(key, "the key of a row ends before its kind")
	}
	return key[front], key[front+1:], nil
}

// splitDesk reads the desk's name from the key of a state.
func splitDesk(key []byte) (string, error) {
	if len(key) < 3 || len(key) != 2+int(key[1]) {
		return "", corrupt(key, "the name in the key of a desk has another length than stated")
	}
	return string(key[2:]), nil
}

// splitRecord reads a journal record or a header.
func splitRecord(key, value []byte, front int) (rec persist.Record, err error) {
	if len(key) != front+8 {
		return rec, corrupt(key, "the key of a record does not end in a sequence")
	}
	if len(value) < stampBytes {
		return rec, corrupt(key, "the record is cut short")
	}
	rec = persist.Record{
		Expect:  binary.BigEndian.Uint64(value),
		Seq:     binary.BigEndian.Uint64(key[front:]),
		At:      int64(binary.BigEndian.Uint64(value[8:])),
		Journal: value[stampBytes:],
	}
	if rec.Expect >= rec.Seq {
		return rec, corrupt(key, "the record ends before it begins")
	}
	return rec, nil
}

func decodeState(key, value []byte) (persist.State, error) {
	if len(value) != stampBytes {
		return persist.State{}, corrupt(key, "the state of a desk has another length than two numbers")
	}
	return persist.State{
		Seq: binary.BigEndian.Uint64(value),
		At:  int64(binary.BigEndian.Uint64(value[8:])),
	}, nil
}

// putStamp writes two numbers to the front of to.
func putStamp(to []byte, seq uint64, at int64) {
	binary.BigEndian.PutUint64(to, seq)
	binary.BigEndian.PutUint64(to[8:], uint64(at))
}

func corrupt(key []byte, what string) error {
	return fmt.Errorf("key %x: %s: %w", key, what, persist.ErrCorrupt)
}
