package core

import (
	"fmt"
	"strconv"
)

// Priority is a ticket's urgency: 1 is the most urgent, 9 the least. The names
// urgent, high, normal and low stand for 1, 2, 3 and 4.
type Priority uint8

// The named priorities and the bound.
const (
	PriorityUrgent Priority = 1
	PriorityHigh   Priority = 2
	PriorityNormal Priority = 3
	PriorityLow    Priority = 4
	PriorityMax    Priority = 9
)

var priorityNames = [...]string{PriorityUrgent: "urgent", PriorityHigh: "high", PriorityNormal: "normal", PriorityLow: "low"}

// String returns the name, or the number where there is no name.
func (p Priority) String() string {
	if p >= 1 && int(p) < len(priorityNames) {
		return priorityNames[p]
	}
	return strconv.Itoa(int(p))
}

// ParsePriority reads a name or a number from 1 to 9.
func ParsePriority(text string) (Priority, error) {
	for i, name := range priorityNames {
		if i > 0 && name == text {
			return Priority(i), nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > int(PriorityMax) {
		return 0, fmt.Errorf("core: priority %q is not urgent, high, normal, low or a number from 1 to %d", text, PriorityMax)
	}
	return Priority(n), nil
}

// MarshalJSON renders the number.
func (p Priority) MarshalJSON() ([]byte, error) { return strconv.AppendUint(nil, uint64(p), 10), nil }

// UnmarshalJSON reads a number, or a text with a name or number.
func (p *Priority) UnmarshalJSON(data []byte) error {
	text := string(data)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	v, err := ParsePriority(text)
	if err != nil {
		return err
	}
	*p = v
	return nil
}
