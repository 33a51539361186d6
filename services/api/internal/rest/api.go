package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/api/internal/token"
	"fxcore/services/contract/access"
	"fxcore/services/contract/fxdate"
)

// Core is what the interface stands on.
type Core struct {
	Model    store.Model
	Tokens   Tokens
	Auth     Auth
	Publish  Publish
	Static   Market
	Clients  Clients
	Watch    Watch // of trades and line checks
	Logins   Watch // of requests for tokens, by the token's hash
	Events   Events
	Ask      Ask
	Clock    func() time.Time // the bank's
	Real     func() time.Time // for tokens
	Rollover fxdate.Rollover
	Rate     int // the most requests of one user in a second, at this replica; 0: no bound
	Bounds   Bounds

	MayRunAhead bool // whether days of the bank may be run ahead

	Log *slog.Logger

	LoginRate int // the most requests for tokens in a second, of all callers, at this replica; 0: no bound

	knocks                          *pace
	logins, whatIfs, streams, waits *crowd

	lookups door // of tokens that have not been met
	met     *met
}

// Tokens looks tokens up by their hash.
type Tokens interface {
	// Token returns what a token allows. Error: token.ErrUnknown.
	Token(ctx context.Context, hash string) (token.Token, error)

	// Refusal returns why there is no token. Error: store.ErrNone.
	Refusal(ctx context.Context, hash string) (access.Refused, error)

	// Revoke ends a token here at once.
	Revoke(ctx context.Context, hash string) error
}

// Watch tells when the outcome of a request is known.
type Watch interface {
	// Follow returns a channel that is closed once the outcome is known.
	Follow(id string) (decided <-chan struct{}, stop func())
}

// Events are the changes of the read model.
type Events interface {
	// Listen writes what changes until the listener is gone.
	Listen(ctx context.Context, l stream.Listener, from stream.Position) error
}

// New returns the handler of all requests.
func New(c Core) http.Handler {
	c.knocks = &pace{most: c.LoginRate}
	c.logins, c.whatIfs = newCrowd(c.Bounds.Logins), newCrowd(c.Bounds.WhatIfs)
	c.lookups, c.met = newDoor(c.Bounds.Lookups), &met{}
	c.streams, c.waits = newCrowd(c.Bounds.Streams), newCrowd(c.Bounds.Waits)
	c.Publish = c.Publish.bounded()
	mux := http.NewServeMux()
	c.document(mux)
	return c.front(mux)
}

// Document returns the OpenAPI document as JSON.
func Document() ([]byte, error) {
	text, err := Core{}.document(http.NewServeMux()).MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, text, "", " ")
	return b.Bytes(), err
}

// document registers every resource. To add one, add its file and its line here.
func (c Core) document(mux *http.ServeMux) *huma.OpenAPI {
	ownProblems()
	api := humago.New(mux, settings())
	api.UseMiddleware(c.authenticate(api), c.limit(api), form(api))
	c.issueToken(api)
	c.endToken(api)
	c.revokeTokens(api)
	c.session(api)
	c.listTrades(api)
	c.getTrade(api)
	c.requestTrade(api)
	c.tradeOriginals(api)
	c.getCheck(api)
	c.checkOriginals(api)
	c.reserveLine(api)
	c.consumeLine(api)
	c.reverseLine(api)
	c.cancelLine(api)
	c.askWhatIf(api)
	c.listLines(api)
	c.getLine(api)
	c.getLadder(api)
	c.listSettlements(api)
	c.getMovement(api)
	c.commandMovement(api)
	c.commandJob(api)
	c.endDay(api)
	c.listJobs(api)
	c.listReports(api)
	c.getReport(api)
	c.listRefusals(api)
	c.getRefusal(api)
	c.refusalOriginal(api)
	c.listen(api)
	c.listClients(api)
	c.listPairs(api)
	c.listRates(api)
	c.valueDates(api)
	return api.OpenAPI()
}

const version = "1.0.0"

func settings() huma.Config {
	cfg := huma.DefaultConfig("FX Core", version)
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", nil // the pages would load scripts from elsewhere
	cfg.RejectUnknownQueryParameters = true
	cfg.Formats = map[string]huma.Format{"application/json": strict(), "json": strict()}
	cfg.Transformers = append(cfg.Transformers, traced)
	cfg.Info.Description = "Trades, line checks and settlements of the bank's foreign-exchange core. services/api/README.md tells how to begin."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{scheme: {Type: "http", Scheme: "bearer"}}
	return cfg
}
