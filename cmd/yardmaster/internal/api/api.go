package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// BodyBytesMax bounds a request's body; a longer one is answered with 413.
const BodyBytesMax = 1 << 20

// Options says how the face is made. The zero value is usable.
type Options struct {
	Version string       // told in the description; empty: dev
	Log     *slog.Logger // where failures of the daemon go; nil: slog.Default()
}

// API answers HTTP requests over one desk.
type API struct {
	engine  *engine.Engine
	desk    *engine.Desk
	log     *slog.Logger
	huma    huma.API
	handler http.Handler

	draining context.Context
	drain    context.CancelFunc
}

// New makes the handler. The engine and its desk stay the caller's to close.
func New(eng *engine.Engine, desk *engine.Desk, opts Options) *API {
	a := &API{engine: eng, desk: desk, log: opts.Log}
	if a.log == nil {
		a.log = slog.Default()
	}
	a.draining, a.drain = context.WithCancel(context.Background())
	mux := http.NewServeMux()
	a.huma = humago.New(mux, description(opts.Version))
	a.tickets()
	a.verbs()
	a.agents()
	a.queues()
	a.events()
	a.health(mux)
	a.bulk(mux)
	a.handler = protected(&router{mux: mux})
	return a
}

// protected refuses what a browser sends on behalf of another site.
func protected(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		problem(http.StatusForbidden, reasonCrossOrigin, "", "the request comes from a page of another site").write(w)
	}))
	return guard.Handler(next)
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// Drain ends the streams and makes readyz say no, so that a server can stop
// gracefully. Requests are still answered.
func (a *API) Drain() { a.drain() }

func description(version string) huma.Config {
	if version == "" {
		version = "dev"
	}
	config := huma.DefaultConfig("Yardmaster", version)
	config.Info.Description = "Routes support tickets and keeps their service-level promises. " +
		"Failures are problem documents (RFC 9457) whose type is urn:yardmaster: and a reason."
	config.CreateHooks = nil // no $schema member in the answers
	config.DocsPath = ""     // its page would load a script from elsewhere
	config.SchemasPath = ""
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{ours}
	config.Components.Schemas = schemas()
	return config
}

// router answers what no route matches with a problem, too.
type router struct{ mux *http.ServeMux }

func (m *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handler, pattern := m.mux.Handler(r)
	if pattern != "" {
		m.mux.ServeHTTP(w, r)
		return
	}
	refusal := &refusal{header: w.Header()}
	handler.ServeHTTP(refusal, r)
	if refusal.status == http.StatusMethodNotAllowed {
		problem(http.StatusMethodNotAllowed, reasonMethod, "", r.URL.Path+" does not take "+r.Method).write(w)
		return
	}
	problem(http.StatusNotFound, core.ReasonNotFound, "", "there is nothing at "+r.URL.Path).write(w)
}

// refusal keeps the status and the headers of the multiplexer's own answer and
// drops its text.
type refusal struct {
	header http.Header
	status int
}

func (r *refusal) Header() http.Header            { return r.header }
func (r *refusal) WriteHeader(status int)         { r.status = status }
func (r *refusal) Write(text []byte) (int, error) { return len(text), nil }
