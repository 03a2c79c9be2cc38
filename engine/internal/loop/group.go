package loop

import (
	"github.com/yardmaster/yardmaster/engine/core"
)

// group is what becomes durable together: a part for each desk that changed,
// and whoever waits for it.
//
//	open ──sealed──> in flight ──Settled──> durable
//	                     └─────Settled────> failed, and the loop with it
type group struct {
	number   uint64
	parts    []*part // in the order of their first change
	commands int
	weight   int // estimated bytes, while open
	bytes    int // encoded, once sealed
	answers  []Answer
	views    []waiting
}

// waiting is a question that is answered with a part.
type waiting struct {
	token any
	ask   Ask
	part  *part
}

// part is the change of one desk in a group.
type part struct {
	group  *group
	desk   *Desk
	expect core.Seq
	seq    core.Seq
	at     core.Instant

	entries []core.Entry
	keys    []core.KeyRecord
	rows    []core.Row // each key once: the newest value, in the place of the first change

	sealed   bool
	snapshot *core.Snapshot
	queues   *core.QueuesView // if asked for
	digest   *core.Digest     // if asked for
	asked    [AskDigest + 1]bool
}

// seal takes the snapshot, before the desk's next command belongs to another
// group, and what was asked for.
func (p *part) seal() {
	p.sealed = true
	p.seq, p.at = p.desk.seq, p.desk.floor
	p.snapshot = p.desk.machine.Publish()
	p.look()
}

// ask notes a question. A sealed part that is its desk's newest change shows the
// machine as it stands, so it can still be answered.
func (p *part) ask(token any, ask Ask) {
	p.asked[ask] = true
	p.group.views = append(p.group.views, waiting{token, ask, p})
	if p.sealed {
		p.look()
	}
}

// look takes from the machine what was asked for and is not there yet.
func (p *part) look() {
	if p.asked[AskQueues] && p.queues == nil {
		p.queues = p.desk.machine.PublishQueues()
	}
	if p.asked[AskDigest] && p.digest == nil {
		digest := p.desk.machine.Digest()
		p.digest = &digest
	}
}

// answer returns the answer to a question, once the part is durable.
func (w waiting) answer() View {
	v := View{Token: w.token}
	switch w.ask {
	case AskSnapshot:
		v.Snapshot = w.part.snapshot
	case AskQueues:
		v.Queues = w.part.queues
	case AskDigest:
		v.Digest, v.Seq = *w.part.digest, w.part.seq
	}
	return v
}

// rowKey names a row within a group.
type rowKey struct {
	desk *Desk
	kind core.RowKind
	id   string
}

// add takes over what a command left. Places says where the group's rows stand.
func (p *part) add(res *core.Result, places map[rowKey]int) {
	p.entries = append(p.entries, res.Entries...)
	if res.Key != nil {
		p.keys = append(p.keys, *res.Key)
	}
	for _, row := range res.Rows {
		key := rowKey{p.desk, row.Kind, row.ID}
		if at, ok := places[key]; ok {
			p.rows[at] = row
			continue
		}
		places[key] = len(p.rows)
		p.rows = append(p.rows, row)
		p.group.weight += rowWeight
	}
	p.group.weight += weigh(res.Entries)
}
