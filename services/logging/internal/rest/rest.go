// Package rest answers on-call's questions about logs and about the health of earlier times, over HTTP.
//
//	GET /v1/logs            lines, the newest first, in pages
//	GET /v1/logs/tail       new lines as they come, as server-sent events
//	GET /v1/health-history  when an instance was ready, or whether it was at a time
package rest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
	"fxcore/services/web"
)

// Store is where lines and reports are found.
type Store interface {
	Search(ctx context.Context, q line.Query) ([]line.Line, error)
	Reports(ctx context.Context, instance string, from, to time.Time, limit int) ([]history.Report, error)
}

// Guard lets a request through to a handler, or refuses it.
type Guard func(next http.Handler) http.Handler

// API is the handlers.
type API struct {
	Store Store
	Log   *slog.Logger
	Now   func() time.Time
}

// searchBound bounds one search.
const searchBound = 10 * time.Second

// Handler serves all paths behind a guard.
func (a API) Handler(guard Guard) http.Handler {
	mux := http.NewServeMux()
	for path, handle := range map[string]http.HandlerFunc{
		"GET /v1/logs": a.logs, "GET /v1/logs/tail": a.tail, "GET /v1/health-history": a.history,
	} {
		mux.Handle(path, guard(handle))
	}
	return web.Front(mux, a.Log)
}

// refuse tells the caller what is wrong with the request.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	web.Refusing(web.NewProblem(http.StatusUnprocessableEntity, web.CodeInvalid, "The request is not valid: "+err.Error()+"."))(w, r)
}

// away tells that the store does not answer. The log says why; the caller learns nothing of the inside.
func (a API) away(w http.ResponseWriter, r *http.Request, err error) {
	if !web.Gone(r.Context()) {
		a.Log.ErrorContext(r.Context(), "a question about logs is not answered", log.Error(err), "trace.id", web.TraceOf(r.Context()))
	}
	web.Refusing(web.UnavailableAs(web.CodeUnavailable, "The store of logs does not answer. Try again."))(w, r)
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(value) // the caller may have gone
}
