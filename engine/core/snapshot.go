package core

import (
	"iter"

	"github.com/hashicorp/go-memdb"

	"github.com/yardmaster/yardmaster/engine/core/internal/paged"
	"github.com/yardmaster/yardmaster/queue"
)

// Snapshot is a consistent view of a desk at one sequence: immutable, shared
// with the machine page by page, and safe for any number of readers.
type Snapshot struct {
	seq       Seq
	at        Instant
	lastKey   [16]byte
	open      int
	version   uint64
	config    *Compiled
	tickets   paged.TableView[Ticket]
	ids       paged.IndexView
	postings  paged.PostingsView[posting]
	staff     paged.TableView[Agent]
	directory *memdb.MemDB
	waiting   map[QueueID]int
}

// Publish returns a view of the desk as it stands. It is cheap: the pages that
// are changed afterwards are copied then.
func (m *Machine) Publish() *Snapshot {
	s := &Snapshot{
		seq: m.seq, at: m.last, lastKey: m.keys.newest, open: m.open, version: m.row.configs, config: m.config,
		tickets: m.tickets.Publish(), ids: m.ids.Publish(), postings: m.postings.Publish(), staff: m.staff.Publish(),
		directory: m.directory.publish(), waiting: make(map[QueueID]int, len(m.lines)),
	}
	for id, line := range m.lines { // order: a map to a map
		s.waiting[id] = line.Len()
	}
	return s
}

// Seq returns the sequence of the last event that the view includes.
func (s *Snapshot) Seq() Seq { return s.seq }

// At returns the instant of the last entry that the view includes, or, when the
// desk was just opened, the instant at which it was kept.
func (s *Snapshot) At() Instant { return s.at }

// LastKey returns the hash of the last idempotency key that was applied.
func (s *Snapshot) LastKey() [16]byte { return s.lastKey }

// Len returns the number of tickets.
func (s *Snapshot) Len() int { return s.tickets.Len() }

// Open returns the number of tickets that are not closed.
func (s *Snapshot) Open() int { return s.open }

// Config returns the newest configuration, or nil, and its version.
func (s *Snapshot) Config() (*Compiled, uint64) { return s.config, s.version }

// Ticket finds a ticket by id.
func (s *Snapshot) Ticket(id TicketID) (*Ticket, bool) {
	slot, ok := s.ids.Get(string(id), func(slot uint32) string { return string(s.tickets.Get(slot).ID) })
	if !ok {
		return nil, false
	}
	return s.tickets.Get(slot), true
}

// Tickets iterates over the tickets in order of creation.
func (s *Snapshot) Tickets() iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		for _, t := range s.tickets.All() {
			if !yield(t) {
				return
			}
		}
	}
}

// Filter selects tickets; what it leaves out does not matter.
type Filter struct {
	Status    Status
	Queue     QueueID
	Assignee  AgentID
	Group     GroupID
	Requester RequesterID
	After     Ordinal // only tickets created after this one
	Limit     int     // at most so many; 0 for all
}

// Select lists the tickets that a filter selects, in order of creation. Its cost
// grows with the shortest of the lists that the filter names, and with how many
// of them lie before After.
func (s *Snapshot) Select(f Filter) []*Ticket {
	var found []*Ticket
	for slot := range s.candidates(f) {
		t := s.tickets.Get(slot)
		if t.Ordinal <= f.After || !f.selects(t) {
			continue
		}
		if found = append(found, t); f.Limit > 0 && len(found) == f.Limit {
			break
		}
	}
	return found
}

func (s *Snapshot) candidates(f Filter) iter.Seq[uint32] {
	var shortest *posting
	for _, p := range f.postings() {
		if shortest == nil || s.postings.Len(p) < s.postings.Len(*shortest) {
			shortest = &p
		}
	}
	if shortest != nil {
		return s.postings.All(*shortest)
	}
	return func(yield func(uint32) bool) {
		for slot := uint32(f.After); slot < s.tickets.High(); slot++ { //nolint:gosec // ordinals fit
			if s.tickets.Get(slot) != nil && !yield(slot) {
				return
			}
		}
	}
}

