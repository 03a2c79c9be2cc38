package sla_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/sla"
)

// monday is the midnight from which these tests count hours.
var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// hour is the instant so many hours after monday's midnight: 9 is Monday at nine,
// 33 Tuesday at nine.
func hour(h float64) int64 { return monday.UnixNano() + span(h) }

// span is a length of so many hours.
func span(h float64) int64 { return int64(h * float64(time.Hour)) }

func workdays(t testing.TB, fullDay string) *sla.Calendar {
	t.Helper()
	cal, err := sla.NewCalendar(sla.CalendarSpec{Hours: map[string][]string{"mon-fri": {"09:00-17:00"}}, FullDay: fullDay})
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func roundTheClock(t testing.TB) *sla.Calendar {
	t.Helper()
	cal, err := sla.Always("UTC")
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// started is a countdown that runs since Monday at nine.
func started() sla.Countdown { return sla.Start(hour(9)) }

// promised is one with a target from its start.
func promised(cal *sla.Calendar, hours float64) sla.Countdown {
	c := started()
	c.Attach(cal, span(hours), hour(9), false, nil)
	return c
}

func ran(from, to float64) sla.Run { return sla.Run{From: hour(from), To: hour(to)} }

func TestCountdownTransitions(t *testing.T) {
	open, opening, always := workdays(t, ""), workdays(t, sla.FullDayNextOpening), roundTheClock(t)
	nine := hour(9)
	tests := []struct {
		name string
		do   func() sla.Countdown
		want sla.Countdown
	}{
		{
			"a start runs without a promise", started,
			sla.Countdown{State: sla.Running, Started: nine, From: nine, Mark: nine},
		},
		{
			"a target at the start is due when that much open time has passed",
			func() sla.Countdown { return promised(open, 6) },
			sla.Countdown{State: sla.Running, Started: nine, From: nine, Mark: nine, Version: 1, Bound: true, Target: span(6), Due: hour(15)},
		},
		{
			"a target that fills the day is due at closing",
			func() sla.Countdown { return promised(open, 8) },
			sla.Countdown{State: sla.Running, Started: nine, From: nine, Mark: nine, Version: 1, Bound: true, Target: span(8), Due: hour(17)},
		},
		{
			"under next_opening it is due at the next opening",
			func() sla.Countdown { return promised(opening, 8) },
			sla.Countdown{State: sla.Running, Started: nine, From: nine, Mark: nine, Version: 1, Bound: true, Target: span(8), Due: hour(33)},
		},
		{
			"a pause adds up the run and hides the due",
			func() sla.Countdown { c := promised(open, 6); c.Pause(open, hour(11)); return c },
			sla.Countdown{
				State: sla.Paused, Started: nine, From: nine, Mark: hour(11), Elapsed: span(2), Wall: span(2),
				Version: 1, Bound: true, Target: span(6),
			},
		},
		{
			"a resume counts what is left from there, over a night",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Pause(open, hour(11))
				c.Resume(open, hour(16))
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(16), Elapsed: span(2), Wall: span(2),
				Version: 1, Bound: true, Target: span(6), Due: hour(36),
			},
		},
		{
			"closed hours count on the wall and not as open time",
			func() sla.Countdown { c := started(); c.Pause(open, hour(34)); return c },
			sla.Countdown{State: sla.Paused, Started: nine, From: nine, Mark: hour(34), Elapsed: span(9), Wall: span(25)},
		},
		{
			"resumed with nothing left, it is due at once",
			func() sla.Countdown {
				c := promised(open, 2)
				c.Pause(open, hour(11))
				c.Resume(open, hour(20))
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(20), Elapsed: span(2), Wall: span(2),
				Version: 1, Bound: true, Target: span(2), Due: hour(20),
			},
		},
		{
			"resumed with nothing left under next_opening while closed, it is due at the next opening",
			func() sla.Countdown {
				c := promised(opening, 2)
				c.Pause(opening, hour(11))
				c.Resume(opening, hour(20))
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(20), Elapsed: span(2), Wall: span(2),
				Version: 1, Bound: true, Target: span(2), Due: hour(33),
			},
		},
		{
			"resumed with nothing left under next_opening while open, it is due at once",
			func() sla.Countdown {
				c := promised(opening, 2)
				c.Pause(opening, hour(11))
				c.Resume(opening, hour(12))
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(12), Elapsed: span(2), Wall: span(2),
				Version: 1, Bound: true, Target: span(2), Due: hour(12),
			},
		},
		{
			"a stop at the due instant is in time",
			func() sla.Countdown { c := promised(open, 6); c.Stop(open, hour(15)); return c },
			sla.Countdown{
				State: sla.Ended, Outcome: sla.Met, Started: nine, From: nine, Mark: hour(15), EndedAt: hour(15),
				Elapsed: span(6), Wall: span(6), Version: 1, Bound: true, Target: span(6),
			},
		},
		{
			"a breach keeps when it was due, running",
			func() sla.Countdown { c := promised(open, 6); c.Breach(); return c },
			sla.Countdown{State: sla.Running, Late: true, Started: nine, From: nine, Mark: nine, Version: 1, Bound: true, Target: span(6), Due: hour(15)},
		},
		{
			"and paused, resumed and ended: the verdict is breached",
			func() sla.Countdown {
				c := promised(open, 2)
				c.Breach()
				c.Pause(open, hour(12))
				c.Resume(open, hour(13))
				c.Stop(open, hour(14))
				return c
			},
			sla.Countdown{
				State: sla.Ended, Outcome: sla.Breached, Late: true, Started: nine, From: nine, Mark: hour(14), EndedAt: hour(14),
				Elapsed: span(4), Wall: span(4), Version: 1, Bound: true, Target: span(2), Due: hour(11),
			},
		},
		{
			"a stop without a promise is met",
			func() sla.Countdown { c := started(); c.Stop(open, hour(10)); return c },
			sla.Countdown{
				State: sla.Ended, Outcome: sla.Met, Started: nine, From: nine, Mark: hour(10), EndedAt: hour(10),
				Elapsed: span(1), Wall: span(1),
			},
		},
		{
			"a cancel has no verdict, though it was late",
			func() sla.Countdown {
				c := promised(open, 1)
				c.Breach()
				c.Cancel(open, hour(12))
				return c
			},
			sla.Countdown{
				State: sla.Ended, Outcome: sla.Cancelled, Late: true, Started: nine, From: nine, Mark: hour(12), EndedAt: hour(12),
				Elapsed: span(3), Wall: span(3), Version: 1, Bound: true, Target: span(1), Due: hour(10),
			},
		},
		{
			"a stop while paused adds nothing",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Pause(open, hour(10))
				c.Stop(open, hour(12))
				return c
			},
			sla.Countdown{
				State: sla.Ended, Outcome: sla.Met, Started: nine, From: nine, Mark: hour(10), EndedAt: hour(12),
				Elapsed: span(1), Wall: span(1), Version: 1, Bound: true, Target: span(6),
			},
		},
		{
			"resumed after its end, the time between is a pause and the verdict is open again",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Stop(open, hour(10))
				c.Resume(open, hour(12))
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(12), Elapsed: span(1), Wall: span(1),
				Version: 1, Bound: true, Target: span(6), Due: hour(17),
			},
		},
		{
			"a reset while running counts anew, as a new target version, late no more",
			func() sla.Countdown {
				c := promised(open, 1)
				c.Breach()
				c.Reset(open, hour(12))
				return c
			},
			sla.Countdown{State: sla.Running, Started: nine, From: hour(12), Mark: hour(12), Version: 2, Bound: true, Target: span(1), Due: hour(13)},
		},
		{
			"a reset while paused stays paused",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Pause(open, hour(11))
				c.Reset(open, hour(12))
				return c
			},
			sla.Countdown{State: sla.Paused, Started: nine, From: hour(12), Mark: hour(11), Version: 2, Bound: true, Target: span(6)},
		},
		{
			"a reset without a promise is no target version",
			func() sla.Countdown { c := started(); c.Reset(open, hour(12)); return c },
			sla.Countdown{State: sla.Running, Started: nine, From: hour(12), Mark: hour(12)},
		},
		{
			"another target carries what was counted",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Attach(open, span(4), hour(11), false, []sla.Run{ran(9, 11)})
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(11), Elapsed: span(2), Wall: span(2),
				Version: 2, Bound: true, Target: span(4), Due: hour(13),
			},
		},
		{
			"another calendar counts all runs anew",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Attach(always, span(30), hour(33), false, []sla.Run{ran(9, 10), ran(11, 33)})
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(33), Elapsed: span(23), Wall: span(23),
				Version: 2, Bound: true, Target: span(30), Due: hour(40),
			},
		},
		{
			"over the new target, it is late since that was used up",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Attach(open, span(2), hour(14), false, []sla.Run{ran(9, 10), ran(11, 14)})
				return c
			},
			sla.Countdown{
				State: sla.Running, Late: true, Started: nine, From: nine, Mark: hour(14), Elapsed: span(4), Wall: span(4),
				Version: 2, Bound: true, Target: span(2), Due: hour(12),
			},
		},
		{
			"exactly at the new target, it is due now and not late",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Attach(open, span(2), hour(11), false, []sla.Run{ran(9, 11)})
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(11), Elapsed: span(2), Wall: span(2),
				Version: 2, Bound: true, Target: span(2), Due: hour(11),
			},
		},
		{
			"exactly at the new target since it closed, it is due now and not late",
			func() sla.Countdown {
				c := started()
				c.Attach(open, span(8), hour(20), false, []sla.Run{ran(9, 20)})
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: hour(20), Elapsed: span(8), Wall: span(11),
				Version: 1, Bound: true, Target: span(8), Due: hour(20),
			},
		},
		{
			"used up exactly by an earlier run, a later one makes it late since it began",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Attach(open, span(1), hour(12), false, []sla.Run{ran(9, 10), ran(11, 12)})
				return c
			},
			sla.Countdown{
				State: sla.Running, Late: true, Started: nine, From: nine, Mark: hour(12), Elapsed: span(2), Wall: span(2),
				Version: 2, Bound: true, Target: span(1), Due: hour(11),
			},
		},
		{
			"over the new target while paused, it is late at once",
			func() sla.Countdown {
				c := promised(open, 6)
				c.Pause(open, hour(12))
				c.Attach(open, span(1), hour(14), false, []sla.Run{ran(9, 12)})
				return c
			},
			sla.Countdown{
				State: sla.Paused, Late: true, Started: nine, From: nine, Mark: hour(12), Elapsed: span(3), Wall: span(3),
				Version: 2, Bound: true, Target: span(1), Due: hour(10),
			},
		},
		{
			"a target attached while paused has no due and does not resume",
			func() sla.Countdown {
				c := started()
				c.Pause(open, hour(10))
				c.Attach(open, span(4), hour(12), false, []sla.Run{ran(9, 10)})
				return c
			},
			sla.Countdown{
				State: sla.Paused, Started: nine, From: nine, Mark: hour(10), Elapsed: span(1), Wall: span(1),
				Version: 1, Bound: true, Target: span(4),
			},
		},
		{
			"restart counts from now, however much had run",
			func() sla.Countdown {
				c := promised(open, 1)
				c.Breach()
				c.Attach(open, span(2), hour(12), true, []sla.Run{ran(9, 12)})
				return c
			},
			sla.Countdown{State: sla.Running, Started: nine, From: hour(12), Mark: hour(12), Version: 2, Bound: true, Target: span(2), Due: hour(14)},
		},
		{
			"restart while paused counts from the resume",
			func() sla.Countdown {
				c := promised(open, 4)
				c.Pause(open, hour(11))
				c.Attach(open, span(2), hour(12), true, []sla.Run{ran(9, 11)})
				c.Resume(open, hour(13))
				return c
			},
			sla.Countdown{State: sla.Running, Started: nine, From: hour(12), Mark: hour(13), Version: 2, Bound: true, Target: span(2), Due: hour(15)},
		},
		{
			"without its target the metric runs on, and what was counted stays",
			func() sla.Countdown {
				c := promised(open, 1)
				c.Breach()
				c.Detach(open, hour(12))
				return c
			},
			sla.Countdown{State: sla.Running, Started: nine, From: nine, Mark: hour(12), Elapsed: span(3), Wall: span(3), Version: 1},
		},
		{
			"a target beyond the calendar's horizon is never due",
			func() sla.Countdown {
				c := started()
				c.Attach(open, int64(36_525*24*time.Hour), nine, false, nil)
				return c
			},
			sla.Countdown{
				State: sla.Running, Started: nine, From: nine, Mark: nine, Version: 1, Bound: true,
				Target: int64(36_525 * 24 * time.Hour), Due: sla.Never,
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.do()); diff != "" {
				t.Errorf("countdown (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCountdownAttachTellsUsedUp(t *testing.T) {
	cal := workdays(t, "")
	for _, tt := range []struct {
		target float64
		want   bool
	}{{1, true}, {2, false}, {3, false}} {
		c := started()
		if got := c.Attach(cal, span(tt.target), hour(11), false, []sla.Run{ran(9, 11)}); got != tt.want {
			t.Errorf("2h counted against %vh: used up %t, want %t", tt.target, got, tt.want)
		}
	}
}

func TestCountdownPending(t *testing.T) {
	cal := workdays(t, "")
	late := promised(cal, 2)
	late.Breach()
	paused := promised(cal, 2)
	paused.Pause(cal, hour(10))
	ended := promised(cal, 2)
	ended.Stop(cal, hour(10))
	never := started()
	never.Attach(cal, int64(36_525*24*time.Hour), hour(9), false, nil)
	for name, tt := range map[string]struct {
		c    sla.Countdown
		want bool
	}{
		"running towards a target": {promised(cal, 2), true},
		"running without one":      {started(), false},
		"late":                     {late, false},
		"paused":                   {paused, false},
		"ended":                    {ended, false},
		"never due":                {never, false},
	} {
		if got := tt.c.Pending(); got != tt.want {
			t.Errorf("%s: pending %t, want %t", name, got, tt.want)
		}
	}
}

func TestCountdownReadings(t *testing.T) {
	cal := workdays(t, "")
	running := promised(cal, 6)
	paused := promised(cal, 6)
	paused.Pause(cal, hour(10))
	for name, tt := range map[string]struct {
		c             sla.Countdown
		elapsed, wall int64
	}{
		"running": {running, span(8), span(11)},
		"paused":  {paused, span(1), span(1)},
	} {
		if got := tt.c.ElapsedAt(cal, hour(20)); got != tt.elapsed {
			t.Errorf("%s: elapsed %v, want %v", name, time.Duration(got), time.Duration(tt.elapsed))
		}
		if got := tt.c.WallAt(hour(20)); got != tt.wall {
			t.Errorf("%s: wall %v, want %v", name, time.Duration(got), time.Duration(tt.wall))
		}
	}
}

func TestStateAndOutcomeNames(t *testing.T) {
	var got []string
	for _, name := range []fmt.Stringer{sla.Running, sla.Paused, sla.Ended, sla.State(9), sla.Met, sla.Breached, sla.Cancelled, sla.Outcome(0), sla.Outcome(9)} {
		got = append(got, name.String())
	}
	want := []string{"running", "paused", "ended", "", "met", "breached", "cancelled", "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// ledger is the dumb oracle of a countdown: it keeps the runs and computes
// everything anew by walking a grid on which all edges of the test lie.
type ledger struct {
	cal     *sla.Calendar
	opening bool
	runs    []sla.Run // the one under way has no end
	from    int64     // since when it counts
	state   sla.State
	bound   bool
	target  int64
	version uint32
	late    bool
	due     int64 // when late: since when
	aimed   int64 // the instant of the last resume, reset or target
}

const gridStep = int64(30 * time.Minute)

// elapsed is the open time of all runs until an instant.
func (l *ledger) elapsed(until int64) (open, wall int64) {
	for _, r := range l.recorded(until) {
		open += l.cal.BetweenNanos(r.From, r.To)
		wall += r.To - r.From
	}
	return open, wall
}

// recorded are the runs that count, the one under way ending at an instant.
func (l *ledger) recorded(until int64) []sla.Run {
	var counted []sla.Run
	for _, r := range l.runs {
		if r.To == 0 {
			r.To = until
		}
		r.From, r.To = max(r.From, l.from), min(r.To, until)
		if r.From < r.To {
			counted = append(counted, r)
		}
	}
	return counted
}

// reaches walks from an instant to where elapsed reaches the target; under
// next_opening, on to the last such instant.
func (l *ledger) reaches(from int64) int64 {
	t := from
	for ; ; t += gridStep {
		if open, _ := l.elapsed(t); open >= l.target {
			break
		}
	}
	for l.opening {
		if open, _ := l.elapsed(t + gridStep); open > l.target {
			break
		}
		t += gridStep
	}
	return t
}

// dueNow is the due instant in force.
func (l *ledger) dueNow() int64 {
	switch {
	case l.late:
		return l.due
	case l.state != sla.Running || !l.bound:
		return 0
	default:
		return l.reaches(l.aimed)
	}
}

// pass lets time reach an instant: what was due strictly before is late.
func (l *ledger) pass(at int64) {
	if due := l.dueNow(); l.state == sla.Running && l.bound && !l.late && due < at {
		l.late, l.due = true, due
	}
}

func (l *ledger) stopRun(at int64) {
	if l.state == sla.Running {
		l.runs[len(l.runs)-1].To = at
		if l.runs[len(l.runs)-1].From == at {
			l.runs = l.runs[:len(l.runs)-1]
		}
	}
}

// attach finds since when the target was used up by replaying the runs: within
// each, elapsed is walked to the target, and running time must lie after.
func (l *ledger) attach(at, target int64, restart bool) {
	l.version++
	l.bound, l.target, l.late, l.due, l.aimed = true, target, false, 0, at
	if restart {
		l.from = at
		return
	}
	if open, _ := l.elapsed(at); open <= target {
		return
	}
	for _, r := range l.recorded(at) {
		if open, _ := l.elapsed(r.To); open > target {
			l.late, l.due = true, l.reaches(r.From)
			return
		}
	}
}

func TestCountdownAgainstLedger(t *testing.T) {
	calendars := []*sla.Calendar{workdays(t, ""), workdays(t, sla.FullDayNextOpening), roundTheClock(t)}
	rapid.Check(t, func(t *rapid.T) {
		cal := rapid.IntRange(0, 2).Draw(t, "calendar")
		at := hour(0) + gridStep*rapid.Int64Range(0, 60).Draw(t, "start")
		c := sla.Start(at)
		l := &ledger{cal: calendars[cal], opening: cal == 1, runs: []sla.Run{{From: at}}, from: at, state: sla.Running, aimed: at}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			at += gridStep * rapid.Int64Range(0, 30).Draw(t, "later")
			if c.Pending() && c.Due < at {
				c.Breach()
			}
			l.pass(at)
			step(t, &c, l, calendars, at)
			compareLedger(t, &c, l, at)
		}
	})
}

// step does one random thing to the countdown and to the ledger.
func step(t *rapid.T, c *sla.Countdown, l *ledger, calendars []*sla.Calendar, at int64) {
	possible := map[sla.State][]string{
		sla.Running: {"pause", "stop", "cancel", "reset", "attach", "restart", "detach"},
		sla.Paused:  {"resume", "stop", "cancel", "reset", "attach", "restart", "detach"},
		sla.Ended:   {"resume"},
	}
	what := rapid.SampledFrom(possible[l.state]).Draw(t, "do")
	switch what {
	case "pause":
		c.Pause(l.cal, at)
		l.stopRun(at)
		l.state = sla.Paused
	case "resume":
		c.Resume(l.cal, at)
		l.runs = append(l.runs, sla.Run{From: at})
		l.state, l.aimed = sla.Running, at
	case "stop", "cancel":
		want := sla.Met
		if l.late {
			want = sla.Breached
		}
		if what == "stop" {
			c.Stop(l.cal, at)
		} else {
			want = sla.Cancelled
			c.Cancel(l.cal, at)
		}
		l.stopRun(at)
		l.state = sla.Ended
		if c.Outcome != want {
			t.Fatalf("outcome %v, want %v", c.Outcome, want)
		}
	case "reset":
		c.Reset(l.cal, at)
		l.from, l.aimed = at, at
		if l.bound {
			l.version++
			l.late, l.due = false, 0
		}
	case "attach", "restart":
		target := gridStep * rapid.Int64Range(1, 40).Draw(t, "target")
		i := rapid.IntRange(0, 2).Draw(t, "calendar")
		l.cal, l.opening = calendars[i], i == 1
		if open, _ := l.elapsed(at); what == "attach" && open > 0 && rapid.Bool().Draw(t, "exactly used up") {
			target = open
		}
		runs := slices.Clone(l.recorded(at))
		used := c.Attach(l.cal, target, at, what == "restart", runs)
		l.attach(at, target, what == "restart")
		if used != l.late {
			t.Fatalf("used up %t, want %t", used, l.late)
		}
	case "detach":
		c.Detach(l.cal, at)
		l.bound, l.late, l.due, l.target = false, false, 0, 0
	}
}

func compareLedger(t *rapid.T, c *sla.Countdown, l *ledger, at int64) {
	t.Helper()
	type reading struct {
		State              sla.State
		Bound, Late        bool
		Version            uint32
		Elapsed, Wall, Due int64
	}
	open, wall := l.elapsed(at)
	want := reading{l.state, l.bound, l.late, l.version, open, wall, l.dueNow()}
	got := reading{c.State, c.Bound, c.Late, c.Version, c.ElapsedAt(l.cal, at), c.WallAt(at), c.Due}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("at %v (-want +got):\n%s", time.Unix(0, at).UTC(), diff)
	}
	if c.Pending() && c.Elapsed+l.cal.BetweenNanos(c.Mark, c.Due) != c.Target && c.Due != at {
		t.Fatalf("elapsed at the due instant is not the target")
	}
}

func ExampleCountdown() {
	cal, err := sla.NewCalendar(sla.CalendarSpec{Hours: map[string][]string{"mon-fri": {"09:00-17:00"}}})
	if err != nil {
		panic(err)
	}
	at := func(clock string) int64 {
		t, err := time.Parse(time.DateTime, "2026-03-02 "+clock)
		if err != nil {
			panic(err)
		}
		return t.UnixNano()
	}
	show := func(c *sla.Countdown) {
		fmt.Println(c.State, "due", time.Unix(0, c.Due).UTC().Format(time.DateTime))
	}

	c := sla.Start(at("09:00:00"))
	c.Attach(cal, int64(4*time.Hour), at("09:00:00"), false, nil)
	show(&c)
	c.Pause(cal, at("10:00:00"))  // the requester is asked
	c.Resume(cal, at("16:00:00")) // and answers
	show(&c)
	c.Stop(cal, at("16:30:00"))
	fmt.Println(c.State, c.Outcome, "after", time.Duration(c.Elapsed))
	// Output:
	// running due 2026-03-02 13:00:00
	// running due 2026-03-03 11:00:00
	// ended met after 1h30m0s
}
