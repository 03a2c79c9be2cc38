package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Bounds on bulk commands.
const (
	bulkBatch    = 256
	bulkPatience = 30 * time.Second // for the next line
	bulkRetry    = 50 * time.Millisecond
)

// bulkAnswer is the answer to one line, in the order of the lines.
type bulkAnswer struct {
	Line     int           `json:"line"`
	Seq      core.Seq      `json:"seq,omitempty"`
	Ticket   core.TicketID `json:"ticket,omitempty"`
	Agent    core.AgentID  `json:"agent,omitempty"`
	Empty    bool          `json:"empty,omitempty"`
	Replayed bool          `json:"replayed,omitempty"`
	Problem  *Problem      `json:"problem,omitempty"`
}

// bulk registers POST /v1/commands: one command a line in, one answer a line out.
func (a *API) bulk(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/commands", a.commands)
	lines := map[string]*huma.MediaType{"application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString}}}
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "submit-commands", Method: http.MethodPost, Path: "/v1/commands", Tags: []string{"bulk"},
		Summary:     "Carry out one command a line; the answers come one a line, in order, while the lines are still read",
		Description: "The form of a line is printed by `yardmaster schema commands`. Lines are not atomic together. The daemon stamps the time: a line gives no `at`.",
		RequestBody: &huma.RequestBody{Required: true, Content: lines},
		Responses:   map[string]*huma.Response{"200": {Description: "One answer a line", Content: lines}, "default": a.failure()},
	})
}

func (a *API) commands(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := a.untilDrained(r.Context())
	defer cancel()
	b := &ingest{api: a, out: json.NewEncoder(w), control: http.NewResponseController(w)}
	_ = b.control.EnableFullDuplex() // HTTP/2 always is
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := bufio.NewReaderSize(r.Body, BodyBytesMax)
	for {
		_ = b.control.SetReadDeadline(time.Now().Add(bulkPatience))
		_ = b.control.SetWriteDeadline(time.Now().Add(2 * bulkPatience))
		text, err := lines.ReadSlice('\n')
		if len(text) > 0 || errors.Is(err, bufio.ErrBufferFull) {
			b.add(text, errors.Is(err, bufio.ErrBufferFull))
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			err = skipLine(lines)
		}
		// What has arrived is carried out before the next line is waited for.
		if len(b.answers) >= bulkBatch || lines.Buffered() == 0 || err != nil {
			if failed := b.flush(ctx); failed != nil {
				return
			}
		}
		if err != nil || ctx.Err() != nil {
			return
		}
	}
}

// skipLine reads to the end of a line that is too long.
func skipLine(lines *bufio.Reader) error {
	for {
		_, err := lines.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// ingest is a bulk request under way: the lines read and not yet answered.
type ingest struct {
	api      *API
	out      *json.Encoder
	control  *http.ResponseController
	line     int
	answers  []bulkAnswer // of the lines not yet answered
	requests []engine.Request
	places   []int // of each request, its answer
}

// add reads one line; what cannot be read has its answer at once.
func (b *ingest) add(text []byte, tooLong bool) {
	b.line++
	text = bytes.TrimSpace(text)
	if len(text) == 0 && !tooLong {
		return
	}
	answer := bulkAnswer{Line: b.line}
	request, p := b.request(text, tooLong)
	if p != nil {
		answer.Problem = p
	} else {
		b.requests = append(b.requests, request)
		b.places = append(b.places, len(b.answers))
	}
	b.answers = append(b.answers, answer)
}

func (b *ingest) request(text []byte, tooLong bool) (engine.Request, *Problem) {
	if tooLong {
		return engine.Request{}, problem(http.StatusRequestEntityTooLarge, core.ReasonTooLarge, "", fmt.Sprintf("the line is longer than %d bytes", BodyBytesMax))
	}
	in, err := core.ParseInput(text)
	if err != nil {
		return engine.Request{}, unreadable(text, err)
	}
	if in.At != 0 {
		return engine.Request{}, problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "/at", "the daemon stamps the time itself; `yardmaster replay` replays commands with theirs")
	}
	switch c := in.Command.(type) {
	case core.Tick, core.Outage:
		return engine.Request{}, problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "/command", c.Kind()+" is the daemon's own")
	case core.ApplyConfig:
		if in.Command, err = core.NewApplyConfig(c.Config); err != nil {
			return engine.Request{}, problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "/config", err.Error())
		}
	}
	return engine.Request{Key: in.Key, Command: in.Command}, nil
}

// flush carries out what has been read and sends the answers.
func (b *ingest) flush(ctx context.Context) error {
	b.submit(ctx)
	for i := range b.answers {
		if err := b.out.Encode(&b.answers[i]); err != nil {
			return err
		}
	}
	b.answers, b.requests, b.places = b.answers[:0], b.requests[:0], b.places[:0]
	if err := b.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// submit waits for room as long as the desk has none: a bulk request is patient.
func (b *ingest) submit(ctx context.Context) {
	if len(b.requests) == 0 {
		return
	}
	var answers []engine.Answer
	batch, err := b.api.desk.EnqueueWait(ctx, b.requests)
	if err == nil {
		answers, err = batch.Wait(ctx)
	}
	for i, place := range b.places {
		b.answers[place].take(answers, i, err)
	}
}

// take fills in the answer to request i of a batch.
func (a *bulkAnswer) take(answers []engine.Answer, i int, err error) {
	if err == nil {
		err = answers[i].Err
	}
	if err != nil {
		a.Problem = unanswered(err)
		return
	}
	reply := answers[i].Reply
	if reply.Rejection != nil {
		a.Problem = rejected(reply.Rejection)
	}
	a.Seq, a.Ticket, a.Agent, a.Empty, a.Replayed = reply.Seq, reply.Ticket, reply.Agent, reply.Empty, reply.Replayed
}
