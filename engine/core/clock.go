package core

import (
	"slices"

	"github.com/yardmaster/yardmaster/rules"
	"github.com/yardmaster/yardmaster/sla"
)

// stepClocks lets the command act on the ticket's metrics, once, in the order
// that the semantics give: ends and resets; reopen; targets; pause and resume;
// starts. The conditions see the ticket as the command and the rules left it.
func (d *draft) stepClocks() {
	s := clockStep{draft: d, cfg: d.m.versions[d.t.Config]}
	d.look()
	d.t.Clocks = slices.Clone(d.t.Clocks)
	s.ends()
	if d.reopened {
		s.reopens()
	}
	s.policy = s.choosePolicy()
	for i := range s.cfg.metrics {
		if c := s.clock(s.cfg.metrics[i].Name); c != nil {
			s.target(c)
		}
	}
	s.pauses()
	s.starts()
}

// clockStep is one such step.
type clockStep struct {
	*draft
	cfg    *Compiled // the ticket's own version
	policy *policyPlan
	done   uint64 // metrics ended or reset by this step
}

// ends does to each instance under way the first of stop, reset and cancel that
// holds.
func (s *clockStep) ends() {
	for i := range s.cfg.metrics {
		plan, bit := &s.cfg.metrics[i], uint64(1)<<i
		c := s.clock(plan.Name)
		if c == nil || c.State == sla.Ended {
			continue
		}
		cal, at := s.calendar(c), int64(s.m.now)
		switch {
		case s.holds(plan.stop):
			c.Stop(cal, at)
			s.ended(c)
		case s.holds(plan.reset):
			s.reset(c)
		case s.holds(plan.cancel):
			c.Cancel(cal, at)
			s.ended(c)
		default:
			continue
		}
		s.done |= bit
	}
}

// reset sets the elapsed time to zero. A target in days is measured anew from
// here.
func (s *clockStep) reset(c *Clock) {
	at := int64(s.m.now)
	if c.RoundTheClock {
		if length, _, err := s.named(c.Calendar).Length(c.Amount, at); err == nil {
			c.Target = length
		}
	}
	c.Reset(s.calendar(c), at)
	s.tell(SLAReset, c)
}

// reopens brings back the instances that ended when the ticket was finished.
func (s *clockStep) reopens() {
	finished := s.finishedSince()
	for i := range s.cfg.metrics {
		plan := &s.cfg.metrics[i]
		c := s.clock(plan.Name)
		if c == nil || c.State != sla.Ended || c.Outcome == sla.Cancelled || Instant(c.EndedAt) < finished {
			continue
		}
		switch plan.OnReopen {
		case sla.ReopenResume:
			c.Resume(s.calendar(c), int64(s.m.now))
			s.tell(SLAResumed, c)
		case sla.ReopenNewCycle:
			s.start(plan)
		}
	}
}

// finishedSince is when the ticket was last finished, before this command.
func (s *clockStep) finishedSince() Instant {
	since := Instant(0)
	for _, span := range slices.Backward(s.t.History) {
		if !span.Status.Finished() {
			break
		}
		since = span.At
	}
	return since
}

// pauses pauses or resumes each instance that nothing else was done to.
func (s *clockStep) pauses() {
	for i := range s.cfg.metrics {
		plan := &s.cfg.metrics[i]
		if c := s.clock(plan.Name); c != nil && c.State != sla.Ended && s.done&(1<<i) == 0 {
			s.pause(c, plan)
		}
	}
}

func (s *clockStep) pause(c *Clock, plan *metricPlan) {
	pause := s.holds(plan.pause)
	cal, at := s.calendar(c), int64(s.m.now)
	switch {
	case pause && c.State == sla.Running:
		c.Pause(cal, at)
		s.tell(SLAPaused, c)
	case !pause && c.State == sla.Paused:
		c.Resume(cal, at)
		s.tell(SLAResumed, c)
	}
}

// starts begins the metrics of which no instance runs and whose start holds.
// One that does not repeat does not start where its stop or cancel holds.
func (s *clockStep) starts() {
	for i := range s.cfg.metrics {
		plan := &s.cfg.metrics[i]
		if c := s.clock(plan.Name); c != nil && c.State != sla.Ended || !s.holds(plan.start) {
			continue
		}
		if plan.Repeat || !s.holds(plan.stop) && !s.holds(plan.cancel) {
			s.start(plan)
			s.pause(s.clock(plan.Name), plan)
		}
	}
}