func (f Filter) postings() []posting {
	var list []posting
	if f.Status != 0 {
		list = append(list, posting{listedStatus, f.Status.String()})
	}
	for _, p := range []posting{
		{listedQueue, string(f.Queue)}, {listedAssignee, string(f.Assignee)},
		{listedGroup, string(f.Group)}, {listedRequester, string(f.Requester)},
	} {
		if p.text != "" {
			list = append(list, p)
		}
	}
	return list
}

func (f Filter) selects(t *Ticket) bool {
	return (f.Status == 0 || f.Status == t.Status) && (f.Queue == "" || f.Queue == t.Queue) &&
		(f.Assignee == "" || f.Assignee == t.Assignee) && (f.Group == "" || f.Group == t.Group) &&
		(f.Requester == "" || f.Requester == t.Requester)
}

// Agent finds an agent by id.
func (s *Snapshot) Agent(id AgentID) (*Agent, bool) {
	entry, ok := lookup[agentEntry](s.directory, tableAgents, string(id))
	if !ok {
		return nil, false
	}
	return s.staff.Get(slotOf(entry.Ordinal)), true
}

// Agents iterates over the agents in order of creation.
func (s *Snapshot) Agents() iter.Seq[*Agent] {
	return func(yield func(*Agent) bool) {
		for _, a := range s.staff.All() {
			if !yield(a) {
				return
			}
		}
	}
}

// Organization finds an organization by id.
func (s *Snapshot) Organization(id OrganizationID) (*Organization, bool) {
	return lookup[Organization](s.directory, tableOrganizations, string(id))
}

// Organizations lists the organizations in order of id.
func (s *Snapshot) Organizations() []*Organization {
	return list[Organization](s.directory, tableOrganizations)
}

// Groups lists the groups in order of id.
func (s *Snapshot) Groups() []*GroupSpec { return list[GroupSpec](s.directory, tableGroups) }

// QueueView is how a queue stands.
type QueueView struct {
	ID      QueueID   `json:"id"`
	Groups  []GroupID `json:"groups"`
	Assign  string    `json:"assign"`
	Waiting int       `json:"waiting"` // tickets in line, those resting or ringing included
}

// Queues lists the queues in the configuration's order.
func (s *Snapshot) Queues() []QueueView {
	if s.config == nil {
		return nil
	}
	views := make([]QueueView, len(s.config.queues))
	for i := range s.config.queues {
		q := &s.config.queues[i]
		views[i] = QueueView{ID: q.ID, Groups: q.Groups, Assign: "pull", Waiting: s.waiting[q.ID]}
		if q.push {
			views[i].Assign = "push"
		}
	}
	return views
}

// QueuesView is the waiting lines at one sequence. It is a copy made when a
// reader asks, cheap at first and paid for by later changes; so it is not part
// of every snapshot.
type QueuesView struct {
	*Snapshot
	lines map[QueueID]*queue.Queue[signature]
}

// PublishQueues returns a snapshot with the waiting lines.
func (m *Machine) PublishQueues() *QueuesView {
	v := &QueuesView{Snapshot: m.Publish(), lines: make(map[QueueID]*queue.Queue[signature], len(m.lines))}
	for id, line := range m.lines { // order: a map to a map
		v.lines[id] = line.Clone()
	}
	return v
}

// Line iterates over a queue's waiting tickets in its order, with their
// positions from 0.
func (v *QueuesView) Line(id QueueID) iter.Seq2[int, *Ticket] {
	return func(yield func(int, *Ticket) bool) {
		line := v.lines[id]
		if line == nil {
			return
		}
		position := 0
		for _, key := range line.Ascend() {
			if !yield(position, v.tickets.Get(slotOf(Ordinal(key.Ordinal)))) {
				return
			}
			position++
		}
	}
}
