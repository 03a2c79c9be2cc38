package core_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// promises recompute every countdown from the events alone: the runs between
// start, pause, resume and end, measured by the calendar that the last target
// named. They share with the machine only the calendars' Between and Add.
type promises struct {
	versions []*core.Compiled // as applied, from the first
	pinned   map[core.TicketID]*core.Compiled
	open     map[string]*promise // by ticket and metric
	breached map[string]bool     // by ticket, metric, instance and target version
	faults   []string
}

type promise struct {
	cfg      *core.Compiled
	instance uint32
	state    sla.State
	runs     []sla.Run // the one under way ends at math.MaxInt64
	from     int64     // since when it counts
	base     int64     // what was counted when the target was lost,
	since    int64     // and since when that no longer holds
	cal      *sla.Calendar
	bound    bool
	version  uint32
	amount   sla.Amount    // as promised,
	named    *sla.Calendar // in this calendar,
	target   int64         // which makes so long
	late     bool
	due      int64 // running and bound; when late, since when; MaxInt64 is never
}

func newPromises() *promises {
	return &promises{pinned: map[core.TicketID]*core.Compiled{}, open: map[string]*promise{}, breached: map[string]bool{}}
}

func (ps *promises) fault(format string, args ...any) {
	ps.faults = append(ps.faults, fmt.Sprintf(format, args...))
}

func (ps *promises) entry(entry core.Entry) {
	for i := range entry.Events {
		e := &entry.Events[i]
		switch e.Type {
		case core.ConfigApplied:
			compiled, err := core.Compile(entry.Command.(core.ApplyConfig).Config)
			if err != nil {
				panic(err)
			}
			ps.versions = append(ps.versions, compiled)
		case core.TicketCreated:
			ps.pinned[e.Ticket] = ps.versions[len(ps.versions)-1]
		case core.SLAStarted, core.SLAPaused, core.SLAResumed, core.SLAReset, core.SLATargeted, core.SLARetargeted,
			core.SLAUntargeted, core.SLABreached, core.SLAEnded:
			ps.fold(e)
		}
	}
}

// missed checks that no deadline before an instant was left unfired.
func (ps *promises) missed(before core.Instant) {
	for name, p := range ps.open { // order: each by itself
		if p.pending() && p.due < int64(before) {
			ps.fault("at %v: %s was due at %v and has not breached", before, name, core.Instant(p.due))
		}
	}
}

func (p *promise) pending() bool { return p.state == sla.Running && p.bound && !p.late }

func (ps *promises) fold(e *core.Event) {
	name, at := fmt.Sprintf("%s/%s", e.Ticket, e.Metric), int64(e.At)
	p := ps.open[name]
	if e.Type == core.SLAStarted {
		p = ps.start(p, e)
		ps.open[name] = p
	}
	if p == nil || p.instance != e.Instance {
		ps.fault("event %d is of an instance that did not start", e.Seq)
		return
	}
	switch e.Type {
	case core.SLAPaused:
		ps.require(e, p.state == sla.Running, "pauses what runs")
		p.close(at)
		p.state = sla.Paused
	case core.SLAResumed:
		ps.require(e, p.state != sla.Running, "resumes what does not run")
		p.runs, p.state = append(p.runs, sla.Run{From: at, To: math.MaxInt64}), sla.Running
		p.aim(at)
	case core.SLAReset:
		ps.require(e, p.state != sla.Ended, "resets what is under way")
		p.from, p.base, p.since, p.late = at, 0, at, false
		if p.bound {
			p.version++
			ps.measure(p, e)
		}
		p.aim(at)
	case core.SLATargeted, core.SLARetargeted:
		ps.target(p, e)
	case core.SLAUntargeted:
		ps.require(e, p.bound, "had a target")
		p.base, p.since = p.elapsed(at), at
		p.bound, p.late, p.due, p.cal = false, false, 0, own(p.cfg)
	case core.SLABreached:
		ps.breach(name, p, e)
	case core.SLAEnded:
		ps.end(p, e)
	}
	ps.compare(p, e)
}

func (ps *promises) require(e *core.Event, ok bool, what string) {
	if !ok {
		ps.fault("event %d: %s of %s/%s %s, but does not", e.Seq, e.Type, e.Ticket, e.Metric, what)
	}
}

func (ps *promises) start(before *promise, e *core.Event) *promise {
	instance := uint32(1)
	if before != nil {
		instance = before.instance + 1
		ps.require(e, before.state == sla.Ended, "starts after the one before")
	}
	cfg, at := ps.pinned[e.Ticket], int64(e.At)
	return &promise{
		cfg: cfg, instance: instance, state: sla.Running, runs: []sla.Run{{From: at, To: math.MaxInt64}}, from: at, since: at, cal: own(cfg),
	}
}

