package persist_test

import (
	"testing"

	"github.com/yardmaster/yardmaster/persist/persisttest"
)

func TestMemoryKeepsContract(t *testing.T) {
	persisttest.Run(t, func(*testing.T) persisttest.Harness { return persisttest.Memory() })
}
