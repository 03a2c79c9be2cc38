package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCutKeepsEveryNthTicketWhole(t *testing.T) {
	const record = "number,state\na,1\nb,1\na,2\nc,1\nd,1\nc,2\n"
	for every, want := range map[int]string{
		1:  record,
		2:  "number,state\na,1\na,2\nc,1\nc,2\n",
		3:  "number,state\na,1\na,2\nd,1\n",
		99: "number,state\na,1\na,2\n",
	} {
		var got strings.Builder
		if err := cut(strings.NewReader(record), &got, every); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("every %d (-want +got):\n%s", every, diff)
		}
	}
}
