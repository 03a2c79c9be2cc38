package sla

import (
	"fmt"
	"math"
	"slices"
)

// State is where a metric's instance stands.
type State uint8

// The states. An ended instance has an Outcome and is never recomputed; a
// reopened ticket may resume it.
const (
	Running State = iota + 1
	Paused
	Ended
)

// String returns the state's name.
func (s State) String() string { return pick(s, stateNames()) }

// MarshalText renders the name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = parse[State](string(text), stateNames())
	return err
}

func stateNames() []string { return []string{"running", "paused", "ended"} }

// Outcome is the verdict of an ended instance: that of the target version in
// force. An instance without a target ends met: there was nothing to miss, and no
// verdict to tell.
type Outcome uint8

// The outcomes.
const (
	Met Outcome = iota + 1
	Breached
	Cancelled
)

// String returns the outcome's name, or nothing for an instance under way.
func (o Outcome) String() string { return pick(o, outcomeNames()) }

// MarshalText renders the name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the name.
func (o *Outcome) UnmarshalText(text []byte) (err error) {
	*o, err = parse[Outcome](string(text), outcomeNames())
	return err
}

func outcomeNames() []string { return []string{"met", "breached", "cancelled"} }

func pick[E ~uint8](v E, names []string) string {
	if v == 0 || int(v) > len(names) {
		return ""
	}
	return names[v-1]
}

func parse[E ~uint8](text string, names []string) (E, error) {
	i := slices.Index(names, text)
	if i < 0 {
		return 0, fmt.Errorf("sla: %q is not one of %v", text, names)
	}
	return E(i + 1), nil //nolint:gosec // a handful of names
}

// Never is the due instant of a target that no open time will reach within the
// calendar's horizon.
const Never = int64(math.MaxInt64)

// Countdown is one instance of a metric and, once a target is attached, its
// promise. It is a plain value: copy it to keep it. Instants are Unix
// nanoseconds, lengths nanoseconds. The calendar is handed in with each step,
// since a change of policy may change it.
//
//	       Start          Pause            Resume
//	(none) ─────> Running ─────> Paused ──────────> Running
//	                 │              │
//	                 └────> Ended <─┘   Stop, Cancel
//	                          │
//	                          └─Resume─> Running     (a reopened ticket)
//
// Running time is what the calendar leaves open while the instance is neither
// paused nor ended: pauses and closed hours are independent masks. Late is set
// by the deadline that fires once time has passed Due, so that a stop stamped
// exactly at Due is in time.
type Countdown struct {
	State   State   `json:"state"`
	Outcome Outcome `json:"outcome,omitzero"` // once ended
	Late    bool    `json:"late,omitempty"`   // the target version in force is breached

	Started int64 `json:"-"` // when the instance started
	From    int64 `json:"-"` // since when it counts: start, restart or reset
	Mark    int64 `json:"-"` // start of the run under way, while running
	EndedAt int64 `json:"-"`

	Elapsed int64 `json:"elapsed_ns"`  // open time of the finished runs
	Wall    int64 `json:"calendar_ns"` // round-the-clock time of the finished runs

	Version uint32 `json:"target_version,omitempty"` // counts targets, resets and manual changes, from 1
	Bound   bool   `json:"-"`                        // a target is attached
	Target  int64  `json:"target_ns,omitempty"`
	Due     int64  `json:"-"` // while running and bound; once late, when it was due, until a new target
}

// Start begins an instance at an instant.
func Start(at int64) Countdown {
	return Countdown{State: Running, Started: at, From: at, Mark: at}
}

// Pause ends the run under way.
func (c *Countdown) Pause(cal *Calendar, at int64) {
	c.settle(cal, at)
	c.State = Paused
	c.hideDue()
}

// Resume begins a run: after a pause, or after the end when a ticket is
// reopened. With nothing left, it is due at once (under full_day next_opening,
// at the next opening).
func (c *Countdown) Resume(cal *Calendar, at int64) {
	c.State, c.Outcome, c.EndedAt, c.Mark = Running, 0, 0, at
	c.aim(cal, at)
}

// Stop ends the instance with the verdict of the target version in force.
func (c *Countdown) Stop(cal *Calendar, at int64) {
	outcome := Met
	if c.Late {
		outcome = Breached
	}
	c.end(cal, at, outcome)
}

// Cancel ends the instance without a verdict.
func (c *Countdown) Cancel(cal *Calendar, at int64) { c.end(cal, at, Cancelled) }

