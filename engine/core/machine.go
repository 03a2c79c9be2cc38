package core

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
	"github.com/yardmaster/yardmaster/queue"
	"github.com/yardmaster/yardmaster/rules"
)

// Machine is one desk: stamped commands in, events and changed rows out. It
// reads no clock, does no I/O, starts no goroutine and uses no randomness, so
// that the same inputs give the same outputs everywhere. One goroutine at a
// time may use it; snapshots that it publishes may be read by any number.
type Machine struct {
	now   Instant // of the entry under way
	floor Instant // the earliest for what comes next
	last  Instant // of the last entry
	row   deskRow // what has been numbered
	seq   Seq

	config   *Compiled // the newest; nil until the first
	versions map[uint64]*Compiled
	pinned   map[uint64]int // tickets on each version

	tickets  *paged.Table[Ticket]
	ids      *paged.Index
	postings *paged.Postings[posting]
	open     int // tickets that are not closed

	staff    *paged.Table[Agent]
	agentIDs map[AgentID]Ordinal
	members  map[GroupID][]Ordinal // ascending
	ringing  map[Ordinal][]Ordinal // agent to tickets offered, ascending

	lines     map[QueueID]*queue.Queue[signature]
	places    map[Ordinal]place // of the waiting tickets
	deadlines *queue.Deadlines
	stirred   bool // something changed that may let a ticket be matched
	away      bool // an outage is being taken in: nothing is matched

	organizations map[OrganizationID]*Organization
	directory     *directory
	keys          keyring

	// Scratch of one Apply.
	facts   Facts
	scratch rules.Scratch
	events  []Event
	rows    []Row
}

// New returns an empty desk: it has no configuration yet.
func New() *Machine {
	return &Machine{
		ids:           paged.NewIndex(),
		versions:      map[uint64]*Compiled{},
		pinned:        map[uint64]int{},
		tickets:       paged.NewTable[Ticket](),
		postings:      paged.NewPostings(posting.hash),
		staff:         paged.NewTable[Agent](),
		agentIDs:      map[AgentID]Ordinal{},
		members:       map[GroupID][]Ordinal{},
		ringing:       map[Ordinal][]Ordinal{},
		lines:         map[QueueID]*queue.Queue[signature]{},
		places:        map[Ordinal]place{},
		deadlines:     queue.NewDeadlines(),
		organizations: map[OrganizationID]*Organization{},
		directory:     newDirectory(),
		keys:          newKeyring(),
		floor:         instantMin,
	}
}

// Result is what one input did.
type Result struct {
	Reply   Reply
	Entries []Entry    // deadline instants first, each an entry, then the command's own if it left one
	Rows    []Row      // in order of change; the last of a key wins
	Key     *KeyRecord // to be kept with the entries
	Replay  Seq        // not zero: the key was applied before; its answer is in the entry with this sequence
}

// Apply does one input: every deadline strictly before its instant fires first,
// each instant an entry of its own; then the command is done or rejected. It is
// total: whatever comes in, it answers. An input stamped before Now counts as
// stamped with it.
func (m *Machine) Apply(in Input) Result {
	var res Result
	at := max(in.At, m.floor)
	outage, away := in.Command.(Outage)
	if away = away && outage.check(at) == nil; !away {
		m.fire(at, &res)
	}
	body, rejection := m.admit(&in)
	known, again := m.keys.find(in.Key, at)
	switch {
	case rejection != nil:
		res.Reply.Rejection = rejection
	case again && known.Body != hashBody(in.Command, body):
		res.Reply.Rejection = reject(ReasonKeyReuse, "key", "key %q came before with another command", in.Key)
	case again:
		res.Replay = known.Seq
	case away:
		m.wake(outage, in.Key, at, &res)
	default:
		m.perform(in, at, &res)
	}
	res.Reply.Seq = cmp.Or(res.Reply.Seq, m.seq)
	if !again {
		m.remember(in, body, &res)
	}
	res.Rows = m.takeRows()
	return res
}

