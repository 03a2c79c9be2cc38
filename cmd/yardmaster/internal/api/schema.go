package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yardmaster/yardmaster/engine/core"
)

// schemas describes the core's types as their JSON looks, not as they are built.
func schemas() huma.Registry {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	for from, to := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[core.Value]():    reflect.TypeFor[valueSchema](),
		reflect.TypeFor[core.Priority](): reflect.TypeFor[prioritySchema](),

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
	properties := make(map[string]*huma.Schema, len(schema.Properties))
	for name, property := range schema.Properties {
		properties[name] = property
	}
	var required []string
	for _, name := range schema.Required {
		if !contains(fromPath, name) {
			required = append(required, name)
		}
	}
	for _, name := range fromPath {
		delete(properties, name)
	}
	schema.Properties, schema.Required = properties, required
	return &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: &schema}}}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
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
