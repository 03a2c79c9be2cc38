package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/sla"
)

func TestSpecProblems(t *testing.T) {
	many := make([]string, 49)
	for i := range many {
		many[i] = "09:00-10:00"
	}
	tooMany := make([]string, 10_001)
	for i := range tooMany {
		tooMany[i] = "12-25"
	}
	cases := []struct {
		rule string
		spec sla.CalendarSpec
		want []string // paths and messages
	}{
		{"never open", sla.CalendarSpec{Hours: hours{"mon": {}}}, []string{`the calendar is never open (add hours, or ` + "`always: true`" + `)`}},
		{"never open on a date that the zone skipped", sla.CalendarSpec{Zone: "Pacific/Apia", Exceptions: dates{"2011-12-30": {"09:00-17:00"}}}, []string{`the calendar is never open (add hours, or ` + "`always: true`" + `)`}},
		{"unknown zone", sla.CalendarSpec{Zone: "Nowhere/Land", Hours: office}, []string{`zone: unknown zone "Nowhere/Land"`}},
		{"zone in the wrong case", sla.CalendarSpec{Zone: "europe/rome", Hours: office}, []string{`zone: unknown zone "europe/rome" (did you mean "Europe/Rome"?)`}},
		{"zone with a space", sla.CalendarSpec{Zone: "America/New York", Hours: office}, []string{`zone: unknown zone "America/New York" (did you mean "America/New_York"?)`}},
		{"zone with a slip", sla.CalendarSpec{Zone: "Europe/Roma", Hours: office}, []string{`zone: unknown zone "Europe/Roma" (did you mean "Europe/Rome"?)`}},
		{"zone by its city", sla.CalendarSpec{Zone: "Tokyo", Hours: office}, []string{`zone: unknown zone "Tokyo" (did you mean "Asia/Tokyo"?)`}},
		{"zone of the machine", sla.CalendarSpec{Zone: "Local", Hours: office}, []string{`zone: "Local" means another zone on each machine (write a name such as "Europe/Rome")`}},
		{"zone with leap seconds", sla.CalendarSpec{Zone: "right/UTC", Hours: office}, []string{`zone: "right/UTC" means another zone on each machine (write a name such as "Europe/Rome")`}},
		{"zone too long", sla.CalendarSpec{Zone: strings.Repeat("x", 65), Hours: office}, []string{`zone: zone name of 65 bytes, longer than 64`}},
		{"equal ends", sla.CalendarSpec{Hours: hours{"mon": {"09:00-09:00"}}}, []string{`hours.mon[0]: "09:00-09:00" starts and ends at the same time (a whole day is "00:00-24:00")`}},
		{"start at 24:00", sla.CalendarSpec{Hours: hours{"mon": {"24:00-09:00"}}}, []string{`hours.mon[0]: "24:00-09:00" starts at the end of the day (the first time of a day is "00:00")`}},
		{"no range", sla.CalendarSpec{Hours: hours{"mon": {"9 to 5"}}}, []string{`hours.mon[0]: "9 to 5" is not a range of wall-clock times (write it as "09:00-17:00")`}},
		{"no time", sla.CalendarSpec{Hours: hours{"mon": {"09:00-17:60", "09:00-24:01", "-9:00-17:00", "09:00-"}}}, []string{
			`hours.mon[0]: "09:00-17:60" is not a range of wall-clock times from 00:00 to 24:00 (write it as "09:00-17:00")`,
			`hours.mon[1]: "09:00-24:01" is not a range of wall-clock times from 00:00 to 24:00 (write it as "09:00-17:00")`,
			`hours.mon[2]: "-9:00-17:00" is not a range of wall-clock times from 00:00 to 24:00 (write it as "09:00-17:00")`,
			`hours.mon[3]: "09:00-" is not a range of wall-clock times from 00:00 to 24:00 (write it as "09:00-17:00")`,
		}},
		{"unknown day", sla.CalendarSpec{Hours: hours{"lunedì": {}, "mon-xyz": {}, "tue": {"09:00-10:00"}}}, []string{
			`hours.lunedì: "lunedì" is not a day of the week (days are mon, tue, wed, thu, fri, sat, sun; "mon-fri" and "mon,wed" are several)`,
			`hours.mon-xyz: "xyz" is not a day of the week (days are mon, tue, wed, thu, fri, sat, sun; "mon-fri" and "mon,wed" are several)`,
		}},
		{"a day named twice", sla.CalendarSpec{Hours: hours{"mon-fri": {"09:00-17:00"}, "wed": {"09:00-12:00"}}}, []string{`hours.wed: wed is already named by "mon-fri" (name each day once)`}},
		{"a day named twice in one key", sla.CalendarSpec{Hours: hours{"mon,Monday": {"09:00-17:00"}}}, []string{`hours.mon,Monday: mon is already named by "mon,Monday" (name each day once)`}},
		{"a range of one day", sla.CalendarSpec{Hours: hours{"mon-mon": {"09:00-17:00"}, "tue": {"09:00-17:00"}}}, []string{`hours.mon-mon: "mon-mon" starts and ends on the same day (the whole week is "mon-sun")`}},
		{"too many windows", sla.CalendarSpec{Hours: hours{"mon": many}, Exceptions: dates{"2025-01-01": many}}, []string{
			`hours.mon: 49 windows, more than 48 a day`, `exceptions.2025-01-01: 49 windows, more than 48 a day`,
		}},
		{"too many dates", sla.CalendarSpec{Hours: office, Holidays: tooMany}, []string{`10001 holidays, breaks and exceptions, more than 10000`}},
		{"no date", sla.CalendarSpec{Hours: office, Holidays: []string{"12-25", "Christmas", "25-12", "2025-02-30", "1066-10-14", "2025-1-1", "02-30"}}, []string{
			`holidays[1]: "Christmas" is not a date (write it as "2025-12-25")`,
			`holidays[2]: "25-12" is not a date of any year`,
			`holidays[3]: "2025-02-30" is not a date of the calendar`,
			`holidays[4]: "1066-10-14" is outside the years 1678 to 2261`,
			`holidays[5]: "2025-1-1" is not a date (write it as "2025-12-25")`,
			`holidays[6]: "02-30" is not a date of any year`,
		}},
		{"exceptions and breaks", sla.CalendarSpec{Hours: office, Breaks: dates{"2025-13-01": {"12:00-13:00"}}, Exceptions: dates{"12-24": {}, "2025-12-24": {"09:00-12:00", "x"}}}, []string{
			`breaks.2025-13-01: "2025-13-01" is not a date of the calendar`,
			`exceptions.12-24: "12-24" is not a date (write it as "2025-12-25")`,
			`exceptions.2025-12-24[1]: "x" is not a range of wall-clock times (write it as "09:00-17:00")`,
		}},
		{"business day", sla.CalendarSpec{Hours: office, Day: "25h"}, []string{`day: "25h" is not the length of a business day, more than 0 and at most 24h0m0s (write it as "8h" or "7h30m")`}},
		{"full day", sla.CalendarSpec{Hours: office, FullDay: "opening"}, []string{`full_day: unknown value "opening" (write "closing" or "next_opening")`}},
		{"always takes nothing else", sla.CalendarSpec{Always: true, Hours: office, Holidays: []string{"12-25"}, Breaks: dates{"2025-01-01": {}}, Exceptions: dates{"2025-01-01": {}}}, []string{
			"hours: a calendar that is always open takes no hours (remove it, or remove `always`)",
			"holidays: a calendar that is always open takes no holidays (remove it, or remove `always`)",
			"breaks: a calendar that is always open takes no breaks (remove it, or remove `always`)",
			"exceptions: a calendar that is always open takes no exceptions (remove it, or remove `always`)",
		}},
		{"all at once", sla.CalendarSpec{Zone: "Mars", Hours: hours{"mon": {"x"}}, Holidays: []string{"y"}, Day: "z", FullDay: "w"}, []string{
			`zone: unknown zone "Mars"`,
			`hours.mon[0]: "x" is not a range of wall-clock times (write it as "09:00-17:00")`,
			`holidays[0]: "y" is not a date (write it as "2025-12-25")`,
			`day: "z" is not the length of a business day, more than 0 and at most 24h0m0s (write it as "8h" or "7h30m")`,
			`full_day: unknown value "w" (write "closing" or "next_opening")`,
		}},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			c, err := sla.NewCalendar(tc.spec)
			var specError *sla.SpecError
			if c != nil || !errors.As(err, &specError) {
				t.Fatalf("NewCalendar = %v, %v; want a *SpecError", c, err)
			}
			var got []string
			for _, p := range specError.Problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if want := "sla: read calendar: " + strings.Join(tc.want, "; "); err.Error() != want {
				t.Errorf("Error() = %s, want %s", err, want)
			}
		})
	}
}

