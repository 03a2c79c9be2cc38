// Package persisttest is the contract of package persist as a test suite.
//
// # What
//
// [Run] takes a [Harness], which opens a store over some medium and can, where
// the medium allows, hold its syncs back, make them fail and cut its power. It
// runs one subtest for each guarantee; a guarantee that needs a capability that
// the harness lacks is skipped and says so. A store that passes may stand behind
// an engine.
//
// [Latch] is a gate for [persist.Memory] with which other tests can look at a
// store whose disk is slow or broken, and [Memory] the harness that uses it.
//
// # Contract
//
// Run fails if the store breaks a guarantee; what each subtest verifies is the
// sentence above it. The suite itself is tested: it must fail stores that were
// broken on purpose, each in one way.
//
// # Concurrency
//
// Subtests run one after the other; some use several goroutines. Each subtest
// has a harness of its own.
//
// # Errors
//
// Findings are reported to the [testing.T]; nothing is returned.
//
// # Caveats
//
// That something did not happen (a Close that must not return yet) is looked at
// for some milliseconds: a store that breaks such a rule slowly can pass a run.
package persisttest
