package stream_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/yardmaster/yardmaster/bench/stream"
)

func ExampleRead() {
	const file = `CaseID,ActivityID,CompleteTimestamp
2,3,2012-04-03 16:55:38
2,6,2012-04-05 17:15:52
`
	s, err := stream.Read(context.Background(), strings.NewReader(file), "helpdesk.csv", stream.HelpdeskItaly, stream.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for in := range s.Inputs() {
		fmt.Println(in.At, in.Command.Kind(), in.Key)
	}
	// Output:
	// 2012-04-03T06:55:38Z ticket.create helpdesk-italy:helpdesk.csv/1/created
	// 2012-04-03T06:55:38Z ticket.update helpdesk-italy:helpdesk.csv/1
	// 2012-04-05T07:15:52Z ticket.update helpdesk-italy:helpdesk.csv/2
}
