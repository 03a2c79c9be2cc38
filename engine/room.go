package engine

import (
	"context"
	"slices"
	"sync"
)

// room counts a desk's places: a command takes one when it is accepted and
// gives it back when it is answered. Those who wait are served in the order of
// their arrival, and nobody overtakes them.
type room struct {
	mu      sync.Mutex
	free    int
	waiting []*place
}

// place is somebody who waits for n places.
type place struct {
	n     int
	given chan struct{} // closed once the places are theirs
}

// try takes n places at once or not at all.
func (r *room) try(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n > r.free || len(r.waiting) > 0 {
		return false
	}
	r.free -= n
	return true
}

// take waits for n places.
func (r *room) take(ctx context.Context, n int) error {
	r.mu.Lock()
	if n <= r.free && len(r.waiting) == 0 {
		r.free -= n
		r.mu.Unlock()
		return nil
	}
	p := &place{n: n, given: make(chan struct{})}
	r.waiting = append(r.waiting, p)
	r.mu.Unlock()

	select {
	case <-p.given:
		return nil
	case <-ctx.Done():
		r.leave(p)
		return context.Cause(ctx)
	}
}

// give returns n places and serves who waits.
func (r *room) give(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free += n
	r.serve()
}

// leave takes somebody out of the line, or gives back what they got meanwhile.
func (r *room) leave(p *place) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at := slices.Index(r.waiting, p); at >= 0 {
		r.waiting = slices.Delete(r.waiting, at, at+1)
	} else {
		r.free += p.n
	}
	r.serve()
}

// serve hands out places while the first in line can be satisfied.
func (r *room) serve() {
	for len(r.waiting) > 0 && r.waiting[0].n <= r.free {
		p := r.waiting[0]
		r.waiting = slices.Delete(r.waiting, 0, 1)
		r.free -= p.n
		close(p.given)
	}
}
