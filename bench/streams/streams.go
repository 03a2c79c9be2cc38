// Package streams bundles a small recorded stream and the desks on which the
// known records are replayed, so that a replay needs no file.
//
// The sample in uci-servicenow is cut from a set under the Creative Commons
// Attribution 4.0 licence; its README names the source and what was changed.
package streams

import (
	"bytes"
	_ "embed" // the sample and the desks
	"io"
)

//go:embed uci-servicenow/sample.csv.gz
var sample []byte

//go:embed uci-servicenow/desk.yaml
var uciDesk []byte

//go:embed helpdesk-italy/desk.yaml
var italyDesk []byte

// SampleName is the bundled sample's file name: part of its commands' keys.
const SampleName = "sample.csv.gz"

// Sample opens the bundled sample: a gzip archive in the format uci-servicenow.
func Sample() io.Reader { return bytes.NewReader(sample) }

// Desk returns the desk.yaml made for a format, by the format's name, and the
// name under which problems with it are told; false when there is none.
func Desk(format string) (name string, source []byte, ok bool) {
	switch format {
	case "uci-servicenow":
		return "bench/streams/uci-servicenow/desk.yaml", bytes.Clone(uciDesk), true
	case "helpdesk-italy":
		return "bench/streams/helpdesk-italy/desk.yaml", bytes.Clone(italyDesk), true
	default:
		return "", nil, false
	}
}
