package rest

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// tradeWithHistory is one trade with all its steps.
type tradeWithHistory struct {
	blotter.Trade

	History []blotter.Entry `json:"history" doc:"The messages about the trade, the oldest first"`
}

// TradePath is the path of a trade. It is exported because the library ignores other embedded types.
type TradePath struct {
	ID string `path:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"The trade's id: a UUID in lower case"`
}

type tradeAnswer struct {
	ETag string `header:"ETag"`
	Body tradeWithHistory
}

func (c Core) getTrade(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewTrades, huma.Operation{
		OperationID: "get-trade", Method: http.MethodGet, Path: "/v1/trades/{id}", Summary: "One trade with its legs and its history",
		Tags: []string{"trades"}, Errors: []int{http.StatusNotFound},
	}), func(ctx context.Context, in *TradePath) (*tradeAnswer, error) {
		facts, err := c.visible(ctx, rights.ViewTrades, in.ID)
		if err != nil {
			return nil, err
		}
		return answer(facts, group(callerOf(ctx).Token, rights.ViewTrades)), nil
	})
}

func answer(f *blotter.Facts, may stream.Group) *tradeAnswer {
	t := may.Shown(f)
	history := f.History
	if history == nil {
		history = []blotter.Entry{}
	}
	return &tradeAnswer{ETag: strconv.Quote(strconv.Itoa(t.Version)), Body: tradeWithHistory{t, history}}
}

// visible returns a trade that the caller may see. The error is a Problem.
func (c Core) visible(ctx context.Context, action rights.Action, id string) (*blotter.Facts, error) {
	web.Follow(ctx, event.TraceID(id))
	facts, err := c.Model.Get(ctx, id)
	if errors.Is(err, store.ErrNone) {
		return nil, web.NotFound("trade")
	}
	if err != nil {
		return nil, c.away(ctx, err)
	}
	if !callerOf(ctx).Reaches(action, facts.Client(), facts.Desk()) {
		return nil, web.NotFound("trade")
	}
	return facts, nil
}

// away logs why a server does not answer, and returns the problem for the caller.
func (c Core) away(ctx context.Context, err error) error { return web.Away(ctx, c.Log, err) }