// Next returns the instant of the earliest deadline.
func (m *Machine) Next() (Instant, bool) {
	at, ok := m.deadlines.Next()
	return Instant(at), ok
}

// Now returns the earliest instant at which an input may be stamped: that of the
// last entry if it was a command's, the nanosecond after it if it was a
// deadline's, since commands of an instant come before its deadlines.
func (m *Machine) Now() Instant { return m.floor }

// Seq returns the desk's sequence: that of its last event.
func (m *Machine) Seq() Seq { return m.seq }

// Config returns the newest configuration, or nil.
func (m *Machine) Config() *Compiled { return m.config }

// RowID names a row.
type RowID struct {
	Kind RowKind
	ID   string
}

// Needs names the rows that must be handed in before Apply, because they are
// not in memory. Every ticket is kept in memory, so there are none.
func (m *Machine) Needs(Input) []RowID { return nil }

// admit checks what can be checked without the desk's state, and renders the
// command of a keyed input.
func (m *Machine) admit(in *Input) (body string, rejection *Rejection) {
	if in.Command == nil {
		return "", reject(ReasonRequired, "command", "there is no command")
	}
	if !in.At.known() {
		return "", reject(ReasonInvalid, "at", "the instant lies outside the years 1700 to 2250")
	}
	if in.Key == "" {
		return "", nil
	}
	if len(in.Key) > KeyBytesMax {
		return "", reject(ReasonTooLarge, "key", "a key has at most %d bytes", KeyBytesMax)
	}
	text, err := json.Marshal(in.Command)
	if err != nil {
		return "", reject(ReasonInvalid, "command", "%v", err)
	}
	return string(text), nil
}

// hashBody tells commands of one key apart.
func hashBody(command Command, body string) [16]byte {
	return hash16([]byte(command.Kind() + " " + body))
}

// perform does the command in an entry of its own.
func (m *Machine) perform(in Input, at Instant, res *Result) {
	was, mark := m.seq, len(m.rows)
	m.now = at
	reply := m.dispatch(in.Command)
	if reply.Rejection != nil {
		m.seq, m.events, m.rows = was, m.events[:0], m.rows[:mark]
	}
	if in.Key != "" && m.seq == was && (reply.Rejection == nil || readsBack(in.Command)) {
		m.account(in.Command, reply.Rejection)
	}
	reply.Seq = m.seq
	res.Reply = reply
	if m.closeEntry(in.Key, in.Command, reply, res) {
		m.floor = at
	}
}

// readsBack reports whether a refused command can be kept in the journal: one
// that was never well-formed cannot, and leaves no trace even under a key.
func readsBack(command Command) bool {
	text, err := json.Marshal(command)
	if err != nil {
		return false
	}
	_, err = ParseCommand(command.Kind(), text)
	return err == nil
}

// account leaves a trace of a keyed command that changed nothing, so that a
// retry finds its answer.
func (m *Machine) account(command Command, rejection *Rejection) {
	event := Event{Type: CommandUnchanged, Command: command.Kind()}
	if rejection != nil {
		event.Type, event.Reason, event.Field = CommandRejected, rejection.Reason, rejection.Field
	}
	m.emit(event)
}

// closeEntry turns the events since the last entry into one.
func (m *Machine) closeEntry(key string, command Command, reply Reply, res *Result) bool {
	if len(m.events) == 0 {
		return false
	}
	m.last = m.now
	res.Entries = append(res.Entries, Entry{At: m.now, Key: key, Command: command, Reply: reply, Events: slices.Clone(m.events)})
	clear(m.events)
	m.events = m.events[:0]
	return true
}

// remember keeps the key of the command's own entry.
func (m *Machine) remember(in Input, body string, res *Result) {
	if in.Key == "" {
		return
	}
	for i := range res.Entries {
		entry := &res.Entries[i]
		if entry.Key == in.Key {
			entry.body = body
			res.Key = &KeyRecord{Hash: HashKey(in.Key), Body: hashBody(in.Command, body), Seq: entry.Events[0].Seq, At: entry.At}
			m.keys.add(*res.Key)
		}
	}
}

