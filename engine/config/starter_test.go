package config

import (
	"errors"
	"testing"
)

func TestStarterParses(t *testing.T) {
	if _, err := Parse("desk.yaml", Starter()); err != nil {
		var problems *Errors
		if errors.As(err, &problems) {
			t.Fatal("\n" + problems.Text())
		}
		t.Fatal(err)
	}
}
