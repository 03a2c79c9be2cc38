package core

import (
	"time"

	"github.com/yardmaster/yardmaster/rules"
	"github.com/yardmaster/yardmaster/sla"
)

// Compiled is a configuration checked and made ready to run: immutable, and
// safe for any number of desks and readers.
type Compiled struct {
	source    *Config
	canonical string // the source as JSON: what a row keeps and what equality means
	zone      *time.Location
	calendars map[string]*sla.Calendar // by name; equal content is one pointer
	own       *sla.Calendar            // the desk's
	ownName   string
	always    *sla.Calendar // in the desk's zone, for targets in days
	channels  map[Channel]uint64
	skills    map[SkillID]bool
	groups    map[GroupID]*GroupSpec
	queues    []queuePlan
	queueAt   map[QueueID]int
	rules     *rules.Set[Facts, Action]
	metrics   []metricPlan
	metricAt  map[string]int
	policies  []policyPlan
	reopen    reopenPlan
	paths     factPaths
}

// Source returns the configuration as written. It is not to be changed.
func (c *Compiled) Source() *Config { return c.source }

// Zone returns the desk's time zone.
func (c *Compiled) Zone() *time.Location { return c.zone }

// Calendar returns a calendar by name.
func (c *Compiled) Calendar(name string) (*sla.Calendar, bool) {
	cal, ok := c.calendars[name]
	return cal, ok
}

// Metrics returns the metrics in the order in which they are stepped.
func (c *Compiled) Metrics() []sla.Metric {
	list := make([]sla.Metric, len(c.metrics))
	for i := range c.metrics {
		list[i] = c.metrics[i].Metric
	}
	return list
}

// Same reports whether two configurations say the same.
func (c *Compiled) Same(o *Compiled) bool { return o != nil && c.canonical == o.canonical }

// queuePlan is a waiting line's rule book.
type queuePlan struct {
	QueueSpec
	order    queueOrder
	step     int64 // of aged: nanoseconds a priority
	expect   int64 // of slack: nanoseconds
	buckets  []*rules.Condition[Facts]
	push     bool
	auto     bool
	expires  Instant // length of an offer
	coolDown Instant
	readmit  Instant // after a refusal
	timeouts uint32  // expired offers in a row that make an agent away; 0 never
	requeue  bool    // held work comes back when its agent goes offline
}

type queueOrder uint8

const (
	byPriority queueOrder = iota + 1
	byAge
	byDue
	bySlack
)

// metricPlan is a metric with its conditions ready; nil never holds.
type metricPlan struct {
	sla.Metric
	start, pause, stop, reset, cancel *rules.Condition[Facts]
}

// policyPlan is a policy with its targets looked up by metric and priority.
type policyPlan struct {
	sla.Policy
	when    *rules.Condition[Facts] // nil: the fallback
	targets [][PriorityMax + 1]sla.Amount
}

type reopenPlan struct {
	solved, closed bool // may a ticket come back from there
	toQueue        bool
}

// factPaths are the facts that actions change, as rules knows them.
type factPaths struct {
	priority, status, kind, language, group, queue, assignee, tags, fields rules.Path
	assigned, groupChanged, reopened, reopens                              rules.Path
}
