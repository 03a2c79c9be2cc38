package fixture

import "sync" // want: imports sync

var mu sync.Mutex

func race(in <-chan int) { // want: uses a channel
	go mu.Lock() // want: starts a goroutine
	_ = <-in     // want: uses a channel
	select {     // want: selects
	case v := <-in: // want: uses a channel
		_ = v
	default:
	}
	out := make(chan int, 1) // want: uses a channel
	out <- 1                 // want: uses a channel
	for range out {          // want: uses a channel
	}
}
