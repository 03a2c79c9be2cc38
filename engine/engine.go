package engine

import (
	"context"
	"fmt"
	"hash/fnv"
	"sync"

	"github.com/yardmaster/yardmaster/persist"
)

// Engine runs desks over a store. It is safe for concurrent use.
type Engine struct {
	store      persist.Store
	clock      Clock
	observer   Observer
	inboxMax   int
	partitions []*partition

	reading chan struct{} // holds one for each desk being read

	mu       sync.Mutex
	openings map[string]*opening

	closing sync.Once
	closed  chan struct{} // closed by Close
}

// Open leads every partition of the store and starts their writers. The store
// stays the caller's: it is closed after the engine. Desks are read when they
// are first asked for. The error wraps ErrOptions or the store's.
func Open(ctx context.Context, store persist.Store, opts Options) (*Engine, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	opts = opts.orDefaults()
	e := &Engine{
		store: store, clock: opts.Clock, observer: opts.Observer, inboxMax: opts.InboxMax,
		reading:  make(chan struct{}, openingsMax),
		openings: map[string]*opening{},
		closed:   make(chan struct{}),
	}
	leases, err := lead(ctx, store, opts.Partitions)
	if err != nil {
		return nil, err
	}
	for _, lease := range leases {
		p := newPartition(store, lease, opts)
		e.partitions = append(e.partitions, p)
		p.start()
	}
	if opts.Config == nil {
		return e, nil
	}
	if err := e.configureDefault(ctx, opts); err != nil {
		_ = e.Close(context.WithoutCancel(ctx)) // nothing but what failed was submitted
		return nil, err
	}
	return e, nil
}

// Desk returns a desk, reading it from the store if this is the first call for
// it; a desk that the store does not know is empty. The id is 1 to DeskBytesMax
// bytes of plain text, else the error is ErrDeskID.
func (e *Engine) Desk(ctx context.Context, id string) (*Desk, error) {
	if e.isClosed() {
		return nil, fmt.Errorf("engine: open desk %q: %w", id, ErrClosed)
	}
	if err := checkDeskID(id); err != nil {
		return nil, err
	}
	d, err := e.open(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("engine: open desk %q: %w", id, err)
	}
	return d, nil
}

// Desks returns the ids of the desks that have something durable, in the order
// of their bytes.
func (e *Engine) Desks(ctx context.Context) ([]string, error) {
	if e.isClosed() {
		return nil, fmt.Errorf("engine: list desks: %w", ErrClosed)
	}
	var ids []string
	err := e.store.Desks(ctx, func(desk string, _ persist.State) error {
		ids = append(ids, desk)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("engine: list desks: %w", err)
	}
	return ids, nil
}

// Health is nil while commands can be expected to be done: ErrClosed after
// Close, ErrFailed with its cause once a partition has stopped, else what the
// store says of itself.
func (e *Engine) Health(ctx context.Context) error {
	if e.isClosed() {
		return ErrClosed
	}
	for _, p := range e.partitions {
		if err := p.failure(); err != nil {
			return err
		}
	}
	if err := e.store.Health(ctx); err != nil {
		return fmt.Errorf("engine: store: %w", err)
	}
	return nil
}

// Close takes no more commands, waits until all that were accepted are durable
// and answered, and ends every goroutine of the engine. If ctx ends first its
// error is returned and closing goes on; the store is not to be closed before a
// later Close has returned nil. Closing again waits for the same.
func (e *Engine) Close(ctx context.Context) error {
	e.closing.Do(func() {
		close(e.closed)
		for _, p := range e.partitions {
			p.inbox.close()
		}
	})
	for _, p := range e.partitions {
		if err := p.wait(ctx); err != nil {
			return fmt.Errorf("engine: close: %w", err)
		}
	}
	return nil
}

func (e *Engine) isClosed() bool {
	select {
	case <-e.closed:
		return true
	default:
		return false
	}
}

// lead takes the leases of partitions 0 to n-1.
func lead(ctx context.Context, store persist.Store, n int) ([]persist.Lease, error) {
	leases := make([]persist.Lease, n)
	for i := range leases {
		lease, err := store.Lead(ctx, persist.Partition(i)) //nolint:gosec // at most PartitionsMax
		if err != nil {
			return nil, fmt.Errorf("engine: lead partition %d: %w", i, err)
		}
		leases[i] = lease
	}
	return leases, nil
}

// configureDefault gives the default desk the configuration of the options.
func (e *Engine) configureDefault(ctx context.Context, opts Options) error {
	d, err := e.Desk(ctx, DefaultDesk)
	if err != nil {
		return err
	}
	reply, err := d.Configure(ctx, 0, opts.Config)
	switch {
	case err != nil:
		return err
	case reply.Rejection != nil:
		return fmt.Errorf("engine: configure desk %q: %w", DefaultDesk, reply.Rejection)
	default:
		return nil
	}
}

// partitionOf places a desk: by its name alone, so that it stays where it is.
func (e *Engine) partitionOf(desk string) *partition {
	h := fnv.New32a()
	_, _ = h.Write([]byte(desk))                             // never fails
	return e.partitions[h.Sum32()%uint32(len(e.partitions))] //nolint:gosec // at most PartitionsMax
}
