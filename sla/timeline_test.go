package sla

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawSpec draws a calendar of any known zone, with odd dates of every year and of the year given.
func drawSpec(t *rapid.T, number int) CalendarSpec {
	clock := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, "hour"), rapid.SampledFrom([]int{0, 30}).Draw(t, "minute"))
	})
	ranges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		from := clock.Draw(t, "from")
		to := clock.Filter(func(to string) bool { return to != from }).Draw(t, "to")
		return from + "-" + to
	}), 0, 3)
	yearly := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%02d-%02d", rapid.IntRange(1, 12).Draw(t, "month"), rapid.SampledFrom([]int{1, 2, 3, 15, 28, 29}).Draw(t, "day"))
	})
	dated := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%04d-%02d-%02d", number, rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
	})
	spec := CalendarSpec{
		Zone:       rapid.SampledFrom(allZones()).Draw(t, "zone"),
		Hours:      rapid.MapOfN(rapid.SampledFrom([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}), ranges, 1, 7).Draw(t, "hours"),
		Holidays:   rapid.SliceOfN(yearly, 0, 5).Draw(t, "yearly"),
		Exceptions: rapid.MapOfN(dated, ranges, 0, 3).Draw(t, "exceptions"),
		Breaks:     rapid.MapOfN(dated, ranges, 0, 3).Draw(t, "breaks"),
	}
	spec.Holidays = append(spec.Holidays, rapid.SliceOfN(dated, 0, 3).Draw(t, "holidays")...)
	return spec
}

// The agenda expands windows date by date; the timeline must hold the same ones in any year.
func TestTimelineHoldsTheWindowsOfTheAgenda(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.IntRange(1700, 2200).Draw(t, "dated year")
		c, err := NewCalendar(drawSpec(t, number))
		if err != nil {
			t.Skip(err)
		}
		for range 30 {
			day := rapid.Int64Range(-1, 366).Draw(t, "day")
			if rapid.Bool().Draw(t, "other year") {
				number = rapid.IntRange(1680, 2260).Draw(t, "year")
			}
			from := int64(newYear(number))*daySeconds + day*daySeconds
			checkStretch(t, c, from, from+20*daySeconds)
		}
	})
}

func checkStretch(t *rapid.T, c *Calendar, from, to int64) {
	var want, got []string
	for _, w := range c.agenda.within(nil, from, to) {
		want = append(want, showStretch(time.Unix(w.opens, 0), time.Unix(w.closes, 0)))
	}
	for opens, closes := range c.Windows(time.Unix(from, 0), time.Unix(to, 0)) {
		got = append(got, showStretch(opens, closes))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("windows (-agenda +timeline):\n%s", diff)
	}
	first, last := dateOf(from)+2, dateOf(to)-2
	for date := first; date <= last; date++ {
		next, found := c.line.dayAfter(date-1, 1)
		if has := len(c.agenda.on(nil, date)) > 0; has != (found && next == date) {
			t.Fatalf("%s has windows: agenda %v, timeline %v", formatDate(date), has, !has)
		}
	}
}

// drawOffsets draws the history of a zone that does not exist: clocks that change at any time of
// 2020, also several times a day, by up to three hours.
func drawOffsets(t *rapid.T) offsets {
	o := offsets{}
	o.append(math.MinInt64, int32(rapid.IntRange(-12, 12).Draw(t, "ahead")*3600))
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for range rapid.IntRange(1, 12).Draw(t, "changes") {
		at += rapid.OneOf(rapid.Int64Range(1, 8*24), rapid.Int64Range(1, 60*24)).Draw(t, "hours") * 1800
		jump := rapid.Int32Range(-6, 6).Draw(t, "jump") * 1800
		ahead := o.ahead[len(o.ahead)-1] + jump
		o.append(at, min(max(ahead, -14*3600), 14*3600))
	}
	return o
}

// No known zone changes its clock twice within three days; one may.
func TestTimelineOfRestlessClocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := readSpec(drawSpec(t, 2020))
		if err != nil {
			t.Skip(err)
		}
		r.agenda.zone, r.agenda.offsets = time.UTC, drawOffsets(t)
		c := &Calendar{agenda: r.agenda}
		c.line = newTimeline(&c.agenda)
		from := time.Date(2019, 12, 20, 0, 0, 0, 0, time.UTC).Unix()
		for i := range int64(19) {
			checkStretch(t, c, from+i*20*daySeconds, from+(i+1)*20*daySeconds)
		}
	})
}

// 2015 and 2026 start on the same weekday, and in both a clock change ends at their midnight; but
// one jumps over noon and the other does not.
func TestYearsThatStartWithDifferentJumpsDifferInShape(t *testing.T) {
	r, err := readSpec(CalendarSpec{Hours: map[string][]string{"wed": {"13:00-14:00"}}})
	if err != nil {
		t.Fatal(err)
	}
	jump2015 := time.Date(2014, 12, 31, 22, 0, 0, 0, time.UTC).Unix()
	jump2026 := time.Date(2025, 12, 31, 22, 0, 0, 0, time.UTC).Unix()
	o := offsets{}
	o.append(math.MinInt64, -10*3600)
	o.append(jump2015, 2*3600)
	o.append(time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC).Unix(), 3600)
	o.append(jump2026, 2*3600)
	r.agenda.offsets = o
	line := newTimeline(&r.agenda)
	want := map[string]bool{"13:00 became 01:00 in 2015": true, "01:00 in 2026": false}
	got := map[string]bool{
		"13:00 became 01:00 in 2015": line.isOpen(nanosOf(jump2015 + 3600)),
		"01:00 in 2026":              line.isOpen(nanosOf(jump2026 + 3600)),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
}

func showStretch(opens, closes time.Time) string {
	return opens.UTC().Format(time.RFC3339) + " " + closes.UTC().Format(time.RFC3339)
}

func TestAlwaysIsOpenThroughoutTheLineInEveryZone(t *testing.T) {
	for _, name := range allZones() {
		c, err := Always(name)
		if err != nil {
			t.Fatal(err)
		}
		if c.line.total != math.MaxUint64 {
			t.Errorf("%s is closed for %v", name, time.Duration(math.MaxUint64-c.line.total))
		}
	}
}

// Years that look the same share a shape, which is what keeps a calendar small.
func TestYearsShareShapes(t *testing.T) {
	c, err := NewCalendar(CalendarSpec{
		Zone:     "Europe/Rome",
		Hours:    map[string][]string{"mon-fri": {"09:00-17:00"}},
		Holidays: []string{"01-01", "12-25", "2025-04-21"},
	})
	if err != nil {
		t.Fatal(err)
	}
	shapes, pieces := map[*shape]bool{}, 0
	for _, y := range c.line.years {
		if !shapes[y.shape] {
			pieces += len(y.shape.pieces)
		}
		shapes[y.shape] = true
	}
	t.Logf("%d shapes of %d pieces", len(shapes), pieces)
	if len(shapes) > 150 || pieces > 1000 {
		t.Errorf("%d shapes of %d pieces, want at most 150 of 1000", len(shapes), pieces)
	}
}
