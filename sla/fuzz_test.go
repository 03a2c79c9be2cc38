package sla_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/yardmaster/yardmaster/sla"
)

// Whatever a spec says, it gives a calendar that answers consistently, or a list of problems.
func FuzzCalendarSpec(f *testing.F) {
	for _, seed := range []string{
		`{"always":true}`,
		`{"zone":"Europe/Rome","hours":{"mon-fri":["09:00-12:00","13:00-17:00"]},"holidays":["12-25","2025-04-21"],"day":"8h"}`,
		`{"zone":"Pacific/Apia","hours":{"sat-mon":["22:00-06:00"]},"exceptions":{"2011-12-30":["00:00-24:00"]},"full_day":"next_opening"}`,
		`{"zone":"europe/roma","hours":{"mon,mon":["24:00-24:00"]},"breaks":{"2025-12-24":["12:00-13:00"]}}`,
	} {
		f.Add([]byte(seed), int64(1_750_000_000_000_000_000), int64(36e12))
	}
	f.Fuzz(func(t *testing.T, text []byte, at, d int64) {
		var spec sla.CalendarSpec
		if json.Unmarshal(text, &spec) != nil {
			return
		}
		c, err := sla.NewCalendar(spec)
		if err != nil {
			var specError *sla.SpecError
			if !errors.As(err, &specError) || len(specError.Problems) == 0 {
				t.Fatalf("error without problems: %v", err)
			}
			return
		}
		if due, err := c.AddNanos(at, d); err == nil && c.BetweenNanos(at, due) != d {
			t.Errorf("Between(%d, Add(%d)) = %d, want %d", at, at, c.BetweenNanos(at, due), d)
		}
		if opens, err := c.NextOpenNanos(at); err == nil && (opens < at || !c.IsOpenNanos(opens)) {
			t.Errorf("NextOpen(%d) = %d, open %v", at, opens, c.IsOpenNanos(opens))
		}
		if closes, err := c.NextCloseNanos(at); err == nil && (closes <= at || c.IsOpenNanos(closes) || !c.IsOpenNanos(closes-1)) {
			t.Errorf("NextClose(%d) = %d", at, closes)
		}
	})
}

// A text is no amount, or it is shown as a text that is the same amount.
func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"", "0s", "1h30m", "2bd", "1bd4h", "3wd at closing", "30d", "1.5h", "-1h", "99999999999h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := sla.ParseAmount(text)
		if err != nil {
			if !errors.Is(err, sla.ErrAmount) {
				t.Errorf("ParseAmount(%q): %v is not ErrAmount", text, err)
			}
			return
		}
		if again, err := sla.ParseAmount(a.String()); err != nil || again != a {
			t.Errorf("ParseAmount(%q) = %+v, shown as %q, read as %+v, %v", text, a, a, again, err)
		}
	})
}
