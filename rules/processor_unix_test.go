//go:build unix

package rules_test

import (
	"syscall"
	"testing"
)

// reportProcessor reports the processor time of what runs until the returned function is called, for an operation: unlike
// the time on the wall it does not depend on what else the machine does.
func reportProcessor(b *testing.B) func() {
	before := processorTime()
	return func() { b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op") }
}

func processorTime() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return used.Utime.Nano() + used.Stime.Nano()
}
