package sla

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// An agenda is what a spec says of each date, and the rules that make windows of it: the slow
// and plain truth that a timeline is built from. Instants in it are Unix seconds, because every
// edge of a window lies on a second.
type agenda struct {
	zone       *time.Location
	offsets    offsets
	week       [7][]wallRange // Monday first
	holidays   map[int32]bool
	yearly     [13]uint32 // the holidays of every year: bit d of month m
	breaks     map[int32][]wallRange
	exceptions map[int32][]wallRange
	dated      []int32 // the keys of the three maps, ascending, each once
}

// A window is a stretch of time that is open: opening included, closing not.
type window struct{ opens, closes int64 }

// sortDates fills dated.
func (a *agenda) sortDates() {
	a.dated = slices.AppendSeq(a.dated, maps.Keys(a.holidays))   // order: sorted below
	a.dated = slices.AppendSeq(a.dated, maps.Keys(a.breaks))     // order: sorted below
	a.dated = slices.AppendSeq(a.dated, maps.Keys(a.exceptions)) // order: sorted below
	slices.Sort(a.dated)
	a.dated = slices.Compact(a.dated)
}

// on appends the windows that belong to a date, in order and without overlap.
func (a *agenda) on(dst []window, date int32) []window {
	own := a.owned(dst, date)
	if len(own) == len(dst) {
		return own
	}
	merged := merge(own[len(dst):])
	return a.cutBreaks(own[:len(dst)+len(merged)], len(dst))
}

// within appends the windows between two instants, in order, without overlap, cut to them.
func (a *agenda) within(dst []window, from, to int64) []window {
	first, last := a.offsets.dates(from, to)
	all := dst
	for date := first - a.reach(); date <= last; date++ {
		all = a.owned(all, date)
	}
	merged := merge(all[len(dst):])
	all = a.cutBreaks(all[:len(dst)+len(merged)], len(dst))
	return clip(all, len(dst), from, to)
}

// owned appends the windows that belong to a date, without its breaks: resolved, and cut where
// a holiday begins. They may overlap.
func (a *agenda) owned(dst []window, date int32) []window {
	if !a.offsets.exists(date) {
		return dst
	}
	ranges, exceptional := a.exceptions[date]
	if !exceptional {
		if a.holiday(date) {
			return dst
		}
		ranges = a.week[weekdayOf(date)]
	}
	for _, r := range ranges {
		w := a.resolve(date, r)
		w.closes = a.cutHolidays(date, w.closes)
		if w.closes > w.opens {
			dst = append(dst, w)
		}
	}
	return dst
}

// reach is how many dates before its own a range may have started: it may run into the next
// date, and a date that the zone skipped may lie between.
func (a *agenda) reach() int32 {
	if len(a.offsets.skipped) > 0 {
		return 2
	}
	return 1
}

// resolve turns the edges of a date's wall range into instants.
func (a *agenda) resolve(date int32, r wallRange) window {
	local := int64(date) * daySeconds
	return window{
		opens:  a.offsets.instant(local + int64(r.from)*60),
		closes: a.offsets.instant(local + int64(r.to)*60),
	}
}

// holiday reports whether a date is kept as a holiday: an exception overrides it, and a date that
// the zone skipped is none.
func (a *agenda) holiday(date int32) bool {
	if !a.holidays[date] && !a.yearlyHoliday(date) {
		return false
	}
	_, exceptional := a.exceptions[date]
	return !exceptional && a.offsets.exists(date)
}

func (a *agenda) yearlyHoliday(date int32) bool {
	if a.yearly == [13]uint32{} {
		return false
	}
	_, month, day := time.Unix(int64(date)*daySeconds, 0).UTC().Date()
	return a.yearly[month]&(1<<day) != 0
}

// cutHolidays is the closing of a window of date, or the midnight of the first holiday after
// date that comes before it.
func (a *agenda) cutHolidays(date int32, closes int64) int64 {
	for next := date + 1; ; next++ {
		midnight := a.offsets.midnight(next)
		if midnight >= closes {
			return closes
		}
		if a.holiday(next) {
			return midnight
		}
	}
}

// cutBreaks takes the breaks out of windows[start:], which are in order and apart.
func (a *agenda) cutBreaks(windows []window, start int) []window {
	if len(a.breaks) == 0 || len(windows) == start {
		return windows
	}
	var breaks []window
	first, last := a.offsets.dates(windows[start].opens, windows[len(windows)-1].closes)
	for date := first - a.reach(); date <= last; date++ {
		if ranges, found := a.breaks[date]; found && a.offsets.exists(date) {
			breaks = a.resolveAll(breaks, date, ranges)
		}
	}
	return cut(windows, start, merge(breaks))
}

// resolveAll appends the ranges of a date that are not empty as instants.
func (a *agenda) resolveAll(dst []window, date int32, ranges []wallRange) []window {
	for _, r := range ranges {
		if w := a.resolve(date, r); w.opens < w.closes {
			dst = append(dst, w)
		}
	}
	return dst
}

// merge unites windows that touch or overlap, in place, and puts them in order.
func merge(windows []window) []window {
	slices.SortFunc(windows, func(a, b window) int { return cmp.Compare(a.opens, b.opens) })
	kept := windows[:0]
	for _, w := range windows {
		last := len(kept) - 1
		if last >= 0 && w.opens <= kept[last].closes {
			kept[last].closes = max(kept[last].closes, w.closes)
			continue
		}
		kept = append(kept, w)
	}
	return kept
}

// cut takes breaks out of windows[start:]; both are in order and apart.
func cut(windows []window, start int, breaks []window) []window {
	if len(breaks) == 0 {
		return windows
	}
	whole := slices.Clone(windows[start:])
	windows = windows[:start]
	for _, w := range whole {
		for len(breaks) > 0 && breaks[0].closes <= w.opens {
			breaks = breaks[1:]
		}
		for _, b := range breaks {
			if b.opens >= w.closes {
				break
			}
			if w.opens < b.opens {
				windows = append(windows, window{w.opens, b.opens})
			}
			w.opens = b.closes
		}
		if w.opens < w.closes {
			windows = append(windows, w)
		}
	}
	return windows
}

// clip removes what lies outside two instants from windows[start:].
func clip(windows []window, start int, from, to int64) []window {
	kept := windows[:start]
	for _, w := range windows[start:] {
		w.opens, w.closes = max(w.opens, from), min(w.closes, to)
		if w.opens < w.closes {
			kept = append(kept, w)
		}
	}
	return kept
}
