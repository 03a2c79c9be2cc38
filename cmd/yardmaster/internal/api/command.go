package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Change is what every request that changes something carries. The body is read
// by the core, as JSON whatever its Content-Type says: the framework's own
// reading is left out by SkipValidateBody.
type Change struct {
	Key     string `header:"Idempotency-Key" maxLength:"256" doc:"Makes the request safe to send again: the first answer is given once more"`
	RawBody []byte `contentType:"application/json"`
}

// submit has the desk carry out a command and translates what it answers.
func (a *API) submit(ctx context.Context, key string, command core.Command) (core.Reply, error) {
	reply, err := a.desk.Submit(ctx, engine.Request{Key: key, Command: command})
	switch {
	case err != nil:
		p := unanswered(err)
		if p.Status >= http.StatusInternalServerError {
			a.log.ErrorContext(ctx, "command not carried out", "command", command.Kind(), "error", err)
		}
		return reply, p
	case reply.Rejection != nil:
		return reply, rejected(reply.Rejection)
	default:
		return reply, nil
	}
}

// parse reads a body as a command of type C, strictly. An empty body is an
// object without members.
func parse[C core.Command](body []byte) (C, error) {
	var none C
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	command, err := core.ParseCommand(none.Kind(), body)
	if err != nil {
		return none, unreadable(body, err)
	}
	return command.(C), nil // the name decides the type
}

// unreadable tells a body that is no JSON from one that says what it must not.
func unreadable(body []byte, err error) *Problem {
	var rejection *core.Rejection
	switch {
	case !json.Valid(body):
		return problem(http.StatusBadRequest, reasonMalformed, "", "the body is not JSON: "+syntax(body))
	case errors.As(err, &rejection):
		return rejected(rejection)
	default:
		return problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "", err.Error())
	}
}

// syntax says where a body stops being JSON.
func syntax(body []byte) string {
	var value any
	err := json.Unmarshal(body, &value)
	var fault *json.SyntaxError
	if errors.As(err, &fault) {
		return fmt.Sprintf("%v, at byte %d", fault, fault.Offset)
	}
	return "it ends too early"
}

// name puts the path's id into a command; a body that names another is refused.
func name[ID ~string](member string, given *ID, path ID) error {
	if *given != "" && *given != path {
		return problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "/"+member,
			fmt.Sprintf("the path names %q, the body %q", path, *given))
	}
	*given = path
	return nil
}

// Answered is what every change answers with, beside its body.
type Answered struct {
	Seq      core.Seq `header:"Yardmaster-Seq" doc:"The desk's last event: a cursor for /v1/events"`
	Replayed string   `header:"Idempotency-Replayed" doc:"true when the key was used before and this is the first answer"`
}

func newAnswered(reply core.Reply) Answered {
	a := Answered{Seq: reply.Seq}
	if reply.Replayed {
		a.Replayed = "true"
	}
	return a
}
