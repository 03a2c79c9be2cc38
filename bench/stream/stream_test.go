package stream_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/bench/stream"
	"github.com/yardmaster/yardmaster/engine/core"
)

func TestJSONLReadsOneCommandALine(t *testing.T) {
	s := read(t, stream.JSONL, `
{"at":"2026-03-01T09:00:00Z","command":"ticket.create","id":"b"}
{"at":"2026-03-01T08:00:00Z","key":"mine","command":"ticket.create","id":"a"}
{"at":"2026-03-01T10:00:00Z","command":"desk.tick"}
{"command":"ticket.create","id":"c"}
not json
`)
	want := []core.Input{
		{At: at(t, "2026-03-01T08:00:00Z"), Key: "mine", Command: core.CreateTicket{ID: "a"}},
		{At: at(t, "2026-03-01T09:00:00Z"), Key: "jsonl:file.csv/2", Command: core.CreateTicket{ID: "b"}},
		{At: at(t, "2026-03-01T10:00:00Z"), Command: core.Tick{}},
	}
	if diff := cmp.Diff(want, inputs(s)); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"no-time": 1, "bad-line": 1}, s.Faults().ByReason); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if got := s.Faults().Refused; got != 2 {
		t.Errorf("refused = %d, want 2", got)
	}
}

func TestFindNamesTheCommandOfAKey(t *testing.T) {
	s := read(t, stream.JSONL, `{"at":"2026-03-01T09:00:00Z","command":"ticket.create","id":"b"}
{"at":"2026-03-01T08:00:00Z","key":"mine","command":"ticket.create","id":"a"}
{"at":"2026-03-01T10:00:00Z","command":"desk.tick"}
{"at":"2026-03-01T11:00:00Z","key":"mine","command":"ticket.create","id":"a"}`)
	for i, in := range inputs(s)[:3] {
		got, found := s.Find(core.HashKey(in.Key))
		if wantFound := in.Key != ""; found != wantFound || found && got != i {
			t.Errorf("Find(%q) = %d, %t, want %d, %t", in.Key, got, found, i, wantFound)
		}
	}
	if _, found := s.Find(core.HashKey("another")); found {
		t.Error("a key of another stream was found")
	}
}

func TestReadRefusesAWholeFile(t *testing.T) {
	var packed bytes.Buffer
	archive := gzip.NewWriter(&packed)
	_, _ = archive.Write([]byte(uciHeader + strings.Repeat("a row that is cut off,\n", 1000)))
	_ = archive.Close()
	line := `{"at":"2026-03-01T09:00:00Z","command":"desk.tick"}` + "\n"
	for name, tc := range map[string]struct {
		format stream.Format
		text   string
		want   error
		says   string
	}{
		"missing columns":  {stream.UCIServiceNow, "number,priority\n", stream.ErrHeader, "incident_state, opened_at, sys_updated_at, assignment_group, assigned_to"},
		"an empty file":    {stream.HelpdeskItaly, "", stream.ErrHeader, "empty"},
		"too many rows":    {stream.JSONL, strings.Repeat(line, 4), stream.ErrRowsMax, "more than 3"},
		"a broken archive": {stream.UCIServiceNow, packed.String()[:packed.Len()-12], nil, "unexpected EOF"},
		"no format":        {0, "", stream.ErrFormat, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := stream.Read(t.Context(), strings.NewReader(tc.text), "file", tc.format, stream.Options{RowsMax: 3})
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("error = %v, want %v that says %q", err, tc.want, tc.says)
			}
		})
	}
}

func TestFormatNamesAreParsed(t *testing.T) {
	for _, name := range stream.FormatNames() {
		format, err := stream.ParseFormat(name)
		if err != nil || format.String() != name {
			t.Errorf("ParseFormat(%q) = %v, %v", name, format, err)
		}
	}
	if _, err := stream.ParseFormat("zendesk"); !errors.Is(err, stream.ErrFormat) {
		t.Errorf("error = %v, want ErrFormat", err)
	}
}

func TestLongNamesStayWithinAKey(t *testing.T) {
	s, err := stream.Read(t.Context(), strings.NewReader(""), strings.Repeat("n", 200), stream.JSONL, stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(s.Name()); got > 64 {
		t.Errorf("the name has %d bytes: %s", got, s.Name())
	}
}

func FuzzRead(f *testing.F) {
	f.Add(uint8(stream.UCIServiceNow), uciHeader+"I1,New,true,Caller 1,2/3/2016 09:00,2/3/2016 10:00,Phone,?,3 - Moderate,?,?,?,?\n")
	f.Add(uint8(stream.HelpdeskItaly), "CaseID,ActivityID,CompleteTimestamp\n2,1,2012-04-03 16:55:38\n2,8,2012-04-03 16:55:53\n")
	f.Add(uint8(stream.JSONL), `{"at":"2026-03-01T09:00:00Z","command":"ticket.create","id":"b"}`)
	f.Add(uint8(stream.UCIServiceNow), "\x1f\x8b")
	f.Fuzz(func(t *testing.T, format uint8, text string) {
		s, err := stream.Read(t.Context(), strings.NewReader(text), "f", stream.Format(format%4), stream.Options{RowsMax: 1000})
		if err != nil {
			return
		}
		last := core.Instant(-1 << 63)
		keys := make(map[string]bool)
		for in := range s.Inputs() {
			if in.At < last {
				t.Fatalf("%s comes after %s", in.At, last)
			}
			last = in.At
			if s.Format() != stream.JSONL && keys[in.Key] {
				t.Fatalf("key %q twice", in.Key)
			}
			keys[in.Key] = true
		}
	})
}