// target puts a target in force: runs are counted anew in its calendar, since the
// start or, where the policy says restart, from now.
func (ps *promises) target(p *promise, e *core.Event) {
	at := int64(e.At)
	ps.require(e, p.state != sla.Ended, "is under way")
	ps.require(e, (e.Type == core.SLATargeted) == (p.version == 0), "is told as the first target only once")
	policies := p.cfg.Source().SLA.Policies
	i := slices.IndexFunc(policies, func(o sla.Policy) bool { return o.Name == e.Policy })
	if policies[i].OnChange == sla.ChangeRestart {
		p.from = at
	}
	p.named = own(p.cfg)
	if named, ok := p.cfg.Calendar(e.Calendar); ok {
		p.named = named
	}
	amount, err := sla.ParseAmount(e.Target)
	if err != nil {
		ps.fault("event %d: %v", e.Seq, err)
		return
	}
	p.amount = amount
	ps.measure(p, e)
	p.bound, p.base, p.since, p.late = true, 0, p.from, false
	p.version++
	elapsed := p.elapsed(at)
	if usedUp := elapsed > p.target; usedUp != e.AttachedBreached {
		ps.fault("event %d: attached breached is %t with %d counted of %d", e.Seq, e.AttachedBreached, elapsed, p.target)
	}
	if p.late = e.AttachedBreached; p.late {
		p.due = int64(e.Due)
		if p.elapsed(p.due) != p.target || p.due > at {
			ps.fault("event %d: was not used up at %v", e.Seq, e.Due)
		}
		return
	}
	p.aim(at)
}

// measure makes the amount a length, since when the countdown counts; one in days
// runs round the clock.
func (ps *promises) measure(p *promise, e *core.Event) {
	length, roundTheClock, err := p.named.Length(p.amount, p.from)
	if err != nil {
		ps.fault("event %d: %v", e.Seq, err)
		return
	}
	p.target, p.cal = length, p.named
	if roundTheClock {
		p.cal = always(p.cfg)
	}
}

func (ps *promises) breach(name string, p *promise, e *core.Event) {
	ps.require(e, p.pending() && p.due == int64(e.At), fmt.Sprintf("is due then, not at %v", core.Instant(p.due)))
	p.late = true
	id := fmt.Sprintf("%s/%d/%d", name, p.instance, p.version)
	if ps.breached[id] {
		ps.fault("event %d: %s breaches twice", e.Seq, id)
	}
	ps.breached[id] = true
}

func (ps *promises) end(p *promise, e *core.Event) {
	ps.require(e, p.state != sla.Ended, "ends what is under way")
	p.close(int64(e.At))
	p.state = sla.Ended
	want := ""
	switch {
	case e.Outcome == "cancelled":
		want = e.Outcome
	case p.late:
		want = "breached"
	case p.bound:
		want = "met"
	}
	ps.require(e, e.Outcome == want, "is "+want)
}

// compare holds an event against what was recomputed.
func (ps *promises) compare(p *promise, e *core.Event) {
	at := int64(e.At)
	if got, want := e.Elapsed, p.elapsed(at); got != want {
		ps.fault("event %d (%s of %s/%s): elapsed %d, recomputed %d", e.Seq, e.Type, e.Ticket, e.Metric, got, want)
	}
	if got, want := e.ElapsedCalendar, p.wall(at); got != want {
		ps.fault("event %d (%s): on the wall %d, recomputed %d", e.Seq, e.Type, got, want)
	}
	if !p.bound {
		return
	}
	due := core.Instant(0)
	if p.late || p.state == sla.Running && p.due != math.MaxInt64 {
		due = core.Instant(p.due)
	}
	if e.Due != due || e.TargetVersion != p.version {
		ps.fault("event %d (%s of %s/%s): version %d due %v, recomputed %d due %v", e.Seq, e.Type, e.Ticket, e.Metric, e.TargetVersion, e.Due, p.version, due)
	}
}

func (p *promise) close(at int64) {
	if p.state == sla.Running {
		p.runs[len(p.runs)-1].To = at
	}
}

// elapsed is the open time that counts until an instant.
func (p *promise) elapsed(until int64) int64 {
	sum := p.base
	for _, r := range p.runs {
		if from, to := max(r.From, p.since), min(r.To, until); from < to {
			sum += p.cal.BetweenNanos(from, to)
		}
	}
	return sum
}

func (p *promise) wall(until int64) int64 {
	sum := int64(0)
	for _, r := range p.runs {
		if from, to := max(r.From, p.from), min(r.To, until); from < to {
			sum += to - from
		}
	}
	return sum
}

// aim is due at the earliest instant, not before now, at which elapsed is the
// target; with next_opening at the last such.
func (p *promise) aim(at int64) {
	if p.late || !p.bound {
		return
	}
	left := p.target - p.elapsed(at)
	due, err := p.cal.AddNanos(at, max(left, 0))
	if left <= 0 && p.cal.Spec().FullDay == sla.FullDayNextOpening {
		due, err = p.cal.NextOpenNanos(at)
	}
	if p.due = due; err != nil {
		p.due = math.MaxInt64
	}
}

func own(c *core.Compiled) *sla.Calendar {
	if cal, ok := c.Calendar(c.Source().Calendar); ok {
		return cal
	}
	return always(c)
}

func always(c *core.Compiled) *sla.Calendar {
	cal, err := sla.Always(cmp.Or(c.Source().Zone, "UTC"))
	if err != nil {
		panic(err)
	}
	return cal
}
