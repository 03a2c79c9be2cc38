package core

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
)

// Format is the version of the encodings of this file. Behaviour is the version
// of the machine's decisions: a journal replays to the same rows only under the
// behaviour that wrote it.
const (
	Format    = 1
	Behaviour = 1
)

// RowKind is what a row holds.
type RowKind byte

// The kinds of rows, in the order in which they are loaded.
const (
	RowDesk         RowKind = 'd'
	RowConfig       RowKind = 'c'
	RowOrganization RowKind = 'o'
	RowAgent        RowKind = 'p'
	RowTicket       RowKind = 't'
)

// Row is a changed row: an immutable value under its key, or a deletion.
type Row struct {
	Kind  RowKind
	ID    string   // ordinals are eight bytes, big endian, so that bytes order as numbers
	Value RowValue // nil deletes
}

// RowValue is a row's content; its bytes are canonical: equal rows have equal
// bytes.
type RowValue interface {
	AppendBinary(dst []byte) ([]byte, error)
}

// rowValue adapts a record to RowValue.
type rowValue struct{ record }

// AppendBinary appends the row's canonical bytes.
func (v rowValue) AppendBinary(dst []byte) ([]byte, error) { return appendRecord(dst, v.record), nil }

func ordinalID(o Ordinal) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(o)))
}

// Digest is a desk's state as one number: SHA-256 over format, behaviour,
// sequence and rows. Desks that decided the same have the same digest, whatever
// the batch sizes, the lateness of ticks, the store and the reopening.
type Digest [sha256.Size]byte

// String renders lower-case hexadecimal.
func (d Digest) String() string { return fmt.Sprintf("%x", d[:]) }

// Entry is a journal entry: a command as received, or a deadline's instant,
// with the events it caused.
type Entry struct {
	At      Instant
	Key     string
	Command Command // nil for a deadline's instant
	Reply   Reply
	Events  []Event // dense sequences, never empty

	body string // the command's JSON, when it was needed before
}

// Reply is the answer to a command.
type Reply struct {
	Seq       Seq        `json:"seq"`                 // the desk's sequence after it
	Ticket    TicketID   `json:"ticket,omitempty"`    // created, changed or claimed
	Version   Seq        `json:"version,omitempty"`   // of that ticket
	Agent     AgentID    `json:"agent,omitempty"`     // put, changed or given the ticket
	Empty     bool       `json:"empty,omitempty"`     // agent.next found nothing that fits
	Replayed  bool       `json:"replayed,omitempty"`  // the first answer to this key, told again
	Rejection *Rejection `json:"rejection,omitempty"` // nil when the command was done
}

// KeyRecord remembers an idempotency key: its hash, that of the command it came
// with, and a sequence among the events of its entry.
type KeyRecord struct {
	Hash, Body [16]byte
	Seq        Seq
	At         Instant
}

// HashKey returns the hash under which a key is remembered: the first half of
// its SHA-256.
func HashKey(key string) [16]byte { return hash16([]byte(key)) }

func hash16(data []byte) (half [16]byte) {
	sum := sha256.Sum256(data)
	copy(half[:], sum[:])
	return half
}

// AppendEntries appends the encoding of journal entries.
func AppendEntries(dst []byte, entries []Entry) ([]byte, error) {
	list := make([]entryRecord, len(entries))
	for i := range entries {
		list[i].Entry = entries[i]
		if entries[i].Command == nil {
			continue
		}
		list[i].name = entries[i].Command.Kind()
		if list[i].body = entries[i].body; list[i].body != "" {
			continue
		}
		body, err := json.Marshal(entries[i].Command)
		if err != nil {
			return nil, fmt.Errorf("core: encode command: %w", err)
		}
		list[i].body = string(body)
	}
	return appendRecord(dst, &entriesRecord{format: Format, list: list}), nil
}

// DecodeEntries reads what AppendEntries wrote.
func DecodeEntries(data []byte) ([]Entry, error) {
	var all entriesRecord
	if err := readRecord(data, &all); err != nil {
		return nil, err
	}
	if all.format != Format {
		return nil, fmt.Errorf("core: journal format %d is not known to this version, which reads %d", all.format, Format)
	}
	entries := make([]Entry, len(all.list))
	for i, e := range all.list {
		entries[i] = e.Entry
		if e.name == "" {
			continue
		}
		command, err := ParseCommand(e.name, []byte(e.body))
		if err != nil {
			return nil, fmt.Errorf("core: decode command: %w", err)
		}
		entries[i].Command = command
	}
	return entries, nil
}

// AppendKeys appends the encoding of key records.
func AppendKeys(dst []byte, keys []KeyRecord) []byte {
	return appendRecord(dst, &keysRecord{keys})
}

// DecodeKeys reads what AppendKeys wrote.
func DecodeKeys(data []byte) ([]KeyRecord, error) {
	var all keysRecord
	err := readRecord(data, &all)
	return all.list, err
}

type entriesRecord struct {
	format uint32
	list   []entryRecord
}

