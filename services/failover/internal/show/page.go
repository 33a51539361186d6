// Package show lets people and programs look at the plan: JSON over HTTP, read only.
//
//	/status            instances, providers, and the last move of each
//	/history           what happened, the newest first (?provider=, ?limit=); who has commanded it is told by HTTPS alone
//	/commands/ID       what became of a command
package show

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
	"fxcore/services/failover/internal/view"
)

// Bounds.
const (
	readBound    = 2 * time.Second // of one look at the database
	requestBound = 10 * time.Second
	stopBound    = time.Second
	mostEntries  = 1000
	someEntries  = 50
)

// Page serves the plan.
type Page struct {
	db    *pgxpool.Pool
	rules plan.Rules
	log   *slog.Logger
}

// New makes a page that reads from db and judges by rules.
func New(db *pgxpool.Pool, rules plan.Rules, log *slog.Logger) *Page { return &Page{db, rules, log} }

// Serve answers until ctx ends. opened are told the address.
func (p *Page) Serve(ctx context.Context, address string, opened ...func(net.Addr)) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("show the plan at FAILOVER_ADDR: %w", err)
	}
	p.log.Info("the plan is shown", "server.address", listener.Addr().String())
	for _, tell := range opened {
		tell(listener.Addr())
	}
	server := &http.Server{Handler: p.Handler(), ReadTimeout: requestBound, WriteTimeout: requestBound, IdleTimeout: time.Minute}
	stopping := context.AfterFunc(ctx, func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopBound)
		defer cancel()
		if server.Shutdown(bounded) != nil {
			_ = server.Close()
		}
	})
	defer stopping()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("show the plan: %w", err)
	}
	return nil
}

// Handler serves the paths listed in the package's documentation.
func (p *Page) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", answering(func(ctx context.Context, _ *http.Request) (any, error) { return p.Status(ctx) }))
	mux.HandleFunc("GET /history", answering(p.history))
	mux.HandleFunc("GET /commands/{id}", answering(p.command))
	return mux
}

func answering(read func(ctx context.Context, r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readBound)
		defer cancel()
		body, err := read(ctx, r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			body = map[string]string{"error": err.Error()}
		}
		_ = json.NewEncoder(w).Encode(body) // the caller has gone: nobody to tell
	}
}

func (p *Page) history(ctx context.Context, r *http.Request) (any, error) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > mostEntries {
		limit = someEntries
	}
	entries, err := p.History(ctx, r.URL.Query().Get("provider"), limit)
	for i := range entries {
		entries[i].By = "" // nobody logs on here: who has commanded is for those who do
	}
	return entries, err
}

// History returns what happened, the newest first: at most limit entries of a provider, or of all if it is empty.
func (p *Page) History(ctx context.Context, provider string, limit int) ([]view.Entry, error) {
	found, err := store.History(ctx, p.db, provider, limit)
	entries := make([]view.Entry, len(found))
	for i, e := range found {
		entries[i] = view.Entry{
			At: e.At, Gateway: e.Gateway, Provider: e.Provider, Instance: e.Instance, What: e.What, Epoch: e.Epoch, Text: e.Text, By: e.By,
		}
	}
	return entries, err
}

func (p *Page) command(ctx context.Context, r *http.Request) (any, error) {
	return p.Answer(ctx, r.PathValue("id"))
}

// Answer returns what became of the command with an id.
func (p *Page) Answer(ctx context.Context, id string) (view.Answer, error) {
	e, handled, err := store.Answer(ctx, p.db, id)
	refused := strings.HasPrefix(e.What, plan.Refused)
	answer := view.Answer{Handled: handled, Accepted: handled && !refused}
	if refused {
		answer.Text = e.Text
	}
	return answer, err
}
