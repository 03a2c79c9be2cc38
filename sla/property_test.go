package sla_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yardmaster/yardmaster/sla"
)

// nasty are places and dates at which clocks did what calendars get wrong.
var nasty = []struct{ zone, date string }{
	{"UTC", "2024-02-29"},
	{"Europe/Rome", "2025-03-30"},
	{"Europe/Rome", "2025-10-26"},
	{"Europe/Dublin", "2025-10-26"}, // winter time is the exception there
	{"America/New_York", "2025-03-09"},
	{"America/New_York", "2045-11-05"}, // from a rule, not from a table
	{"America/Los_Angeles", "2024-12-31"},
	{"Australia/Lord_Howe", "2025-04-06"}, // half an hour
	{"Australia/Lord_Howe", "2025-10-05"},
	{"America/Sao_Paulo", "2018-11-04"}, // midnight skipped
	{"America/Sao_Paulo", "2018-02-18"}, // 23:00 twice
	{"Africa/Cairo", "2024-04-26"},
	{"Africa/Cairo", "2024-10-31"},
	{"Asia/Beirut", "2025-03-30"},
	{"Asia/Beirut", "2025-10-26"},
	{"America/Havana", "2025-03-09"},
	{"America/Havana", "2025-11-02"},   // midnight twice
	{"America/St_Johns", "2006-04-02"}, // 00:01 to 01:01
	{"America/St_Johns", "2006-10-29"}, // 00:01 to 23:01 of the day before
	{"America/St_Johns", "1988-04-03"}, // two hours
	{"America/Toronto", "1919-03-31"},  // 23:30 to 00:30 of the next day
	{"America/Scoresbysund", "2024-03-31"},
	{"America/Nuuk", "2024-03-30"},
	{"Antarctica/Troll", "2025-03-30"}, // two hours
	{"Antarctica/Troll", "2025-10-26"},
	{"Africa/Casablanca", "2025-02-23"}, // Ramadan
	{"Africa/Casablanca", "2025-04-06"},
	{"Pacific/Apia", "2011-12-30"}, // skipped date
	{"Pacific/Fakaofo", "2011-12-30"},
	{"Pacific/Kwajalein", "1993-08-21"}, // skipped date
	{"Pacific/Kwajalein", "1969-09-30"}, // repeated date
	{"Pacific/Kiritimati", "1994-12-31"},
	{"Asia/Pyongyang", "2015-08-15"},
	{"Asia/Pyongyang", "2018-05-05"}, // 23:30 to 00:00
	{"America/Caracas", "2007-12-09"},
	{"Asia/Kathmandu", "1986-01-01"},
	{"Asia/Colombo", "1996-10-26"}, // 00:30 to 00:00
	{"Pacific/Chatham", "2025-09-28"},
	{"Asia/Gaza", "2025-04-12"},
	{"Asia/Tehran", "2022-03-22"},
}

// walkedClocks keeps what is costly to walk, as a test draws the same places again and again.
type walkedClocks map[int]*clock

func (w walkedClocks) at(i int) *clock {
	if w[i] == nil {
		day, err := time.Parse(time.DateOnly, nasty[i].date)
		if err != nil {
			panic(err)
		}
		w[i] = walkClock(nasty[i].zone, day)
	}
	return w[i]
}

// drawWalls draws ranges of a wall clock, mostly about the hours of clock changes.
func drawWalls(t *rapid.T, label string, most int) []wall {
	edge := rapid.OneOf(
		rapid.IntRange(0, 96).AsAny(),
		rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 92, 93, 94, 95, 96}).AsAny(),
	)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) wall {
		w := wall{edge.Draw(t, "from").(int) * 15, edge.Draw(t, "to").(int) * 15}
		if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
			w.to = min(w.to+1, dayMinutes)
		}
		if w.from == dayMinutes {
			w.from = 0
		}
		if w.from == w.to {
			return wall{0, dayMinutes}
		}
		return w
	}), 0, most).Draw(t, label)
}

