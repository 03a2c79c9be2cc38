package api

import (
	"encoding/json"
	"net/http"

	"github.com/yardmaster/yardmaster/engine/core"
)

// health answers the two questions of an orchestrator: whether to start the
// process anew (healthz), and whether to send it requests (readyz).
func (a *API) health(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.engine.Health(r.Context()); err != nil {
			unanswered(err).write(w)
			return
		}
		well(w, a.desk.Snapshot().Seq())
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if a.draining.Err() != nil {
			problem(http.StatusServiceUnavailable, reasonClosing, "", "the daemon is stopping").write(w)
			return
		}
		if err := a.engine.Health(r.Context()); err != nil {
			unanswered(err).write(w)
			return
		}
		well(w, a.desk.Snapshot().Seq())
	})
}

func well(w http.ResponseWriter, seq core.Seq) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "ok", "seq": seq}) // the client has gone; there is nobody to tell
}