func (r *entriesRecord) fields(w *wire) {
	wireUint(w, 1, &r.format)
	wireRecords(w, 2, &r.list)
}

type entryRecord struct {
	Entry
	name, body string // the command's
}

func (r *entryRecord) fields(w *wire) {
	wireInt(w, 1, &r.At)
	wireText(w, 2, &r.Key)
	wireText(w, 3, &r.name)
	wireText(w, 4, &r.body)
	wireRecord(w, 5, &r.Reply, r.Reply == Reply{})
	wireRecords(w, 6, &r.Events)
}

type keysRecord struct{ list []KeyRecord }

func (r *keysRecord) fields(w *wire) { wireRecords(w, 1, &r.list) }

func (k *KeyRecord) fields(w *wire) {
	hash, body := string(k.Hash[:]), string(k.Body[:])
	wireText(w, 1, &hash)
	wireText(w, 2, &body)
	wireUint(w, 3, &k.Seq)
	wireInt(w, 4, &k.At)
	if w.reading {
		if len(hash) != len(k.Hash) || len(body) != len(k.Body) {
			w.fail("a key's hash has not 16 bytes")
		}
		copy(k.Hash[:], hash)
		copy(k.Body[:], body)
	}
}

func (r *Reply) fields(w *wire) {
	wireUint(w, 1, &r.Seq)
	wireText(w, 2, &r.Ticket)
	wireUint(w, 3, &r.Version)
	wireText(w, 4, &r.Agent)
	wireBool(w, 5, &r.Empty)
	refused := r.Rejection != nil
	if wireBool(w, 6, &refused); refused {
		if r.Rejection == nil {
			r.Rejection = &Rejection{}
		}
		wireText(w, 7, &r.Rejection.Reason)
		wireText(w, 8, &r.Rejection.Field)
		wireText(w, 9, &r.Rejection.Detail)
	}
}

func (e *Event) fields(w *wire) {
	wireUint(w, 1, &e.Seq)
	wireInt(w, 2, &e.At)
	wireText(w, 3, &e.Type)
	wireText(w, 4, &e.Ticket)
	wireText(w, 5, &e.From)
	wireText(w, 6, &e.To)
	wireText(w, 7, &e.Group)
	wireText(w, 8, &e.Queue)
	wireText(w, 9, &e.Agent)
	wireText(w, 10, &e.Organization)
	wireText(w, 11, &e.Skill)
	wireUint(w, 12, &e.Level)
	wireText(w, 13, &e.Field)
	wireRecord(w, 14, &e.Value, e.Value.IsZero())
	wireTexts(w, 15, &e.Added)
	wireTexts(w, 16, &e.Removed)
	wireUint(w, 17, &e.Priority)
	wireUint(w, 18, &e.Status)
	wireText(w, 19, &e.Channel)
	wireUint(w, 20, &e.By)
	wireBool(w, 21, &e.Public)
	wireBool(w, 22, &e.Forced)
	wireText(w, 23, &e.Via)
	wireText(w, 24, &e.Rule)
	wireText(w, 25, &e.Detail)
	wireInt(w, 26, &e.OccurredAt)
	wireInt(w, 27, &e.Expires)
	wireText(w, 28, &e.Metric)
	wireUint(w, 29, &e.Instance)
	wireText(w, 30, &e.Policy)
	wireText(w, 31, &e.Calendar)
	wireText(w, 32, &e.Target)
	wireUint(w, 33, &e.TargetVersion)
	wireInt(w, 34, &e.Due)
	wireInt(w, 35, &e.Elapsed)
	wireInt(w, 36, &e.ElapsedCalendar)
	wireText(w, 37, &e.Outcome)
	wireBool(w, 38, &e.AttachedBreached)
	wireUint(w, 39, &e.Version)
	wireInt(w, 40, &e.Ends)
	wireText(w, 41, &e.Command)
	wireText(w, 42, &e.Reason)
	wireUint(w, 43, &e.Count)
}

// fields reads a number's text once more, for conditions.
// float: what is kept is the text.
func (v *Value) fields(w *wire) {
	wireUint(w, 1, &v.kind)
	wireText(w, 2, &v.text)
	wireTexts(w, 3, &v.list)
	if !w.reading || w.err != nil {
		return
	}
	switch {
	case v.kind > valueList:
		w.fail("a field's value is of kind %d", v.kind)
	case v.kind == valueNumber:
		f, err := strconv.ParseFloat(v.text, 64)
		if err != nil {
			w.fail("a field's number is %q", v.text)
		}
		v.num = f
	}
}