// start begins an instance, with its target if the policy has one.
func (s *clockStep) start(plan *metricPlan) {
	next := Clock{Metric: plan.Name, Instance: 1, Countdown: sla.Start(int64(s.m.now))}
	s.t.Clocks = slices.DeleteFunc(s.t.Clocks, func(c Clock) bool {
		if c.Metric == plan.Name {
			next.Instance = c.Instance + 1
		}
		return c.Metric == plan.Name
	})
	s.t.Clocks = append(s.t.Clocks, next)
	c := &s.t.Clocks[len(s.t.Clocks)-1]
	s.tell(SLAStarted, c)
	if s.policy == nil {
		s.policy = s.choosePolicy()
	}
	s.target(c)
}

// choosePolicy is the first policy whose condition holds; only if none does, the
// first without a condition.
func (s *clockStep) choosePolicy() *policyPlan {
	var fallback *policyPlan
	for i := range s.cfg.policies {
		p := &s.cfg.policies[i]
		switch {
		case p.when == nil && fallback == nil:
			fallback = p
		case p.when != nil && s.holds(p.when):
			return p
		}
	}
	return fallback
}

// target brings an instance's target in line with the policy in force.
func (s *clockStep) target(c *Clock) {
	if c.State == sla.Ended {
		return
	}
	var amount sla.Amount
	change := sla.ChangeCarry
	switch {
	case s.policy != nil:
		amount, change = s.promise(c), s.policy.OnChange
	case c.Bound:
		change = s.onChangeOf(c.Policy)
	}
	switch {
	case amount.IsZero() && (!c.Bound || change == sla.ChangeKeep):
	case amount.IsZero():
		s.detach(c)
	case c.Bound && change == sla.ChangeKeep:
	default:
		s.attach(c, amount, change == sla.ChangeRestart)
	}
}

// promise is what the policy in force promises for the instance's metric at the
// ticket's priority.
func (s *clockStep) promise(c *Clock) sla.Amount {
	if i, ok := s.cfg.metricAt[c.Metric]; ok && i < len(s.policy.targets) {
		return s.policy.targets[i][s.t.Priority]
	}
	return sla.Amount{}
}

// onChangeOf is the last policy's word on changes, when none applies any more.
func (s *clockStep) onChangeOf(policy string) string {
	for i := range s.cfg.policies {
		if s.cfg.policies[i].Name == policy {
			return s.cfg.policies[i].OnChange
		}
	}
	return sla.ChangeCarry
}

func (s *clockStep) detach(c *Clock) {
	c.Detach(s.calendar(c), int64(s.m.now))
	s.tell(SLAUntargeted, c)
	c.Policy, c.Calendar, c.Amount, c.RoundTheClock = "", "", sla.Amount{}, false
}

// attach puts a target in force. Only another amount or another calendar's
// content is a new version; the same under another name changes nothing.
func (s *clockStep) attach(c *Clock, amount sla.Amount, restart bool) {
	name, cal := s.policyCalendar()
	if c.Bound && c.Amount == amount && s.named(c.Calendar) == cal {
		c.Policy, c.Calendar = s.policy.Name, name
		return
	}
	at := int64(s.m.now)
	from := c.From
	if restart {
		from = at
	}
	length, roundTheClock, err := cal.Length(amount, from)
	if err != nil {
		return // business days in a calendar without a day, which only an organization can bring in
	}
	first := c.Countdown.Version == 0
	runs := s.runs(c)
	c.Policy, c.Calendar, c.Amount, c.RoundTheClock = s.policy.Name, name, amount, roundTheClock
	usedUp := c.Attach(s.calendar(c), length, at, restart, runs)
	kind := SLARetargeted
	if first {
		kind = SLATargeted
	}
	e := s.event(kind, c)
	e.AttachedBreached = usedUp
	s.emit(e)
}

