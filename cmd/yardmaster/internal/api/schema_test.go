package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
	"github.com/yardmaster/yardmaster/sla"
)

// What the description says of an answer is what the answer looks like: nothing
// undescribed, nothing of another type.
func TestAnswersLookAsDescribed(t *testing.T) {
	target, err := sla.ParseAmount("1h")
	if err != nil {
		t.Fatal(err)
	}
	eng, err := engine.Open(t.Context(), persist.NewMemory(), engine.Options{Config: &core.Config{
		Skills: []core.SkillID{"ink"},
		Groups: []core.GroupSpec{{ID: "support"}},
		Agents: []core.AgentSpec{{
			AgentProfile: core.AgentProfile{ID: "anna", Groups: []core.GroupID{"support"}, Skills: map[core.SkillID]uint8{"ink": 3}},
			Presence:     core.PresenceOnline,
		}},
		Queues: []core.QueueSpec{{ID: "offered", Groups: []core.GroupID{"support"}}},
		Rules: []core.RuleSpec{{
			Name: "ink", On: []string{"created"}, When: `"ink" in tags`, Then: []core.Action{{Require: &core.RequireAction{Skill: "ink", Level: 2}}},
		}},
		SLA: core.SLASpec{
			Metrics:  []sla.Metric{{Name: "first_reply"}, {Name: "resolution"}},
			Policies: []sla.Policy{{Name: "p", Targets: map[string]map[string]sla.Amount{"resolution": {"any": target}}}},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := eng.Desk(t.Context(), engine.DefaultDesk)
	if err != nil {
		t.Fatal(err)
	}
	a := New(eng, desk, Options{Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		if err := eng.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for _, step := range []struct {
		method, path, body string
		looks              reflect.Type
	}{
		{"POST", "/v1/tickets", `{"id":"t1","queue":"offered","tags":["ink"],"requester":"ada","fields":{"n":1,"b":true,"l":["x"],"s":"y"}}`, reflect.TypeFor[core.Ticket]()},
		{"POST", "/v1/tickets/t1/decline", `{"agent":"anna"}`, reflect.TypeFor[core.Ticket]()},
		{"POST", "/v1/tickets/t1/assign", `{"agent":"anna"}`, reflect.TypeFor[core.Ticket]()},
		{"POST", "/v1/tickets/t1/messages", `{"from":"agent","public":true}`, reflect.TypeFor[core.Ticket]()},
		{"POST", "/v1/tickets/t1/solve", ``, reflect.TypeFor[core.Ticket]()},
		{"GET", "/v1/agents/anna", ``, reflect.TypeFor[core.Agent]()},
		{"GET", "/v1/events", ``, reflect.TypeFor[page]()},
		{"GET", "/v1/nothing", ``, reflect.TypeFor[Problem]()},
	} {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(step.method, step.path, strings.NewReader(step.body)))
		if w.Code >= http.StatusInternalServerError {
			t.Fatalf("%s %s: %d %s", step.method, step.path, w.Code, w.Body)
		}
		var answer any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		registry := a.huma.OpenAPI().Components.Schemas
		var result huma.ValidateResult
		huma.Validate(registry, registry.Schema(step.looks, true, ""), huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, answer, &result)
		for _, e := range result.Errors {
			t.Errorf("%s %s: %v in %s", step.method, step.path, e, w.Body)
		}
	}
}
