package sla_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/sla"
)

func mustCalendar(tb testing.TB, spec sla.CalendarSpec) *sla.Calendar {
	tb.Helper()
	c, err := sla.NewCalendar(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// local reads a wall time of a zone.
func local(tb testing.TB, zone, text string) time.Time {
	tb.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatal(err)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, loc)
	if err != nil {
		t, err = time.ParseInLocation("2006-01-02 15:04", text, loc)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// show is an instant on its own clock.
func show(t time.Time) string { return t.Format("01-02 15:04:05.999999999Z0700") }

type (
	hours = map[string][]string
	dates = map[string][]string
)

var office = hours{"mon-fri": {"09:00-17:00"}}

// Each rule for windows, as the windows that follow from it.
func TestWindows(t *testing.T) {
	cases := []struct {
		rule     string
		spec     sla.CalendarSpec
		from, to string // local dates
		want     []string
	}{
		{
			"regular hours and lunch",
			sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"mon-fri": {"13:00-17:00", "09:00-12:00"}}},
			"2025-06-06", "2025-06-10",
			[]string{
				"06-06 09:00:00+0200 06-06 12:00:00+0200", "06-06 13:00:00+0200 06-06 17:00:00+0200",
				"06-09 09:00:00+0200 06-09 12:00:00+0200", "06-09 13:00:00+0200 06-09 17:00:00+0200",
			},
		},
		{
			"a range of days wraps, a list lists",
			sla.CalendarSpec{Hours: hours{"sat-mon": {"10:00-11:00"}, "Wednesday, FRI": {"12:00-13:00"}}},
			"2025-06-06", "2025-06-12",
			[]string{
				"06-06 12:00:00Z 06-06 13:00:00Z", "06-07 10:00:00Z 06-07 11:00:00Z", "06-08 10:00:00Z 06-08 11:00:00Z",
				"06-09 10:00:00Z 06-09 11:00:00Z", "06-11 12:00:00Z 06-11 13:00:00Z",
			},
		},
		{
			"touching and overlapping windows are one",
			sla.CalendarSpec{Hours: hours{"tue": {"09:00-12:00", "12:00-14:00", "13:00-15:00"}}},
			"2025-06-09", "2025-06-12",
			[]string{"06-10 09:00:00Z 06-10 15:00:00Z"},
		},
		{
			"windows that touch at midnight are one",
			sla.CalendarSpec{Hours: hours{"mon": {"20:00-24:00"}, "tue": {"00:00-04:00"}}},
			"2025-06-09", "2025-06-12",
			[]string{"06-09 20:00:00Z 06-10 04:00:00Z"},
		},
		{
			"windows that touch where the week ends are one",
			sla.CalendarSpec{Hours: hours{"sun": {"20:00-24:00"}, "mon": {"00:00-04:00"}}},
			"2025-06-08", "2025-06-12",
			[]string{"06-08 20:00:00Z 06-09 04:00:00Z"},
		},
		{
			"an end before its start runs into the next day",
			sla.CalendarSpec{Hours: hours{"sun": {"22:00-06:00"}}},
			"2025-06-07", "2025-06-12",
			[]string{"06-08 22:00:00Z 06-09 06:00:00Z"},
		},
		{
			"a whole day lasts 23 hours in spring",
			sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"sun": {"00:00-24:00"}}},
			"2025-03-29", "2025-04-02",
			[]string{"03-30 00:00:00+0100 03-31 00:00:00+0200"},
		},
		{
			"an edge in the spring gap moves forward by the gap",
			sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"sun": {"01:30-02:30"}}},
			"2025-03-30", "2025-03-31",
			[]string{"03-30 01:30:00+0100 03-30 03:30:00+0200"},
		},
		{
			"a window whose resolved end is not after its start is empty",
			sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"sun": {"02:30-03:15"}, "mon": {"09:00-10:00"}}},
			"2025-03-30", "2025-04-01",
			[]string{"03-31 09:00:00+0200 03-31 10:00:00+0200"},
		},
		{
			"an ambiguous edge is its first occurrence",
			sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"sun": {"01:00-02:30"}}},
			"2025-10-26", "2025-10-27",
			[]string{"10-26 01:00:00+0200 10-26 02:30:00+0200"},
		},
		{
			"the repeated hour counts twice within a window",
			sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"sun": {"02:30-03:00"}}},
			"2025-10-26", "2025-10-27",
			[]string{"10-26 02:30:00+0200 10-26 03:00:00+0100"},
		},
		{
			"a gap of half an hour",
			sla.CalendarSpec{Zone: "Australia/Lord_Howe", Hours: hours{"sun": {"02:15-04:00"}}},
			"2025-10-05", "2025-10-06",
			[]string{"10-05 02:45:00+1100 10-05 04:00:00+1100"},
		},
		{
			"a day whose midnight is skipped starts at the resolved one",
			sla.CalendarSpec{Zone: "America/Sao_Paulo", Hours: hours{"sun": {"00:00-02:00"}}},
			"2018-11-03", "2018-11-06",
			[]string{"11-04 01:00:00-0200 11-04 02:00:00-0200"},
		},
		{
			"the end of a day before a skipped midnight",
			sla.CalendarSpec{Zone: "Africa/Cairo", Hours: hours{"thu": {"23:00-24:00"}}},
			"2024-04-25", "2024-04-27",
			[]string{"04-25 23:00:00+0200 04-26 01:00:00+0300"},
		},
		{
			"a date that the zone skipped has no windows",
			sla.CalendarSpec{Zone: "Pacific/Apia", Hours: hours{"mon-sun": {"09:00-17:00"}}},
			"2011-12-29", "2012-01-01",
			[]string{"12-29 09:00:00-1000 12-29 17:00:00-1000", "12-31 09:00:00+1400 12-31 17:00:00+1400"},
		},
		{
			"a date that the zone skipped has no exception either",
			sla.CalendarSpec{Zone: "Pacific/Kwajalein", Hours: hours{"mon": {"09:00-17:00"}}, Exceptions: dates{"1993-08-21": {"09:00-17:00"}}},
			"1993-08-20", "1993-08-24",
			[]string{"08-23 09:00:00+1200 08-23 17:00:00+1200"},
		},
		{
			"a holiday on a skipped date cuts nothing",
			sla.CalendarSpec{Zone: "Pacific/Apia", Hours: hours{"thu": {"22:00-06:00"}}, Holidays: []string{"2011-12-30"}},
			"2011-12-29", "2012-01-01",
			[]string{"12-29 22:00:00-1000 12-31 06:00:00+1400"},
		},
		{
			"a break on a skipped date cuts nothing",
			sla.CalendarSpec{Zone: "Pacific/Apia", Hours: hours{"sat": {"09:00-17:00"}}, Breaks: dates{"2011-12-30": {"12:00-13:00"}}},
			"2011-12-29", "2012-01-01",
			[]string{"12-31 09:00:00+1400 12-31 17:00:00+1400"},
		},
		{
			"a holiday removes the windows of its date with their tails",
			sla.CalendarSpec{Hours: hours{"mon-sun": {"20:00-04:00"}}, Holidays: []string{"2025-06-10"}},
			"2025-06-09", "2025-06-12",
			[]string{"06-09 00:00:00Z 06-09 04:00:00Z", "06-09 20:00:00Z 06-10 00:00:00Z", "06-11 20:00:00Z 06-12 00:00:00Z"},
		},
		{
			"a holiday of every year",
			sla.CalendarSpec{Hours: office, Holidays: []string{"12-25", "02-29"}},
			"2024-12-24", "2024-12-27",
			[]string{"12-24 09:00:00Z 12-24 17:00:00Z", "12-26 09:00:00Z 12-26 17:00:00Z"},
		},
		{
			"29 February is a holiday of leap years alone",
			sla.CalendarSpec{Hours: hours{"mon-sun": {"09:00-17:00"}}, Holidays: []string{"02-29"}},
			"2025-02-28", "2025-03-02",
			[]string{"02-28 09:00:00Z 02-28 17:00:00Z", "03-01 09:00:00Z 03-01 17:00:00Z"},
		},
		{
			"an exception replaces the windows of its date",
			sla.CalendarSpec{Hours: office, Exceptions: dates{"2025-12-24": {"10:00-12:00"}}},
			"2025-12-24", "2025-12-25",
			[]string{"12-24 10:00:00Z 12-24 12:00:00Z"},
		},
		{
			"an empty exception closes its date",
			sla.CalendarSpec{Hours: office, Exceptions: dates{"2025-12-24": {}}},
			"2025-12-24", "2025-12-26",
			[]string{"12-25 09:00:00Z 12-25 17:00:00Z"},
		},
		{
			"an exception wins over a holiday and leaves the tail of the day before",
			sla.CalendarSpec{
				Hours:      hours{"mon-sun": {"20:00-04:00"}},
				Holidays:   []string{"2025-06-10"},
				Exceptions: dates{"2025-06-10": {"09:00-10:00"}},
			},
			"2025-06-10", "2025-06-11",
			[]string{"06-10 00:00:00Z 06-10 04:00:00Z", "06-10 09:00:00Z 06-10 10:00:00Z"},
		},
		{
			"breaks cut any window, tails and exceptions too",
			sla.CalendarSpec{
				Hours:      hours{"mon-sun": {"20:00-04:00"}},
				Exceptions: dates{"2025-06-10": {"09:00-17:00"}},
				Breaks:     dates{"2025-06-10": {"12:00-13:00", "02:00-03:00", "13:30-13:45"}},
			},
			"2025-06-10", "2025-06-11",
			[]string{
				"06-10 00:00:00Z 06-10 02:00:00Z", "06-10 03:00:00Z 06-10 04:00:00Z", "06-10 09:00:00Z 06-10 12:00:00Z",
				"06-10 13:00:00Z 06-10 13:30:00Z", "06-10 13:45:00Z 06-10 17:00:00Z",
			},
		},
		{
			"windows are cut to what is asked",
			sla.CalendarSpec{Always: true},
			"2025-06-10", "2025-06-11",
			[]string{"06-10 00:00:00Z 06-11 00:00:00Z"},
		},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			c := mustCalendar(t, tc.spec)
			zone := c.Zone().String()
			var got []string
			for opens, closes := range c.Windows(local(t, zone, tc.from+" 00:00"), local(t, zone, tc.to+" 00:00")) {
				got = append(got, show(opens)+" "+show(closes))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("windows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWindowsStop(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Hours: office})
	count := 0
	for range c.Windows(local(t, "UTC", "2025-01-01 00:00"), local(t, "UTC", "2035-01-01 00:00")) {
		if count++; count == 3 {
			break
		}
	}
	if count != 3 {
		t.Errorf("stopped after %d windows, want 3", count)
	}
}

// Each rule for adding open time.
func TestAdd(t *testing.T) {
	rome := sla.CalendarSpec{Zone: "Europe/Rome", Hours: office}
	stamped := sla.CalendarSpec{Zone: "Europe/Rome", Hours: office, FullDay: sla.FullDayNextOpening}
	night := sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"mon-sun": {"00:00-24:00"}}}
	newYear := sla.CalendarSpec{Zone: "Europe/Rome", Hours: office, Holidays: []string{"12-31", "01-01", "01-02"}}
	cases := []struct {
		rule string
		spec sla.CalendarSpec
		at   string
		d    time.Duration
		want string
	}{
		{"within a window", rome, "2025-06-06 10:00", time.Hour, "06-06 11:00:00+0200"},
		{"up to the last closing of a year", newYear, "2024-12-30 09:00", 8 * time.Hour, "12-30 17:00:00+0100"},
		{"up to the last closing of a year that fills the week", sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"mon-sun": {"00:00-24:00"}}, Holidays: []string{"2025-01-01"}}, "2024-12-31 00:00", 24 * time.Hour, "01-01 00:00:00+0100"},
		{"over a weekend", rome, "2025-06-06 16:00", 90 * time.Minute, "06-09 09:30:00+0200"},
		{"from a closed instant", rome, "2025-06-07 16:00", time.Hour, "06-09 10:00:00+0200"},
		{"exact to the nanosecond", rome, "2025-06-06 16:59:59", time.Second + 1, "06-09 09:00:00.000000001+0200"},
		{"a full day is due at closing", rome, "2025-06-06 09:00", 8 * time.Hour, "06-06 17:00:00+0200"},
		{"with next_opening, a full day is due at the next opening", stamped, "2025-06-06 09:00", 8 * time.Hour, "06-09 09:00:00+0200"},
		{"with next_opening, less than a full day is not moved", stamped, "2025-06-06 09:00", 8*time.Hour - 1, "06-06 16:59:59.999999999+0200"},
		{"nothing added is the same instant", rome, "2025-06-07 16:00", 0, "06-07 16:00:00+0200"},
		{"nothing added is the same instant under next_opening", stamped, "2025-06-06 17:00", 0, "06-06 17:00:00+0200"},
		{"backward within a window", rome, "2025-06-06 10:30", -time.Hour, "06-06 09:30:00+0200"},
		{"backward over a weekend", rome, "2025-06-09 09:30", -time.Hour, "06-06 16:30:00+0200"},
		{"backward is the latest instant", rome, "2025-06-09 09:30", -30 * time.Minute, "06-09 09:00:00+0200"},
		{"backward a full day is the opening, not the closing before", rome, "2025-06-06 17:00", -8 * time.Hour, "06-06 09:00:00+0200"},
		{"backward takes no heed of next_opening", stamped, "2025-06-06 17:00", -8 * time.Hour, "06-06 09:00:00+0200"},
		{"elapsed time over the spring change", night, "2025-03-30 00:00", 23 * time.Hour, "03-31 00:00:00+0200"},
		{"elapsed time over the autumn change", night, "2025-10-26 00:00", 25 * time.Hour, "10-27 00:00:00+0100"},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			c := mustCalendar(t, tc.spec)
			got, err := c.Add(local(t, tc.spec.Zone, tc.at), tc.d)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, show(got)); diff != "" {
				t.Errorf("Add(%s, %v) (-want +got):\n%s", tc.at, tc.d, diff)
			}
		})
	}
}

