package replay

import (
	"bytes"
	"testing"
	"time"
)

func TestProgressTellsRateAndTimeLeft(t *testing.T) {
	p := newProgress(new(bytes.Buffer), 166_630, 6_630)
	for _, tc := range []struct {
		done  int
		spent time.Duration
		want  string
	}{
		{6_630, time.Second, "replay   3%  6,630 of 166,630 commands  0/s  ? left"},
		{46_630, 2 * time.Second, "replay  27%  46,630 of 166,630 commands  20,000/s  6s left"},
		{166_630, 4 * time.Second, "replay 100%  166,630 of 166,630 commands  40,000/s  0s left"},
	} {
		if got := p.line(tc.done, tc.spent); got != tc.want {
			t.Errorf("line = %q, want %q", got, tc.want)
		}
	}
}

func TestNoTerminalNoProgress(t *testing.T) {
	p := newProgress(nil, 10, 0)
	p.at(5)
	p.clear()
	if p != nil {
		t.Error("progress is drawn nowhere")
	}
}

func TestGroupedReadsWell(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}
