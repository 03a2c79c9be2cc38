// Package sla is time arithmetic for service-level promises: business
// calendars, and the amounts of time that promises are written in.
//
// # What
//
// A [Calendar] is a set of open windows on the time line, described by a
// [CalendarSpec]: a time zone, weekly hours in local wall-clock time, holidays,
// exceptions and breaks. It answers how much open time lies between two instants
// ([Calendar.Between]), which instant lies a given open time away ([Calendar.Add]),
// and when it opens and closes ([Calendar.NextOpen], [Calendar.NextClose],
// [Calendar.Windows]). An [Amount] is a promise as people write it (`1h30m`,
// `2bd`, `3wd`, `30d`); [Calendar.Length] turns it into an exact length. A [Countdown] runs
// such a length down on one instance of a [Metric]; a [Policy] says which length it is.
//
// # Contract
//
//   - Windows are local wall-clock times; what is measured is the elapsed time
//     between instants. A window 00:00-24:00 lasts 23 or 25 hours on the days of a
//     clock change. Everything is exact to the nanosecond; nothing is rounded.
//   - Edges are resolved to instants first, and only instants are compared after.
//     A wall time inside a spring gap moves forward by the gap. A wall time that
//     occurs twice means its first occurrence. A window whose resolved end is not
//     after its start is empty. A date that the zone skipped has no windows, and what
//     a spec says of it has no effect.
//   - The opening instant is open, the closing instant is not. Windows that touch
//     or overlap are one. A window whose end is before its start runs into the next
//     day and belongs to the date on which it starts.
//   - A holiday removes the windows that belong to its date, with their tails, and
//     cuts whatever runs into it at its midnight. An exception replaces the windows
//     that belong to its date, wins over a holiday, and leaves the tail of the day
//     before. Breaks cut any window, and are applied last.
//   - Add(t, d) is the earliest instant with exactly d of open time since t, so a
//     promise that fills the day is due at closing; with `full_day: next_opening`
//     it is the last such instant. Add(t, 0) is t. A negative d is mirrored: the
//     latest instant with that much open time between it and t.
//
// # Concurrency
//
// A Calendar is immutable after [NewCalendar]; any number of goroutines may use it
// without locks. The package keeps no state: build a calendar once, and share it.
//
// # Errors
//
// [NewCalendar] reports every problem of a spec at once, in a [*SpecError]. Questions
// fail with [ErrHorizon] when the answer is more than 36,525 days away, and with
// [ErrRange] when an instant is outside the years that an int64 of Unix nanoseconds
// covers (1677-09-21 to 2262-04-11). [ErrAmount] and [ErrNoBusinessDay] concern amounts.
// The twins on nanoseconds (AddNanos and so on) return these values bare, and never allocate.
//
// # Caveats
//
// Zone data come from the machine if it has any, and else from the copy in the
// binary: two machines with different editions may disagree on the future, as they
// do for package time. A Calendar keeps the transitions that it was built with.
// Building costs about a millisecond and keeps some 60 KB; questions cost tens of
// nanoseconds, whatever the span.
package sla
