package api_test

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/engine/core"
)

type feedPage struct {
	Events []core.Event `json:"events"`
	Next   core.Seq     `json:"next"`
}

// However it is cut into pages, the feed is dense and whole.
func TestPagesOfTheFeedHaveNoGap(t *testing.T) {
	d := newDaemon(t)
	for range 20 {
		d.must("POST", "/v1/tickets", `{"queue":"pulled"}`)
	}
	last := d.desk.Snapshot().Seq()
	for _, limit := range []string{"1", "3", "10000"} {
		after, seen := core.Seq(0), core.Seq(0)
		for after < last {
			var p feedPage
			decode(t, d.must("GET", "/v1/events?limit="+limit+"&after="+seq(after), "").body, &p)
			for _, e := range p.Events {
				if seen++; e.Seq != seen {
					t.Fatalf("limit %s: event %d where %d belongs", limit, e.Seq, seen)
				}
			}
			if p.Next <= after {
				t.Fatalf("limit %s: the page after %d ends at %d", limit, after, p.Next)
			}
			after = p.Next
		}
		var end feedPage
		decode(t, d.must("GET", "/v1/events?after="+seq(last), "").body, &end)
		if diff := cmp.Diff(feedPage{Events: []core.Event{}, Next: last}, end); diff != "" {
			t.Errorf("the page after the last event (-want +got):\n%s", diff)
		}
	}
}

func TestALongPollWaitsForTheNextEvent(t *testing.T) {
	d := newDaemon(t)
	last := d.desk.Snapshot().Seq()
	page := make(chan answer)
	go func() { page <- d.do("GET", "/v1/events?wait=60&after="+seq(last), "") }()
	d.must("POST", "/v1/tickets", `{"id":"t1"}`)
	var p feedPage
	decode(t, (<-page).body, &p)
	if len(p.Events) == 0 || p.Events[0].Seq != last+1 || p.Events[0].Ticket != "t1" {
		t.Errorf("the poll gave %v, want the creation of t1", p.Events)
	}
}

// A stream begins after its cursor, goes on live, and ends when the daemon
// drains.
func TestAStreamFollowsTheFeed(t *testing.T) {
	d := newDaemon(t)
	d.must("POST", "/v1/tickets", `{"id":"t1"}`)
	request, err := http.NewRequestWithContext(d.Context(), http.MethodGet, d.server.URL+"/v1/events?after=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Last-Event-ID", "2")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("Content-Type = %q", got)
	}
	lines := bufio.NewScanner(response.Body)
	next := func() (id, event string) {
		for lines.Scan() {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "id":
				id = value
			case "event":
				event = value
			case "data":
				return id, event
			}
		}
		return "", ""
	}
	if id, _ := next(); id != "3" {
		t.Fatalf("the stream begins with %q, want 3", id)
	}
	for seq(d.desk.Snapshot().Seq()) != lastOf(next) {
	}
	d.must("POST", "/v1/tickets", `{"id":"t2"}`)
	if _, event := next(); event != string(core.TicketCreated) {
		t.Errorf("the live event is %q, want %q", event, core.TicketCreated)
	}
	d.api.Drain()
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream ended with %v, want an orderly end", err)
	}
	if a := d.do("GET", "/readyz", ""); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("readyz while draining = %d, want 503 with Retry-After", a.status)
	}
	if a := d.do("GET", "/healthz", ""); a.status != http.StatusOK {
		t.Errorf("healthz while draining = %d, want 200", a.status)
	}
}

func seq(s core.Seq) string { return strconv.FormatUint(uint64(s), 10) }

func lastOf(next func() (string, string)) string {
	id, _ := next()
	return id
}

// After the engine is closed, requests say so and that they may be sent again.
func TestAClosedEngineIsAProblem(t *testing.T) {
	d := newDaemon(t)
	if err := d.close(context.Background()); err != nil {
		t.Fatal(err)
	}
	a := d.do("POST", "/v1/tickets", "{}")
	if a.status != http.StatusServiceUnavailable || a.pick(t, "type") != "urn:yardmaster:closing" || a.header.Get("Retry-After") == "" {
		t.Errorf("a closed engine = %d %s %v, want 503 closing with Retry-After", a.status, a.body, a.header)
	}
}
