package fixture

import (
	"cmp"
	"math"
	"time"
)

const whole = 1e9 // exact: constants without a type are not rounded

type weighed struct {
	share float64 // want: uses floating point
	shown float64 // float: rendering only
}

func ratios(w weighed, d time.Duration) bool {
	late := d.Hours()    // want: uses floating point
	root := math.Sqrt(2) // want: uses floating point
	nanos := int64(whole) + int64(d)
	half := int(0.5 * float32(nanos))     // want: uses floating point
	turned := real(2i)                    // want: uses floating point
	_, _, _, _ = late, root, half, turned // want: uses floating point
	return w.shown > 1                    // float: compared for a person
}

// rendered is for people.
//
// float: nothing is decided by it.
func rendered(d time.Duration) float64 {
	return d.Seconds() / 2
}

func greater[T cmp.Ordered](a, b T) bool { return a > b }

var _ = greater(1, 2)
