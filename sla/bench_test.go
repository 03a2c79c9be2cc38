package sla_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/sla"
)

// typical is an office calendar in a zone with summer time.
func typical() sla.CalendarSpec {
	return sla.CalendarSpec{
		Zone:       "Europe/Rome",
		Hours:      map[string][]string{"mon-thu": {"09:00-13:00", "14:00-18:00"}, "fri": {"09:00-13:00"}},
		Holidays:   []string{"01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "11-01", "12-08", "12-25", "12-26", "2026-04-06", "2027-03-29"},
		Exceptions: map[string][]string{"2026-12-24": {"09:00-12:00"}},
		Day:        "8h",
	}
}

var spans = []struct {
	name string
	days int64
}{{"1day", 1}, {"1year", 365}, {"50years", 50 * 365}}

const dayNanos = int64(24 * time.Hour)

func BenchmarkBetween(b *testing.B) {
	c := mustCalendar(b, typical())
	start := time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC).UnixNano()
	for _, span := range spans {
		b.Run(span.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				from := start + i%1000*977*int64(time.Second)
				c.BetweenNanos(from, from+span.days*dayNanos)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	c := mustCalendar(b, typical())
	start := time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC).UnixNano()
	for _, span := range spans {
		open := c.BetweenNanos(start, start+span.days*dayNanos)
		b.Run(span.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				if _, err := c.AddNanos(start+i%1000*977*int64(time.Second), open); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkQuestions(b *testing.B) {
	c := mustCalendar(b, typical())
	start := time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC).UnixNano()
	questions := []struct {
		name string
		ask  func(t int64)
	}{
		{"IsOpen", func(t int64) { c.IsOpenNanos(t) }},
		{"NextOpen", func(t int64) { _, _ = c.NextOpenNanos(t) }},
		{"NextClose", func(t int64) { _, _ = c.NextCloseNanos(t) }},
		{"Length3wd", func(t int64) { _, _, _ = c.Length(sla.Amount{WorkingDays: 3}, t) }},
		{"Length30d", func(t int64) { _, _, _ = c.Length(sla.Amount{Days: 30}, t) }},
	}
	for _, q := range questions {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				q.ask(start + i%1000*977*int64(time.Second))
			}
		})
	}
}

func BenchmarkNewCalendar(b *testing.B) {
	office := typical()
	plain := sla.CalendarSpec{Zone: "America/New_York", Hours: office.Hours}
	everyDay := sla.CalendarSpec{Zone: "America/New_York", Hours: office.Hours}
	for i := range 28 {
		for month := 1; month <= 12; month++ {
			everyDay.Holidays = append(everyDay.Holidays, fmt.Sprintf("%02d-%02d", month, i+1))
		}
	}
	specs := []struct {
		name string
		spec sla.CalendarSpec
	}{
		{"plain", plain},
		{"typical", office},
		{"336holidays", everyDay},
		{"always", sla.CalendarSpec{Zone: "Europe/Rome", Always: true}},
	}
	for _, s := range specs {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustCalendar(b, s.spec)
			}
		})
	}
}
