package bench_test

import (
	"context"
	"fmt"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/bench/streams"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/persist"
)

// The bundled sample through the whole engine, in memory.
func Example() {
	ctx := context.Background()
	s, err := stream.Read(ctx, streams.Sample(), streams.SampleName, stream.UCIServiceNow, stream.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	name, source, _ := streams.Desk(s.Format().String())
	desk, err := config.Parse(name, source)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := replay.Run(ctx, persist.NewMemory(), s, replay.Options{Config: desk})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Commands, "commands,", report.Counts.Tickets, "tickets,", report.Counts.Reopened, "reopened")
	// Output: 6755 commands, 997 tickets, 16 reopened
}
