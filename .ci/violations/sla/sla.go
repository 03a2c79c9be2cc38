// Package sla is a fixture: clocks, randomness and the machine in a pure package.
package sla

import (
	"context"
	"crypto/rand"
	"hash/maphash"
	mathrand "math/rand/v2"
	"os"
	"reflect"
	"runtime"
	clock "time"
)

// Zero is something to import.
const Zero = 0

// Start is allowed to know what an instant is.
type Start struct{ At clock.Time }

// Clocks names a clock, renamed, called and taken as a value.
func Clocks(ctx context.Context) {
	_ = clock.Now()               // want forbidigo
	now := clock.Now              // want forbidigo
	_ = clock.Since(now())        // want forbidigo
	_ = clock.Until(now())        // want forbidigo
	clock.Sleep(1)                // want forbidigo
	<-clock.After(1)              // want forbidigo
	clock.AfterFunc(1, func() {}) // want forbidigo
	_ = clock.NewTimer(1)         // want forbidigo
	_ = clock.NewTicker(1)        // want forbidigo
	_ = clock.Tick(1)             // want forbidigo
	_ = clock.Local               // want forbidigo
	_ = now().Local()             // want forbidigo

	_, cancel := context.WithTimeout(ctx, 1) // want forbidigo
	cancel()
}

// Chance draws from every source of randomness.
func Chance(names map[string]int) {
	_ = mathrand.Int()                   // want forbidigo
	_, _ = rand.Read(nil)                // want forbidigo
	_ = maphash.MakeSeed()               // want forbidigo
	_ = reflect.ValueOf(names).MapKeys() // want forbidigo
}

// Machine asks where it runs.
func Machine() {
	_ = os.Getenv("TZ")           // want forbidigo
	_ = runtime.NumGoroutine()    // want forbidigo
	_ = clock.Duration(1).Hours() // allowed
}
