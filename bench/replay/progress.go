package replay

import (
	"fmt"
	"io"
	"time"
)

// progress draws one line that tells how far a run is, how fast it goes and how
// long it will still take. A nil progress draws nothing.
type progress struct {
	out     io.Writer
	total   int
	skipped int // done before this run
	start   time.Time
	drawn   time.Time
}

// progressEvery is how often the line is drawn anew, at most.
const progressEvery = 100 * time.Millisecond

func newProgress(out io.Writer, total, skipped int) *progress {
	if out == nil {
		return nil
	}
	now := time.Now()
	return &progress{out: out, total: total, skipped: skipped, start: now, drawn: now}
}

func (p *progress) at(done int) {
	if p == nil || time.Since(p.drawn) < progressEvery {
		return
	}
	p.drawn = time.Now()
	fmt.Fprintf(p.out, "\r\x1b[K%s", p.line(done, p.drawn.Sub(p.start))) //nolint:errcheck // a lost line of progress is no loss
}

// line renders the state after that much time.
func (p *progress) line(done int, spent time.Duration) string {
	rate := float64(done-p.skipped) / max(spent.Seconds(), 1e-9)
	left := "?"
	if rate > 0 {
		left = (time.Duration(float64(p.total-done)/rate*10) * time.Second / 10).Round(100 * time.Millisecond).String()
	}
	return fmt.Sprintf("replay %3d%%  %s of %s commands  %s/s  %s left",
		100*done/max(1, p.total), grouped(done), grouped(p.total), grouped(int(rate)), left)
}

// clear wipes the line away, so that the report stands alone.
func (p *progress) clear() {
	if p != nil {
		fmt.Fprint(p.out, "\r\x1b[K") //nolint:errcheck // as above
	}
}