// drawPlan draws a spec whose odd dates lie about the middle of what the clock covers.
func drawPlan(t *rapid.T, zone string, k *clock) *plan {
	p := &plan{zone: zone, exceptions: map[int64][]wall{}, breaks: map[int64][]wall{}}
	for i := range p.week {
		if rapid.IntRange(0, 4).Draw(t, "closed") > 0 {
			p.week[i] = drawWalls(t, "hours", 3)
		}
	}
	first, last := k.dates()
	middle := (first + last) / 2
	date := rapid.Int64Range(middle-4, middle+4)
	p.holidays = rapid.SliceOfN(date, 0, 3).Draw(t, "holidays")
	for _, d := range rapid.SliceOfN(date, 0, 2).Draw(t, "yearly") {
		p.yearly = append(p.yearly, dateText(d)[5:])
	}
	for _, d := range rapid.SliceOfN(date, 0, 2).Draw(t, "exceptions") {
		p.exceptions[d] = drawWalls(t, "exception", 3)
	}
	for _, d := range rapid.SliceOfN(date, 0, 2).Draw(t, "breaks") {
		p.breaks[d] = drawWalls(t, "break", 2)
	}
	p.nextOpening = rapid.Bool().Draw(t, "next_opening")
	return p
}

// drawInstant draws an instant near the middle, often on an hour, a minute or next to one.
func drawInstant(t *rapid.T, k *clock, label string) int64 {
	middle := k.start + walkedTotal/2
	at := (middle + rapid.Int64Range(-4*dayMinutes, 4*dayMinutes).Draw(t, label)) * minute
	switch rapid.IntRange(0, 3).Draw(t, "near") {
	case 0:
		return at
	case 1:
		return at - at%(15*minute)
	case 2:
		return at - at%(15*minute) - 1
	default:
		return at + rapid.Int64Range(0, minute-1).Draw(t, "rest")
	}
}

// drawOpen draws an amount of open time, often one that ends on an edge.
func drawOpen(t *rapid.T, label string) int64 {
	d := rapid.Int64Range(-3*dayMinutes, 3*dayMinutes).Draw(t, label) * minute
	switch rapid.IntRange(0, 2).Draw(t, "grain") {
	case 0:
		return d - d%(15*minute)
	case 1:
		return d
	default:
		return d + rapid.Int64Range(0, minute).Draw(t, "rest")
	}
}

// checkInstant compares an answer with the walker's, if the walker came so far.
func checkInstant(t *rapid.T, question string, got int64, err error, want int64, found bool) {
	t.Helper()
	if !found {
		return
	}
	if err != nil || got != want {
		t.Fatalf("%s = %v, %v; want %v", question, time.Unix(0, got).UTC(), err, time.Unix(0, want).UTC())
	}
}

func TestCalendarAgreesWithWalker(t *testing.T) {
	clocks := walkedClocks{}
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.IntRange(0, len(nasty)-1).Draw(t, "place")
		k := clocks.at(place)
		p := drawPlan(t, nasty[place].zone, k)
		c, err := sla.NewCalendar(p.spec())
		if err != nil {
			return // never open; TestSpecProblems has that
		}
		w := walk(k, p)
		for range 8 {
			checkQuestions(t, c, w, p)
		}
	})
}

