// Package rest serves what monitoring knows over HTTP: metrics, health, alerts and measures.
package rest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/changes"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/messages"
	"fxcore/services/monitoring/internal/queues"
	"fxcore/services/monitoring/internal/store"
	"fxcore/services/web"
)

// Bounds of one request.
const (
	readBound = 3 * time.Second
	askBound  = time.Second // of what fires: there is another answer
	mostBytes = 16 << 10
	longest   = 6 * time.Hour // of measures
	shortStep = 10 * time.Second
)

// Store is what the handlers read.
type Store interface {
	Alerts(ctx context.Context, state alert.State) ([]store.Listed, error)
	Acknowledge(ctx context.Context, key, by, note string) error
	Measures(ctx context.Context, names []string, from, to time.Time) ([]store.Point, error)
}

// Guard lets a request pass if its caller may act under the right, and answers it otherwise.
type Guard func(right string, next http.Handler) http.Handler

// The rights that the handlers need.
const (
	MayView    = "operations.view"
	MayCommand = "operations.command"
)

// Interface serves the paths.
type Interface struct {
	Store     Store
	View      *instances.View
	Samples   func() []alert.Sample // of the last look
	Firing    func() []alert.Alert  // as this replica last knew: for when the store cannot be asked
	Guard     Guard                 // nil where only the machine itself can reach the address
	Caller    func(r *http.Request) string
	Allowed   func(r *http.Request) bool // whether the caller of a request may go on; nil: always
	Queues    *queues.Watch
	Changes   *changes.Hub
	Listeners *web.Crowd
	Now       func() time.Time
	Log       *slog.Logger
}

// Handlers returns the handlers by their patterns.
func (i *Interface) Handlers() map[string]http.Handler {
	guard := i.Guard
	if guard == nil {
		guard = func(_ string, next http.Handler) http.Handler { return next }
	}
	return map[string]http.Handler{
		"GET /metrics":                           http.HandlerFunc(i.metrics),
		"GET /v1/health":                         guard(MayView, http.HandlerFunc(i.health)),
		"GET /v1/alerts":                         guard(MayView, http.HandlerFunc(i.alerts)),
		"GET /v1/measures":                       guard(MayView, http.HandlerFunc(i.measures)),
		"GET /v1/queues":                         guard(MayView, http.HandlerFunc(i.queues)),
		"GET /v1/events":                         guard(MayView, http.HandlerFunc(i.events)),
		"POST /v1/alerts/{key}/acknowledgements": guard(MayCommand, http.HandlerFunc(i.acknowledge)),
	}
}

func (i *Interface) metrics(w http.ResponseWriter, r *http.Request) {
	samples := append([]alert.Sample{}, i.Samples()...)
	samples = append(samples, i.firing(r.Context())...)
	w.Header().Set("Content-Type", MediaType)
	if err := Write(w, samples); err != nil {
		i.Log.Debug("a scraper has gone", log.Error(err))
	}
}

// firing returns one sample for each alert that fires.
func (i *Interface) firing(ctx context.Context) (samples []alert.Sample) {
	listed, _ := i.fires(ctx)
	for _, l := range listed {
		a := messages.Of(l.Alert)
		samples = append(samples, alert.Of("fx_alert_firing", 1, "rule", a.Rule, "subject", a.Subject, "severity", string(a.Severity)))
	}
	return samples
}

// fires returns the alerts that fire. If the store cannot be asked, they are those that this replica remembers: nobody has acknowledged those.
func (i *Interface) fires(ctx context.Context) (all []store.Listed, fromMemory bool) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	all, err := i.Store.Alerts(ctx, alert.Firing)
	if err == nil {
		return all, false
	}
	all = nil
	for _, a := range i.Firing() {
		all = append(all, store.Listed{Alert: a})
	}
	return all, true
}

// listed is an alert as it is answered.
type listed struct {
	messages.Alert
	Acknowledged *store.Acknowledgement `json:"acknowledged"`
}

func (i *Interface) alerts(w http.ResponseWriter, r *http.Request) {
	state := alert.State(r.URL.Query().Get("state"))
	if state == "" {
		state = alert.Firing
	}
	if state != alert.Firing && state != alert.Cleared {
		refuse(w, r, http.StatusUnprocessableEntity, web.CodeInvalid, "state is firing or cleared.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readBound)
	defer cancel()
	if state == alert.Firing {
		found, fromMemory := i.fires(ctx)
		answer(w, map[string]any{"items": worstFirst(found), "from_memory": fromMemory})
		return
	}
	found, err := i.Store.Alerts(ctx, state)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	answer(w, map[string]any{"items": worstFirst(found)})
}

func (i *Interface) acknowledge(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Note string `json:"note"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBytes)).Decode(&body); err != nil || strings.TrimSpace(body.Note) == "" {
		refuse(w, r, http.StatusUnprocessableEntity, web.CodeInvalid, "note says what is being done.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readBound)
	defer cancel()
	switch err := i.Store.Acknowledge(ctx, r.PathValue("key"), i.caller(r), body.Note); {
	case errors.Is(err, store.ErrUnknown):
		refuse(w, r, http.StatusNotFound, web.CodeNotFound, "No alert of this key fires.")
	case err != nil:
		i.fail(w, r, err)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// caller returns who asks.
func (i *Interface) caller(r *http.Request) string {
	if i.Caller == nil {
		return "loopback"
	}
	return i.Caller(r)
}

func (i *Interface) fail(w http.ResponseWriter, r *http.Request, err error) {
	i.Log.Warn("a request failed", log.Error(err))
	refuse(w, r, http.StatusServiceUnavailable, web.CodeUnavailable, "The database does not answer. Try again.")
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(body) // the caller has gone: nobody to tell
}

// refuse answers with a problem.
func refuse(w http.ResponseWriter, r *http.Request, status int, code, detail string) {
	web.Refusing(web.NewProblem(status, code, detail))(w, r)
}
