package sla

import (
	"testing"
	"time"

	cmp "github.com/google/go-cmp/cmp" // tests compare
)

func TestMayMeasure(t *testing.T) {
	began := time.Now() // tests measure
	t.Log(began, cmp.Stub)
}
