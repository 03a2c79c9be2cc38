package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Options says how sources are read. The zero value is the default: no shorthand, any trigger, the limits named below.
type Options struct {
	// Bare names a top-level fact, a struct, whose fields may be written bare: with Bare "ticket", status means
	// ticket.status unless there is a top-level fact status.
	Bare string
	// Self gives, by name of a fact that is a struct, the field that is meant when the name stands alone: with
	// {"event": "type"}, event == "created" means event.type == "created", and event.from is untouched.
	Self map[string]string
	// Triggers lists the legal trigger names, at most TriggersMax; bit i of a Triggers value is Triggers[i]. Empty means
	// that whatever the rules name is legal, with bits in the order of first mention.
	Triggers []string

	// Linear has every condition evaluated by expr's machine, and a pass ask every rule that listens. It is the plain form of
	// what the index and the closures do, and gives the same results: for comparing, in tests and measurements.
	Linear bool

	// SourceBytesMax bounds one source, in bytes. Default 4,096, at most 65,536.
	SourceBytesMax int
	// NodesMax bounds the nodes of the syntax tree of one source. Default 2,000, at most 20,000.
	NodesMax int
	// DepthMax bounds the nesting of one source. Default 64, at most 256. Chains such as a or b or c do not nest.
	DepthMax int
	// StepsMax bounds the steps that one evaluation may take, as calculated at compile time for facts of the size below: a
	// node is one step, reading 64 bytes of text another, and matching a pattern reads a text once for each of the
	// pattern's states; a predicate is evaluated for each element. Default 1,000,000, at most 100,000,000.
	StepsMax int
	// BytesMax bounds the texts and lists that one evaluation builds and has in use at one time, in bytes, calculated for
	// the same facts. Default 1,048,576, at most 67,108,864.
	BytesMax int
	// TextBytesMax is how long a text among the facts may be, and the texts in one list or map of them together, in bytes.
	// The package does not enforce it: larger facts give the same results, and take longer and more accordingly.
	// Default 65,536, at most 16,777,216.
	TextBytesMax int
	// ElementsMax is how many elements a list or map among the facts may have, likewise. Default 100, at most 100,000.
	ElementsMax int
}

// Validate reports all that is wrong with o and can be told without the facts, as Problems, or nil.
func (o Options) Validate() error {
	return Problems(o.problems()).orNil()
}

func (o Options) problems() []Problem {
	var found []Problem
	for _, limit := range o.limits() {
		if *limit.value < 0 || *limit.value > limit.most {
			found = append(found, optionProblem(limit.name, fmt.Sprintf("%d is not between 0 (the default, %d) and %d", *limit.value, limit.usual, limit.most)))
		}
	}
	return append(found, o.triggerProblems()...)
}

func (o Options) triggerProblems() []Problem {
	var found []Problem
	if len(o.Triggers) > TriggersMax {
		found = append(found, optionProblem("triggers", fmt.Sprintf("%d triggers, at most %d", len(o.Triggers), TriggersMax)))
	}
	for i, name := range o.Triggers {
		switch {
		case strings.TrimSpace(name) == "":
			found = append(found, optionProblem(fmt.Sprintf("triggers[%d]", i), "empty trigger name"))
		case slices.Contains(o.Triggers[:i], name):
			found = append(found, optionProblem(fmt.Sprintf("triggers[%d]", i), fmt.Sprintf("trigger %q is listed twice", name)))
		}
	}
	return found
}

// withDefaults returns o with its zero limits filled in.
func (o Options) withDefaults() Options {
	for _, limit := range o.limits() {
		if *limit.value == 0 {
			*limit.value = limit.usual
		}
	}
	return o
}

type limit struct {
	name        string
	value       *int
	usual, most int
}

func (o *Options) limits() []limit {
	return []limit{
		{"source_bytes_max", &o.SourceBytesMax, 4 << 10, 64 << 10},
		{"nodes_max", &o.NodesMax, 2_000, 20_000},
		{"depth_max", &o.DepthMax, 64, 256},
		{"steps_max", &o.StepsMax, 1_000_000, 100_000_000},
		{"bytes_max", &o.BytesMax, 1 << 20, 64 << 20},
		{"text_bytes_max", &o.TextBytesMax, 64 << 10, 16 << 20},
		{"elements_max", &o.ElementsMax, 100, 100_000},
	}
}
