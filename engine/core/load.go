package core

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
)

// Loader rebuilds a desk from its rows. Rows come in order of (kind, id).
type Loader struct {
	m      *Machine
	newest uint64 // configuration version
}

// NewLoader begins to rebuild a desk.
func NewLoader() *Loader { return &Loader{m: New()} }

// Row takes one row. An error names the row and leaves the loader unusable.
func (l *Loader) Row(kind RowKind, id, value []byte) error {
	if err := l.row(kind, value); err != nil {
		return fmt.Errorf("core: load row %c/%x: %w", kind, id, err)
	}
	return nil
}

func (l *Loader) row(kind RowKind, value []byte) error {
	m := l.m
	switch kind {
	case RowDesk:
		return readRecord(value, &m.row)
	case RowConfig:
		return l.config(value)
	case RowOrganization:
		o := new(Organization)
		if err := readRecord(value, o); err != nil {
			return err
		}
		if o.ID == "" {
			return fmt.Errorf("%w: an organization without id", errWire)
		}
		m.organizations[o.ID] = o
		m.directory.putOrganization(o)
		return nil
	case RowAgent:
		a := new(Agent)
		if err := readRecord(value, a); err != nil {
			return err
		}
		return l.agent(a)
	case RowTicket:
		t := new(Ticket)
		if err := readRecord(value, t); err != nil {
			return err
		}
		return l.ticket(t)
	default:
		return fmt.Errorf("core: a row of kind %q is not known to this version", byte(kind))
	}
}

func (l *Loader) config(value []byte) error {
	var row configRow
	if err := readRecord(value, &row); err != nil {
		return err
	}
	config := new(Config)
	if err := json.Unmarshal([]byte(row.source), config); err != nil {
		return err
	}
	compiled, err := Compile(config)
	if err != nil {
		return err
	}
	l.m.versions[row.version] = compiled
	if row.version > l.newest {
		l.newest = row.version
		l.m.adopt(row.version, compiled)
	}
	return nil
}

func (l *Loader) agent(a *Agent) error {
	if a.ID == "" || a.Ordinal == 0 || a.Ordinal > l.m.row.agents || a.Ordinal > ticketsMax {
		return fmt.Errorf("%w: agent %q has ordinal %d", errWire, a.ID, a.Ordinal)
	}
	m := l.m
	m.agentIDs[a.ID] = a.Ordinal
	m.staff.Set(slotOf(a.Ordinal), a)
	m.enlist(a, true)
	m.directory.putAgent(a)
	return nil
}

func (l *Loader) ticket(t *Ticket) error {
	switch {
	case t.ID == "" || t.Ordinal == 0 || t.Ordinal > ticketsMax:
		return fmt.Errorf("%w: ticket %q has ordinal %d", errWire, t.ID, t.Ordinal)
	case l.m.config == nil || l.m.versions[t.Config] == nil:
		return fmt.Errorf("%w: ticket %q is on configuration %d, which is missing", errWire, t.ID, t.Config)
	case t.Priority < 1 || t.Priority > PriorityMax || t.Status < StatusNew || t.Status > StatusClosed:
		return fmt.Errorf("%w: ticket %q has priority %d and status %d", errWire, t.ID, t.Priority, t.Status)
	case t.Ordinal > l.m.row.tickets:
		return fmt.Errorf("%w: ticket %q has ordinal %d of %d", errWire, t.ID, t.Ordinal, l.m.row.tickets)
	case l.m.ticketAt(t.Ordinal) != nil:
		return fmt.Errorf("%w: two tickets have ordinal %d", errWire, t.Ordinal)
	}
	metrics := l.m.versions[t.Config].metricAt
	for i := range t.Clocks {
		if _, ok := metrics[t.Clocks[i].Metric]; !ok {
			return fmt.Errorf("%w: ticket %q has metric %q, which its configuration lacks", errWire, t.ID, t.Clocks[i].Metric)
		}
	}
	l.m.replace(nil, t)
	l.m.rows = l.m.rows[:0]
	return nil
}

// Machine returns the desk at the sequence and instant, that of Machine.Now, at
// which it was kept.
func (l *Loader) Machine(seq Seq, at Instant) (*Machine, error) {
	m := l.m
	if m.row.configs != l.newest {
		return nil, fmt.Errorf("core: load desk: %w: its newest configuration is %d, and the rows end at %d", errWire, m.row.configs, l.newest)
	}
	m.seq, m.floor, m.last = seq, max(at, instantMin), at
	m.stirred = false // it was matched to its fixpoint when the rows were written
	return m, nil
}

// Rows iterates over the desk's rows in order of (kind, id): those that a store
// would hold.
func (m *Machine) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, rows := range []iter.Seq[Row]{m.configRows(), m.deskRows(), m.organizationRows(), m.agentRows(), m.ticketRows()} {
			for row := range rows {
				if !yield(row) {
					return
				}
			}
		}
	}
}

func (m *Machine) deskRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		if m.row != (deskRow{}) {
			yield(Row{RowDesk, "", rowValue{m.deskRow()}})
		}
	}
}

func (m *Machine) configRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, version := range m.versionNumbers() {
			row := &configRow{version, m.versions[version].canonical}
			if !yield(Row{RowConfig, ordinalID(Ordinal(version)), rowValue{row}}) {
				return
			}
		}
	}
}

func (m *Machine) organizationRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, id := range sortedKeys(m.organizations) {
			if !yield(Row{RowOrganization, string(id), rowValue{m.organizations[id]}}) {
				return
			}
		}
	}
}

func (m *Machine) agentRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for a := range m.agents() {
			if !yield(Row{RowAgent, ordinalID(a.Ordinal), rowValue{a}}) {
				return
			}
		}
	}
}

func (m *Machine) ticketRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, t := range m.tickets.All() {
			if !yield(Row{RowTicket, ordinalID(t.Ordinal), rowValue{t}}) {
				return
			}
		}
	}
}

// Digest returns the desk's state as one number. It encodes every row: linear in
// the desk's size.
func (m *Machine) Digest() Digest {
	hash := sha256.New()
	buf := binary.AppendUvarint(nil, Format)
	buf = binary.AppendUvarint(buf, Behaviour)
	buf = binary.AppendUvarint(buf, uint64(m.seq))
	hash.Write(buf)
	for row := range m.Rows() {
		buf = append(buf[:0], byte(row.Kind))
		buf = binary.AppendUvarint(buf, uint64(len(row.ID)))
		buf = append(buf, row.ID...)
		value, _ := row.Value.AppendBinary(nil) // rows always encode
		buf = binary.AppendUvarint(buf, uint64(len(value)))
		hash.Write(append(buf, value...))
	}
	var digest Digest
	hash.Sum(digest[:0])
	return digest
}
