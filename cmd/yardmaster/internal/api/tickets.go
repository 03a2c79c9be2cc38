package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine/core"
)

// TicketPath names a ticket in a path.
type TicketPath struct {
	ID core.TicketID `path:"id" maxLength:"128" doc:"The ticket's id"`
}

// ticketAnswer is a ticket as it stands after the request.
type ticketAnswer struct {
	Status int
	Answered
	ETag     string `header:"ETag" doc:"The ticket's version, for if_version"`
	Location string `header:"Location"`
	Body     *core.Ticket
}

func (a *API) tickets() {
	huma.Register(a.huma, huma.Operation{
		OperationID: "create-ticket", Method: http.MethodPost, Path: "/v1/tickets", Tags: []string{"tickets"},
		Summary: "Create a ticket; without an id one is made", DefaultStatus: http.StatusCreated, MaxBodyBytes: BodyBytesMax + 1, SkipValidateBody: true,
	}, a.create)
	a.describe(http.MethodPost, "/v1/tickets", optional(a.body(core.CreateTicket{}), "id"))

	huma.Register(a.huma, huma.Operation{
		OperationID: "list-tickets", Method: http.MethodGet, Path: "/v1/tickets", Tags: []string{"tickets"},
		Summary: "List tickets in the order of their creation",
	}, a.list)
	a.describe(http.MethodGet, "/v1/tickets", nil)

	huma.Register(a.huma, huma.Operation{
		OperationID: "get-ticket", Method: http.MethodGet, Path: "/v1/tickets/{id}", Tags: []string{"tickets"},
		Summary: "Read a ticket",
	}, a.get)
	a.describe(http.MethodGet, "/v1/tickets/{id}", nil)

	huma.Register(a.huma, huma.Operation{
		OperationID: "update-ticket", Method: http.MethodPatch, Path: "/v1/tickets/{id}", Tags: []string{"tickets"},
		Summary: "Change what the body gives and leave the rest; null clears", MaxBodyBytes: BodyBytesMax + 1, SkipValidateBody: true,
	}, a.update)
	a.describe(http.MethodPatch, "/v1/tickets/{id}", a.body(core.UpdateTicket{}, "id"))
}

func (a *API) create(ctx context.Context, in *Change) (*ticketAnswer, error) {
	command, err := parse[core.CreateTicket](in.RawBody)
	if err != nil {
		return nil, err
	}
	if command.ID == "" {
		command.ID = newTicketID(in.Key)
	}
	out, err := a.onTicket(ctx, in.Key, command.ID, command)
	if err != nil {
		return nil, err
	}
	out.Status, out.Location = http.StatusCreated, "/v1/tickets/"+url.PathEscape(string(command.ID))
	return out, nil
}

func (a *API) update(ctx context.Context, in *struct {
	TicketPath
	Change
}) (*ticketAnswer, error) {
	command, err := parse[core.UpdateTicket](in.RawBody)
	if err == nil {
		err = name("id", &command.ID, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return a.onTicket(ctx, in.Key, in.ID, command)
}

// onTicket carries out a command and answers with the ticket as it stands then.
func (a *API) onTicket(ctx context.Context, key string, id core.TicketID, command core.Command) (*ticketAnswer, error) {
	reply, err := a.submit(ctx, key, command)
	if err != nil {
		return nil, err
	}
	out, err := a.stands(id)
	if err != nil {
		return nil, err
	}
	out.Answered = newAnswered(reply)
	return out, nil
}

func (a *API) get(_ context.Context, in *TicketPath) (*ticketAnswer, error) {
	out, err := a.stands(in.ID)
	if err != nil {
		return nil, err
	}
	out.Seq = a.desk.Snapshot().Seq()
	return out, nil
}

func (a *API) stands(id core.TicketID) (*ticketAnswer, error) {
	ticket, ok := a.desk.Snapshot().Ticket(id)
	if !ok {
		return nil, problem(http.StatusNotFound, core.ReasonNotFound, "id", fmt.Sprintf("there is no ticket %q", id))
	}
	return &ticketAnswer{
		Status: http.StatusOK, ETag: strconv.Quote(strconv.FormatUint(uint64(ticket.Version), 10)), Body: ticket,
	}, nil
}

// ticketFilter selects tickets; what is left out does not matter.
type ticketFilter struct {
	Status    string           `query:"status" enum:"new,open,pending,on_hold,solved,closed"`
	Queue     core.QueueID     `query:"queue"`
	Assignee  core.AgentID     `query:"assignee"`
	Group     core.GroupID     `query:"group"`
	Requester core.RequesterID `query:"requester"`
	After     core.Ordinal     `query:"after" doc:"The ordinal after which to go on: next of the page before"`
	Limit     int              `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type ticketList struct {
	Seq  core.Seq `header:"Yardmaster-Seq" doc:"The desk's last event when the list was made"`
	Body struct {
		Tickets []*core.Ticket `json:"tickets" nullable:"false"`
		Next    core.Ordinal   `json:"next,omitempty" doc:"Give it as after to read on; absent on the last page"`
	}
}

func (a *API) list(_ context.Context, in *ticketFilter) (*ticketList, error) {
	filter := core.Filter{
		Queue: in.Queue, Assignee: in.Assignee, Group: in.Group, Requester: in.Requester, After: in.After, Limit: in.Limit + 1,
	}
	if in.Status != "" {
		status, err := core.ParseStatus(in.Status)
		if err != nil {
			return nil, problem(http.StatusUnprocessableEntity, core.ReasonInvalid, "status", err.Error())
		}
		filter.Status = status
	}
	snapshot := a.desk.Snapshot()
	out := &ticketList{Seq: snapshot.Seq()}
	out.Body.Tickets = snapshot.Select(filter)
	if len(out.Body.Tickets) > in.Limit {
		out.Body.Tickets = out.Body.Tickets[:in.Limit]
		out.Body.Next = out.Body.Tickets[in.Limit-1].Ordinal
	}
	if out.Body.Tickets == nil {
		out.Body.Tickets = []*core.Ticket{}
	}
	return out, nil
}
