package sla

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp" // tests compare
)

func TestMayMeasure(t *testing.T) {
	began := time.Now() // tests measure
	if diff := cmp.Diff(began, began); diff != "" {
		t.Error(diff)
	}
}
