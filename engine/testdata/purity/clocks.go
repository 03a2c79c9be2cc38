package fixture

import (
	"context"
	. "time"
	clock "time"
)

type stamped struct{ at clock.Time }

func read() Duration {
	late := clock.Now()     // want: time.Now reads the clock
	read := Now             // want: time.Now reads the clock
	Sleep(1)                // want: time.Sleep waits
	_ = clock.Until(read()) // want: time.Until reads the clock
	return Since(late)      // want: time.Since reads the clock
}

func wait(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 1) // want: context.WithTimeout waits
	defer cancel()
	_ = AfterFunc // want: time.AfterFunc waits
}

func zones(nanos int64, zone *clock.Location) {
	_ = clock.Unix(0, nanos)          // want: time.Unix is in the machine's zone until .UTC() or .In() says otherwise
	_ = clock.UnixMilli(nanos).Hour() // want: time.UnixMilli is in the machine's zone until .UTC() or .In() says otherwise
	_ = clock.Unix(0, nanos).Local()  // want: time.Unix is in the machine's zone until .UTC() or .In() says otherwise; (time.Time).Local depends on the machine's zone
	_ = clock.Local                   // want: time.Local depends on the machine's zone
	_ = clock.Unix(0, nanos).UTC()
	_ = clock.Unix(0, nanos).In(zone)
	_ = clock.Unix(0, nanos).Before(clock.UnixMicro(nanos))
	_ = clock.Date(2026, 1, 1, 0, 0, 0, 0, clock.UTC)
	_ = stamped{}.at.Add(clock.Hour)
}
