package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine/core"
)

type queueList struct {
	Seq  core.Seq `header:"Yardmaster-Seq"`
	Body struct {
		Queues []core.QueueView `json:"queues" nullable:"false"`
	}
}

func (a *API) queues() {
	huma.Register(a.huma, huma.Operation{
		OperationID: "list-queues", Method: http.MethodGet, Path: "/v1/queues", Tags: []string{"queues"},
		Summary: "List the queues and how many tickets wait in each",
	}, func(context.Context, *struct{}) (*queueList, error) {
		snapshot := a.desk.Snapshot()
		out := &queueList{Seq: snapshot.Seq()}
		out.Body.Queues = append([]core.QueueView{}, snapshot.Queues()...)
		return out, nil
	})
	a.describe(http.MethodGet, "/v1/queues", nil)
}