func TestSpecIsAccepted(t *testing.T) {
	specs := map[string]sla.CalendarSpec{
		"no zone is UTC":                    {Hours: office},
		"single-digit hours":                {Hours: hours{"mon": {"9:00-17:00"}}},
		"spaces in ranges and lists":        {Hours: hours{"mon - wed , fri": {"09:00 - 17:00"}}},
		"a tail that ends at midnight":      {Hours: hours{"mon": {"22:00-00:00"}}},
		"open on an exception alone":        {Exceptions: dates{"2025-01-01": {"09:00-17:00"}}},
		"a holiday twice":                   {Hours: office, Holidays: []string{"2025-12-25", "12-25", "12-25"}},
		"always with a business day":        {Always: true, Day: "24h"},
		"always with empty hours":           {Always: true, Hours: hours{}, Holidays: []string{}},
		"full_day as it is by default":      {Hours: office, FullDay: sla.FullDayClosing},
		"the first and last possible dates": {Hours: office, Holidays: []string{"1678-01-01", "2261-12-31"}},
	}
	for name, spec := range specs {
		if _, err := sla.NewCalendar(spec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSpecReadsAndWritesJSON(t *testing.T) {
	const text = `{"zone":"Europe/Rome","hours":{"mon-fri":["09:00-12:00","13:00-17:00"]},"holidays":["12-25"],` +
		`"breaks":{"2025-12-24":["12:00-13:00"]},"exceptions":{"2025-12-24":[]},"day":"8h","full_day":"next_opening"}`
	var spec sla.CalendarSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(mustCalendar(t, spec).Spec())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(again)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

// A spec at its bounds is built in bounded time.
func TestSpecAtItsBounds(t *testing.T) {
	walls := make([]string, 48)
	for i := range walls {
		walls[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", i/2, i%2*30, i/2, i%2*30+15)
	}
	spec := sla.CalendarSpec{Zone: "Africa/Casablanca", Hours: hours{"mon-sun": walls}, Exceptions: dates{}, Breaks: dates{}}
	for i := range 5_000 {
		date := fmt.Sprintf("%04d-%02d-%02d", 2000+i/(12*28), i/28%12+1, i%28+1)
		spec.Exceptions[date], spec.Breaks[date] = walls, walls[:24]
	}
	c := mustCalendar(t, spec)
	day := local(t, spec.Zone, "2001-05-05 00:00")
	if got := c.Between(day, day.AddDate(0, 0, 1)).Hours(); got != 6 {
		t.Errorf("a bounded day is open for %v h, want 6", got)
	}
}
