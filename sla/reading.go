package sla

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A reading is a spec in the course of being understood: what was read so far, and the
// problems found.
type reading struct {
	spec   CalendarSpec
	agenda agenda
	day    time.Duration
	faults SpecError
}

// readSpec understands a spec, or reports all its problems.
func readSpec(spec CalendarSpec) (*reading, error) {
	r := &reading{spec: spec.clone()}
	r.readZone()
	if spec.Always {
		r.readAlways()
	} else {
		r.readHours()
		r.readDates()
	}
	r.readDay()
	r.readFullDay()
	return r, r.faults.orNil()
}

func (r *reading) readZone() {
	loc, hint, err := loadZone(r.spec.Zone)
	if err != nil {
		r.faults.add("zone", hint, "%v", err)
		return
	}
	r.agenda.zone = loc
	r.agenda.offsets = readOffsets(loc)
}

// readAlways opens every day, and refuses what would close it again.
func (r *reading) readAlways() {
	given := []struct {
		path  string
		count int
	}{
		{"hours", len(r.spec.Hours)},
		{"holidays", len(r.spec.Holidays)},
		{"breaks", len(r.spec.Breaks)},
		{"exceptions", len(r.spec.Exceptions)},
	}
	for _, g := range given {
		if g.count > 0 {
			r.faults.add(g.path, "remove it, or remove `always`", "a calendar that is always open takes no %s", g.path)
		}
	}
	for i := range r.agenda.week {
		r.agenda.week[i] = []wallRange{wholeDay}
	}
}

func (r *reading) readHours() {
	var namedBy [7]string
	for _, key := range slices.Sorted(maps.Keys(r.spec.Hours)) {
		path := "hours." + key
		days, hint, err := parseWeekdays(key)
		if err != nil {
			r.faults.add(path, hint, "%v", err)
		}
		ranges := r.readRanges(path, r.spec.Hours[key])
		for _, day := range days {
			if namedBy[day] != "" {
				r.faults.add(path, "name each day once", "%s is already named by %q", weekdayName(day), namedBy[day])
				continue
			}
			namedBy[day] = key
			r.agenda.week[day] = ranges
		}
	}
}

// readRanges reads the windows at a path.
func (r *reading) readRanges(path string, texts []string) []wallRange {
	if len(texts) > windowsMax {
		r.faults.add(path, "", "%d windows, more than %d a day", len(texts), windowsMax)
		return nil
	}
	ranges := make([]wallRange, 0, len(texts))
	for i, text := range texts {
		wall, hint, err := parseRange(text)
		if err != nil {
			r.faults.add(fmt.Sprintf("%s[%d]", path, i), hint, "%v", err)
			continue
		}
		ranges = append(ranges, wall)
	}
	return ranges
}

func (r *reading) readDates() {
	count := len(r.spec.Holidays) + len(r.spec.Breaks) + len(r.spec.Exceptions)
	if count > datesMax {
		r.faults.add("", "", "%d holidays, breaks and exceptions, more than %d", count, datesMax)
		return
	}
	r.readHolidays()
	r.agenda.breaks = r.readDated("breaks", r.spec.Breaks)
	r.agenda.exceptions = r.readDated("exceptions", r.spec.Exceptions)
	r.agenda.sortDates()
}

func (r *reading) readHolidays() {
	r.agenda.holidays = make(map[int32]bool, len(r.spec.Holidays))
	for i, text := range r.spec.Holidays {
		hint, err := r.readHoliday(text)
		if err != nil {
			r.faults.add(fmt.Sprintf("holidays[%d]", i), hint, "%v", err)
		}
	}
}

func (r *reading) readHoliday(text string) (hint string, err error) {
	if strings.Count(text, "-") == 1 {
		yearly, hint, err := parseYearly(text)
		if err == nil {
			r.agenda.yearly[yearly.month] |= 1 << yearly.day
		}
		return hint, err
	}
	date, hint, err := parseDate(text)
	if err == nil {
		r.agenda.holidays[date] = true
	}
	return hint, err
}

// readDated reads windows by date.
func (r *reading) readDated(field string, lists map[string][]string) map[int32][]wallRange {
	dated := make(map[int32][]wallRange, len(lists))
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		path := field + "." + key
		date, hint, err := parseDate(key)
		if err != nil {
			r.faults.add(path, hint, "%v", err)
		}
		ranges := r.readRanges(path, lists[key])
		if err == nil {
			dated[date] = ranges
		}
	}
	return dated
}

func (r *reading) readDay() {
	if r.spec.Day == "" {
		return
	}
	day, err := time.ParseDuration(r.spec.Day)
	if err != nil || day <= 0 || day > businessDayMax {
		r.faults.add("day", `write it as "8h" or "7h30m"`, "%q is not the length of a business day, more than 0 and at most %v", r.spec.Day, businessDayMax)
		return
	}
	r.day = day
}

func (r *reading) readFullDay() {
	switch r.spec.FullDay {
	case "", FullDayClosing, FullDayNextOpening:
	default:
		r.faults.add("full_day", `write "closing" or "next_opening"`, "unknown value %q", r.spec.FullDay)
	}
}
