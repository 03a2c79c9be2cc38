package core

import (
	"fmt"
	"time"
)

// Instant is a point of machine time: nanoseconds since the Unix epoch, UTC.
// The zero Instant means "none". In JSON it is an RFC 3339 time in UTC.
type Instant int64

// instantMin and instantMax bound what may be told to a machine: the years 1700
// to 2250, within which every calendar answers.
const (
	instantMin = Instant(-8520336000_000_000_000)
	instantMax = Instant(8867491200_000_000_000)
)

// known reports whether the instant is none, or within its bounds.
func (i Instant) known() bool { return i == 0 || i >= instantMin && i < instantMax }

// At converts a time to an Instant. Times outside the years 1678 to 2262 do
// not fit and are refused where they enter (see ParseInstant).
func At(t time.Time) Instant { return Instant(t.UnixNano()) }

// ParseInstant reads an RFC 3339 time, with or without a fraction.
func ParseInstant(text string) (Instant, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0, fmt.Errorf("core: time %q is not RFC 3339, such as 2026-03-01T09:00:00Z", text)
	}
	if y := t.UTC().Year(); y < 1700 || y > 2250 || !At(t).known() {
		return 0, fmt.Errorf("core: time %q lies outside the years 1700 to 2250", text)
	}
	return At(t), nil
}

// Time returns the instant as a time in UTC.
func (i Instant) Time() time.Time { return time.Unix(0, int64(i)).UTC() }

// Add returns the instant d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d) }

// String renders RFC 3339 in UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339Nano) }

// MarshalText renders RFC 3339 in UTC.
func (i Instant) MarshalText() ([]byte, error) {
	return i.Time().AppendFormat(nil, time.RFC3339Nano), nil
}

// UnmarshalText reads RFC 3339.
func (i *Instant) UnmarshalText(text []byte) error {
	v, err := ParseInstant(string(text))
	if err != nil {
		return err
	}
	*i = v
	return nil
}