// policyCalendar is the policy's calendar, else the organization's, else the
// group's, else the desk's.
func (s *clockStep) policyCalendar() (string, *sla.Calendar) {
	names := [3]string{0: s.policy.Calendar}
	if o := s.m.organizations[s.t.Organization]; o != nil {
		names[1] = o.Calendar
	}
	if g := s.cfg.groups[s.t.Group]; g != nil {
		names[2] = g.Calendar
	}
	for _, name := range names {
		if cal := s.cfg.calendars[name]; cal != nil {
			return name, cal
		}
	}
	return s.cfg.ownName, s.cfg.own
}

// runs are the recorded runs of an instance since it counts, the one under way
// last.
func (s *clockStep) runs(c *Clock) []sla.Run {
	bit := uint64(1) << s.cfg.metricAt[c.Metric]
	var runs []sla.Run
	for i, span := range s.t.History {
		until := int64(s.m.now)
		if i+1 < len(s.t.History) {
			until = int64(s.t.History[i+1].At)
		}
		if from := max(int64(span.At), c.From); span.Running&bit != 0 && from < until {
			runs = append(runs, sla.Run{From: from, To: until})
		}
	}
	return runs
}

// record closes the command's stretch of history: a new span opens when the
// status or what runs has changed.
func (d *draft) record() {
	span := Span{At: d.m.now, Status: d.t.Status}
	cfg := d.m.versions[d.t.Config]
	for i := range d.t.Clocks {
		if d.t.Clocks[i].State == sla.Running {
			span.Running |= 1 << cfg.metricAt[d.t.Clocks[i].Metric]
		}
	}
	history := d.t.History
	if n := len(history); n > 0 && history[n-1].At == span.At {
		history = history[:n-1]
	}
	if n := len(history); n > 0 && history[n-1].Status == span.Status && history[n-1].Running == span.Running {
		d.t.History = slices.Clip(history)
		return
	}
	d.t.History = append(slices.Clip(history), span)
}

// breach lets the target of one countdown be missed.
func (m *Machine) breach(t *Ticket, i int) {
	if i >= len(t.Clocks) || !t.Clocks[i].Pending() {
		return
	}
	d := m.edit(t)
	d.t.Clocks = slices.Clone(t.Clocks)
	d.t.Clocks[i].Breach()
	s := clockStep{draft: d, cfg: m.versions[t.Config]}
	s.tell(SLABreached, &d.t.Clocks[i])
	d.putAsOf()
}

func (s *clockStep) clock(metric string) *Clock {
	for i := range s.t.Clocks {
		if s.t.Clocks[i].Metric == metric {
			return &s.t.Clocks[i]
		}
	}
	return nil
}

// calendar is the one that an instance counts in.
func (s *clockStep) calendar(c *Clock) *sla.Calendar {
	if c.RoundTheClock {
		return s.cfg.always
	}
	return s.named(c.Calendar)
}

func (s *clockStep) named(name string) *sla.Calendar {
	if cal := s.cfg.calendars[name]; cal != nil {
		return cal
	}
	return s.cfg.own
}

// holds evaluates a condition; one that is absent or fails does not hold.
func (s *clockStep) holds(condition *rules.Condition[Facts]) bool {
	return s.m.holds(condition)
}

// ended tells of an end. Where nothing was promised there is no verdict.
func (s *clockStep) ended(c *Clock) {
	e := s.event(SLAEnded, c)
	if c.Bound || c.Outcome == sla.Cancelled {
		e.Outcome = c.Outcome.String()
	}
	s.emit(e)
}

func (s *clockStep) tell(kind EventType, c *Clock) { s.emit(s.event(kind, c)) }

// event describes an instance as it stands.
func (s *clockStep) event(kind EventType, c *Clock) Event {
	e := Event{
		Type: kind, Priority: s.t.Priority, Metric: c.Metric, Instance: c.Instance,
		Elapsed: c.ElapsedAt(s.calendar(c), int64(s.m.now)), ElapsedCalendar: c.WallAt(int64(s.m.now)),
	}
	if c.Bound {
		e.Policy, e.Calendar, e.TargetVersion = c.Policy, c.Calendar, c.Countdown.Version
		e.Target, e.Due = c.Amount.String(), c.DueAt()
	}
	return e
}
