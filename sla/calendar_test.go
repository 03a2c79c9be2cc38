package sla_test

import (
	"testing"

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
