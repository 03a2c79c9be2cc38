package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Problem is why a request was not carried out (RFC 9457). Nothing was changed
// by it, except where the type is urn:yardmaster:unknown_outcome.
type Problem struct {
	Type   string `json:"type" doc:"urn:yardmaster: and the reason" example:"urn:yardmaster:not_found"`
	Title  string `json:"title" doc:"The status in words"`
	Status int    `json:"status" doc:"The HTTP status"`
	Detail string `json:"detail" doc:"What was wrong, as a sentence"`
	Field  string `json:"field,omitempty" doc:"The member of the body, or the parameter, that was refused: a JSON pointer, or the parameter's name"`
}

// urn is the common start of problem types.
const urn = "urn:yardmaster:"

// retryAfter is what an overloaded daemon asks of its callers, in seconds.
const retryAfter = "1"

// The reasons that are not the domain's own (see core.Reason).
const (
	reasonMalformed      core.Reason = "malformed"
	reasonMethod         core.Reason = "method_not_allowed"
	reasonOverloaded     core.Reason = "overloaded"
	reasonClosing        core.Reason = "closing"
	reasonFailed         core.Reason = "storage_failed"
	reasonUnknownOutcome core.Reason = "unknown_outcome"
	reasonInternal       core.Reason = "internal"
	reasonCrossOrigin    core.Reason = "cross_origin"
)

// Error renders the problem as a sentence.
func (p *Problem) Error() string { return p.Type + ": " + p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders asks to wait where waiting helps.
func (p *Problem) GetHeaders() http.Header {
	if p.Status == http.StatusServiceUnavailable {
		return http.Header{"Retry-After": {retryAfter}}
	}
	return nil
}

// write sends the problem by a plain handler.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone; there is nobody to tell
}

func problem(status int, reason core.Reason, field, detail string) *Problem {
	return &Problem{Type: urn + string(reason), Title: http.StatusText(status), Status: status, Detail: detail, Field: field}
}

// rejected translates the domain's refusal.
func rejected(r *core.Rejection) *Problem {
	field := r.Field
	if field != "" {
		field = "/" + strings.ReplaceAll(field, ".", "/")
	}
	return problem(statusOf(r.Reason), r.Reason, field, r.Detail)
}

// statusOf groups the reasons: what is wrong with the request, what it names,
// and the state that it met.
func statusOf(reason core.Reason) int {
	switch reason {
	case core.ReasonNotFound:
		return http.StatusNotFound
	case core.ReasonInvalid, core.ReasonRequired, core.ReasonTooLarge, core.ReasonRule, core.ReasonKeyReuse:
		return http.StatusUnprocessableEntity
	default:
		return http.StatusConflict
	}
}

// unanswered translates an error of the engine.
func unanswered(err error) *Problem {
	var known *Problem
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, engine.ErrCursor):
		return problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "after", "the feed ends before that sequence: it was not given out by this desk")
	case errors.Is(err, engine.ErrOverloaded):
		return problem(http.StatusServiceUnavailable, reasonOverloaded, "", "the desk has more work than it can take; send the request again")
	case errors.Is(err, engine.ErrClosed):
		return problem(http.StatusServiceUnavailable, reasonClosing, "", "the daemon is stopping")
	case errors.Is(err, engine.ErrFailed):
		return problem(http.StatusServiceUnavailable, reasonFailed, "", "the storage has failed; the daemon has to be started again")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusServiceUnavailable, reasonUnknownOutcome, "", "the request ended before its answer; ask for the state, or send it again with its Idempotency-Key")
	default:
		return problem(http.StatusInternalServerError, reasonInternal, "", "the request could not be carried out")
	}
}

// ours turns the framework's own problems into the house's form.
func ours(_ huma.Context, _ string, body any) (any, error) {
	theirs, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	p := problem(theirs.Status, reasonOf(theirs.Status), "", theirs.Detail)
	if theirs.Status == http.StatusRequestEntityTooLarge {
		p.Detail = fmt.Sprintf("the body is longer than %d bytes", BodyBytesMax)
	}
	for _, e := range theirs.Errors {
		if e != nil {
			p.Field, p.Detail = field(e.Location), e.Message
			break
		}
	}
	return p, nil
}

func reasonOf(status int) core.Reason {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return core.ReasonTooLarge
	case http.StatusUnprocessableEntity:
		return core.ReasonInvalid
	case http.StatusNotFound:
		return core.ReasonNotFound
	case http.StatusInternalServerError:
		return reasonInternal
	default:
		return reasonMalformed
	}
}

// field renders the framework's place, such as query.limit, as the parameter's
// name.
func field(location string) string {
	_, name, found := strings.Cut(location, ".")
	if !found {
		return location
	}
	return name
}
