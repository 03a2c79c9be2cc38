package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yardmaster/yardmaster/cmd/yardmaster/internal/api"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/persist"
)

// daemon is a desk behind its HTTP face, in memory.
type daemon struct {
	*testing.T
	api    *api.API
	desk   *engine.Desk
	server *httptest.Server
	close  func(context.Context) error
}

// desk has one group, two agents, a queue that offers and one that is pulled
// from, and a rule that refuses.
func deskConfig() *core.Config {
	return &core.Config{
		Groups: []core.GroupSpec{{ID: "support"}},
		Agents: []core.AgentSpec{
			{AgentProfile: core.AgentProfile{ID: "anna", Groups: []core.GroupID{"support"}, Capacity: 2}, Presence: core.PresenceOnline},
			{AgentProfile: core.AgentProfile{ID: "ben", Groups: []core.GroupID{"support"}, Capacity: 1}, Presence: core.PresenceOffline},
		},
		Queues: []core.QueueSpec{
			{ID: "offered", Groups: []core.GroupID{"support"}, Offer: core.OfferSpec{Expires: "1h"}},
			{ID: "pulled", Groups: []core.GroupID{"support"}, Assign: "pull"},
		},
		Rules: []core.RuleSpec{{
			Name: "no-spam", On: []string{"created"}, When: `subject == "spam"`, Then: []core.Action{{Reject: "no spam, please"}},
		}},
	}
}

