package engine_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Every goroutine of an engine ends with it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
