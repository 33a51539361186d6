package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/fxdate"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// Core is what the interface stands on.
type Core struct {
	Model    store.Model
	SignIn   *signin.SignIn
	Publish  web.Publish
	Static   Market
	Clients  Clients
	Watch    Watch // of trades and line checks
	Events   Events
	Ask      Ask
	Clock    func() time.Time // the bank's
	Real     func() time.Time // for tokens
	Rollover fxdate.Rollover
	Bounds   Bounds

	MayRunAhead bool // whether days of the bank may be run ahead

	Log *slog.Logger

	whatIfs, streams, waits *web.Crowd
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
	c.whatIfs, c.streams, c.waits = web.NewCrowd(c.Bounds.WhatIfs), web.NewCrowd(c.Bounds.Streams), web.NewCrowd(c.Bounds.Waits)
	c.Publish = c.Publish.Bounded()
	mux := http.NewServeMux()
	c.document(mux)
	return web.Front(mux, c.Log)
}

// Document returns the OpenAPI document as JSON.
func Document() ([]byte, error) {
	text, err := Core{SignIn: signin.New(signin.Parts{})}.document(http.NewServeMux()).MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, text, "", " ")
	return b.Bytes(), err
}

// document registers every resource. To add one, add its file and its line here.
func (c Core) document(mux *http.ServeMux) *huma.OpenAPI {
	api := web.New(mux, web.About{
		Title: "FX Core", Version: version,
		Description: "Trades, line checks and settlements of the bank's foreign-exchange core. services/api/README.md tells how to begin.",
	})
	c.SignIn.Register(api)
	c.revokeTokens(api)
	c.listTrades(api)
	c.getTrade(api)
	c.requestTrade(api)
	c.tradeOriginals(api)
	c.possibleActions(api)
	c.deleteTrade(api)
	c.listActions(api)
	c.getAction(api)
	c.decideAction(api)
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
	web.ListCodes(api.OpenAPI(), codes()...)
	return api.OpenAPI()
}

const version = "1.0.0"
