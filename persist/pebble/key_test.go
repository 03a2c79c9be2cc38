package pebble

import (
	"bytes"
	"cmp"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/persist"
)

// place is what a key stands for.
type place struct {
	tag  byte
	desk string
	kind byte
	id   []byte
	seq  uint64
}

func (p place) key() []byte {
	switch p.tag {
	case tagState:
		return deskKey(nil, tagState, p.desk)
	case tagRow:
		return rowKey(nil, p.desk, p.kind, p.id)
	default:
		return recordKey(nil, p.tag, p.desk, p.seq)
	}
}

// compare is the order that the contract states, within a tag and a desk.
func (p place) compare(q place) int {
	switch p.tag {
	case tagState:
		return 0
	case tagRow:
		return cmp.Or(cmp.Compare(p.kind, q.kind), bytes.Compare(p.id, q.id))
	default:
		return cmp.Compare(p.seq, q.seq)
	}
}

func drawPlace(label string) *rapid.Generator[place] {
	edgy := rapid.SliceOfN(rapid.SampledFrom([]byte{0x00, 0x01, 'a', 0xfe, 0xff}), 0, 4)
	return rapid.Custom(func(t *rapid.T) place {
		return place{
			tag:  rapid.ByteRange(tagState, tagHeader).Draw(t, label+" tag"),
			desk: string(append(edgy.Draw(t, label+" desk"), 'a')),
			kind: rapid.SampledFrom([]byte{0, 1, 0xff}).Draw(t, label+" kind"),
			id:   edgy.Draw(t, label+" id"),
			seq:  rapid.OneOf(rapid.Uint64Range(0, 300), rapid.Uint64Range(math.MaxUint64-3, math.MaxUint64)).Draw(t, label+" seq"),
		}
	})
}

// TestKeysKeepOrder draws two places: the keys of one desk and tag are in the
// contract's order, and lie within the bounds by which the desk is read; those
// of another do not.
func TestKeysKeepOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawPlace("p").Draw(t, "p"), drawPlace("q").Draw(t, "q")
		front := deskKey(nil, p.tag, p.desk)
		same := p.tag == q.tag && p.desk == q.desk
		within := bytes.Compare(front, q.key()) <= 0 && bytes.Compare(q.key(), after(front)) < 0
		if within != same {
			t.Fatalf("key %x within [%x, %x): %t, want %t", q.key(), front, after(front), within, same)
		}
		if got := bytes.Compare(p.key(), q.key()); same && got != p.compare(q) {
			t.Fatalf("keys %x and %x compare as %d, want %d", p.key(), q.key(), got, p.compare(q))
		}
	})
}

// TestBatchesHaveRoom compares the size that a batch is made with, and what it
// then takes.
func TestBatchesHaveRoom(t *testing.T) {
	s := opened(t, t.TempDir(), Options{})
	g := persist.Group{Commits: []persist.DeskCommit{
		{Desk: strings.Repeat("d", 128), Seq: 1, Header: make([]byte, 200), Journal: make([]byte, 70_000)},
		{Desk: "a", Rows: []persist.Row{{ID: make([]byte, 200)}, {Value: make([]byte, 20_000)}, {ID: []byte("x"), Value: []byte("y")}}},
	}}
	b := encode(s.db, g)
	defer func() { _ = b.Close() }()
	if b.Len() > batchBytes(g) {
		t.Errorf("a batch of %d bytes was made for %d", b.Len(), batchBytes(g))
	}
}

// FuzzDecode gives any bytes to the decoders: they answer an error or a value
// that encodes to the same bytes, and never panic.
func FuzzDecode(f *testing.F) {
	f.Add(recordKey(nil, tagJournal, "a", 9), make([]byte, 20))
	f.Add(deskKey(nil, tagState, "a"), make([]byte, 16))
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		const front = 3
		if rec, err := splitRecord(key, value, front); err == nil {
			again := make([]byte, stampBytes)
			putStamp(again, rec.Expect, rec.At)
			if !bytes.Equal(append(again, rec.Journal...), value) || rec.Expect >= rec.Seq {
				t.Errorf("record %x was read as %+v", value, rec)
			}
		}
		if state, err := decodeState(key, value); err == nil {
			again := make([]byte, stampBytes)
			putStamp(again, state.Seq, state.At)
			if !bytes.Equal(again, value) {
				t.Errorf("state %x was read as %+v", value, state)
			}
		}
		if desk, err := splitDesk(key); err == nil && !bytes.Equal(deskKey(nil, key[0], desk), key) {
			t.Errorf("key %x was read as desk %q", key, desk)
		}
		if kind, id, err := splitRow(key, front); err == nil && !bytes.Equal(append([]byte{kind}, id...), key[front:]) {
			t.Errorf("key %x was read as row %d/%x", key, kind, id)
		}
	})
}
