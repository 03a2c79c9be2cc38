package sla_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/sla"
)

func mustAmount(tb testing.TB, text string) sla.Amount {
	tb.Helper()
	a, err := sla.ParseAmount(text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestLengthOfOpenTime(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Hours: office, Day: "7h30m"})
	cases := []struct {
		amount string
		want   time.Duration
	}{
		{"0s", 0},
		{"1h30m", 90 * time.Minute},
		{"2bd", 15 * time.Hour},
		{"1bd4h", 11*time.Hour + 30*time.Minute},
		{"36525bd", 36_525 * 450 * time.Minute},
	}
	for _, tc := range cases {
		length, wall, err := c.Length(mustAmount(t, tc.amount), 0)
		if err != nil || wall || time.Duration(length) != tc.want {
			t.Errorf("Length(%s) = %v, %v, %v; want %v of open time", tc.amount, time.Duration(length), wall, err, tc.want)
		}
	}
}

func TestLengthOfDays(t *testing.T) {
	rome := sla.CalendarSpec{
		Zone:       "Europe/Rome",
		Hours:      hours{"mon-fri": {"09:00-13:00", "14:00-18:00"}},
		Holidays:   []string{"2025-06-02"},
		Exceptions: dates{"2025-06-07": {"10:00-12:00"}},
		Breaks:     dates{"2025-06-11": {"00:00-24:00"}, "2025-06-12": {"17:00-18:00"}},
	}
	night := sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"mon,wed": {"22:00-06:00"}}}
	apia := sla.CalendarSpec{Zone: "Pacific/Apia", Hours: hours{"mon-sun": {"09:00-17:00"}}}
	longBreak := sla.CalendarSpec{Zone: "Pacific/Apia", Hours: hours{"mon-sun": {"09:00-11:00"}}, Breaks: dates{"2011-12-29": {"20:00-12:00"}}}
	cases := []struct {
		rule, amount string
		spec         sla.CalendarSpec
		start, want  string
	}{
		{"calendar days keep the local time", "30d", rome, "2025-06-06 10:15", "07-06 10:15:00+0200"},
		{"calendar days are not hours", "1d", rome, "2025-03-29 12:00", "03-30 12:00:00+0200"},
		{"calendar days over the autumn change", "2d", rome, "2025-10-25 12:00", "10-27 12:00:00+0100"},
		{"calendar days into a spring gap", "1d", rome, "2025-03-29 02:30", "03-30 03:30:00+0200"},
		{"calendar days into a repeated hour", "1d", rome, "2025-10-25 02:30", "10-26 02:30:00+0200"},
		{"calendar days keep the fraction of a second", "1d", rome, "2025-06-06 10:15:00.123456789", "06-07 10:15:00.123456789+0200"},
		{"calendar days count a skipped date", "1d", apia, "2011-12-29 10:00", "12-31 10:00:00+1400"},
		{"working days keep the local time", "1wd", rome, "2025-06-05 10:15", "06-06 10:15:00+0200"},
		{"working days pass weekends, count exceptions", "2wd", rome, "2025-06-05 10:15", "06-07 10:15:00+0200"},
		{"working days pass holidays", "1wd", rome, "2025-05-30 10:15", "06-03 10:15:00+0200"},
		{"working days pass a date whose windows a break takes", "2wd", rome, "2025-06-09 10:15", "06-12 10:15:00+0200"},
		{"working days from a closed date", "1wd", rome, "2025-06-08 10:15", "06-09 10:15:00+0200"},
		{"before the windows: the opening", "1wd", rome, "2025-06-05 07:15", "06-06 09:00:00+0200"},
		{"between the windows: the next opening", "1wd", rome, "2025-06-05 13:15", "06-06 14:00:00+0200"},
		{"after the windows: the closing", "2wd", rome, "2025-06-05 13:15", "06-07 12:00:00+0200"},
		{"after the windows that a break left: the closing", "2wd", rome, "2025-06-09 17:30", "06-12 17:00:00+0200"},
		{"at closing", "2wd at closing", rome, "2025-06-05 10:15", "06-07 12:00:00+0200"},
		{"windows belong to the date on which they start", "1wd", night, "2025-06-10 02:00", "06-11 22:00:00+0200"},
		{"a closing may lie on the next date", "1wd at closing", night, "2025-06-10 02:00", "06-12 06:00:00+0200"},
		{"a skipped date is no working day", "2wd", apia, "2011-12-29 10:00", "01-01 10:00:00+1400"},
		{"a break that began two dates before, over a skipped one", "1wd", longBreak, "2011-12-29 10:00", "01-01 10:00:00+1400"},
		{"working days over a century", "20000wd", apia, "2012-01-01 10:00", "10-04 10:00:00+1300"},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			c := mustCalendar(t, tc.spec)
			start := local(t, tc.spec.Zone, tc.start)
			length, wall, err := c.Length(mustAmount(t, tc.amount), start.UnixNano())
			if err != nil || !wall {
				t.Fatalf("Length = %v, %v, %v; want wall time", length, wall, err)
			}
			if diff := cmp.Diff(tc.want, show(start.Add(time.Duration(length)))); diff != "" {
				t.Errorf("%s from %s (-want +got):\n%s", tc.amount, tc.start, diff)
			}
		})
	}
}

func TestLengthFails(t *testing.T) {
	once := mustCalendar(t, sla.CalendarSpec{Exceptions: dates{"2025-06-10": {"09:00-17:00"}, "2200-06-10": {"09:00-17:00"}}})
	today := local(t, "UTC", "2025-06-09 10:00").UnixNano()
	cases := []struct {
		rule   string
		amount sla.Amount
		start  int64
		want   error
	}{
		{"no business day declared", sla.Amount{BusinessDays: 1}, today, sla.ErrNoBusinessDay},
		{"not an amount", sla.Amount{Days: 1, WorkingDays: 1}, today, sla.ErrAmount},
		{"a working day beyond the horizon", sla.Amount{WorkingDays: 2}, today, sla.ErrHorizon},
		{"a working day that never comes", sla.Amount{WorkingDays: 3}, today, sla.ErrHorizon},
		{"days beyond the range", sla.Amount{Days: 1}, math.MaxInt64, sla.ErrRange},
		{"working days beyond the range", sla.Amount{WorkingDays: 1}, math.MaxInt64, sla.ErrRange},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			if length, _, err := once.Length(tc.amount, tc.start); !errors.Is(err, tc.want) {
				t.Errorf("Length = %d, %v; want %v", length, err, tc.want)
			}
		})
	}
}

// In Juneau the clock was set back by a day in the afternoon of 19 October 1867: its early hours
// came twice, and the first time counts, so that from the second 18 October they are over.
func TestLengthIsNeverNegative(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Zone: "America/Juneau", Hours: hours{"mon-sun": {"00:00-00:30"}}})
	second18 := time.Date(1867, 10, 19, 5, 0, 0, 0, time.UTC)
	if got := show(second18.In(c.Zone())); got != "10-18 20:02:19-0857" {
		t.Fatalf("the second 18 October is %s", got)
	}
	for _, amount := range []string{"1wd", "1wd at closing"} {
		if length, _, err := c.Length(mustAmount(t, amount), second18.UnixNano()); err != nil || length != 0 {
			t.Errorf("%s = %v, %v; want 0", amount, time.Duration(length), err)
		}
	}
}
