package sla

import "errors"

// Errors of questions put to a calendar.
var (
	// ErrHorizon says that the answer lies more than 36,525 days from the instant asked
	// about, or does not exist.
	ErrHorizon = errors.New("no answer within the horizon of 36,525 days")

	// ErrRange says that an instant, asked about or answered, is outside the range of an
	// int64 of Unix nanoseconds: 1677-09-21T00:12:43Z to 2262-04-11T23:47:16Z.
	ErrRange = errors.New("instant outside the years 1677 to 2262")
)

// Errors of amounts.
var (
	// ErrAmount says that a text or a value is not an amount.
	ErrAmount = errors.New("not an amount of time")

	// ErrNoBusinessDay says that an amount counts business days (`bd`) and the calendar does
	// not declare how long its day is.
	ErrNoBusinessDay = errors.New(`the calendar declares no business day (add "day: 8h")`)
)