// Remember hands in a key read back when the desk is opened, oldest first.
func (m *Machine) Remember(record KeyRecord) { m.keys.add(record) }

// emit adds an event to the entry under way.
func (m *Machine) emit(e Event) {
	m.seq++
	e.Seq, e.At = m.seq, m.now
	m.events = append(m.events, e)
}

func (m *Machine) changed(kind RowKind, id string, value record) {
	if value == nil {
		m.rows = append(m.rows, Row{Kind: kind, ID: id})
		return
	}
	m.rows = append(m.rows, Row{Kind: kind, ID: id, Value: rowValue{value}})
}

func (m *Machine) takeRows() []Row {
	if len(m.rows) == 0 {
		return nil
	}
	rows := slices.Clone(m.rows)
	clear(m.rows)
	m.rows = m.rows[:0]
	return rows
}

// dispatch does one command.
func (m *Machine) dispatch(command Command) Reply {
	switch c := command.(type) {
	case ApplyConfig:
		return m.applyConfig(c)
	case Tick:
		return Reply{}
	case Outage:
		return m.outage(c)
	}
	if m.config == nil {
		return refused(reject(ReasonNoConfig, "", "the desk has no configuration yet"))
	}
	reply := m.dispatchTicket(command)
	if reply.Rejection == nil {
		m.match()
		m.stamp(&reply)
	}
	return reply
}

func (m *Machine) dispatchTicket(command Command) Reply {
	switch c := command.(type) {
	case CreateTicket:
		return m.create(c)
	case UpdateTicket:
		return m.update(c)
	case AddMessage:
		return m.message(c)
	case AssignTicket:
		return m.assign(c)
	case AcceptOffer:
		return m.accept(c)
	case DeclineOffer:
		return m.decline(c)
	case ReleaseTicket:
		return m.release(c)
	case SolveTicket:
		return m.transition(c.Ticket, c.By, StatusSolved)
	case ReopenTicket:
		return m.transition(c.Ticket, c.By, StatusOpen)
	case CloseTicket:
		return m.transition(c.Ticket, c.By, StatusClosed)
	case NextTicket:
		return m.next(c)
	case PutAgent:
		return m.putAgent(c)
	case RemoveAgent:
		return m.removeAgent(c)
	case SetPresence:
		return m.setPresence(c)
	case PutOrganization:
		return m.putOrganization(c)
	default:
		return refused(reject(ReasonInvalid, "command", "%s is not a command of this version", command.Kind()))
	}
}

// stamp completes the reply with the ticket's version as the command left it.
func (m *Machine) stamp(reply *Reply) {
	if reply.Ticket == "" {
		return
	}
	if t := m.ticket(reply.Ticket); t != nil {
		reply.Version = t.Version
	}
}

func refused(r *Rejection) Reply { return Reply{Rejection: r} }

// ticket finds a ticket by id.
func (m *Machine) ticket(id TicketID) *Ticket {
	if slot, ok := m.ids.Get(string(id), m.idOf); ok {
		return m.tickets.Get(slot)
	}
	return nil
}

// ticketAt finds a ticket by ordinal.
func (m *Machine) ticketAt(o Ordinal) *Ticket { return m.tickets.Get(slotOf(o)) }

// agent finds an agent by id.
func (m *Machine) agent(id AgentID) *Agent {
	if o, ok := m.agentIDs[id]; ok {
		return m.staff.Get(slotOf(o))
	}
	return nil
}

func (m *Machine) agentAt(o Ordinal) *Agent { return m.staff.Get(slotOf(o)) }

// slotOf places an ordinal, which counts from 1, in a table.
func slotOf(o Ordinal) uint32 { return uint32(o - 1) } //nolint:gosec // a desk numbers fewer than 2^26
