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
	mux.HandleFunc("GET /v1/logs", a.logs)
	mux.HandleFunc("GET /v1/logs/tail", a.tail)
	mux.HandleFunc("GET /v1/health-history", a.history)
	return guard(mux)
}

// problem is an error as RFC 9457 has it.
type problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// refuse tells the caller what is wrong with the request.
func refuse(w http.ResponseWriter, err error) {
	write(w, problem{http.StatusUnprocessableEntity, "The request is not valid", "not_valid", err.Error()})
}

// away tells that the store does not answer. The log says why; the caller learns nothing of the inside.
func (a API) away(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		a.Log.ErrorContext(r.Context(), "a question about logs is not answered", log.Error(err))
	}
	write(w, problem{http.StatusServiceUnavailable, "Not available", "unavailable", "The store of logs does not answer. Try again."})
}

func write(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may have gone
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(value) // the caller may have gone
}
