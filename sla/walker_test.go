package sla_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/yardmaster/yardmaster/sla"
)

// The oracle of this package's tests: it walks minute by minute through what the local clock
// shows, and knows nothing of offsets, transitions, weeks or sums. It shares no code with the
// package. It covers a few days on each side of an instant, in zones whose offsets are whole
// minutes there.

const (
	minute      = int64(time.Minute)
	dayMinutes  = 24 * 60
	walkedDays  = 14 // on each side
	walkedTotal = 2 * walkedDays * dayMinutes
)

// A clock is what the local clock of a zone shows at each minute around an instant.
type clock struct {
	start int64   // Unix minutes of the first
	shown []int64 // local minutes since 1970-01-01T00:00
	first map[int64]int
}

func walkClock(zone string, around time.Time) *clock {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	k := &clock{start: around.Unix()/60 - walkedTotal/2, first: map[int64]int{}}
	for i := range walkedTotal {
		t := time.Unix((k.start+int64(i))*60, 0).In(loc)
		wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
		if wall.Second() != 0 {
			panic("the walker needs offsets of whole minutes")
		}
		local := wall.Unix() / 60
		if wall.Unix() < 0 {
			local = (wall.Unix() - 59) / 60
		}
		k.shown = append(k.shown, local)
		if _, seen := k.first[local]; !seen {
			k.first[local] = i
		}
	}
	return k
}

// find is the first minute that shows a local time, moved forward by the gap if none does.
func (k *clock) find(local int64) int {
	if i, seen := k.first[local]; seen {
		return i
	}
	for i := 1; i < len(k.shown); i++ {
		if k.shown[i-1] < local && local < k.shown[i] {
			gap := k.shown[i] - k.shown[i-1] - 1
			return k.first[local+gap]
		}
	}
	panic(fmt.Sprintf("local minute %d is not near", local))
}

func (k *clock) dates() (first, last int64) {
	const margin = 3
	return k.shown[0]/dayMinutes + margin, k.shown[len(k.shown)-1]/dayMinutes - margin
}

func (k *clock) exists(date int64) bool {
	return slices.ContainsFunc(k.shown, func(local int64) bool {
		return local >= date*dayMinutes && local < (date+1)*dayMinutes
	})
}

// A wall is a range of a date's wall clock in minutes, as written.
type wall struct{ from, to int }

func (w wall) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.from/60, w.from%60, w.to/60, w.to%60)
}

// A plan is a spec as data. Dates are days since 1970-01-01.
type plan struct {
	zone        string
	week        [7][]wall // Monday first
	holidays    []int64
	yearly      []string // as 01-02
	exceptions  map[int64][]wall
	breaks      map[int64][]wall
	nextOpening bool
}

func dateText(date int64) string { return time.Unix(date*86400, 0).UTC().Format(time.DateOnly) }

func texts(walls []wall) []string {
	list := []string{}
	for _, w := range walls {
		list = append(list, w.String())
	}
	return list
}

func (p *plan) spec() sla.CalendarSpec {
	spec := sla.CalendarSpec{
		Zone:       p.zone,
		Hours:      map[string][]string{},
		Exceptions: map[string][]string{},
		Breaks:     map[string][]string{},
		Holidays:   slices.Clone(p.yearly),
	}
	for i, name := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		if p.week[i] != nil {
			spec.Hours[name] = texts(p.week[i])
		}
	}
	for date, walls := range p.exceptions {
		spec.Exceptions[dateText(date)] = texts(walls)
	}
	for date, walls := range p.breaks {
		spec.Breaks[dateText(date)] = texts(walls)
	}
	for _, date := range p.holidays {
		spec.Holidays = append(spec.Holidays, dateText(date))
	}
	if p.nextOpening {
		spec.FullDay = sla.FullDayNextOpening
	}
	return spec
}

func (p *plan) holiday(k *clock, date int64) bool {
	_, exceptional := p.exceptions[date]
	listed := slices.Contains(p.holidays, date) || slices.Contains(p.yearly, dateText(date)[5:])
	return listed && !exceptional && k.exists(date)
}

// A walker knows for each minute whether it is open, and to which dates it belongs. It answers
// from minute low until minute high; before and after, dates are missing.
type walker struct {
	clock     *clock
	open      []bool
	own       map[int64][]bool
	low, high int
}

func walk(k *clock, p *plan) *walker {
	w := &walker{clock: k, open: make([]bool, walkedTotal), own: map[int64][]bool{}}
	first, last := k.dates()
	w.low, w.high = k.find((first+2)*dayMinutes), k.find(last*dayMinutes)
	for date := first; date <= last; date++ {
		w.paint(p, date)
	}
	for date := first; date <= last; date++ {
		for _, r := range p.breaks[date] {
			if k.exists(date) {
				w.erase(date, r)
			}
		}
	}
	return w
}