func newDaemon(t *testing.T) *daemon {
	t.Helper()
	eng, err := engine.Open(t.Context(), persist.NewMemory(), engine.Options{Config: deskConfig()})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := eng.Desk(t.Context(), engine.DefaultDesk)
	if err != nil {
		t.Fatal(err)
	}
	face := api.New(eng, desk, api.Options{Log: slog.New(slog.DiscardHandler)})
	d := &daemon{T: t, api: face, desk: desk, server: httptest.NewServer(face), close: eng.Close}
	t.Cleanup(func() {
		face.Drain()
		d.server.Close()
		if err := eng.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   string
}

func (d *daemon) do(method, path, body string, headers ...string) answer {
	d.Helper()
	request, err := http.NewRequestWithContext(d.Context(), method, d.server.URL+path, strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		d.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// must is do for a request that has to succeed.
func (d *daemon) must(method, path, body string, headers ...string) answer {
	d.Helper()
	a := d.do(method, path, body, headers...)
	if a.status >= 300 {
		d.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return a
}

// pick returns members of a JSON object, in their order.
func (a answer) pick(t *testing.T, names ...string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	var values []string
	for _, name := range names {
		values = append(values, fmt.Sprint(object[name]))
	}
	return strings.Join(values, " ")
}

// state is what must not change by a request that is refused.
type state struct {
	Digest string
	Seq    core.Seq
}

func (d *daemon) state() state {
	d.Helper()
	digest, seq, err := d.desk.Digest(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return state{digest.String(), seq}
}

// Each step is a request and what its answer says: a ticket's life through every
// route.
func TestATicketsLife(t *testing.T) {
	d := newDaemon(t)
	for _, step := range []struct {
		method, path, body string
		status             int
		members            string
		want               string
	}{
		{"POST", "/v1/tickets", `{"id":"t1","subject":"refund","requester":"ada","queue":"offered","priority":"high"}`, 201, "id status priority queue", "t1 new 2 offered"},
		{"POST", "/v1/tickets/t1/decline", `{"agent":"anna","why":"busy"}`, 200, "assignee", "<nil>"},
		{"POST", "/v1/tickets", `{"id":"t2","queue":"offered"}`, 201, "id priority", "t2 3"},
		{"POST", "/v1/tickets/t2/accept", `{"agent":"anna"}`, 200, "assignee", "anna"},
		{"POST", "/v1/tickets/t2/messages", `{"from":"agent","agent":"anna","public":true,"text":"hello","status":"pending"}`, 200, "status", "pending"},
		{"PATCH", "/v1/tickets/t2", `{"priority":1,"fields":{"product":"ink","count":3},"add_tags":["vip"],"status":"open"}`, 200, "priority status tags", "1 open [vip]"},
		{"PATCH", "/v1/tickets/t2", `{"fields":{"product":null}}`, 200, "fields", "[map[name:count value:3]]"},
		{"POST", "/v1/tickets/t2/release", ``, 200, "assignee queue", "<nil> offered"},
		{"POST", "/v1/tickets/t2/assign", `{"agent":"ben","force":true}`, 200, "assignee", "ben"},
		{"POST", "/v1/tickets/t2/solve", ``, 200, "status", "solved"},
		{"POST", "/v1/tickets/t2/reopen", `{"by":"requester"}`, 200, "status reopens", "open 1"},
		{"POST", "/v1/tickets/t2/close", `{}`, 200, "status", "closed"},
		{"GET", "/v1/tickets/t2", ``, 200, "id status", "t2 closed"},
		{"POST", "/v1/tickets", `{"id":"t3","queue":"pulled"}`, 201, "id", "t3"},
		{"POST", "/v1/agents/anna/next", ``, 200, "id assignee", "t3 anna"},
		{"PUT", "/v1/agents/cleo", `{"name":"Cleo","groups":["support"],"presence":"online"}`, 200, "id presence capacity", "cleo online 10"},
		{"PUT", "/v1/agents/cleo/presence", `{"presence":"away"}`, 200, "presence", "away"},
		{"GET", "/v1/agents/cleo", ``, 200, "name", "Cleo"},
		{"GET", "/healthz", ``, 200, "status", "ok"},
		{"GET", "/readyz", ``, 200, "status", "ok"},
	} {
		a := d.do(step.method, step.path, step.body)
		if a.status != step.status {
			t.Fatalf("%s %s: status %d, want %d: %s", step.method, step.path, a.status, step.status, a.body)
		}
		if got := a.pick(t, strings.Fields(step.members)...); got != step.want {
			t.Errorf("%s %s: %s = %q, want %q", step.method, step.path, step.members, got, step.want)
		}
	}
	if a := d.do("POST", "/v1/agents/anna/next", ""); a.status != http.StatusNoContent || a.body != "" {
		t.Errorf("next with an empty line = %d %q, want 204 and nothing", a.status, a.body)
	}
	if a := d.do("DELETE", "/v1/agents/cleo", ""); a.status != http.StatusNoContent {
		t.Errorf("delete = %d %s, want 204", a.status, a.body)
	}
	if a := d.do("GET", "/v1/agents/cleo", ""); a.status != http.StatusNotFound {
		t.Errorf("a removed agent = %d, want 404", a.status)
	}
}

func TestARefusalIsAProblemAndChangesNothing(t *testing.T) {
	d := newDaemon(t)
	d.must("POST", "/v1/tickets", `{"id":"t1","queue":"pulled"}`)
	d.must("POST", "/v1/tickets", `{"id":"done","status":"solved"}`)
	long := strings.Repeat("x", core.SubjectBytesMax+1)
	for name, tc := range map[string]struct {
		method, path, body string
		status             int
		kind, field        string
	}{
		"not JSON":                 {"POST", "/v1/tickets", `{"subject":`, 400, "malformed", ""},
		"not an object":            {"POST", "/v1/tickets", `[]`, 422, "invalid", ""},
		"two objects":              {"POST", "/v1/tickets", `{} {}`, 400, "malformed", ""},
		"unknown member":           {"POST", "/v1/tickets", `{"subjct":"x"}`, 422, "invalid", "/subjct"},
		"wrong type":               {"POST", "/v1/tickets", `{"subject":7}`, 422, "invalid", "/subject"},
		"unknown status":           {"POST", "/v1/tickets", `{"status":"lost"}`, 422, "invalid", ""},
		"unknown priority":         {"POST", "/v1/tickets", `{"priority":"asap"}`, 422, "invalid", ""},
		"oversized field":          {"POST", "/v1/tickets", `{"subject":"` + long + `"}`, 422, "too_large", "/subject"},
		"oversized body":           {"POST", "/v1/tickets", `{"text":"` + strings.Repeat("x", api.BodyBytesMax) + `"}`, 413, "too_large", ""},
		"unknown group":            {"POST", "/v1/tickets", `{"group":"nobody"}`, 404, "not_found", "/group"},
		"an id that exists":        {"POST", "/v1/tickets", `{"id":"t1"}`, 409, "exists", "/id"},
		"refused by a rule":        {"POST", "/v1/tickets", `{"subject":"spam"}`, 422, "rejected_by_rule", ""},
		"unknown ticket":           {"GET", "/v1/tickets/none", ``, 404, "not_found", "id"},
		"update an unknown ticket": {"PATCH", "/v1/tickets/none", `{}`, 404, "not_found", "/id"},
		"another id in the body":   {"PATCH", "/v1/tickets/t1", `{"id":"t2"}`, 422, "invalid", "/id"},
		"another version":          {"PATCH", "/v1/tickets/t1", `{"if_version":1,"subject":"x"}`, 409, "version_mismatch", "/if_version"},
		"no status":                {"PATCH", "/v1/tickets/t1", `{"status":null}`, 422, "invalid", "/status"},
		"reopen what is open":      {"POST", "/v1/tickets/t1/reopen", ``, 409, "invalid_transition", "/status"},
		"solve what is solved":     {"POST", "/v1/tickets/done/solve", ``, 409, "invalid_transition", "/status"},
		"assign what is solved":    {"POST", "/v1/tickets/done/assign", `{"agent":"anna"}`, 409, "invalid_transition", "/ticket"},
		"assign to nobody":         {"POST", "/v1/tickets/t1/assign", `{"agent":"nobody"}`, 404, "not_found", "/agent"},
		"assign to who is off":     {"POST", "/v1/tickets/t1/assign", `{"agent":"ben"}`, 409, "agent_offline", "/agent"},
		"accept without an offer":  {"POST", "/v1/tickets/t1/accept", `{"agent":"anna"}`, 409, "no_offer", "/agent"},
		"decline without an offer": {"POST", "/v1/tickets/t1/decline", `{"agent":"anna"}`, 409, "no_offer", "/agent"},
		"release what is free":     {"POST", "/v1/tickets/t1/release", ``, 409, "not_assigned", "/ticket"},
		"a message from nobody":    {"POST", "/v1/tickets/t1/messages", `{"text":"hi"}`, 422, "required", "/from"},
		"next for who is off":      {"POST", "/v1/agents/ben/next", ``, 409, "agent_not_online", "/agent"},
		"next for nobody":          {"POST", "/v1/agents/nobody/next", ``, 404, "not_found", "/agent"},
		"presence of nobody":       {"PUT", "/v1/agents/nobody/presence", `{"presence":"online"}`, 404, "not_found", "/agent"},
		"presence unknown":         {"PUT", "/v1/agents/anna/presence", `{"presence":"asleep"}`, 422, "invalid", ""},
		"an agent of no group":     {"PUT", "/v1/agents/new", `{"groups":["nobody"]}`, 404, "not_found", "/groups"},
		"remove nobody":            {"DELETE", "/v1/agents/nobody", ``, 404, "not_found", "/id"},
		"unknown agent":            {"GET", "/v1/agents/nobody", ``, 404, "not_found", "id"},
		"a status to filter by":    {"GET", "/v1/tickets?status=lost", ``, 422, "invalid", "status"},
		"a limit of none":          {"GET", "/v1/tickets?limit=0", ``, 422, "invalid", "limit"},
		"a limit above all":        {"GET", "/v1/tickets?limit=100000", ``, 422, "invalid", "limit"},
		"an unknown parameter":     {"GET", "/v1/tickets?colour=red", ``, 422, "invalid", "colour"},
		"a cursor that is none":    {"GET", "/v1/events?after=-1", ``, 422, "invalid", "after"},
		"a cursor of the future":   {"GET", "/v1/events?after=1000000", ``, 422, "invalid", "after"},
		"nothing there":            {"GET", "/v2/tickets", ``, 404, "not_found", ""},
		"a method not taken":       {"DELETE", "/v1/tickets/t1", ``, 405, "method_not_allowed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := d.state()
			a := d.do(tc.method, tc.path, tc.body)
			if a.status != tc.status {
				t.Fatalf("status %d, want %d: %s", a.status, tc.status, a.body)
			}
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type %q, want application/problem+json", got)
			}
			var p api.Problem
			if err := json.Unmarshal([]byte(a.body), &p); err != nil {
				t.Fatal(err)
			}
			if p.Detail == "" {
				t.Error("the problem says nothing")
			}
			want := api.Problem{Type: "urn:yardmaster:" + tc.kind, Title: http.StatusText(tc.status), Status: tc.status, Detail: p.Detail, Field: tc.field}
			if diff := cmp.Diff(want, p); diff != "" {
				t.Errorf("problem (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, d.state()); diff != "" {
				t.Errorf("the request changed something (-before +after):\n%s", diff)
			}
		})
	}
}

func TestAKeyIsDoneOnce(t *testing.T) {
	d := newDaemon(t)
	const body = `{"subject":"refund","queue":"pulled"}`
	first := d.must("POST", "/v1/tickets", body, "Idempotency-Key", "k1")
	again := d.must("POST", "/v1/tickets", body, "Idempotency-Key", "k1")
	if a, b := first.pick(t, "id"), again.pick(t, "id"); a != b {
		t.Errorf("the same key made %s and %s", a, b)
	}
	if got := again.header.Get("Idempotency-Replayed"); got != "true" {
		t.Errorf("Idempotency-Replayed = %q, want true", got)
	}
	if got := first.header.Get("Idempotency-Replayed"); got != "" {
		t.Errorf("the first answer says Idempotency-Replayed = %q", got)
	}
	other := d.do("POST", "/v1/tickets", `{"subject":"another"}`, "Idempotency-Key", "k1")
	if other.status != http.StatusUnprocessableEntity || other.pick(t, "type") != "urn:yardmaster:key_reused" {
		t.Errorf("another body under the key = %d %s, want 422 key_reused", other.status, other.body)
	}
	if got := d.desk.Snapshot().Len(); got != 1 {
		t.Errorf("%d tickets, want 1", got)
	}
}

func TestTicketsAreMadeAnID(t *testing.T) {
	d := newDaemon(t)
	seen := make(map[string]bool)
	for range 3 {
		a := d.must("POST", "/v1/tickets", "{}")
		id := a.pick(t, "id")
		if len(id) != 36 || id[14] != '7' || seen[id] {
			t.Errorf("id %q is not a new UUID of version 7", id)
		}
		seen[id] = true
		if got := a.header.Get("Location"); got != "/v1/tickets/"+id {
			t.Errorf("Location = %q", got)
		}
	}
}

func TestListsAreFilteredAndPaged(t *testing.T) {
	d := newDaemon(t)
	for i := range 5 {
		d.must("POST", "/v1/tickets", fmt.Sprintf(`{"id":"t%d","queue":"pulled","requester":"r%d","group":"support"}`, i, i%2))
	}
	d.must("POST", "/v1/tickets/t1/solve", "")
	d.must("POST", "/v1/agents/anna/next", "")
	for query, want := range map[string]string{
		"":                           "t0 t1 t2 t3 t4 / 0",
		"limit=2":                    "t0 t1 / 2",
		"limit=2&after=2":            "t2 t3 / 4",
		"limit=2&after=4":            "t4 / 0",
		"status=solved":              "t1 / 0",
		"requester=r1":               "t1 t3 / 0",
		"requester=r1&status=new":    "t3 / 0",
		"assignee=anna":              "t0 / 0",
		"queue=offered":              "/ 0",
		"group=support&limit=1":      "t0 / 1",
		"group=nobody&requester=r1":  "/ 0",
		"queue=pulled&status=solved": "t1 / 0",
	} {
		a := d.must("GET", "/v1/tickets?"+query, "")
		var list struct {
			Tickets []struct{ ID string } `json:"tickets"`
			Next    core.Ordinal          `json:"next"`
		}
		decode(t, a.body, &list)
		var got []string
		for _, ticket := range list.Tickets {
			got = append(got, ticket.ID)
		}
		if text := strings.TrimSpace(strings.Join(got, " ") + " / " + strconv.Itoa(int(list.Next))); text != want {
			t.Errorf("%q = %q, want %q", query, text, want)
		}
	}
	if got := d.must("GET", "/v1/agents", "").body; !strings.Contains(got, `"id":"anna"`) || !strings.Contains(got, `"id":"ben"`) {
		t.Errorf("agents = %s", got)
	}
	if got := d.must("GET", "/v1/queues", "").body; !strings.Contains(got, `"id":"pulled","groups":["support"],"assign":"pull","waiting":3`) {
		t.Errorf("queues = %s", got)
	}
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func TestTheDescriptionIsOpenAPI(t *testing.T) {
	d := newDaemon(t)
	var description struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			OperationID string                     `json:"operationId"`
			Responses   map[string]json.RawMessage `json:"responses"`
			RequestBody json.RawMessage            `json:"requestBody"`
		} `json:"paths"`
	}
	decode(t, d.must("GET", "/openapi.json", "").body, &description)
	if !strings.HasPrefix(description.OpenAPI, "3.1") {
		t.Errorf("openapi = %q, want 3.1", description.OpenAPI)
	}
	seen := make(map[string]bool)
	for path, operations := range description.Paths {
		for method, op := range operations {
			seen[strings.ToUpper(method)+" "+path] = true
			if op.OperationID == "" || op.Responses["default"] == nil {
				t.Errorf("%s %s has no operationId or does not say how it fails", method, path)
			}
		}
	}
	if body := string(description.Paths["/v1/tickets"]["post"].RequestBody); !strings.Contains(body, `"subject"`) || strings.Contains(body, `"required"`) {
		t.Errorf("the body of a new ticket needs something, or is not described: %s", body)
	}
	if body := string(description.Paths["/v1/tickets/{id}/assign"]["post"].RequestBody); !strings.Contains(body, `"required":["agent"]`) {
		t.Errorf("the body of an assignment does not need just the agent: %s", body)
	}
	for _, route := range []string{
		"POST /v1/tickets", "GET /v1/tickets", "GET /v1/tickets/{id}", "PATCH /v1/tickets/{id}",
		"POST /v1/tickets/{id}/messages", "POST /v1/tickets/{id}/assign", "POST /v1/tickets/{id}/accept",
		"POST /v1/tickets/{id}/decline", "POST /v1/tickets/{id}/release", "POST /v1/tickets/{id}/solve",
		"POST /v1/tickets/{id}/reopen", "POST /v1/tickets/{id}/close", "GET /v1/agents", "GET /v1/agents/{id}",
		"PUT /v1/agents/{id}", "DELETE /v1/agents/{id}", "PUT /v1/agents/{id}/presence", "POST /v1/agents/{id}/next",
		"GET /v1/events", "GET /v1/queues", "POST /v1/commands",
	} {
		if !seen[route] {
			t.Errorf("%s is not described", route)
		}
	}
}

func TestAnotherSitesPageIsRefused(t *testing.T) {
	d := newDaemon(t)
	a := d.do("POST", "/v1/tickets", "{}", "Sec-Fetch-Site", "cross-site", "Origin", "https://example.org")
	if a.status != http.StatusForbidden || a.pick(t, "type") != "urn:yardmaster:cross_origin" {
		t.Errorf("a page of another site = %d %s, want 403", a.status, a.body)
	}
}

func TestBulkAnswersEachLine(t *testing.T) {
	d := newDaemon(t)
	lines := strings.Join([]string{
		`{"command":"ticket.create","id":"b1","queue":"pulled"}`,
		``,
		`{"command":"ticket.solve","ticket":"b1"}`,
		`{"command":"ticket.solve","ticket":"b1"}`,
		`no json`,
		`{"command":"ticket.fly"}`,
		`{"at":"2026-01-01T00:00:00Z","command":"ticket.create","id":"b2"}`,
		`{"command":"desk.tick"}`,
		`{"command":"config.apply","config":{"queues":[{"id":"x","order":"never"}]}}`,
		`{"command":"ticket.create","id":"` + strings.Repeat("x", api.BodyBytesMax) + `"}`,
		`{"key":"k","command":"agent.next","agent":"anna"}`,
		`{"key":"k","command":"agent.next","agent":"anna"}`,
	}, "\n")
	a := d.must("POST", "/v1/commands", lines)
	var got []string
	for line := range strings.Lines(a.body) {
		var x struct {
			Line     int
			Ticket   string
			Empty    bool
			Replayed bool
			Problem  *api.Problem
		}
		decode(t, line, &x)
		text := fmt.Sprintf("%d %s empty=%t replayed=%t", x.Line, x.Ticket, x.Empty, x.Replayed)
		if x.Problem != nil {
			text = fmt.Sprintf("%d %d %s %s", x.Line, x.Problem.Status, x.Problem.Type, x.Problem.Field)
		}
		got = append(got, text)
	}
	want := []string{
		"1 b1 empty=false replayed=false",
		"3 b1 empty=false replayed=false",
		"4 409 urn:yardmaster:invalid_transition /status",
		"5 400 urn:yardmaster:malformed ",
		"6 422 urn:yardmaster:invalid /command",
		"7 422 urn:yardmaster:invalid /at",
		"8 422 urn:yardmaster:invalid /command",
		"9 422 urn:yardmaster:invalid /config",
		"10 413 urn:yardmaster:too_large ",
		"11  empty=true replayed=false",
		"12  empty=true replayed=true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// More lines than the desk has room for are still all carried out.
func TestBulkIsPatient(t *testing.T) {
	d := newDaemon(t)
	var lines bytes.Buffer
	const n = 3000
	for i := range n {
		fmt.Fprintf(&lines, `{"command":"ticket.create","id":"t%d"}`+"\n", i)
	}
	a := d.must("POST", "/v1/commands", lines.String())
	if strings.Contains(a.body, "problem") || strings.Count(a.body, "\n") != n {
		t.Errorf("%d answers, want %d without a problem", strings.Count(a.body, "\n"), n)
	}
	if got := d.desk.Snapshot().Len(); got != n {
		t.Errorf("%d tickets, want %d", got, n)
	}
}
