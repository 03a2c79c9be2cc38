package persisttest

import (
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/persist"
)

// Harness gives a test a store over one medium, and power over the medium. A nil
// field is a capability that the medium lacks.
type Harness struct {
	// Open opens the store. After Close, or after Crash and Close, it opens what
	// the medium has kept. It mends a medium on which Fail was called. Required.
	Open func() (persist.Store, error)

	// Hold makes every sync wait from now on. The channel is closed when the
	// first one waits. Called again, it lets the first sync that waits
	// succeed, and its channel is closed when another one waits.
	Hold func() (held <-chan struct{})

	// Release lets held syncs succeed, and ends holding.
	Release func()

	// Fail makes held and later syncs fail, and ends holding.
	Fail func()

	// Crash takes the medium as a cut of the power leaves it now: what was synced
	// is there, what was not is lost or torn. The next Open opens that; the store
	// that is open now goes on with a medium that nobody will read.
	Crash func()
}

// Run verifies that the stores that open's harnesses give keep the contract of
// package persist.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			h := open(t)
			if missing := c.missing(h); missing != "" {
				t.Skipf("the harness has no %s", missing)
			}
			c.run(newRig(t, h, patience))
		})
	}
}

// patience is how long a check waits for what must happen before it gives up;
// no check passes or fails by how fast something is within it.
const patience = time.Minute

// check is one guarantee.
type check struct {
	name  string
	needs []capability
	run   func(*rig)
}

type capability int

const (
	holding capability = iota + 1
	failing
	crashing
)

func (c capability) String() string {
	return [...]string{"", "Hold and Release", "Fail", "Crash"}[c]
}

func (c capability) in(h Harness) bool {
	switch c {
	case holding:
		return h.Hold != nil && h.Release != nil
	case failing:
		return h.Fail != nil
	default:
		return h.Crash != nil
	}
}

// missing names the first capability that the check needs and h lacks.
func (c check) missing(h Harness) string {
	for _, n := range c.needs {
		if !n.in(h) {
			return n.String()
		}
	}
	return ""
}
