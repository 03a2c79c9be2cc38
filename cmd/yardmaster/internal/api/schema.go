package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine/core"
)

// schemas describes the core's types as their JSON looks, not as they are built.
func schemas() huma.Registry {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	for from, to := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[core.Value]():    reflect.TypeFor[valueSchema](),
		reflect.TypeFor[core.Priority](): reflect.TypeFor[prioritySchema](),
		reflect.TypeFor[core.Clock]():    reflect.TypeFor[clockSchema](),

		reflect.TypeFor[core.Opt[string]]():              reflect.TypeFor[string](),
		reflect.TypeFor[core.Opt[core.Channel]]():        reflect.TypeFor[string](),
		reflect.TypeFor[core.Opt[core.OrganizationID]](): reflect.TypeFor[string](),
		reflect.TypeFor[core.Opt[core.Priority]]():       reflect.TypeFor[prioritySchema](),
		reflect.TypeFor[core.Opt[core.Status]]():         reflect.TypeFor[core.Status](),
		reflect.TypeFor[core.Opt[core.GroupID]]():        reflect.TypeFor[string](),
		reflect.TypeFor[core.Opt[core.QueueID]]():        reflect.TypeFor[string](),
		reflect.TypeFor[core.Opt[core.AgentID]]():        reflect.TypeFor[string](),
	} {
		registry.RegisterTypeAlias(from, to)
	}
	return registry
}

// EventSchema returns the JSON Schema (draft 2020-12) of an event.
func EventSchema() ([]byte, error) {
	schema := *schemas().Schema(reflect.TypeFor[core.Event](), false, "")
	schema.Title = "An event of a Yardmaster desk"
	schema.Extensions = map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema"}
	text, err := json.Marshal(&schema)
	if err != nil {
		return nil, fmt.Errorf("api: encode event schema: %w", err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		return nil, fmt.Errorf("api: indent event schema: %w", err)
	}
	return indented.Bytes(), nil
}

type valueSchema struct{}

// Schema describes what a custom field may hold.
func (valueSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "a text, a number, true or false, or a list of texts",
		AnyOf: []*huma.Schema{
			{Type: huma.TypeString}, {Type: huma.TypeNumber}, {Type: huma.TypeBoolean},
			{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}},
		},
	}
}

type prioritySchema struct{}

// Schema describes a priority: a name or a number when given, a number when
// answered.
func (prioritySchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "1 is the most urgent; urgent, high, normal and low stand for 1 to 4",
		AnyOf: []*huma.Schema{
			{Type: huma.TypeInteger, Minimum: number(1), Maximum: number(float64(core.PriorityMax))},
			{Type: huma.TypeString, Enum: []any{"urgent", "high", "normal", "low"}},
		},
	}
}

func number(x float64) *float64 { return &x }

// body describes a command as a request's body: without what the path says.
func (a *API) body(command core.Command, fromPath ...string) *huma.RequestBody {
	registry := a.huma.OpenAPI().Components.Schemas
	schema := *registry.Schema(reflect.TypeOf(command), false, "")
	properties := maps.Clone(schema.Properties)
	var required []string
	for _, name := range schema.Required {
		if !slices.Contains(fromPath, name) {
			required = append(required, name)
		}
	}
	for _, name := range fromPath {
		delete(properties, name)
	}
	schema.Properties, schema.Required = properties, required
	return &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: &schema}}}
}

// optional says of a body's member that it may be left out.
func optional(body *huma.RequestBody, member string) *huma.RequestBody {
	schema := body.Content["application/json"].Schema
	schema.Required = slices.DeleteFunc(schema.Required, func(name string) bool { return name == member })
	return body
}

// describe sets the body's description, which the framework takes for bytes, and
// the form of the failures.
func (a *API) describe(method, path string, body *huma.RequestBody) {
	item := a.huma.OpenAPI().Paths[path]
	for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
		if op == nil || op.Method != method {
			continue
		}
		if body != nil {
			op.RequestBody = body
		}
		op.Responses["default"] = a.failure()
	}
}

func (a *API) failure() *huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	return &huma.Response{
		Description: http.StatusText(http.StatusInternalServerError) + " or another failure: a problem document",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
	}
}

// clockSchema is a countdown as its JSON looks.
type clockSchema struct {
	Metric        string       `json:"metric"`
	Instance      uint32       `json:"instance" doc:"Counts the ticket's instances of the metric, from 1"`
	Policy        string       `json:"policy,omitempty"`
	Calendar      string       `json:"calendar,omitempty" doc:"Absent for always open"`
	Target        string       `json:"target,omitempty" doc:"The amount promised, such as 4h or 2bd"`
	RoundTheClock bool         `json:"round_the_clock,omitempty" doc:"The target is in days: its exact length runs on a clock that is always open"`
	State         string       `json:"state" enum:"running,paused,ended"`
	Outcome       string       `json:"outcome,omitempty" enum:"met,breached,cancelled" doc:"Once ended"`
	Late          bool         `json:"late,omitempty" doc:"The target in force is breached"`
	Elapsed       int64        `json:"elapsed_ns" doc:"Open time of the finished runs, nanoseconds"`
	Wall          int64        `json:"calendar_ns" doc:"Round-the-clock time of the finished runs, nanoseconds"`
	TargetLength  int64        `json:"target_ns,omitempty" doc:"The target as a length, nanoseconds"`
	TargetVersion uint32       `json:"target_version,omitempty" doc:"Counts targets, from 1"`
	Started       core.Instant `json:"started_at"`
	Ended         core.Instant `json:"ended_at,omitempty"`
	Due           core.Instant `json:"due_at,omitempty" doc:"While running"`
}