func TestOpeningIsOpenAndClosingIsNot(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Zone: "Europe/Rome", Hours: office})
	opens, closes := local(t, "Europe/Rome", "2025-06-06 09:00"), local(t, "Europe/Rome", "2025-06-06 17:00")
	want := map[string]bool{
		"before the opening": false, "at the opening": true, "before the closing": true, "at the closing": false,
	}
	got := map[string]bool{
		"before the opening": c.IsOpen(opens.Add(-1)), "at the opening": c.IsOpen(opens),
		"before the closing": c.IsOpen(closes.Add(-1)), "at the closing": c.IsOpen(closes),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("IsOpen (-want +got):\n%s", diff)
	}
}

func TestNextOpenAndNextClose(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Zone: "Europe/Rome", Hours: hours{"mon-fri": {"09:00-12:00", "12:00-17:00"}}})
	cases := []struct{ rule, at, opens, closes string }{
		{"open: itself", "2025-06-06 10:15:30", "06-06 10:15:30+0200", "06-06 17:00:00+0200"},
		{"at the opening: itself", "2025-06-06 09:00", "06-06 09:00:00+0200", "06-06 17:00:00+0200"},
		{"at a closing: the next window", "2025-06-06 17:00", "06-09 09:00:00+0200", "06-09 17:00:00+0200"},
		{"closed: the next window", "2025-06-07 03:00", "06-09 09:00:00+0200", "06-09 17:00:00+0200"},
		{"where windows touch: still open", "2025-06-06 12:00", "06-06 12:00:00+0200", "06-06 17:00:00+0200"},
	}
	for _, tc := range cases {
		t.Run(tc.rule, func(t *testing.T) {
			at := local(t, "Europe/Rome", tc.at)
			opens, err := c.NextOpen(at)
			if err != nil {
				t.Fatal(err)
			}
			closes, err := c.NextClose(at)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tc.opens, tc.closes}, []string{show(opens), show(closes)}); diff != "" {
				t.Errorf("opening and closing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersAreInTheLocationOfTheQuestion(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Zone: "Europe/Rome", Hours: office})
	at := local(t, "Asia/Tokyo", "2025-06-06 20:00")
	due, err := c.Add(at, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := show(due), "06-06 21:00:00+0900"; got != want {
		t.Errorf("Add = %s, want %s", got, want)
	}
}

func TestBetween(t *testing.T) {
	c := mustCalendar(t, sla.CalendarSpec{Zone: "Europe/Rome", Hours: office})
	monday, friday := local(t, "Europe/Rome", "2025-06-02 00:00"), local(t, "Europe/Rome", "2025-06-06 13:00")
	forward, backward := c.Between(monday, friday), c.Between(friday, monday)
	if want := 36 * time.Hour; forward != want || backward != -want {
		t.Errorf("Between = %v, reversed %v; want %v and the negative", forward, backward, want)
	}
}

func TestBetweenSaturates(t *testing.T) {
	c, err := sla.Always("UTC")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.BetweenNanos(math.MinInt64, math.MaxInt64); got != math.MaxInt64 {
		t.Errorf("Between over the whole line = %d, want the greatest duration", got)
	}
	if got := c.BetweenNanos(math.MaxInt64, math.MinInt64); got != -math.MaxInt64 {
		t.Errorf("Between over the whole line, reversed = %d", got)
	}
}

func TestHorizon(t *testing.T) {
	const century = 36_525 * 24 * time.Hour
	once := mustCalendar(t, sla.CalendarSpec{Exceptions: dates{"2100-01-01": {"00:00-24:00"}}})
	always, err := sla.Always("UTC")
	if err != nil {
		t.Fatal(err)
	}
	opens := local(t, "UTC", "2100-01-01 00:00")
	from := opens.Add(-century)
	cases := []struct {
		question string
		ask      func() (time.Time, error)
		want     error
	}{
		{"an opening at the horizon", func() (time.Time, error) { return once.NextOpen(from) }, nil},
		{"an opening beyond the horizon", func() (time.Time, error) { return once.NextOpen(from.Add(-1)) }, sla.ErrHorizon},
		{"a closing beyond the horizon", func() (time.Time, error) { return once.NextClose(from) }, sla.ErrHorizon},
		{"no opening any more", func() (time.Time, error) { return once.NextOpen(opens.AddDate(1, 0, 0)) }, sla.ErrHorizon},
		{"more open time than there is", func() (time.Time, error) { return once.Add(opens, 25*time.Hour) }, sla.ErrHorizon},
		{"open time up to the horizon", func() (time.Time, error) { return always.Add(opens, century) }, nil},
		{"open time beyond the horizon", func() (time.Time, error) { return always.Add(opens, century+1) }, sla.ErrHorizon},
		{"backward up to the horizon", func() (time.Time, error) { return always.Add(opens, -century) }, nil},
		{"backward beyond the horizon", func() (time.Time, error) { return always.Add(opens, -century-1) }, sla.ErrHorizon},
		{"backward more than there is", func() (time.Time, error) { return once.Add(opens, -time.Hour) }, sla.ErrHorizon},
		{"a closing of what never closes", func() (time.Time, error) { return always.NextClose(opens) }, sla.ErrHorizon},
		{"the end of the line before the horizon", func() (time.Time, error) { return always.NextClose(opens.AddDate(100, 0, 0)) }, sla.ErrRange},
		{"the start of the line before the horizon", func() (time.Time, error) { return once.Add(opens.AddDate(-400, 0, 0), -1) }, sla.ErrRange},
		{"an instant after the range", func() (time.Time, error) { return always.NextOpen(opens.AddDate(300, 0, 0)) }, sla.ErrRange},
		{"an instant before the range", func() (time.Time, error) { return always.Add(opens.AddDate(-800, 0, 0), 1) }, sla.ErrRange},
		{"an answer after the range", func() (time.Time, error) { return always.Add(time.Unix(0, math.MaxInt64), 1) }, sla.ErrRange},
		{"an answer before the range", func() (time.Time, error) { return always.Add(time.Unix(0, math.MinInt64), -1) }, sla.ErrRange},
	}
	for _, tc := range cases {
		t.Run(tc.question, func(t *testing.T) {
			if got, err := tc.ask(); !errors.Is(err, tc.want) {
				t.Errorf("answer %v, error %v; want error %v", got, err, tc.want)
			}
		})
	}
}

func TestOutsideTheRange(t *testing.T) {
	always, err := sla.Always("UTC")
	if err != nil {
		t.Fatal(err)
	}
	first, last := time.Unix(0, math.MinInt64), time.Unix(0, math.MaxInt64)
	cases := []struct {
		rule      string
		got, want any
	}{
		{"the first instant is in it", always.IsOpen(first), true},
		{"the last instant is in it", always.IsOpen(last), true},
		{"nothing is open before", always.IsOpen(first.Add(-1)), false},
		{"nothing is open after", always.IsOpen(last.Add(1)), false},
		{"no open time lies before", always.Between(first.AddDate(-5, 0, 0), first.Add(7)), time.Duration(7)},
		{"no open time lies after", always.Between(last.Add(-7), last.AddDate(5, 0, 0)), time.Duration(7)},
	}
	for _, tc := range cases {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.rule, diff)
		}
	}
}

func TestQuestionsDoNotAllocate(t *testing.T) {
	c := mustCalendar(t, typical())
	at := local(t, "Europe/Rome", "2026-03-04 10:30").UnixNano()
	questions := map[string]func(){
		"AddNanos":       func() { _, _ = c.AddNanos(at, int64(1000*time.Hour)) },
		"BetweenNanos":   func() { c.BetweenNanos(at, at+int64(1000*time.Hour)) },
		"IsOpenNanos":    func() { c.IsOpenNanos(at) },
		"NextOpenNanos":  func() { _, _ = c.NextOpenNanos(at) },
		"NextCloseNanos": func() { _, _ = c.NextCloseNanos(at) },
		"Length 3wd":     func() { _, _, _ = c.Length(sla.Amount{WorkingDays: 3}, at) },
	}
	for name, ask := range questions {
		if allocs := testing.AllocsPerRun(100, ask); allocs != 0 {
			t.Errorf("%s allocates %v times", name, allocs)
		}
	}
}

func TestTwinsOnNanosecondsReturnBareErrors(t *testing.T) {
	always, err := sla.Always("UTC")
	if err != nil {
		t.Fatal(err)
	}
	_, add := always.AddNanos(0, math.MaxInt64)
	_, closes := always.NextCloseNanos(math.MaxInt64)
	want := []string{sla.ErrHorizon.Error(), sla.ErrRange.Error()}
	if diff := cmp.Diff(want, []string{add.Error(), closes.Error()}); diff != "" {
		t.Errorf("errors of AddNanos and NextCloseNanos (-want +got):\n%s", diff)
	}
}

func TestAccessors(t *testing.T) {
	spec := typical()
	c := mustCalendar(t, spec)
	spec.Holidays[0] = "changed by the caller"
	c.Spec().Hours["fri"][0] = "changed by the caller"
	if diff := cmp.Diff(typical(), c.Spec()); diff != "" {
		t.Errorf("Spec (-want +got):\n%s", diff)
	}
	if c.Zone().String() != "Europe/Rome" || c.Day() != 8*time.Hour || c.Always() {
		t.Errorf("zone %v, day %v, always %v", c.Zone(), c.Day(), c.Always())
	}
}
