package engine

import (
	"fmt"
	"testing"
)

// The place of a desk is part of what engines that share a store agree on.
func TestPlacesOfDesksDoNotChange(t *testing.T) {
	e := &Engine{partitions: make([]*partition, 4)}
	for i := range e.partitions {
		e.partitions[i] = &partition{number: i}
	}
	got := ""
	for _, id := range []string{"default", "acme", "globex", "initech"} {
		got += fmt.Sprint(id, " ", e.partitionOf(id).number, "; ")
	}
	if want := "default 2; acme 3; globex 2; initech 1; "; got != want {
		t.Errorf("places %q, want %q", got, want)
	}
}
