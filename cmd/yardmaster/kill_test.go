//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/yardmaster/yardmaster/bench/replay"
)

// program starts this program as a process.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	return cmd
}

// report runs a replay to its end.
func report(t *testing.T, args ...string) replay.Report {
	t.Helper()
	cmd := program(t, append([]string{"replay", "--json"}, args...)...)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("replay: %v: %s", err, &failure)
	}
	var r replay.Report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return r
}

// A replay whose process is killed, again and again, ends in the state of one
// that was left alone.
func TestKilledReplaysEndInTheSameState(t *testing.T) {
	want := report(t)
	dir := t.TempDir()
	const kills, lines = 3, 4000
	for i := range kills {
		cmd := program(t, "replay", "--data", dir, "--events", "-")
		events, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// The process cannot run ahead of who reads its events by more than a
		// pipe's worth: it is killed in the middle. The events of the earlier runs
		// are told again first.
		read := bufio.NewScanner(events)
		for n := 0; n < (i+1)*lines; n++ {
			if !read.Scan() {
				t.Fatalf("the replay ended after %d events: %v", n, read.Err())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
	got := report(t, "--data", dir)
	if got.Resumed == 0 || got.Resumed >= got.Commands-1 {
		t.Errorf("%d of %d commands were done before the last run: it proves nothing", got.Resumed, got.Commands)
	}
	if got.Digest != want.Digest || got.Seq != want.Seq || got.Counts.Counts != want.Counts.Counts {
		t.Errorf("after %d kills: digest %s, sequence %d, counts %+v\nwant digest %s, sequence %d, counts %+v",
			kills, got.Digest, got.Seq, got.Counts.Counts, want.Digest, want.Seq, want.Counts.Counts)
	}
}

// daemon starts serve as a process and returns it with its address.
func daemon(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	cmd := program(t, "serve", "--json", "--listen", "127.0.0.1:0", "--data", dir)
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Msg, URL string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("the log says %q: %v", lines.Text(), err)
		}
		if line.Msg == "listening" {
			go func() { _, _ = io.Copy(io.Discard, log) }() // ends with the process
			return cmd, line.URL
		}
	}
	t.Fatalf("the daemon ended before it listened: %v", cmd.Wait())
	return nil, ""
}

// What a killed daemon has acknowledged is there when it is started again.
func TestAcknowledgedTicketsSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	cmd, url := daemon(t, dir)
	const callers, enough = 8, 200
	var count atomic.Int64
	acknowledged := make([][]string, callers)
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("t%d-%d", caller, n)
				response, err := http.Post(url+"/v1/tickets", "application/json", strings.NewReader(`{"id":"`+id+`"}`))
				if err != nil {
					return // the daemon is gone
				}
				_ = response.Body.Close()
				if response.StatusCode != http.StatusCreated {
					t.Errorf("create %s = %d", id, response.StatusCode)
					return
				}
				acknowledged[caller] = append(acknowledged[caller], id)
				if count.Add(1) == enough {
					_ = cmd.Process.Kill()
				}
			}
		})
	}
	all.Wait()
	_ = cmd.Wait() // it was killed

	cmd, url = daemon(t, dir)
	for _, ids := range acknowledged {
		for _, id := range ids {
			if status, body := request(t, http.MethodGet, url+"/v1/tickets/"+id, ""); status != http.StatusOK {
				t.Errorf("acknowledged ticket %s = %d %s", id, status, body)
			}
		}
	}
	// Told to stop, it ends in order.
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("told to stop: %v", err)
	}
}
