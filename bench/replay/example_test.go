package replay_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/yardmaster/yardmaster/bench/replay"
	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/persist"
)

func ExampleRun() {
	const commands = `{"at":"2026-03-02T09:00:00Z","command":"config.apply","config":{"queues":[{"id":"support"}]}}
{"at":"2026-03-02T09:00:00Z","command":"ticket.create","id":"42","queue":"support"}
{"at":"2026-03-02T09:30:00Z","command":"ticket.solve","ticket":"42"}
`
	ctx := context.Background()
	s, err := stream.Read(ctx, strings.NewReader(commands), "commands.jsonl", stream.JSONL, stream.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := replay.Run(ctx, persist.NewMemory(), s, replay.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Commands, "commands:", report.Counts.Created, "created,", report.Counts.Solved, "solved")
	// Output: 3 commands: 1 created, 1 solved
}
