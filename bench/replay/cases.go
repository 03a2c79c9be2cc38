package replay

import (
	"math"
	"slices"
	"time"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

// CaseFigures are the published figures of the Italian help desk, recomputed
// from events.
type CaseFigures struct {
	Events        int               `json:"events"` // rows that left their trace
	Cases         int               `json:"cases"`
	EndResolved   int               `json:"cases_ending_resolved"`
	Activities    map[string][2]any `json:"activities"` // number → name, count
	MeanEvents    float64           `json:"mean_events_per_case"`
	Variants      int               `json:"variants"` // distinct sequences of activities
	Cycle         Spread            `json:"cycle_days"`
	FirstResolve  Spread            `json:"days_to_first_resolve"`
	TakeInCharge  Spread            `json:"hours_to_first_take_in_charge"`
	Waiting       int               `json:"cases_with_wait"`
	Waits         int               `json:"wait_episodes"`
	WaitHours     float64           `json:"wait_hours_total"`
	Reopens       int               `json:"reopen_events"`
	ReopenedCases int               `json:"reopened_cases"`
	Span          [2]string         `json:"span_local"` // first and last event, in Europe/Rome
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
	waitingSince                   core.Instant
	waited                         core.Instant // nanoseconds in all
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
		k.waitingSince = e.At
	}
	if k.status == core.StatusPending.String() {
		k.waited += e.At - k.waitingSince
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
	var cycle, resolve, charge []float64
	var waited core.Instant
	for _, k := range c.cases {
		variants[string(k.variant)] = true
		cycle = append(cycle, in(k.last-k.begun, 24*time.Hour))
		if k.resolved != 0 {
			resolve = append(resolve, in(k.resolved-k.begun, 24*time.Hour))
		}
		if k.charged != 0 {
			charge = append(charge, in(k.charged-k.begun, time.Hour))
		}
		waited += k.waited
		f.count(k)
	}
	f.Variants = len(variants)
	f.MeanEvents = rounded(float64(f.Events) / max(1, float64(f.Cases)))
	f.Cycle, f.FirstResolve, f.TakeInCharge = spread(cycle), spread(resolve), spread(charge)
	f.WaitHours = rounded(in(waited, time.Hour))
	f.Span = [2]string{rome(c.first), rome(c.last)}
	return f
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

// rome renders an instant as the desk's people saw it on their clocks.
func rome(at core.Instant) string {
	zone, err := time.LoadLocation("Europe/Rome")
	if at == 0 || err != nil {
		return ""
	}
	return at.Time().In(zone).Format("2006-01-02 15:04:05-07:00")
}
