package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine/core"
)

// AgentPath names an agent in a path.
type AgentPath struct {
	ID core.AgentID `path:"id" maxLength:"128" doc:"The agent's id"`
}

type agentChange struct {
	AgentPath
	Change
}

// agentAnswer is an agent as they stand after the request.
type agentAnswer struct {
	Answered
	Body *core.Agent
}

func (a *API) agents() {
	const one, tag = "/v1/agents/{id}", "agents"
	huma.Register(a.huma, huma.Operation{
		OperationID: "list-agents", Method: http.MethodGet, Path: "/v1/agents", Tags: []string{tag}, Summary: "List all agents",
	}, a.listAgents)
	a.describe(http.MethodGet, "/v1/agents", nil)

	huma.Register(a.huma, huma.Operation{
		OperationID: "get-agent", Method: http.MethodGet, Path: one, Tags: []string{tag}, Summary: "Read an agent",
	}, a.getAgent)
	a.describe(http.MethodGet, one, nil)

	huma.Register(a.huma, huma.Operation{
		OperationID: "put-agent", Method: http.MethodPut, Path: one, Tags: []string{tag},
		Summary: "Add an agent or replace the profile of one", MaxBodyBytes: BodyBytesMax + 1, SkipValidateBody: true,
	}, a.putAgent)
	a.describe(http.MethodPut, one, a.body(core.PutAgent{}, "id"))

	huma.Register(a.huma, huma.Operation{
		OperationID: "delete-agent", Method: http.MethodDelete, Path: one, Tags: []string{tag},
		Summary: "Remove an agent; held work goes back to its queues", DefaultStatus: http.StatusNoContent,
	}, a.deleteAgent)
	a.describe(http.MethodDelete, one, nil)

	huma.Register(a.huma, huma.Operation{
		OperationID: "set-presence", Method: http.MethodPut, Path: one + "/presence", Tags: []string{tag},
		Summary: "Say whether an agent takes work", MaxBodyBytes: BodyBytesMax + 1, SkipValidateBody: true,
	}, a.setPresence)
	a.describe(http.MethodPut, one+"/presence", a.body(core.SetPresence{}, "agent"))

	huma.Register(a.huma, huma.Operation{
		OperationID: "next-ticket", Method: http.MethodPost, Path: one + "/next", Tags: []string{tag},
		Summary: "Claim the first waiting ticket that fits; 204 when there is none", DefaultStatus: http.StatusOK, MaxBodyBytes: BodyBytesMax + 1, SkipValidateBody: true,
	}, a.next)
	a.describe(http.MethodPost, one+"/next", a.body(core.NextTicket{}, "agent"))
}

type agentList struct {
	Seq  core.Seq `header:"Yardmaster-Seq"`
	Body struct {
		Agents []*core.Agent `json:"agents" nullable:"false"`
	}
}

func (a *API) listAgents(context.Context, *struct{}) (*agentList, error) {
	snapshot := a.desk.Snapshot()
	out := &agentList{Seq: snapshot.Seq()}
	out.Body.Agents = slices.AppendSeq([]*core.Agent{}, snapshot.Agents())
	return out, nil
}

func (a *API) getAgent(_ context.Context, in *AgentPath) (*agentAnswer, error) {
	return a.agent(in.ID, core.Reply{Seq: a.desk.Snapshot().Seq()})
}

func (a *API) agent(id core.AgentID, reply core.Reply) (*agentAnswer, error) {
	agent, ok := a.desk.Snapshot().Agent(id)
	if !ok {
		return nil, problem(http.StatusNotFound, core.ReasonNotFound, "id", fmt.Sprintf("there is no agent %q", id))
	}
	return &agentAnswer{Answered: newAnswered(reply), Body: agent}, nil
}

func (a *API) putAgent(ctx context.Context, in *agentChange) (*agentAnswer, error) {
	command, err := parse[core.PutAgent](in.RawBody)
	if err == nil {
		err = name("id", &command.ID, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return a.onAgent(ctx, in, command)
}

func (a *API) setPresence(ctx context.Context, in *agentChange) (*agentAnswer, error) {
	command, err := parse[core.SetPresence](in.RawBody)
	if err == nil {
		err = name("agent", &command.Agent, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return a.onAgent(ctx, in, command)
}

func (a *API) onAgent(ctx context.Context, in *agentChange, command core.Command) (*agentAnswer, error) {
	reply, err := a.submit(ctx, in.Key, command)
	if err != nil {
		return nil, err
	}
	return a.agent(in.ID, reply)
}

func (a *API) deleteAgent(ctx context.Context, in *struct {
	AgentPath
	Key string `header:"Idempotency-Key" maxLength:"256"`
}) (*Answered, error) {
	reply, err := a.submit(ctx, in.Key, core.RemoveAgent{ID: in.ID})
	if err != nil {
		return nil, err
	}
	out := newAnswered(reply)
	return &out, nil
}

func (a *API) next(ctx context.Context, in *agentChange) (*ticketAnswer, error) {
	command, err := parse[core.NextTicket](in.RawBody)
	if err == nil {
		err = name("agent", &command.Agent, in.ID)
	}
	if err != nil {
		return nil, err
	}
	reply, err := a.submit(ctx, in.Key, command)
	if err != nil {
		return nil, err
	}
	if reply.Empty {
		return &ticketAnswer{Status: http.StatusNoContent, Answered: newAnswered(reply)}, nil
	}
	out, err := a.stands(reply.Ticket)
	if err != nil {
		return nil, err
	}
	out.Answered = newAnswered(reply)
	return out, nil
}
