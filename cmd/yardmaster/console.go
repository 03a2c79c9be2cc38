package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/persist"
)

// The exit codes.
const (
	exitFine     = 0
	exitFindings = 1 // something was found, a threshold was missed, or the end was not reached
	exitUsage    = 2 // the call or the configuration is wrong
	exitReach    = 3 // something cannot be reached
)

// console is where the program reads and writes.
type console struct {
	in       io.Reader
	out      io.Writer
	err      io.Writer
	terminal bool // err is one
	colour   bool // on err
}

// newConsole looks at what the streams are. NO_COLOR (https://no-color.org)
// switches colour off, and so does a dumb terminal.
func newConsole(in io.Reader, out, err io.Writer) *console {
	c := &console{in: in, out: out, err: err, terminal: isTerminal(err)}
	c.colour = c.terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return c
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) //nolint:gosec // a descriptor fits
}

// fault is an error with the exit code that it means.
type fault struct {
	code int
	err  error // nil: all has been said
}

func (f *fault) Error() string {
	if f.err == nil {
		return "there are findings"
	}
	return f.err.Error()
}

func (f *fault) Unwrap() error { return f.err }

// unreachable marks an error as one of the outside world.
func unreachable(err error) error { return &fault{exitReach, err} }

// exit says what went wrong and returns the exit code.
func (c *console) exit(err error) int {
	if err == nil {
		return exitFine
	}
	var f *fault
	if errors.As(err, &f) && f.err == nil {
		return f.code
	}
	var problems *config.Errors
	if errors.As(err, &problems) {
		fmt.Fprint(c.err, problems.Text()) //nolint:errcheck // nobody else to tell
		return exitUsage
	}
	if errors.Is(err, context.Canceled) {
		err = &fault{exitFindings, errors.New("interrupted before the end")}
	}
	fmt.Fprintf(c.err, "%s %v\n", c.red("yardmaster:"), err) //nolint:errcheck // as above
	return codeOf(err)
}

// codeOf tells a mistake of the caller from a failure of what was called.
func codeOf(err error) int {
	var f *fault
	switch {
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, replay.ErrForeign), errors.Is(err, replay.ErrConfig), errors.Is(err, stream.ErrHeader), errors.Is(err, stream.ErrFormat):
		return exitUsage
	case errors.Is(err, persist.ErrLocked), errors.Is(err, persist.ErrFormat), errors.Is(err, persist.ErrFailed), errors.Is(err, persist.ErrCorrupt):
		return exitReach
	default:
		return exitUsage
	}
}

func (c *console) red(text string) string {
	if !c.colour {
		return text
	}
	return "\x1b[31m" + text + "\x1b[0m"
}

// json writes a result as one indented JSON value.
func (c *console) json(value any) error {
	encoder := json.NewEncoder(c.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
