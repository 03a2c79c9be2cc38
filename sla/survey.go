package sla

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"time"
)

// nearDays is how far, in dates, what is said of one date may reach into a neighbouring year: a
// tail, a jump of the clock by a day, and a margin.
const nearDays = 4

// A survey draws a timeline from an agenda, year by year. A year in which nothing is dated and
// which equals an earlier one in weekday, length and clock changes shares its shape.
type survey struct {
	agenda *agenda
	line   *timeline
	yearly []yearlyDate
	known  map[string]*shape

	key     []byte   // scratch
	regions []window // scratch
	windows []window // scratch
	pieces  []piece  // scratch
}

// newTimeline draws the timeline of an agenda.
func newTimeline(a *agenda) *timeline {
	line := &timeline{open: newCycle(&a.week)}
	line.shut = line.open.complement()
	line.years = make([]year, 0, lineYearLast-lineYear+1)
	s := survey{agenda: a, line: line, yearly: a.yearlyDates(), known: map[string]*shape{}}
	for number := lineYear; number <= lineYearLast; number++ {
		s.addYear(newPlot(&a.offsets, number))
	}
	return line
}

// yearlyDates lists the holidays of every year.
func (a *agenda) yearlyDates() []yearlyDate {
	var dates []yearlyDate
	for month, days := range a.yearly {
		for ; days != 0; days &= days - 1 {
			dates = append(dates, yearlyDate{month, bits.TrailingZeros32(days)})
		}
	}
	return dates
}

// A plot is the ground that one year covers.
type plot struct {
	number     int
	date, next int32 // 1 January of the year and of the next
	from, to   int64 // Unix seconds, before the line cuts them
	ahead      int64 // the offset by which from was told
}

func newPlot(o *offsets, number int) plot {
	p := plot{number: number, date: newYear(number), next: newYear(number + 1)}
	p.from, p.ahead = startOf(o, p.date)
	p.to, _ = startOf(o, p.next)
	return p
}

// newYear is the date of 1 January.
func newYear(number int) int32 {
	date, _ := yearlyDate{1, 1}.in(number)
	return date
}

// startOf is midnight of a date by the offset in force at that time in UTC.
func startOf(o *offsets, date int32) (second, ahead int64) {
	utc := int64(date) * daySeconds
	ahead = o.at(utc)
	return utc - ahead, ahead
}

// start and end are the plot's bounds in nanoseconds, cut to the line.
func (p *plot) start() int64 { return nanosOf(p.from) }
func (p *plot) end() int64   { return nanosOf(p.to) }

// nanosOf turns seconds into nanoseconds, cut to the line.
func nanosOf(second int64) int64 {
	const first, last = lineStart / int64(time.Second), lineEnd / int64(time.Second)
	switch {
	case second < first:
		return lineStart
	case second > last:
		return lineEnd
	default:
		return second * int64(time.Second)
	}
}

// addYear appends a year to the line.
func (s *survey) addYear(p plot) {
	l := s.line
	sh := s.shapeOf(&p)
	l.years = append(l.years, year{start: p.start(), open: l.total, shape: sh, date: p.date, days: l.days})
	l.total += uint64(sh.open)
	l.days += sh.daysBefore(p.next - p.date)
}

// shapeOf is the shape of a plot: a known one if it is the same.
func (s *survey) shapeOf(p *plot) *shape {
	whole := p.number > lineYear && p.number < lineYearLast
	if !whole || len(s.datedNear(p)) > 0 {
		return s.draw(p)
	}
	key := s.keyOf(p)
	sh, found := s.known[string(key)]
	if !found {
		sh = s.draw(p)
		s.known[string(key)] = sh
	}
	return sh
}

// datedNear are the dates of the agenda that may reach into a plot.
func (s *survey) datedNear(p *plot) []int32 {
	from, _ := slices.BinarySearch(s.agenda.dated, p.date-nearDays)
	to, _ := slices.BinarySearch(s.agenda.dated, p.next+nearDays)
	return s.agenda.dated[from:to]
}

// keyOf tells apart the plots without dated days that have different shapes: the weekday on
// which the year starts, its length, and the clock changes in and around it as seen from its start.
func (s *survey) keyOf(p *plot) []byte {
	o := &s.agenda.offsets
	first, last := s.transitionsNear(p)
	s.key = append(s.key[:0], byte(weekdayOf(p.date)), byte(p.next-p.date-365))
	s.key = binary.AppendVarint(s.key, int64(o.ahead[first-1])-p.ahead)
	for i := first; i < last; i++ {
		s.key = binary.AppendVarint(s.key, o.since[i]-p.from)
		s.key = binary.AppendVarint(s.key, int64(o.ahead[i])-p.ahead)
	}
	return s.key
}

// transitionsNear are the spans of the zone's history that begin in a plot or near it, as a
// half-open range of indexes. The first is at least 1.
func (s *survey) transitionsNear(p *plot) (first, last int) {
	o := &s.agenda.offsets
	return o.index(p.from-nearDays*daySeconds) + 1, o.index(p.to+nearDays*daySeconds) + 1
}

