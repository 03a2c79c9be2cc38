package sla

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// amountDaysMax bounds every part of an amount: the horizon of a calendar.
const amountDaysMax = int(horizon / (24 * time.Hour))

// An Amount is a promised length of time as people write it. The zero Amount is no time, `0s`.
//
//	1h30m            open time, in hours, minutes and seconds
//	2bd              business days: twice the length that the calendar declares as its day
//	1bd4h            a business day and four hours
//	3wd              working days: the same local time on the third later date with windows
//	3wd at closing   the closing of that date
//	30d              calendar days: the same local time, 30 dates later
//
// Open time and business days add up. Working days and calendar days stand alone: days are not
// hours. [Calendar.Length] says how long an amount is. Amounts can be compared with ==.
type Amount struct {
	Open         time.Duration // open time, in whole seconds
	BusinessDays int           // counts of the calendar's declared day
	WorkingDays  int           // later dates that have windows
	Days         int           // later dates
	AtClosing    bool          // working days end at the closing of the last one
}

// atClosing ends the text of an amount that is AtClosing.
const atClosing = " at closing"

// ParseAmount reads an amount: whole numbers, each followed by its unit (bd, wd, d, h, m, s), the
// greatest first, no unit twice, no spaces. Every part is at most 36,525 days. Errors wrap
// [ErrAmount].
func ParseAmount(text string) (Amount, error) {
	a, err := parseParts(text)
	if err == nil {
		err = a.Validate()
	}
	if err != nil {
		return Amount{}, fmt.Errorf("sla: parse amount %q: %w", text, err)
	}
	return a, nil
}

// parseParts reads the parts one after the other.
func parseParts(text string) (Amount, error) {
	rest, closing := strings.CutSuffix(text, atClosing)
	a := Amount{AtClosing: closing}
	last := -1
	for first := true; first || rest != ""; first = false {
		count, unit, after, err := cutPart(rest)
		if err != nil {
			return Amount{}, err
		}
		place, err := a.set(unit, count)
		if err != nil {
			return Amount{}, err
		}
		if place <= last {
			return Amount{}, fmt.Errorf(`%w: %q is out of order; write the greatest unit first, each once`, ErrAmount, unit)
		}
		rest, last = after, place
	}
	return a, nil
}

// cutPart takes a number and its unit off the text.
func cutPart(text string) (count int, unit, rest string, err error) {
	const digits = "0123456789"
	number := text[:len(text)-len(strings.TrimLeft(text, digits))]
	rest = text[len(number):]
	unit = rest
	if next := strings.IndexAny(rest, digits); next >= 0 {
		unit = rest[:next]
	}
	if number == "" || unit == "" {
		return 0, "", "", fmt.Errorf(`%w: write whole numbers with their units: "1h30m", "2bd", "3wd", "30d"`, ErrAmount)
	}
	count, err = strconv.Atoi(number)
	if err != nil {
		return 0, "", "", fmt.Errorf("%w: %s is too large a number", ErrAmount, number)
	}
	return count, unit, rest[len(unit):], nil
}

// set gives the part that a unit names. The answer is the unit's place in the order of units.
func (a *Amount) set(unit string, count int) (place int, err error) {
	switch unit {
	case "bd":
		a.BusinessDays = count
		return 0, nil
	case "wd":
		a.WorkingDays = count
		return 1, nil
	case "d":
		a.Days = count
		return 2, nil
	case "h":
		return 3, a.addOpen(count, unit, time.Hour)
	case "m":
		return 4, a.addOpen(count, unit, time.Minute)
	case "s":
		return 5, a.addOpen(count, unit, time.Second)
	default:
		return 0, fmt.Errorf("%w: unknown unit %q; units are bd, wd, d, h, m, s", ErrAmount, unit)
	}
}

// addOpen adds open time, unless it exceeds the bound.
func (a *Amount) addOpen(count int, unit string, length time.Duration) error {
	if count > int(horizon/length) {
		return fmt.Errorf("%w: %d%s is more than %d days", ErrAmount, count, unit, amountDaysMax)
	}
	a.Open += time.Duration(count) * length
	return nil
}

// Validate reports what keeps the fields from being an amount. The error wraps [ErrAmount].
func (a Amount) Validate() error {
	days := []int{a.BusinessDays, a.WorkingDays, a.Days}
	for _, n := range days {
		if n < 0 || n > amountDaysMax {
			return fmt.Errorf("%w: %d days; write 0 to %d", ErrAmount, n, amountDaysMax)
		}
	}
	switch {
	case a.Open < 0 || a.Open > horizon || a.Open%time.Second != 0:
		return fmt.Errorf("%w: open time of %v; write whole seconds, at most %d days", ErrAmount, a.Open, amountDaysMax)
	case a.WorkingDays > 0 && a != Amount{WorkingDays: a.WorkingDays, AtClosing: a.AtClosing}:
		return fmt.Errorf("%w: working days (wd) combine with no other unit", ErrAmount)
	case a.Days > 0 && a != Amount{Days: a.Days}:
		return fmt.Errorf("%w: calendar days (d) combine with no other unit", ErrAmount)
	case a.AtClosing && a.WorkingDays == 0:
		return fmt.Errorf("%w: only working days (wd) end at closing", ErrAmount)
	}
	return nil
}

// IsZero reports whether a is no time at all.
func (a Amount) IsZero() bool { return a == Amount{} }

// String is the shortest text that [ParseAmount] reads as a.
func (a Amount) String() string {
	var b strings.Builder
	part := func(n int, unit string) {
		if n != 0 {
			b.WriteString(strconv.Itoa(n))
			b.WriteString(unit)
		}
	}
	part(a.BusinessDays, "bd")
	part(a.WorkingDays, "wd")
	part(a.Days, "d")
	part(int(a.Open/time.Hour), "h")
	part(int(a.Open%time.Hour/time.Minute), "m")
	part(int(a.Open%time.Minute/time.Second), "s")
	if b.Len() == 0 {
		b.WriteString("0s")
	}
	if a.AtClosing {
		b.WriteString(atClosing)
	}
	return b.String()
}

// MarshalText is the text of a, for JSON and YAML. It fails if a is not valid.
func (a Amount) MarshalText() ([]byte, error) {
	if err := a.Validate(); err != nil {
		return nil, fmt.Errorf("sla: marshal amount: %w", err)
	}
	return []byte(a.String()), nil
}

// UnmarshalText is [ParseAmount].
func (a *Amount) UnmarshalText(text []byte) error {
	parsed, err := ParseAmount(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}