// Reset sets elapsed to zero on the same instance: a new target version, the
// state kept.
func (c *Countdown) Reset(cal *Calendar, at int64) {
	c.restart(at)
	if c.Bound {
		c.Version++
		c.Late = false
		c.aim(cal, at)
	}
}

// Attach puts a target version in force at an instant: length is the target in
// cal, and runs are all recorded runs of the instance, the one under way last
// and ending at `at`; elapsed is counted anew over them in cal. The answer says
// whether the target was used up before: then the version is late from the
// start, also while paused.
//
// restart drops what was counted: the target counts from now.
func (c *Countdown) Attach(cal *Calendar, length, at int64, restart bool, runs []Run) (usedUp bool) {
	c.Version++
	c.Bound, c.Target, c.Late, c.Due = true, length, false, 0
	if restart {
		c.restart(at)
		runs = nil
	}
	c.recount(cal, at, runs)
	c.aim(cal, at)
	return c.Late
}

// Detach removes the target; the metric runs on. What was counted stays.
func (c *Countdown) Detach(cal *Calendar, at int64) {
	c.settle(cal, at)
	c.Bound, c.Late, c.Target, c.Due = false, false, 0, 0
}

// Breach marks the target version late: its deadline fired.
func (c *Countdown) Breach() { c.Late = true }

// Pending reports whether the countdown has a deadline ahead.
func (c *Countdown) Pending() bool {
	return c.State == Running && c.Bound && !c.Late && c.Due != Never
}

// ElapsedAt returns the open time counted until an instant not before the last
// step.
func (c *Countdown) ElapsedAt(cal *Calendar, at int64) int64 {
	if c.State != Running {
		return c.Elapsed
	}
	return c.Elapsed + cal.BetweenNanos(c.Mark, at)
}

// WallAt returns the round-the-clock time counted until an instant not before
// the last step.
func (c *Countdown) WallAt(at int64) int64 {
	if c.State != Running {
		return c.Wall
	}
	return c.Wall + at - c.Mark
}

// Run is a stretch [From, To) during which an instance ran.
type Run struct{ From, To int64 }

func (c *Countdown) restart(at int64) {
	c.From, c.Elapsed, c.Wall = at, 0, 0
	if c.State == Running {
		c.Mark = at
	}
}

// settle adds the run under way to the sums.
func (c *Countdown) settle(cal *Calendar, at int64) {
	if c.State != Running {
		return
	}
	c.Elapsed += cal.BetweenNanos(c.Mark, at)
	c.Wall += at - c.Mark
	c.Mark = at
}

func (c *Countdown) end(cal *Calendar, at int64, outcome Outcome) {
	c.settle(cal, at)
	c.State, c.Outcome, c.EndedAt = Ended, outcome, at
	c.hideDue()
}

// hideDue takes the due instant away unless it is already in the past of a late
// target: what waits has none.
func (c *Countdown) hideDue() {
	if !c.Late {
		c.Due = 0
	}
}

// recount sums the runs in cal and finds whether running time, which is open
// time, lies after the instant at which the target was used up.
func (c *Countdown) recount(cal *Calendar, at int64, runs []Run) {
	c.Elapsed, c.Wall = 0, 0
	for _, run := range runs {
		counted := cal.BetweenNanos(run.From, run.To)
		if !c.Late && c.Elapsed+counted > c.Target {
			c.Late, c.Due = true, dueFrom(cal, run.From, c.Target-c.Elapsed)
		}
		c.Elapsed += counted
		c.Wall += run.To - run.From
	}
	if c.State == Running {
		c.Mark = at
	}
}

// aim sets the due instant of a run that begins, or goes on, at an instant.
func (c *Countdown) aim(cal *Calendar, at int64) {
	if c.Late {
		return
	}
	c.Due = 0
	if c.State == Running && c.Bound {
		c.Due = dueFrom(cal, at, c.Target-c.ElapsedAt(cal, at))
	}
}

// dueFrom is the earliest instant at or after `at` at which `left` more open
// time has passed; under full_day next_opening the last such instant.
func dueFrom(cal *Calendar, at, left int64) int64 {
	if left <= 0 {
		if !cal.stampsOpening() {
			return at
		}
		open, err := cal.NextOpenNanos(at)
		if err != nil {
			return Never
		}
		return open
	}
	due, err := cal.AddNanos(at, left)
	if err != nil {
		return Never
	}
	return due
}
