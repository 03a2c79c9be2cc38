//go:build unix

package replay

import "syscall"

// cpuSeconds returns the processor time that this process has used, user and
// system, over all its threads.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
