package persist_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/yardmaster/yardmaster/persist"
)

func TestGroupCheck(t *testing.T) {
	lim := persist.Limits{DeskBytesMax: 4, IDBytesMax: 3, ValueBytesMax: 10, GroupBytesMax: 30}
	row := func(id, value int) persist.Row {
		return persist.Row{Kind: 1, ID: make([]byte, id), Value: make([]byte, value)}
	}
	record := func(expect, seq uint64, header, journal int) persist.DeskCommit {
		return persist.DeskCommit{Desk: "d", Expect: expect, Seq: seq, Header: make([]byte, header), Journal: make([]byte, journal)}
	}
	rows := func(rs ...persist.Row) persist.DeskCommit { return persist.DeskCommit{Desk: "d", Rows: rs} }

	for name, c := range map[string]struct {
		group persist.Group
		want  error
		says  string
	}{
		"nothing":                 {group: group()},
		"name at the limit":       {group: group(step("desk", 0, 1))},
		"name above":              {group: group(step("desks", 0, 1)), want: persist.ErrTooLarge, says: "5 bytes, above 4"},
		"no name":                 {group: group(step("", 0, 1)), want: persist.ErrInvalid, says: "no desk"},
		"goes back":               {group: group(step("d", 2, 1)), want: persist.ErrInvalid, says: "from sequence 2 to 1"},
		"rows alone":              {group: group(rows(row(1, 1)))},
		"header without sequence": {group: group(record(3, 3, 1, 0)), want: persist.ErrInvalid, says: "without a new sequence after 3"},
		"record without sequence": {group: group(record(3, 3, 0, 1)), want: persist.ErrInvalid, says: "without a new sequence after 3"},
		"record at the limit":     {group: group(record(3, 4, 10, 10))},
		"header above":            {group: group(record(3, 4, 11, 0)), want: persist.ErrTooLarge, says: "11 bytes, above 10"},
		"journal above":           {group: group(record(3, 4, 0, 11)), want: persist.ErrTooLarge, says: "11 bytes, above 10"},
		"row at the limit":        {group: group(rows(row(3, 10)))},
		"id above":                {group: group(rows(row(4, 0))), want: persist.ErrTooLarge, says: "id of 4"},
		"value above":             {group: group(rows(row(0, 11))), want: persist.ErrTooLarge, says: "value of 11"},
		"group at the limit":      {group: group(rows(row(0, 10), row(0, 10)), step("e", 0, 0), rows(row(0, 7)))},
		"group above":             {group: group(rows(row(0, 10), row(0, 10)), rows(row(0, 9))), want: persist.ErrTooLarge, says: "group has 31 bytes, above 30"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.group.Check(lim)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("the message is %q and does not say %q", err, c.says)
			}
		})
	}
}
