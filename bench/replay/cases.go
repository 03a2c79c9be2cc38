package replay

import (
	"math"
	"slices"
	"time"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

// CaseFigures are the published figures of the Italian help desk, recomputed
// from events. The published lengths are differences of wall times in Rome: over
// a change of the clocks they are an hour off the time that passed. Both are
// given, the published ones first.
type CaseFigures struct {
	Events        int               `json:"events"` // rows that left their trace
	Cases         int               `json:"cases"`
	EndResolved   int               `json:"cases_ending_resolved"`
	Activities    map[string][2]any `json:"activities"` // number → name, count
	MeanEvents    float64           `json:"mean_events_per_case"`
	Variants      int               `json:"variants"` // distinct sequences of activities
	Waiting       int               `json:"cases_with_wait"`
	Waits         int               `json:"wait_episodes"`
	Reopens       int               `json:"reopen_events"`
	ReopenedCases int               `json:"reopened_cases"`
	Span          [2]string         `json:"span_local"` // first and last event, in Europe/Rome
	Lengths
	Elapsed Lengths `json:"elapsed"` // the same as time that passed
}

// Lengths are the figures that measure time.
type Lengths struct {
	Cycle        Spread  `json:"cycle_days"`
	FirstResolve Spread  `json:"days_to_first_resolve"`
	TakeInCharge Spread  `json:"hours_to_first_take_in_charge"`
	WaitHours    float64 `json:"wait_hours_total"`
}

// Spread is a sample in four numbers, rounded to six decimals.
type Spread struct {
	N      int     `json:"n"`
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
}

// Cases is a pure fold that follows each case's activities: the fields in which
// every row of the Italian record leaves its trace.
type Cases struct {
	activities  map[string]int
	cases       map[core.TicketID]*caseTally
	first, last core.Instant
}

type caseTally struct {
	begun, last, resolved, charged core.Instant
	activity                       string // of the row at hand
	variant                        []byte
	rows, waits, reopens           int
	waiting                        []core.Instant // in turn the beginning and the end of each wait
	status                         string
}

// NewCases returns an empty fold.
func NewCases() *Cases {
	return &Cases{activities: make(map[string]int), cases: make(map[core.TicketID]*caseTally)}
}

// Add folds one event. Events come in the order of their sequence.
func (c *Cases) Add(e *core.Event) {
	if e.Type == core.TicketCreated {
		c.cases[e.Ticket] = &caseTally{begun: e.At, last: e.At, status: e.Status.String()}
		return
	}
	k := c.cases[e.Ticket]
	if k == nil {
		return
	}
	switch e.Type {
	case core.TicketFieldChanged:
		c.field(k, e)
	case core.TicketStatusChanged:
		k.move(e)
	case core.TicketReopened:
		k.reopens++
	}
}

// field follows the row's trace: the activity, when it changed, then its number,
// which always does.
func (c *Cases) field(k *caseTally, e *core.Event) {
	switch e.Field {
	case stream.FieldActivity:
		k.activity = e.Value.String()
	case stream.FieldStep:
		c.activities[k.activity]++
		k.row(e.At)
		if c.first == 0 || e.At < c.first {
			c.first = e.At
		}
		c.last = max(c.last, e.At)
	}
}

func (k *caseTally) row(at core.Instant) {
	k.rows++
	k.last = at
	k.variant = append(append(k.variant, k.activity...), ' ')
	if k.activity == takeInCharge && k.charged == 0 {
		k.charged = at
	}
}

// takeInCharge is the activity in which an agent takes the ticket.
const takeInCharge = "8"

func (k *caseTally) move(e *core.Event) {
	if e.To == core.StatusPending.String() {
		k.waits++
		k.waiting = append(k.waiting, e.At)
	}
	if k.status == core.StatusPending.String() {
		k.waiting = append(k.waiting, e.At)
	}
	if e.To == core.StatusSolved.String() && k.resolved == 0 {
		k.resolved = e.At
	}
	k.status = e.To
}

// Figures computes the published figures.
func (c *Cases) Figures() CaseFigures {
	f := CaseFigures{Cases: len(c.cases), Activities: make(map[string][2]any)}
	for number, count := range c.activities {
		f.Activities[number] = [2]any{stream.ItalyActivity(number), count}
		f.Events += count
	}
	variants := make(map[string]bool)
	for _, k := range c.cases {
		variants[string(k.variant)] = true
		f.count(k)
	}
	zone := rome()
	f.Variants = len(variants)
	f.MeanEvents = rounded(float64(f.Events) / max(1, float64(f.Cases)))
	f.Lengths = c.lengths(func(at core.Instant) core.Instant { return wall(at, zone) })
	f.Elapsed = c.lengths(func(at core.Instant) core.Instant { return at })
	f.Span = [2]string{local(c.first, zone), local(c.last, zone)}
	return f
}

// lengths measures every case on a clock.
func (c *Cases) lengths(clock func(core.Instant) core.Instant) Lengths {
	var cycle, resolve, charge []float64
	var waited core.Instant
	for _, k := range c.cases {
		begun := clock(k.begun)
		cycle = append(cycle, in(clock(k.last)-begun, 24*time.Hour))
		if k.resolved != 0 {
			resolve = append(resolve, in(clock(k.resolved)-begun, 24*time.Hour))
		}
		if k.charged != 0 {
			charge = append(charge, in(clock(k.charged)-begun, time.Hour))
		}
		for i := 1; i < len(k.waiting); i += 2 {
			waited += clock(k.waiting[i]) - clock(k.waiting[i-1])
		}
	}
	return Lengths{
		Cycle: spread(cycle), FirstResolve: spread(resolve), TakeInCharge: spread(charge), WaitHours: rounded(in(waited, time.Hour)),
	}
}

func (f *CaseFigures) count(k *caseTally) {
	f.Waits += k.waits
	f.Reopens += k.reopens
	if k.waits > 0 {
		f.Waiting++
	}
	if k.reopens > 0 {
		f.ReopenedCases++
	}
	if k.status == core.StatusSolved.String() {
		f.EndResolved++
	}
}

func in(length core.Instant, unit time.Duration) float64 { return float64(length) / float64(unit) }

func spread(sample []float64) Spread {
	n := len(sample)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(sample)
	sum := 0.0
	for _, x := range sample {
		sum += x
	}
	return Spread{
		N: n, Mean: rounded(sum / float64(n)), Max: rounded(sample[n-1]),
		Median: rounded((sample[(n-1)/2] + sample[n/2]) / 2),
	}
}

func rounded(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// rome is the zone of the desk's people.
func rome() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic("replay: the zone database has no Europe/Rome") // it is linked in by sla
	}
	return zone
}

// wall is an instant as the hands of a clock in the zone stand, so that
// differences are those of wall times.
func wall(at core.Instant, zone *time.Location) core.Instant {
	_, offset := at.Time().In(zone).Zone()
	return at.Add(time.Duration(offset) * time.Second)
}

func local(at core.Instant, zone *time.Location) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(zone).Format("2006-01-02 15:04:05-07:00")
}
