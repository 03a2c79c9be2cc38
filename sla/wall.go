package sla

import (
	"fmt"
	"strings"
	"time"
)

const (
	dayMinutes = 24 * 60

	// firstYear and lastYear are the whole years in which every instant of every zone can be
	// answered.
	firstYear, lastYear = 1678, 2261
)

// A wallRange is a stretch of a date's wall clock, in minutes after its midnight: from is
// less than a day; to is after it, and beyond a day if the range runs into the next date.
type wallRange struct{ from, to int32 }

// wholeDay is 00:00-24:00.
var wholeDay = wallRange{0, dayMinutes}

// parseRange reads `09:00-17:00`. The hint says what to write instead.
func parseRange(text string) (r wallRange, hint string, err error) {
	const form = `write it as "09:00-17:00"`
	left, right, found := strings.Cut(text, "-")
	if !found {
		return r, form, fmt.Errorf("%q is not a range of wall-clock times", text)
	}
	from, okFrom := parseClock(strings.TrimSpace(left))
	to, okTo := parseClock(strings.TrimSpace(right))
	switch {
	case !okFrom || !okTo:
		return r, form, fmt.Errorf("%q is not a range of wall-clock times from 00:00 to 24:00", text)
	case from == to:
		return r, `a whole day is "00:00-24:00"`, fmt.Errorf("%q starts and ends at the same time", text)
	case from == dayMinutes:
		return r, `the first time of a day is "00:00"`, fmt.Errorf("%q starts at the end of the day", text)
	case to < from:
		to += dayMinutes
	}
	return wallRange{from, to}, "", nil
}

// parseClock reads `9:00`, `09:00` or `24:00` as minutes.
func parseClock(text string) (int32, bool) {
	hours, minutes, found := strings.Cut(text, ":")
	h, okHours := parseDigits(hours, 1, 2)
	m, okMinutes := parseDigits(minutes, 2, 2)
	total := int32(h*60 + m)
	return total, found && okHours && okMinutes && m < 60 && total <= dayMinutes
}

// parseDigits reads a number of least to most decimal digits, and nothing else.
func parseDigits(text string, least, most int) (int, bool) {
	if len(text) < least || len(text) > most {
		return 0, false
	}
	n := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// weekdayNames start on Monday, as the weeks of this package do.
var weekdayNames = [7]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// weekdayName is the short name, `mon` for 0.
func weekdayName(day int) string { return weekdayNames[day][:3] }

// parseWeekdays reads `mon`, `Monday`, `mon-fri`, `sat-mon`, `mon,wed` or a mixture.
func parseWeekdays(text string) (days []int, hint string, err error) {
	for item := range strings.SplitSeq(text, ",") {
		some, hint, err := parseWeekdayItem(strings.ToLower(strings.TrimSpace(item)))
		if err != nil {
			return nil, hint, err
		}
		days = append(days, some...)
	}
	return days, "", nil
}

// parseWeekdayItem reads one day or one range of days, in lower case.
func parseWeekdayItem(text string) (days []int, hint string, err error) {
	const form = `days are mon, tue, wed, thu, fri, sat, sun; "mon-fri" and "mon,wed" are several`
	left, right, isRange := strings.Cut(text, "-")
	from, ok := parseWeekday(strings.TrimSpace(left))
	if !ok {
		return nil, form, fmt.Errorf("%q is not a day of the week", left)
	}
	if !isRange {
		return []int{from}, "", nil
	}
	to, ok := parseWeekday(strings.TrimSpace(right))
	if !ok {
		return nil, form, fmt.Errorf("%q is not a day of the week", right)
	}
	if from == to {
		return nil, `the whole week is "mon-sun"`, fmt.Errorf("%q starts and ends on the same day", text)
	}
	for day := from; ; day = (day + 1) % 7 {
		days = append(days, day)
		if day == to {
			return days, "", nil
		}
	}
}

// parseWeekday reads a short or full name in lower case.
func parseWeekday(text string) (int, bool) {
	for i, name := range weekdayNames {
		if text == name || text == name[:3] {
			return i, true
		}
	}
	return 0, false
}

// weekdayOf is the day of the week of a date, 0 for Monday. 1970-01-01 was a Thursday.
func weekdayOf(date int32) int {
	return int(floorMod(int64(date)+3, 7))
}

// A yearlyDate is a date of every year that has it.
type yearlyDate struct{ month, day int }

// in is the date in one year, if that year has it (29 February).
func (y yearlyDate) in(year int) (int32, bool) {
	t := time.Date(year, time.Month(y.month), y.day, 0, 0, 0, 0, time.UTC)
	return dateOf(t.Unix()), t.Day() == y.day
}

// parseDate reads `2025-12-25`.
func parseDate(text string) (date int32, hint string, err error) {
	const form = `write it as "2025-12-25"`
	parts := strings.Split(text, "-")
	if len(parts) != 3 {
		return 0, form, fmt.Errorf("%q is not a date", text)
	}
	year, okYear := parseDigits(parts[0], 4, 4)
	month, okMonth := parseDigits(parts[1], 2, 2)
	day, okDay := parseDigits(parts[2], 2, 2)
	if !okYear || !okMonth || !okDay {
		return 0, form, fmt.Errorf("%q is not a date", text)
	}
	if year < firstYear || year > lastYear {
		return 0, "", fmt.Errorf("%q is outside the years %d to %d", text, firstYear, lastYear)
	}
	date, ok := yearlyDate{month, day}.in(year)
	if !ok || month < 1 || month > 12 || day < 1 {
		return 0, "", fmt.Errorf("%q is not a date of the calendar", text)
	}
	return date, "", nil
}

// parseYearly reads `12-25`. 02-29 is a date of leap years.
func parseYearly(text string) (y yearlyDate, hint string, err error) {
	const leapYear = 2000
	left, right, _ := strings.Cut(text, "-")
	month, okMonth := parseDigits(left, 2, 2)
	day, okDay := parseDigits(right, 2, 2)
	if !okMonth || !okDay {
		return y, `write it as "2025-12-25", or "12-25" for every year`, fmt.Errorf("%q is not a date", text)
	}
	y = yearlyDate{month, day}
	if _, ok := y.in(leapYear); !ok || month < 1 || month > 12 || day < 1 {
		return y, "", fmt.Errorf("%q is not a date of any year", text)
	}
	return y, "", nil
}

// formatDate is a date as `2025-12-25`.
func formatDate(date int32) string {
	return time.Unix(int64(date)*daySeconds, 0).UTC().Format(time.DateOnly)
}