func (w *walker) edges(date int64, r wall) (from, to int) {
	end := date * dayMinutes
	if r.to < r.from {
		end += dayMinutes
	}
	return w.clock.find(date*dayMinutes + int64(r.from)), w.clock.find(end + int64(r.to))
}

func (w *walker) paint(p *plan, date int64) {
	walls, exceptional := p.exceptions[date]
	if !exceptional {
		walls = p.week[((date+3)%7+7)%7]
	}
	if !w.clock.exists(date) || p.holiday(w.clock, date) {
		return
	}
	for _, r := range walls {
		from, to := w.edges(date, r)
		for later := date + 1; later <= date+3; later++ {
			if p.holiday(w.clock, later) {
				to = min(to, w.clock.find(later*dayMinutes))
			}
		}
		if w.own[date] == nil {
			w.own[date] = make([]bool, walkedTotal)
		}
		for i := from; i < to; i++ {
			w.open[i], w.own[date][i] = true, true
		}
	}
}

func (w *walker) erase(date int64, r wall) {
	from, to := w.edges(date, r)
	for i := from; i < to; i++ {
		w.open[i] = false
		for _, own := range w.own {
			own[i] = false
		}
	}
}

func (w *walker) isOpen(t int64) bool { return w.open[w.at(t)] }

func (w *walker) at(t int64) int {
	i := t/minute - w.clock.start
	if t%minute < 0 {
		i--
	}
	return int(i)
}

func (w *walker) instant(i int) int64 { return (w.clock.start + int64(i)) * minute }

// until is the first minute at or after t that is open, or closed.
func (w *walker) until(t int64, open bool) (int64, bool) {
	for i := w.at(t); i < w.high; i++ {
		if w.open[i] == open {
			return max(t, w.instant(i)), true
		}
	}
	return 0, false
}

func (w *walker) nextOpen(t int64) (int64, bool) { return w.until(t, true) }

func (w *walker) nextClose(t int64) (int64, bool) {
	opens, found := w.until(t, true)
	if !found {
		return 0, false
	}
	return w.until(opens, false)
}

func (w *walker) between(a, b int64) int64 {
	if b < a {
		return -w.between(b, a)
	}
	sum := int64(0)
	for i := w.at(a); i <= w.at(b); i++ {
		if w.open[i] {
			sum += min(b, w.instant(i+1)) - max(a, w.instant(i))
		}
	}
	return sum
}

func (w *walker) add(t, d int64, nextOpening bool) (int64, bool) {
	switch {
	case d == 0:
		return t, true
	case d < 0:
		return w.back(t, -d)
	}
	for i := w.at(t); i < w.high; i++ {
		if !w.open[i] {
			continue
		}
		from := max(t, w.instant(i))
		room := w.instant(i+1) - from
		if d > room {
			d -= room
			continue
		}
		if nextOpening {
			return w.until(from+d, true)
		}
		return from + d, true
	}
	return 0, false
}

func (w *walker) back(t, d int64) (int64, bool) {
	for i := w.at(t); i >= w.low; i-- {
		if !w.open[i] {
			continue
		}
		to := min(t, w.instant(i+1))
		room := to - w.instant(i)
		if d <= room {
			return to - d, true
		}
		d -= room
	}
	return 0, false
}

// windows are the open stretches between two instants.
func (w *walker) windows(a, b int64) [][2]int64 {
	var list [][2]int64
	for t := a; ; {
		opens, found := w.until(t, true)
		if !found || opens >= b {
			return list
		}
		closes, _ := w.until(opens, false)
		list = append(list, [2]int64{opens, min(closes, b)})
		t = closes
	}
}

// sameTime is the instant at which the clock shows t's time on another date.
func (w *walker) sameTime(t int64, date func(today int64) int64) int64 {
	local := w.clock.shown[w.at(t)]
	today := local / dayMinutes
	clock := local % dayMinutes
	if clock < 0 {
		today, clock = today-1, clock+dayMinutes
	}
	return w.instant(w.clock.find(date(today)*dayMinutes+clock)) + t - w.instant(w.at(t))
}

// daysLater is the same local time n dates later.
func (w *walker) daysLater(t int64, n int) int64 {
	return w.sameTime(t, func(today int64) int64 { return today + int64(n) })
}

// workingDaysLater is the same local time on the nth later date with windows, moved into them.
func (w *walker) workingDaysLater(t int64, n int, atClosing bool) (int64, bool) {
	var own []bool
	same := w.sameTime(t, func(date int64) int64 {
		_, last := w.clock.dates()
		for date < last && n > 0 {
			date++
			if slices.Contains(w.own[date], true) {
				n--
				own = w.own[date]
			}
		}
		return date
	})
	if n > 0 {
		return 0, false
	}
	closing := w.instant(len(own) - slices.Index(reversed(own), true))
	if atClosing {
		return closing, true
	}
	for i := w.at(same); i < walkedTotal; i++ {
		if own[i] {
			return max(same, w.instant(i)), true
		}
	}
	return closing, true
}

func reversed(list []bool) []bool {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
