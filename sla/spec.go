package sla

import (
	"maps"
	"slices"
	"time"
)

// Bounds of a spec. They keep the cost of building a calendar bounded too.
const (
	datesMax       = 10_000 // holidays, breaks and exceptions together
	windowsMax     = 48     // windows of one day
	businessDayMax = 24 * time.Hour
)

// The values of CalendarSpec.FullDay.
const (
	FullDayClosing     = "closing"      // a promise that fills the day is due at closing
	FullDayNextOpening = "next_opening" // it is due at the next opening
)

// A CalendarSpec describes a calendar in plain values, so that any JSON or YAML decoder reads
// it. The package comment says what the words mean.
type CalendarSpec struct {
	// Zone is an IANA time zone name; empty is UTC.
	Zone string `json:"zone,omitempty" yaml:"zone,omitempty"`

	// Hours are the regular windows by day of the week. Keys are days (`mon`, `Monday`), ranges
	// (`mon-fri`, `sat-mon`) and lists of both (`mon,wed`). Windows are `09:00-17:00`; `24:00` is
	// the end of a day; `22:00-06:00` runs into the next. Days not named are closed.
	Hours map[string][]string `json:"hours,omitempty" yaml:"hours,omitempty"`

	// Holidays are dates, `2025-12-25`, or dates of every year, `12-25`.
	Holidays []string `json:"holidays,omitempty" yaml:"holidays,omitempty"`

	// Breaks are windows by date that are cut out of whatever is open then.
	Breaks map[string][]string `json:"breaks,omitempty" yaml:"breaks,omitempty"`

	// Exceptions are the windows of single dates, in place of the regular ones; none closes the
	// date.
	Exceptions map[string][]string `json:"exceptions,omitempty" yaml:"exceptions,omitempty"`

	// Day is the length of a business day, the unit `bd` of an [Amount], as `8h` or `7h30m`.
	Day string `json:"day,omitempty" yaml:"day,omitempty"`

	// Always makes the calendar open around the clock. It then takes no hours, holidays,
	// breaks or exceptions.
	Always bool `json:"always,omitempty" yaml:"always,omitempty"`

	// FullDay says when a promise is due whose last open instant is a closing: `closing` (the
	// default) or `next_opening`.
	FullDay string `json:"full_day,omitempty" yaml:"full_day,omitempty"`
}

// clone is a copy that shares nothing with s.
func (s CalendarSpec) clone() CalendarSpec {
	s.Hours = cloneLists(s.Hours)
	s.Holidays = slices.Clone(s.Holidays)
	s.Breaks = cloneLists(s.Breaks)
	s.Exceptions = cloneLists(s.Exceptions)
	return s
}

func cloneLists(m map[string][]string) map[string][]string {
	m = maps.Clone(m)
	for key, list := range m { // order: a map to a map
		m[key] = slices.Clone(list)
	}
	return m
}
