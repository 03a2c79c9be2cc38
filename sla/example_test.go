package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/yardmaster/yardmaster/sla"
)

func Example() {
	calendar, err := sla.NewCalendar(sla.CalendarSpec{
		Zone:       "Europe/Rome",
		Hours:      map[string][]string{"mon-fri": {"09:00-13:00", "14:00-18:00"}},
		Holidays:   []string{"12-25", "12-26"},
		Exceptions: map[string][]string{"2025-12-24": {"09:00-12:00"}},
	})
	if err != nil {
		panic(err)
	}
	asked := time.Date(2025, 12, 23, 17, 0, 0, 0, calendar.Zone())
	due, err := calendar.Add(asked, 4*time.Hour)
	if err != nil {
		panic(err)
	}
	fmt.Println("due", due.Format(time.RFC1123))

	answered := time.Date(2025, 12, 29, 9, 30, 0, 0, calendar.Zone())
	fmt.Println("answered after", calendar.Between(asked, answered))
	// Output:
	// due Wed, 24 Dec 2025 12:00:00 CET
	// answered after 4h30m0s
}

func ExampleNewCalendar_problems() {
	_, err := sla.NewCalendar(sla.CalendarSpec{
		Zone:     "europe/rome",
		Hours:    map[string][]string{"mon-fri": {"09:00-17:00", "18:00"}},
		Holidays: []string{"25-12"},
	})
	var specError *sla.SpecError
	if errors.As(err, &specError) {
		for _, problem := range specError.Problems {
			fmt.Println(problem)
		}
	}
	// Output:
	// zone: unknown zone "europe/rome" (did you mean "Europe/Rome"?)
	// hours.mon-fri[1]: "18:00" is not a range of wall-clock times (write it as "09:00-17:00")
	// holidays[0]: "25-12" is not a date of any year
}

func ExampleCalendarSpec_json() {
	var spec sla.CalendarSpec
	err := json.Unmarshal([]byte(`{
		"zone": "America/New_York",
		"hours": {"mon-thu": ["08:00-20:00"], "fri": ["08:00-17:00"], "sat": ["22:00-04:00"]},
		"holidays": ["07-04", "2025-11-27"],
		"full_day": "next_opening"
	}`), &spec)
	if err != nil {
		panic(err)
	}
	calendar, err := sla.NewCalendar(spec)
	if err != nil {
		panic(err)
	}
	friday := time.Date(2025, 7, 11, 8, 0, 0, 0, calendar.Zone())
	due, err := calendar.Add(friday, 9*time.Hour)
	if err != nil {
		panic(err)
	}
	fmt.Println(due.Format(time.RFC1123))
	// Output: Sat, 12 Jul 2025 22:00:00 EDT
}

func ExampleCalendar_Windows() {
	calendar, err := sla.NewCalendar(sla.CalendarSpec{
		Zone:   "Australia/Sydney",
		Hours:  map[string][]string{"mon-fri": {"09:00-17:00"}},
		Breaks: map[string][]string{"2025-06-10": {"12:00-13:00"}},
	})
	if err != nil {
		panic(err)
	}
	tuesday := time.Date(2025, 6, 10, 0, 0, 0, 0, calendar.Zone())
	for opens, closes := range calendar.Windows(tuesday, tuesday.AddDate(0, 0, 2)) {
		fmt.Println(opens.Format("Mon 15:04"), "to", closes.Format("15:04"))
	}
	// Output:
	// Tue 09:00 to 12:00
	// Tue 13:00 to 17:00
	// Wed 09:00 to 17:00
}

func ExampleCalendar_Length() {
	calendar, err := sla.NewCalendar(sla.CalendarSpec{
		Zone:  "Europe/Rome",
		Hours: map[string][]string{"mon-fri": {"09:00-17:00"}},
		Day:   "8h",
	})
	if err != nil {
		panic(err)
	}
	start := time.Date(2025, 3, 28, 15, 0, 0, 0, calendar.Zone()) // a Friday, before a clock change
	for _, text := range []string{"1h30m", "2bd", "2wd", "2wd at closing", "2d"} {
		amount, err := sla.ParseAmount(text)
		if err != nil {
			panic(err)
		}
		length, wall, err := calendar.Length(amount, start.UnixNano())
		if err != nil {
			panic(err)
		}
		if wall {
			fmt.Println(text, "is until", start.Add(time.Duration(length)).Format("Mon 15:04"))
		} else {
			fmt.Println(text, "is open time of", time.Duration(length))
		}
	}
	// Output:
	// 1h30m is open time of 1h30m0s
	// 2bd is open time of 16h0m0s
	// 2wd is until Tue 15:00
	// 2wd at closing is until Tue 17:00
	// 2d is until Sun 15:00
}

func ExampleParseAmount() {
	amount, err := sla.ParseAmount("90m")
	fmt.Println(amount, err)
	_, err = sla.ParseAmount("1d2h")
	fmt.Println(err)
	// Output:
	// 1h30m <nil>
	// sla: parse amount "1d2h": not an amount of time: calendar days (d) combine with no other unit
}