func (t *Ticket) fields(w *wire) {
	wireText(w, 1, &t.ID)
	wireUint(w, 2, &t.Ordinal)
	wireUint(w, 3, &t.Version)
	wireText(w, 4, &t.Subject)
	wireText(w, 5, &t.Requester)
	wireText(w, 6, &t.Organization)
	wireText(w, 7, &t.Channel)
	wireText(w, 8, &t.Type)
	wireText(w, 9, &t.Language)
	wireUint(w, 10, &t.CreatedBy)
	wireUint(w, 11, &t.Priority)
	wireUint(w, 12, &t.Status)
	wireTexts(w, 13, &t.Tags)
	wireRecords(w, 14, &t.Fields)
	wireText(w, 15, &t.Group)
	wireText(w, 16, &t.Queue)
	wireText(w, 17, &t.Assignee)
	wireRecords(w, 18, &t.Requires)
	wireInt(w, 19, &t.Created)
	wireInt(w, 20, &t.Updated)
	wireInt(w, 21, &t.Solved)
	wireInt(w, 22, &t.Closed)
	wireInt(w, 23, &t.Enqueued)
	wireInt(w, 24, &t.Replied)
	wireInt(w, 25, &t.Unanswered)
	wireUint(w, 26, &t.Reopens)
	wireRecords(w, 27, &t.Offers)
	wireRecords(w, 28, &t.Refusals)
	wireUint(w, 29, &t.Config)
	wireRecords(w, 30, &t.Clocks)
	wireRecords(w, 31, &t.History)
	wireInt(w, 32, &t.Bucket)
}

func (f *Field) fields(w *wire) {
	wireText(w, 1, &f.Name)
	wireRecord(w, 2, &f.Value, f.Value.IsZero())
}

func (r *Requirement) fields(w *wire) {
	wireText(w, 1, &r.Skill)
	wireUint(w, 2, &r.Level)
}

func (o *Offer) fields(w *wire) {
	wireText(w, 1, &o.Agent)
	wireUint(w, 2, &o.Ordinal)
	wireInt(w, 3, &o.Made)
	wireInt(w, 4, &o.Expires)
}

func (r *Refusal) fields(w *wire) {
	wireText(w, 1, &r.Agent)
	wireUint(w, 2, &r.Ordinal)
	wireInt(w, 3, &r.At)
	wireInt(w, 4, &r.Until)
	wireInt(w, 5, &r.Again)
}

func (s *Span) fields(w *wire) {
	wireInt(w, 1, &s.At)
	wireUint(w, 2, &s.Status)
	wireUint(w, 3, &s.Running)
}

func (c *Clock) fields(w *wire) {
	wireText(w, 1, &c.Metric)
	wireUint(w, 2, &c.Instance)
	wireText(w, 3, &c.Policy)
	wireText(w, 4, &c.Calendar)
	amount := ""
	if !w.reading && !c.Amount.IsZero() {
		amount = c.Amount.String()
	}
	wireText(w, 5, &amount)
	wireBool(w, 6, &c.RoundTheClock)
	wireUint(w, 7, &c.State)
	wireUint(w, 8, &c.Countdown.Outcome)
	wireBool(w, 9, &c.Late)
	wireInt(w, 10, &c.Started)
	wireInt(w, 11, &c.From)
	wireInt(w, 12, &c.Mark)
	wireInt(w, 13, &c.EndedAt)
	wireInt(w, 14, &c.Elapsed)
	wireInt(w, 15, &c.Wall)
	wireUint(w, 16, &c.Countdown.Version)
	wireBool(w, 17, &c.Bound)
	wireInt(w, 18, &c.Target)
	wireInt(w, 19, &c.Due)
	if w.reading && amount != "" && w.err == nil {
		if err := c.Amount.UnmarshalText([]byte(amount)); err != nil {
			w.fail("a target is %q", amount)
		}
	}
}

func (a *Agent) fields(w *wire) {
	wireText(w, 1, &a.ID)
	wireText(w, 2, &a.Name)
	wireTexts(w, 3, &a.Groups)
	skills := sortedSkills(a.Skills)
	if wireRecords(w, 4, &skills); w.reading {
		a.Skills = skillMap(skills)
	}
	wireUint(w, 5, &a.Capacity)
	wireUint(w, 6, &a.Ordinal)
	wireUint(w, 7, &a.Presence)
	wireInt(w, 8, &a.LastAssigned)
	wireUint(w, 9, &a.LastAssignedSeq)
	wireUint(w, 10, &a.Timeouts)
	wireBool(w, 11, &a.FromConfig)
}

func (o *Organization) fields(w *wire) {
	wireText(w, 1, &o.ID)
	wireText(w, 2, &o.Name)
	wireText(w, 3, &o.Tier)
	wireText(w, 4, &o.Calendar)
	fields := sortedFields(o.Fields)
	if wireRecords(w, 5, &fields); w.reading {
		o.Fields = fieldMap(fields)
	}
}

// deskRow counts what a desk has numbered.
type deskRow struct {
	tickets, agents Ordinal
	configs         uint64
}

func (d *deskRow) fields(w *wire) {
	wireUint(w, 1, &d.tickets)
	wireUint(w, 2, &d.agents)
	wireUint(w, 3, &d.configs)
}

// configRow keeps a configuration version as the canonical JSON of its source.
type configRow struct {
	version uint64
	source  string
}

func (c *configRow) fields(w *wire) {
	wireUint(w, 1, &c.version)
	wireText(w, 2, &c.source)
}