// draw makes the shape of a plot: the regular week, but for the regions in which it may not
// hold; these are drawn window by window.
func (s *survey) draw(p *plot) *shape {
	s.findRegions(p)
	art := sketch{week: &s.line.open, pieces: s.pieces[:0]}
	start, end := p.start(), p.end()
	cursor := start
	for _, r := range s.regions {
		from, to := clamp(nanosOf(r.opens), cursor, end), clamp(nanosOf(r.closes), cursor, end)
		s.drawWeek(&art, cursor, from)
		s.drawRegion(&art, from, to)
		cursor = to
	}
	s.drawWeek(&art, cursor, end)
	s.pieces = art.pieces
	sh := art.finish(start, end)
	s.markDays(p, sh)
	return sh
}

func clamp(v, low, high int64) int64 { return min(max(v, low), high) }

// drawWeek draws the regular week from one instant to another, between which the zone's offset
// does not change.
func (s *survey) drawWeek(art *sketch, from, to int64) {
	if from >= to {
		return
	}
	second := floorDiv(from, int64(time.Second))
	local := second + s.agenda.offsets.at(second) + 3*daySeconds // 1970-01-01 was a Thursday
	position := floorMod(local, weekSeconds)*int64(time.Second) + from - second*int64(time.Second)
	art.drawWeek(from, to, position)
}

// drawRegion draws the windows between two instants, a few days at a time, since a region may be
// as long as a year.
func (s *survey) drawRegion(art *sketch, from, to int64) {
	const stride = int64(48 * time.Hour)
	for from < to {
		end := from + min(stride, to-from)
		s.drawDays(art, from, end)
		from = end
	}
}

// drawDays draws the windows between two instants, and what is closed between them.
func (s *survey) drawDays(art *sketch, from, to int64) {
	const second = int64(time.Second)
	s.windows = s.agenda.within(s.windows[:0], floorDiv(from, second), -floorDiv(-to, second))
	for _, w := range s.windows {
		opens, closes := clamp(nanosOf(w.opens), from, to), clamp(nanosOf(w.closes), from, to)
		art.draw(from, opens, false)
		art.draw(opens, closes, true)
		from = closes
	}
	art.draw(from, to, false)
}

// findRegions lists where the regular week may not hold in and around a plot: the days with
// something dated, the yearly holidays, and the clock changes. In order, apart.
func (s *survey) findRegions(p *plot) {
	s.regions = s.regions[:0]
	for _, date := range s.datedNear(p) {
		s.addDate(date)
	}
	for number := p.number - 1; number <= p.number+1; number++ {
		for _, yearly := range s.yearly {
			date, exists := yearly.in(number)
			if exists && date >= p.date-nearDays && date < p.next+nearDays {
				s.addDate(date)
			}
		}
	}
	first, last := s.transitionsNear(p)
	for i := first; i < last; i++ {
		s.addTransition(i)
	}
	s.regions = merge(s.regions)
}

// addDate adds the stretch that a date's windows may cover: those that it has and those that it
// would have had.
func (s *survey) addDate(date int32) {
	a := s.agenda
	r := window{a.offsets.midnight(date), a.offsets.midnight(date + 1)}
	for _, ranges := range [][]wallRange{a.week[weekdayOf(date)], a.exceptions[date], a.breaks[date]} {
		for _, wall := range ranges {
			r.closes = max(r.closes, a.resolve(date, wall).closes)
		}
	}
	s.regions = append(s.regions, r)
}

// addTransition adds the stretch in which a clock change moves the edges of windows: as long
// after it as the clock jumped. An edge before the change is read with the old offset, and one
// after the stretch with the new. Where other changes came so shortly before that the same window
// may reach them, the jumps add up.
func (s *survey) addTransition(i int) {
	const near = nearDays * daySeconds
	o := &s.agenda.offsets
	r := window{o.since[i], o.since[i]}
	for j := i; j > 0 && o.since[i]-o.since[j] < near; j-- {
		jump := int64(o.ahead[j]) - int64(o.ahead[j-1])
		r.closes += max(jump, -jump)
	}
	s.regions = append(s.regions, r)
}

// markDays notes which days of the year have windows: those of the regular week, but near a
// region what the agenda says.
func (s *survey) markDays(p *plot, sh *shape) {
	for date := p.date; date < p.next; date++ {
		if len(s.agenda.week[weekdayOf(date)]) > 0 {
			sh.markDay(date-p.date, true)
		}
	}
	for _, r := range s.regions {
		first, last := s.agenda.offsets.dates(r.opens, r.closes)
		for date := max(first-1, p.date); date <= min(last, p.next-1); date++ {
			s.windows = s.agenda.on(s.windows[:0], date)
			sh.markDay(date-p.date, len(s.windows) > 0)
		}
	}
}
