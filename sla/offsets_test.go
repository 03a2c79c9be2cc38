package sla

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// allZones are the names that the package knows.
func allZones() []string { return strings.Fields(zoneNames) }

func mustZone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, _, err := loadZone(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

func aheadOf(loc *time.Location, second int64) int64 {
	_, ahead := time.Unix(second, 0).In(loc).Zone()
	return int64(ahead)
}

func TestOffsetsAreThoseOfTheZone(t *testing.T) {
	for _, name := range allZones() {
		loc := mustZone(t, name)
		o := readOffsets(loc)
		for i := 1; i < len(o.since); i++ {
			for _, second := range []int64{o.since[i] - 1, o.since[i]} {
				if got, want := o.at(second), aheadOf(loc, second); got != want {
					t.Fatalf("%s: offset at %v = %d, want %d", name, time.Unix(second, 0).UTC(), got, want)
				}
			}
		}
	}
}

func TestOffsetsMissNoTransition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(allZones()).Draw(t, "zone")
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		o := readOffsets(loc)
		for range 500 {
			second := rapid.Int64Range(firstSecond, lastSecond).Draw(t, "second")
			if got, want := o.at(second), aheadOf(loc, second); got != want {
				t.Fatalf("offset at %v = %d, want %d", time.Unix(second, 0).UTC(), got, want)
			}
		}
	})
}

// Package time ends the yearly spans of a rule on 31 December of leap years, with an end that has
// passed; reading must step over it.
func TestOffsetsPassTheEndOfALeapYear(t *testing.T) {
	loc := mustZone(t, "America/New_York")
	last := time.Date(2048, 12, 31, 12, 0, 0, 0, time.UTC).In(loc)
	if end := spanEnd(last); !end.After(last) {
		t.Fatalf("spanEnd(%v) = %v, not after it", last, end)
	}
}

func TestSkippedDates(t *testing.T) {
	zones := map[string][]string{
		"Pacific/Apia":       {"2011-12-30"},
		"Pacific/Fakaofo":    {"2011-12-30"},
		"Pacific/Kwajalein":  {"1993-08-21"},
		"Pacific/Kiritimati": {"1994-12-31"},
		"Pacific/Kanton":     {"1994-12-31"},
		"Asia/Manila":        {"1844-12-31"},
		"Pacific/Guam":       {"1844-12-31"},
		"America/Sao_Paulo":  nil, // skips midnights, no date
		"Europe/Rome":        nil,
	}
	for name, want := range zones {
		o := readOffsets(mustZone(t, name))
		var got []string
		for _, date := range o.skipped {
			got = append(got, formatDate(date))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestInstantOfWallTime(t *testing.T) {
	cases := []struct{ rule, zone, wall, want string }{
		{"plain", "Europe/Rome", "2025-01-15 12:00", "2025-01-15T11:00:00Z"},
		{"spring gap moves forward by the gap", "Europe/Rome", "2025-03-30 02:30", "2025-03-30T01:30:00Z"},
		{"start of the gap", "Europe/Rome", "2025-03-30 02:00", "2025-03-30T01:00:00Z"},
		{"end of the gap", "Europe/Rome", "2025-03-30 03:00", "2025-03-30T01:00:00Z"},
		{"ambiguous is the first", "Europe/Rome", "2025-10-26 02:30", "2025-10-26T00:30:00Z"},
		{"half an hour, gap", "Australia/Lord_Howe", "2025-10-05 02:15", "2025-10-04T15:45:00Z"},
		{"half an hour, twice", "Australia/Lord_Howe", "2025-04-06 01:45", "2025-04-05T14:45:00Z"},
		{"midnight skipped", "America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T03:00:00Z"},
		{"midnight twice", "America/Havana", "2025-11-02 00:00", "2025-11-02T04:00:00Z"},
		{"skipped date", "Pacific/Apia", "2011-12-30 06:00", "2011-12-30T16:00:00Z"},
		{"gap over midnight", "America/Toronto", "1919-03-31 00:00", "1919-03-31T05:00:00Z"},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			o := readOffsets(mustZone(t, tc.zone))
			wall, err := time.Parse("2006-01-02 15:04", tc.wall)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Unix(o.instant(wall.Unix()), 0).UTC().Format(time.RFC3339); got != tc.want {
				t.Errorf("%s %s is %s, want %s", tc.zone, tc.wall, got, tc.want)
			}
		})
	}
}

func TestZoneNamesAreAllKnown(t *testing.T) {
	for _, name := range allZones() {
		if _, err := time.LoadLocation(name); err != nil {
			t.Errorf("zones.txt names %q: %v", name, err)
		}
	}
}
