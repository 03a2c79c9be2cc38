package streams_test

import (
	"context"
	"fmt"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/bench/streams"
	"github.com/yardmaster/yardmaster/engine/config"
)

// The sample and its desk, as `yardmaster replay` uses them.
func Example() {
	s, err := stream.Read(context.Background(), streams.Sample(), streams.SampleName, stream.UCIServiceNow, stream.Options{})
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
	fmt.Println(s.Rows(), "rows,", s.Len(), "commands,", len(desk.Groups), "groups,", len(desk.Agents), "agents")
	// Output: 5758 rows, 6755 commands, 78 groups, 234 agents
}
