package engine

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

// Nobody overtakes, nothing is lost: room against a count.
func TestRoomAgainstACount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const size = 10
		r, taken := room{free: size}, 0
		type waiter struct {
			n      int
			cancel context.CancelFunc
			done   chan error
		}
		var line []waiter
		settleFront := func() {
			for len(line) > 0 && line[0].n <= size-taken {
				if err := <-line[0].done; err != nil {
					t.Fatal(err)
				}
				line[0].cancel()
				taken += line[0].n
				line = line[1:]
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"try": func(t *rapid.T) {
				n := rapid.IntRange(1, size).Draw(t, "n")
				want := n <= size-taken && len(line) == 0
				if got := r.try(n); got != want {
					t.Fatalf("try(%d) with %d taken and %d in line: %v", n, taken, len(line), got)
				}
				if want {
					taken += n
				}
			},
			"take": func(t *rapid.T) {
				ctx, cancel := context.WithCancel(context.Background())
				w := waiter{n: rapid.IntRange(1, size).Draw(t, "n"), cancel: cancel, done: make(chan error, 1)}
				stands := len(line) > 0 || w.n > size-taken
				go func() { w.done <- r.take(ctx, w.n) }()
				for stands && inLine(&r) == len(line) { // until it stands in line
					runtime.Gosched()
				}
				line = append(line, w)
				settleFront()
			},
			"give": func(t *rapid.T) {
				if taken == 0 {
					t.Skip("nothing is taken")
				}
				n := rapid.IntRange(1, taken).Draw(t, "n")
				taken -= n
				r.give(n)
				settleFront()
			},
			"give up": func(t *rapid.T) {
				if len(line) == 0 {
					t.Skip("nobody waits")
				}
				i := rapid.IntRange(0, len(line)-1).Draw(t, "who")
				line[i].cancel()
				if err := <-line[i].done; !errors.Is(err, context.Canceled) {
					t.Fatalf("gave up and got %v", err)
				}
				line = append(line[:i:i], line[i+1:]...)
				settleFront()
			},
			"": func(t *rapid.T) {
				if r.free != size-taken || inLine(&r) != len(line) {
					t.Fatalf("%d free and %d in line, want %d and %d", r.free, inLine(&r), size-taken, len(line))
				}
			},
		})
		for _, w := range line {
			w.cancel()
			if err := <-w.done; err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
	})
}

func inLine(r *room) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting)
}
