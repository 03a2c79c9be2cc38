//go:build !unix

package rules_test

import "testing"

// reportProcessor reports nothing where the time of a processor is not to be had.
func reportProcessor(*testing.B) func() { return func() {} }
