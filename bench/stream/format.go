package stream

import (
	"fmt"
	"strings"
)

// Format is how a recorded file is written.
type Format uint8

// The formats.
const (
	// UCIServiceNow is the audit log of a ServiceNow desk: one row for each
	// update, with the whole incident as it stood (UCI Machine Learning
	// Repository, data set 498, https://doi.org/10.24432/C57S4H).
	UCIServiceNow Format = iota + 1
	// HelpdeskItaly is the event log of an Italian help desk: case, activity,
	// time (Mendeley Data, https://doi.org/10.17632/39bp3vv62t.1).
	HelpdeskItaly
	// JSONL is one command a line, as core.ParseInput reads it; `at` is required.
	JSONL
)

var formatNames = [...]string{UCIServiceNow: "uci-servicenow", HelpdeskItaly: "helpdesk-italy", JSONL: "jsonl"}

// String returns the format's name, as the command line spells it.
func (f Format) String() string {
	if f > 0 && int(f) < len(formatNames) {
		return formatNames[f]
	}
	return fmt.Sprintf("invalid(%d)", uint8(f))
}

// FormatNames lists the formats' names in the order of their declaration.
func FormatNames() []string { return append([]string(nil), formatNames[1:]...) }

// ParseFormat reads a format's name. The error wraps ErrFormat.
func ParseFormat(name string) (Format, error) {
	for i, known := range formatNames {
		if i > 0 && known == name {
			return Format(i), nil
		}
	}
	return 0, fmt.Errorf("stream: format %q: %w; the formats are %s", name, ErrFormat, strings.Join(formatNames[1:], ", "))
}
