package loop_test

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/yardmaster/yardmaster/engine/core"
)

// fakeMachine keeps the contract of a core.Machine with the simplest decisions:
//
//	ticket.create, ticket.solve   leave an entry with one event and a row
//	ticket.release                is rejected without a trace
//	agent.next                    finds nothing, without a trace
//	desk.outage                   leaves an entry
//	desk.tick                     fires deadlines only
//	ticket.close                  breaks an invariant
//
// A repeated key is answered by its first sequence. Deadlines are given.
type fakeMachine struct {
	name      string
	now       core.Instant
	seq       core.Seq
	deadlines []core.Instant // ascending
	keys      map[string]core.Seq
	log       []string // what was applied, with its stamp
	seen      map[*core.Snapshot]core.Seq
	queues    map[*core.QueuesView]core.Seq
}

func newFake(name string) *fakeMachine {
	return &fakeMachine{
		name: name, keys: map[string]core.Seq{},
		seen: map[*core.Snapshot]core.Seq{}, queues: map[*core.QueuesView]core.Seq{},
	}
}

func (m *fakeMachine) Apply(in core.Input) core.Result {
	at := max(m.now, in.At)
	m.log = append(m.log, fmt.Sprintf("%d %s", at, in.Command.Kind()))
	if seq := m.keys[in.Key]; seq != 0 {
		return core.Result{Reply: core.Reply{Seq: m.seq}, Replay: seq}
	}
	var res core.Result
	if outage, ok := in.Command.(core.Outage); ok {
		m.log[len(m.log)-1] += fmt.Sprintf(" %d-%d", outage.From, outage.To)
	} else {
		m.fire(at, &res)
	}
	switch c := in.Command.(type) {
	case core.CreateTicket:
		m.change(at, in, c.ID, &res)
	case core.SolveTicket:
		m.change(at, in, c.Ticket, &res)
	case core.AddMessage:
		m.change(at, in, c.Ticket, &res)
	case core.Outage:
		m.entry(at, in, &res)
	case core.ReleaseTicket:
		res.Reply.Rejection = &core.Rejection{Reason: core.ReasonNotAssigned}
	case core.NextTicket:
		res.Reply.Empty = true
	case core.CloseTicket:
		panic("closed twice")
	}
	res.Reply.Seq = m.seq
	return res
}

// fire makes one entry of each deadline before at.
func (m *fakeMachine) fire(at core.Instant, res *core.Result) {
	for len(m.deadlines) > 0 && m.deadlines[0] < at {
		m.entry(m.deadlines[0], core.Input{}, res)
		m.deadlines = m.deadlines[1:]
	}
}

func (m *fakeMachine) change(at core.Instant, in core.Input, id core.TicketID, res *core.Result) {
	m.entry(at, in, res)
	res.Rows = append(res.Rows, core.Row{Kind: core.RowTicket, ID: string(id), Value: fakeRow(fmt.Sprintf("%s@%d", id, m.seq))})
	if in.Key != "" {
		m.keys[in.Key] = m.seq
		res.Key = &core.KeyRecord{Hash: core.HashKey(in.Key), Seq: m.seq, At: at}
	}
}

func (m *fakeMachine) entry(at core.Instant, in core.Input, res *core.Result) {
	m.seq++
	m.now = max(m.now, at)
	res.Entries = append(res.Entries, core.Entry{
		At: m.now, Key: in.Key, Command: in.Command, Reply: core.Reply{Seq: m.seq},
		Events: []core.Event{{Seq: m.seq, At: m.now, Type: core.TicketCreated}},
	})
}

func (m *fakeMachine) Next() (core.Instant, bool) {
	if len(m.deadlines) == 0 {
		return 0, false
	}
	return m.deadlines[0], true
}

func (m *fakeMachine) Now() core.Instant { return m.now }
func (m *fakeMachine) Seq() core.Seq     { return m.seq }

func (m *fakeMachine) Publish() *core.Snapshot {
	s := new(core.Snapshot)
	m.seen[s] = m.seq
	return s
}

func (m *fakeMachine) PublishQueues() *core.QueuesView {
	q := new(core.QueuesView)
	m.queues[q] = m.seq
	return q
}

func (m *fakeMachine) Digest() core.Digest { return core.Digest{byte(m.seq)} }

func (m *fakeMachine) arm(deadlines ...core.Instant) {
	m.deadlines = append(m.deadlines, deadlines...)
	slices.SortFunc(m.deadlines, cmp.Compare[core.Instant])
}

// fakeRow is a row that is its text, or cannot be encoded if it is empty.
type fakeRow string

func (r fakeRow) AppendBinary(dst []byte) ([]byte, error) { return append(dst, r...), nil }
