package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// served is a daemon in this process.
type served struct {
	url  string
	stop func() int // its exit code
}

func serve(t *testing.T, args ...string) served {
	t.Helper()
	log, logged := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	console := newConsole(strings.NewReader(""), io.Discard, logged)
	root := newRoot(console)
	root.SetArgs(append([]string{"serve", "--json", "--listen", "127.0.0.1:0"}, args...))
	code := make(chan int, 1)
	go func() {
		code <- console.exit(root.ExecuteContext(ctx))
		_ = logged.Close() // never fails
	}()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Msg, URL string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("the log says %q: %v", lines.Text(), err)
		}
		if line.Msg == "listening" {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return served{line.URL, func() int { cancel(); return <-code }}
		}
	}
	cancel()
	t.Fatalf("the daemon ended with %d before it listened", <-code)
	return served{}
}

func request(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// A newcomer who starts the daemon and posts a ticket sees it routed and
// assigned at once, and finds it again after a restart.
func TestTheStarterDeskRoutesAtOnceAndRemembers(t *testing.T) {
	dir := t.TempDir()
	d := serve(t, "--data", dir)
	status, body := request(t, "POST", d.url+"/v1/tickets", `{"id":"t1","subject":"I want a refund","requester":"ada","channel":"email"}`)
	if status != http.StatusCreated {
		t.Fatalf("create = %d %s", status, body)
	}
	var ticket struct{ Queue, Assignee string }
	if err := json.Unmarshal([]byte(body), &ticket); err != nil {
		t.Fatal(err)
	}
	if ticket.Queue == "" || ticket.Assignee == "" {
		t.Errorf("the ticket is in queue %q and held by %q, want both: %s", ticket.Queue, ticket.Assignee, body)
	}
	if code := d.stop(); code != exitFine {
		t.Fatalf("stopped with %d, want %d", code, exitFine)
	}
	d = serve(t, "--data", dir)
	defer d.stop()
	if status, again := request(t, "GET", d.url+"/v1/tickets/t1", ""); status != http.StatusOK || again != body {
		t.Errorf("after a restart: %d\n%s\nwant\n%s", status, again, body)
	}
}

// A stream that is open does not hold up the end.
func TestStoppingEndsStreams(t *testing.T) {
	d := serve(t, "--memory")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	code := make(chan int, 1)
	go func() { code <- d.stop() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Errorf("the stream ended with %v, want an orderly end", err)
	}
	if got := <-code; got != exitFine {
		t.Errorf("stopped with %d, want %d", got, exitFine)
	}
}
