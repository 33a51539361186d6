package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/access"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/fxdate"
)

// Core is what the interface stands on.
type Core struct {
	Model    store.Model
	Tokens   Tokens
	Publish  func(ctx context.Context, events ...event.Event) error // returns once the broker has the events
	Watch    Watch
	Events   Events
	Clock    func() time.Time // the bank's
	Rollover fxdate.Rollover
	Log      *slog.Logger
}

// Tokens looks tokens up by their hash. Error: access.ErrUnknown.
type Tokens interface {
	Token(ctx context.Context, hash string) (access.Token, error)
}

// Watch tells when a trade changes.
type Watch interface {
	// Follow returns a channel that gets a value soon after the trade has changed. Changes before Follow returns do not count.
	Follow(ctx context.Context, trade string) (changed <-chan struct{}, stop func(), err error)
}

// Events are the changes of the read model.
type Events interface {
	// Listen writes what changes until the listener is gone.
	Listen(ctx context.Context, l stream.Listener, from stream.Position) error
}

// New returns the handler of all requests.
func New(c Core) http.Handler {
	mux := http.NewServeMux()
	c.document(mux)
	return http.NewCrossOriginProtection().Handler(mux)
}

// Document returns the OpenAPI document as JSON.
func Document() ([]byte, error) { return Core{}.document(http.NewServeMux()).MarshalJSON() }

// document registers every resource. To add one, add its file and its line here.
func (c Core) document(mux *http.ServeMux) *huma.OpenAPI {
	ownProblems()
	api := humago.New(mux, settings())
	api.UseMiddleware(c.authenticate(api))
	c.listTrades(api)
	c.getTrade(api)
	c.requestTrade(api)
	c.listen(api)
	return api.OpenAPI()
}

const version = "1.0.0"

func settings() huma.Config {
	cfg := huma.DefaultConfig("FX Core", version)
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", nil // the pages would load scripts from elsewhere
	cfg.RejectUnknownQueryParameters = true
	cfg.Info.Description = "Trades, line checks and settlements of the bank's foreign-exchange core. services/api/README.md tells how to begin."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{scheme: {Type: "http", Scheme: "bearer"}}
	return cfg
}
