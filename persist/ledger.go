package persist

import "fmt"

// Ledger is the fencing rule of the contract, for those who write a store: it
// knows who leads each partition and where each desk stands, groups in flight
// included, and admits or refuses. It does no I/O and holds one entry a desk.
//
// It is not safe for concurrent use: a store admits a group and puts it in line
// under one lock, so that the order of admission is the order of becoming
// durable.
type Ledger struct {
	leaders map[Partition]*lease
	desks   map[string]*standing
	// round numbers the calls of Admit; a standing that bears the present number
	// has been seen in this group already.
	round uint64
}

type standing struct {
	seq   uint64
	round uint64
}

// NewLedger returns a ledger of a store that holds nothing.
func NewLedger() *Ledger {
	return &Ledger{leaders: map[Partition]*lease{}, desks: map[string]*standing{}}
}

// RestoreEpoch tells the highest epoch that a partition had before the store
// was opened. Nobody leads it until Raise.
func (l *Ledger) RestoreEpoch(p Partition, e Epoch) {
	l.leaders[p] = &lease{partition: p, epoch: e}
}

// RestoreDesk tells the durable sequence of a desk that the store found when it
// was opened.
func (l *Ledger) RestoreDesk(desk string, seq uint64) {
	l.desks[desk] = &standing{seq: seq}
}

// Raise fences whoever leads the partition and returns the lease of the next
// epoch. The store makes that epoch durable before it hands the lease out.
func (l *Ledger) Raise(p Partition) Lease {
	next := &lease{partition: p, epoch: 1}
	if last := l.leaders[p]; last != nil {
		next.epoch = last.epoch + 1
	}
	l.leaders[p] = next
	return next
}

// Admit accepts a group, whose desks from then on stand at its sequences, or
// refuses it with ErrFenced or ErrInvalid, which ends the lease and changes
// nothing else.
func (l *Ledger) Admit(by Lease, g Group) error {
	own, err := l.holder(by)
	if err != nil {
		return err
	}
	if err := l.inspect(g); err != nil {
		own.ended = err
		return err
	}
	for i := range g.Commits {
		c := &g.Commits[i]
		l.desks[c.Desk].seq = c.Seq
	}
	return nil
}

// End ends a lease because of a group that was refused before it came to Admit.
// It does nothing to a lease that does not lead.
func (l *Ledger) End(by Lease, cause error) {
	if own, err := l.holder(by); err == nil {
		own.ended = cause
	}
}

// holder returns the lease if it leads.
func (l *Ledger) holder(by Lease) (*lease, error) {
	own, ok := by.(*lease)
	if !ok || own == nil {
		return nil, fmt.Errorf("not a lease of this store: %w", ErrFenced)
	}
	now := l.leaders[own.partition]
	switch {
	case now == own && own.ended == nil:
		return own, nil
	case now == own:
		return nil, fmt.Errorf("the lease of partition %d ended with an earlier group (%s): %w", own.partition, own.ended.Error(), ErrFenced)
	case now == nil || now.epoch <= own.epoch:
		return nil, fmt.Errorf("not a lease of this store: %w", ErrFenced)
	default:
		return nil, fmt.Errorf("partition %d is led by epoch %d, this lease is of epoch %d: %w", own.partition, now.epoch, own.epoch, ErrFenced)
	}
}

// inspect compares each desk's standing with what the group builds on. A desk
// not yet known gets a standing at 0, which is what an unknown desk stands at.
func (l *Ledger) inspect(g Group) error {
	l.round++
	for i := range g.Commits {
		c := &g.Commits[i]
		s := l.desks[c.Desk]
		if s == nil {
			s = &standing{}
			l.desks[c.Desk] = s
		}
		if s.round == l.round {
			return fmt.Errorf("desk %q occurs twice: %w", c.Desk, ErrInvalid)
		}
		s.round = l.round
		if s.seq != c.Expect {
			return fmt.Errorf("desk %q stands at sequence %d, the group builds on %d: %w", c.Desk, s.seq, c.Expect, ErrFenced)
		}
	}
	return nil
}

// lease is the Lease of every store that uses a Ledger. It leads while the
// ledger's entry of its partition is this very value, so a lease of another
// store, or of this one before it was reopened, never leads.
type lease struct {
	partition Partition
	epoch     Epoch
	ended     error // the refusal that ended it; guarded as the ledger is
}

func (l *lease) Partition() Partition { return l.partition }

func (l *lease) Epoch() Epoch { return l.epoch }

func (l *lease) String() string {
	return fmt.Sprintf("partition %d, epoch %d", l.partition, l.epoch)
}
