package replay

import (
	"context"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// pace holds a replay to so many times real time. The zero pace holds nothing.
type pace struct {
	speed  float64 // recorded seconds a second; 0: as fast as it goes
	origin core.Instant
	start  time.Time
}

// newPace starts now with the instant at which the replay begins.
func newPace(speed float64, origin core.Instant) pace {
	return pace{speed: speed, origin: origin, start: time.Now()}
}

// early returns how long the command at that instant has to be held back.
func (p pace) early(at core.Instant) time.Duration {
	if p.speed <= 0 {
		return 0
	}
	due := time.Duration(float64(at-p.origin) / p.speed)
	return max(0, due-time.Since(p.start))
}

// hold waits, or returns the context's error.
func hold(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
