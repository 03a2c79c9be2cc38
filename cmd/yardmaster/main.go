// Command yardmaster routes support tickets and keeps their service-level
// promises: a daemon over HTTP, and the tools around it.
//
// What. `yardmaster init` writes a desk.yaml to begin with, `check` says all
// that is wrong with one, `serve` runs a desk over HTTP, `replay` runs a recorded
// stream through the engine and reports, `digest` tells the state of a data
// directory, `schema` prints the forms of what is read, `version` what this is.
//
// Contract. Results go to standard output and everything else to standard
// error; `--json` makes a result one JSON value. Exit codes: 0 fine, 1 findings,
// 2 a mistake in the call or the configuration, 3 something cannot be reached
// (a directory in use, an address, a broken disk).
//
// Nothing here decides about tickets: commands and handlers translate, and the
// engine decides.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(run())
}

// run is the program: it ends early, and orderly, when it is interrupted or told
// to stop.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	console := newConsole(os.Stdin, os.Stdout, os.Stderr)
	return console.exit(newRoot(console).ExecuteContext(ctx))
}
