package replay_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/yardmaster/yardmaster/bench/replay"
)

// recount counts a ServiceNow record a second way: by comparing each row with
// the one before it of the same incident, without reader or engine.
func recount(t *testing.T, record []byte) replay.Counts {
	t.Helper()
	rows := csv.NewReader(bytes.NewReader(record))
	header, err := rows.Read()
	if err != nil {
		t.Fatal(err)
	}
	column := make(map[string]int)
	for i, name := range header {
		column[name] = i
	}
	type state struct{ status, priority, group, agent string }
	last := make(map[string]state)
	reopened := make(map[string]bool)
	var c replay.Counts
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		cell := func(name string) string { return row[column[name]] }
		id := cell("number")
		was, known := last[id]
		if !known {
			c.Tickets++
			c.Created++
			was = state{"New", cell("priority"), "?", "?"}
		}
		is := state{cell("incident_state"), cell("priority"), cell("assignment_group"), cell("assigned_to")}
		if is.status == "-100" {
			is.status = was.status
		}
		if group(is.status) != group(was.status) {
			switch group(is.status) {
			case "open":
				c.Open++
			case "pending":
				c.Pending++
			case "on_hold":
				c.OnHold++
			case "solved":
				c.Solved++
			case "closed":
				c.Closed++
			}
			if ended(was.status) && !ended(is.status) {
				c.Reopened++
				reopened[id] = true
			}
		}
		if is.priority != was.priority {
			c.PriorityChanged++
		}
		if is.group != was.group {
			if is.group == "?" {
				c.GroupCleared++
			} else {
				c.GroupAssigned++
			}
		}
		if is.agent != was.agent {
			if is.agent == "?" {
				c.AgentCleared++
			} else {
				c.AgentAssigned++
			}
		}
		last[id] = is
	}
	c.ReopenedTickets = len(reopened)
	return c
}

func group(state string) string {
	return map[string]string{
		"New": "new", "Active": "open", "Awaiting User Info": "pending", "Awaiting Vendor": "on_hold",
		"Awaiting Problem": "on_hold", "Awaiting Evidence": "on_hold", "Resolved": "solved", "Closed": "closed",
	}[state]
}

func ended(state string) bool { return state == "Resolved" || state == "Closed" }

// cutAndShifted keeps every n-th incident of a record and moves its clock by so
// many months.
func cutAndShifted(t *testing.T, record []byte, every, months int) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(record)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var times []int
	for i, name := range rows[0] {
		switch name {
		case "opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at":
			times = append(times, i)
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	kept := make(map[string]bool)
	for i, row := range rows {
		keep, seen := kept[row[0]]
		if i > 0 && !seen {
			keep = len(kept)%every == 0
			kept[row[0]] = keep
		}
		if i > 0 && !keep {
			continue
		}
		for _, at := range times {
			if i > 0 {
				row[at] = shifted(row[at], months)
			}
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.Bytes()
}

// shifted moves by months of 30 days, so that the order stays.
func shifted(text string, months int) string {
	at, err := time.Parse("2/1/2006 15:04", text)
	if err != nil {
		return text
	}
	at = at.AddDate(0, 0, 30*months)
	return fmt.Sprintf("%d/%d/%d %s", at.Day(), at.Month(), at.Year(), at.Format("15:04"))
}