// checkQuestions puts every question about one drawn instant.
func checkQuestions(t *rapid.T, c *sla.Calendar, w *walker, p *plan) {
	at, other := drawInstant(t, w.clock, "at"), drawInstant(t, w.clock, "other")
	if got, want := c.IsOpenNanos(at), w.isOpen(at); got != want {
		t.Fatalf("IsOpen(%v) = %v, want %v", time.Unix(0, at).In(c.Zone()), got, want)
	}
	if got, want := c.BetweenNanos(at, other), w.between(at, other); got != want {
		t.Fatalf("Between(%v, %v) = %v, want %v", time.Unix(0, at).In(c.Zone()), time.Unix(0, other).In(c.Zone()), time.Duration(got), time.Duration(want))
	}
	got, err := c.NextOpenNanos(at)
	want, found := w.nextOpen(at)
	checkInstant(t, "NextOpen", got, err, want, found)
	got, err = c.NextCloseNanos(at)
	want, found = w.nextClose(at)
	checkInstant(t, "NextClose", got, err, want, found)

	d := drawOpen(t, "d")
	got, err = c.AddNanos(at, d)
	want, found = w.add(at, d, p.nextOpening)
	checkInstant(t, "Add", got, err, want, found)

	checkWindows(t, c, w, min(at, other), max(at, other))
	checkDays(t, c, w, at)
}

func checkWindows(t *rapid.T, c *sla.Calendar, w *walker, from, to int64) {
	var got [][2]int64
	for opens, closes := range c.Windows(time.Unix(0, from), time.Unix(0, to)) {
		got = append(got, [2]int64{opens.UnixNano(), closes.UnixNano()})
	}
	if diff := cmp.Diff(w.windows(from, to), got); diff != "" {
		t.Fatalf("Windows (-want +got):\n%s", diff)
	}
}

func checkDays(t *rapid.T, c *sla.Calendar, w *walker, at int64) {
	n := rapid.IntRange(1, 4).Draw(t, "n")
	length, _, err := c.Length(sla.Amount{Days: n}, at)
	checkInstant(t, "days", at+length, err, max(at, w.daysLater(at, n)), true)

	closing := rapid.Bool().Draw(t, "at closing")
	length, _, err = c.Length(sla.Amount{WorkingDays: n, AtClosing: closing}, at)
	want, found := w.workingDaysLater(at, n, closing)
	checkInstant(t, "working days", at+length, err, max(at, want), found)
}

// drawCalendar draws a calendar that closes at closing, for laws about far instants.
func drawCalendar(t *rapid.T, clocks walkedClocks) *sla.Calendar {
	place := rapid.IntRange(0, len(nasty)-1).Draw(t, "place")
	p := drawPlan(t, nasty[place].zone, clocks.at(place))
	p.nextOpening = false
	p.week[2] = append(p.week[2], wall{540, 1020})
	c, err := sla.NewCalendar(p.spec())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAddAndBetweenAreInverse(t *testing.T) {
	clocks := walkedClocks{}
	rapid.Check(t, func(t *rapid.T) {
		c := drawCalendar(t, clocks)
		for range 20 {
			at := rapid.Int64Range(-5e18, 5e18).Draw(t, "at")
			d := rapid.Int64Range(-1e17, 1e17).Draw(t, "d")
			due, err := c.AddNanos(at, d)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.BetweenNanos(at, due); got != d {
				t.Fatalf("Between(t, Add(t, %v)) = %v, t = %v", time.Duration(d), time.Duration(got), time.Unix(0, at).In(c.Zone()))
			}
		}
	})
}

func TestAddIsAdditive(t *testing.T) {
	clocks := walkedClocks{}
	rapid.Check(t, func(t *rapid.T) {
		c := drawCalendar(t, clocks)
		for range 20 {
			at := rapid.Int64Range(-5e18, 5e18).Draw(t, "at")
			a := rapid.Int64Range(0, 1e16).Draw(t, "a")
			b := rapid.Int64Range(0, 1e17).Draw(t, "b")
			if rapid.Bool().Draw(t, "backward") {
				a, b = -a, -b
			}
			half, err1 := c.AddNanos(at, a)
			inSteps, err2 := c.AddNanos(half, b)
			atOnce, err3 := c.AddNanos(at, a+b)
			if err1 != nil || err2 != nil || err3 != nil || inSteps != atOnce {
				t.Fatalf("Add(Add(t, %d), %d) = %d, Add(t, %d) = %d (%v, %v, %v)", a, b, inSteps, a+b, atOnce, err1, err2, err3)
			}
		}
	})
}
