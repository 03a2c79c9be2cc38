package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Bounds on a stream.
const (
	eventsIdle = 15 * time.Second // without events for so long, it says that it is alive
	eventsSend = 30 * time.Second // for the client to take what is sent
)

// feedQuery is where to read the feed and how.
type feedQuery struct {
	After       core.Seq `query:"after" doc:"The sequence after which to read; 0 is the beginning"`
	Limit       int      `query:"limit" minimum:"1" maximum:"10000" default:"1000" doc:"Of a page; a stream has none"`
	Wait        int      `query:"wait" minimum:"0" maximum:"60" default:"0" doc:"Seconds to wait for the first event"`
	LastEventID core.Seq `header:"Last-Event-ID" doc:"Goes before after: what a browser sends when it comes back to a stream"`
	Accept      string   `header:"Accept" doc:"text/event-stream for a stream"`
}

// page is a stretch of the feed.
type page struct {
	Events []core.Event `json:"events" nullable:"false"`
	Next   core.Seq     `json:"next" doc:"Give it as after to read on"`
}

func (a *API) events() {
	const path = "/v1/events"
	registry := a.huma.OpenAPI().Components.Schemas
	huma.Register(a.huma, huma.Operation{
		OperationID: "read-events", Method: http.MethodGet, Path: path, Tags: []string{"events"},
		Summary: "Read the event feed after a cursor: a page, a long poll, or a stream",
		Responses: map[string]*huma.Response{"200": {
			Description: "A page of events, or with Accept: text/event-stream a stream without end",
			Content: map[string]*huma.MediaType{
				"application/json":  {Schema: registry.Schema(reflect.TypeFor[page](), true, "EventPage")},
				"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}},
			},
		}},
	}, a.feed)
	a.describe(http.MethodGet, path, nil)
}

func (a *API) feed(ctx context.Context, in *feedQuery) (*huma.StreamResponse, error) {
	after := max(in.After, in.LastEventID)
	if after > a.desk.Snapshot().Seq() {
		return nil, unanswered(engine.ErrCursor)
	}
	if strings.Contains(in.Accept, "text/event-stream") {
		return &huma.StreamResponse{Body: func(c huma.Context) { a.stream(c, after) }}, nil
	}
	events, err := a.page(ctx, after, in.Limit, time.Duration(in.Wait)*time.Second)
	if err != nil {
		return nil, unanswered(err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "application/json")
		_ = json.NewEncoder(c.BodyWriter()).Encode(events) // the client has gone; there is nobody to tell
	}}, nil
}

// page reads up to limit events; when there is none yet it waits for the first.
func (a *API) page(ctx context.Context, after core.Seq, limit int, wait time.Duration) (*page, error) {
	out := &page{Events: []core.Event{}, Next: after}
	ctx, cancel := a.untilDrained(ctx)
	defer cancel()
	feed, err := a.desk.Subscribe(ctx, after)
	if err != nil {
		return nil, err
	}
	defer feed.Close()
	for len(out.Events) < limit {
		if out.Next >= a.desk.Snapshot().Seq() && (wait <= 0 || len(out.Events) > 0) {
			break
		}
		events, err := read(ctx, feed, wait)
		if err != nil {
			return nil, err
		}
		if len(events) == 0 {
			break
		}
		events = events[:min(len(events), limit-len(out.Events))]
		out.Events = append(out.Events, events...)
		out.Next = events[len(events)-1].Seq
	}
	return out, nil
}

// read waits for events at most that long (a moment when they are there
// already), or until the daemon stops: then there are none.
func read(ctx context.Context, feed *engine.Subscription, wait time.Duration) ([]core.Event, error) {
	patience, cancel := context.WithTimeout(ctx, max(wait, time.Second))
	defer cancel()
	events, err := feed.Next(patience)
	if err != nil && patience.Err() != nil && errors.Is(err, patience.Err()) {
		return nil, nil
	}
	return events, err
}

// stream sends events as they come (WHATWG HTML, server-sent events), until the
// client goes or the daemon stops.
func (a *API) stream(c huma.Context, after core.Seq) {
	r, w := humago.Unwrap(c)
	out := http.NewResponseController(w)
	ctx, cancel := a.untilDrained(r.Context())
	defer cancel()
	feed, err := a.desk.Subscribe(ctx, after)
	if err != nil {
		unanswered(err).write(w)
		return
	}
	defer feed.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	_ = out.Flush()
	for ctx.Err() == nil {
		events, err := read(ctx, feed, eventsIdle)
		if err != nil {
			return
		}
		// A stream outlives the server's bound on responses, a client that has
		// stopped reading does not.
		_ = out.SetWriteDeadline(time.Now().Add(eventsSend))
		if err := send(w, events); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
	}
}

// send writes events, or a comment when there is none.
func send(w http.ResponseWriter, events []core.Event) error {
	if len(events) == 0 {
		_, err := w.Write([]byte(": alive\n\n"))
		return err
	}
	var text []byte
	for i := range events {
		data, err := json.Marshal(&events[i])
		if err != nil {
			return err
		}
		text = append(text, "id: "...)
		text = strconv.AppendUint(text, uint64(events[i].Seq), 10)
		text = append(append(text, "\nevent: "...), events[i].Type...)
		text = append(append(append(text, "\ndata: "...), data...), "\n\n"...)
	}
	_, err := w.Write(text)
	return err
}

// untilDrained ends with the request or when the daemon stops.
func (a *API) untilDrained(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(a.draining, cancel)
	return ctx, func() { stop(); cancel() }
}
