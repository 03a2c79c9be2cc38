package replay

import (
	"runtime"
	"runtime/metrics"
)

// Memory is what the tickets weighed when most of them were open: the live heap
// as the collector last found it, less what lived before the desk was opened.
// All that the desk keeps is in it: closed tickets, keys, figures.
type Memory struct {
	OpenTickets        int    `json:"open_tickets"` // at that moment
	Tickets            int    `json:"tickets"`      // closed ones included
	HeapBytes          uint64 `json:"heap_bytes"`
	BytesPerOpenTicket uint64 `json:"bytes_per_open_ticket"`
	BytesPerTicket     uint64 `json:"bytes_per_ticket"`
}

// scale weighs the heap after each collection, which it does not cause.
type scale struct {
	base   uint64
	cycles uint64
	best   Memory
	sample [2]metrics.Sample
}

// newScale collects once, so that what lives now is known.
func newScale() *scale {
	s := new(scale)
	s.sample[0].Name = "/gc/heap/live:bytes"
	s.sample[1].Name = "/gc/cycles/total:gc-cycles"
	runtime.GC()
	s.base, s.cycles = s.read()
	return s
}

func (s *scale) read() (live, cycles uint64) {
	metrics.Read(s.sample[:])
	return s.sample[0].Value.Uint64(), s.sample[1].Value.Uint64()
}

// weigh keeps the reading with the most open tickets.
func (s *scale) weigh(open, tickets int) {
	if open <= s.best.OpenTickets {
		return
	}
	live, cycles := s.read()
	if cycles == s.cycles || live <= s.base {
		return
	}
	s.cycles = cycles
	heap := live - s.base
	s.best = Memory{
		OpenTickets: open, Tickets: tickets, HeapBytes: heap,
		BytesPerOpenTicket: heap / uint64(open), BytesPerTicket: heap / uint64(tickets),
	}
}
