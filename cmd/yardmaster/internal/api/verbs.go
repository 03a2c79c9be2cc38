package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine/core"
)

// verbs are the changes of one ticket that have a name of their own.
func (a *API) verbs() {
	verb(a, "messages", "Say something on a ticket: a public message of an agent is a reply",
		func(c *core.AddMessage) *core.TicketID { return &c.Ticket })
	verb(a, "assign", "Give a ticket to an agent by hand",
		func(c *core.AssignTicket) *core.TicketID { return &c.Ticket })
	verb(a, "accept", "Take a ticket that is offered to the agent",
		func(c *core.AcceptOffer) *core.TicketID { return &c.Ticket })
	verb(a, "decline", "Refuse a ticket that is offered to the agent",
		func(c *core.DeclineOffer) *core.TicketID { return &c.Ticket })
	verb(a, "release", "Give an assigned ticket back to its queue, in its old place",
		func(c *core.ReleaseTicket) *core.TicketID { return &c.Ticket })
	verb(a, "solve", "Solve a ticket",
		func(c *core.SolveTicket) *core.TicketID { return &c.Ticket })
	verb(a, "reopen", "Bring a solved or closed ticket back to open",
		func(c *core.ReopenTicket) *core.TicketID { return &c.Ticket })
	verb(a, "close", "End a ticket for good",
		func(c *core.CloseTicket) *core.TicketID { return &c.Ticket })
}

// verb registers POST /v1/tickets/{id}/what: the command C on the path's ticket.
// ticket is where the command names it.
func verb[C core.Command](a *API, what, summary string, ticket func(*C) *core.TicketID) {
	path := "/v1/tickets/{id}/" + what
	huma.Register(a.huma, huma.Operation{
		OperationID: what + "-ticket", Method: http.MethodPost, Path: path, Tags: []string{"tickets"},
		Summary: summary, DefaultStatus: http.StatusOK, MaxBodyBytes: BodyBytesMax + 1, SkipValidateBody: true,
	}, func(ctx context.Context, in *struct {
		TicketPath
		Change
	}) (*ticketAnswer, error) {
		command, err := parse[C](in.RawBody)
		if err == nil {
			err = name("ticket", ticket(&command), in.ID)
		}
		if err != nil {
			return nil, err
		}
		return a.onTicket(ctx, in.Key, in.ID, command)
	})
	var none C
	a.describe(http.MethodPost, path, a.body(none, "ticket"))
}
