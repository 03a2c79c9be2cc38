package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/bench/streams"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

// replayFlags are what replay is called with.
type replayFlags struct {
	format, config, data, speed, events string
	rowsMax                             int
	asJSON                              bool
}

// newReplay runs a recorded stream through the engine.
func newReplay(c *console) *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay [FILE]",
		Short: "Run a recorded stream of tickets through the engine and report",
		Long: `Run a recorded stream through the engine at its recorded instants, and report what
came out: counts of what happened, the verdict of every promise beside the recorded
one, speed and cost, and the digest of the final state. Without FILE the bundled
sample is replayed; - is standard input; gzip is recognised.

Formats:
  uci-servicenow   the audit log of a ServiceNow desk, one row an update
                   (UCI data set 498)
  helpdesk-italy   the event log of an Italian help desk: case, activity, time
                   (Mendeley 39bp3vv62t)
  jsonl            one command a line, each with its "at"; the form is printed by
                   yardmaster schema commands

Rows that share an instant stay in file order. A bad row is refused, a row whose
time cannot be is clamped to the earliest that it can have; both are counted, and
the first of them are shown. Columns that tell the future are never read. Time ends
with the last row: a desk.tick after it lets later deadlines fire.

With --data the replay is durable. One that was cut short, even by kill -9, is
continued by the same call: the desk remembers its last command by its key, and
the digest at the end is that of a replay that was never cut.

Without --config the two records are replayed on the desks bundled for them, and
commands on the starter desk, unless the stream itself begins with config.apply.`,
		Example: `  yardmaster replay
  yardmaster replay --format uci-servicenow --config bench/streams/uci-servicenow/desk.yaml --json incident_event_log.csv.gz
  yardmaster replay --format jsonl --config desk.yaml --events - commands.jsonl | jq -c 'select(.type == "ticket.assigned")'`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			return c.replay(cmd.Context(), path, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "how FILE is written: uci-servicenow, helpdesk-italy or jsonl")
	flags.StringVar(&f.config, "config", "", "the desk.yaml to replay on (default: the one bundled for the format)")
	flags.StringVar(&f.data, "data", "", "a directory to keep the desk in (default: memory)")
	flags.StringVar(&f.speed, "speed", "max", "max, or so many times real time, such as 3600")
	flags.StringVar(&f.events, "events", "", "write every event as one line of JSON to this file; - is standard output,\nand the report then goes to standard error")
	flags.IntVar(&f.rowsMax, "rows-max", stream.RowsMaxDefault, "refuse a file with more rows")
	flags.BoolVar(&f.asJSON, "json", false, "print the report as one JSON object")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(stream.FormatNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *console) replay(ctx context.Context, path string, f replayFlags) (err error) {
	speed, err := parseSpeed(f.speed)
	if err != nil {
		return err
	}
	if path == "-" && f.config == "-" {
		return errors.New("standard input is either the stream or the configuration")
	}
	recorded, err := c.openStream(ctx, path, f)
	if err != nil {
		return err
	}
	c.showFaults(recorded.Faults())
	desk, err := c.deskFor(f.config, recorded)
	if err != nil {
		return err
	}
	events, closeEvents, err := c.openEvents(f.events)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEvents()) }()
	store, err := openStore(f.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	options := replay.Options{Config: desk, Speed: speed, Events: events}
	if c.terminal {
		options.Progress = c.err
	}
	report, err := replay.Run(ctx, store, recorded, options)
	if err != nil {
		return err
	}
	return c.report(report, f)
}

// report goes where results go, unless the events are there.
func (c *console) report(report *replay.Report, f replayFlags) error {
	quieter := *c
	if f.events == "-" {
		quieter.out = c.err
	}
	if f.asJSON {
		return quieter.json(report)
	}
	return report.Text(quieter.out)
}

func parseSpeed(text string) (float64, error) {
	if text == "max" {
		return 0, nil
	}
	speed, err := strconv.ParseFloat(text, 64)
	if err != nil || !(speed > 0) || speed > 1e12 {
		return 0, fmt.Errorf("--speed %q is neither max nor a number above 0 of times real time", text)
	}
	return speed, nil
}

func (c *console) openStream(ctx context.Context, path string, f replayFlags) (*stream.Stream, error) {
	opts := stream.Options{RowsMax: f.rowsMax}
	if path == "" {
		if f.format != "" && f.format != stream.UCIServiceNow.String() {
			return nil, fmt.Errorf("--format %s needs a FILE: the bundled sample is in %s", f.format, stream.UCIServiceNow)
		}
		return stream.Read(ctx, streams.Sample(), streams.SampleName, stream.UCIServiceNow, opts)
	}
	if f.format == "" {
		return nil, fmt.Errorf("--format is needed with a FILE: one of %v", stream.FormatNames())
	}
	format, err := stream.ParseFormat(f.format)
	if err != nil {
		return nil, err
	}
	if path == "-" {
		return stream.Read(ctx, c.in, "-", format, opts)
	}
	return stream.Open(ctx, path, format, opts)
}

// showFaults says which rows were not as they should be: the first ones, and how
// many there are.
func (c *console) showFaults(faults stream.Faults) {
	for _, fault := range faults.First {
		fmt.Fprintln(c.err, fault) //nolint:errcheck // a warning
	}
	if all := faults.Refused + faults.Clamped + faults.Overread; all > len(faults.First) {
		fmt.Fprintf(c.err, "and %d more rows: %v\n", all-len(faults.First), faults.ByReason) //nolint:errcheck // a warning
	}
}

// deskFor finds the configuration to replay on: the one that is named, else none
// when the stream begins with its own, else the one made for the format, else
// the starter.
func (c *console) deskFor(path string, recorded *stream.Stream) (*core.Config, error) {
	if path != "" {
		return c.readDesk(path)
	}
	if recorded.Len() > 0 {
		if _, own := recorded.Input(0).Command.(core.ApplyConfig); own {
			return nil, nil
		}
	}
	if name, source, ok := streams.Desk(recorded.Format().String()); ok {
		return config.Parse(name, source)
	}
	return config.Parse("starter.yaml", config.Starter())
}

// openEvents opens where the events go, if anywhere.
func (c *console) openEvents(path string) (io.Writer, func() error, error) {
	switch path {
	case "":
		return nil, func() error { return nil }, nil
	case "-":
		return c.out, func() error { return nil }, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, nil, unreachable(err)
	}
	return file, file.Close, nil
}
