package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// newCheck is the body of a request to reserve a line.
type newCheck struct {
	Client    string     `json:"client" minLength:"1" maxLength:"12" pattern:"^[A-Z0-9]+$" example:"C000900"`
	Product   string     `json:"product" enum:"spot,forward,swap"`
	Pair      string     `json:"pair" pattern:"^[A-Z]{3}/[A-Z]{3}$" example:"EUR/USD"`
	Currency  string     `json:"currency" pattern:"^[A-Z]{3}$" doc:"The dealt currency: what the amount is of" example:"EUR"`
	Side      string     `json:"side" enum:"buy,sell" doc:"Of the pair's base currency, seen from the client"`
	Amount    string     `json:"amount" pattern:"^[0-9]{1,15}(\\.[0-9]{1,8})?$" example:"1000000"`
	Tenor     string     `json:"tenor,omitempty" pattern:"^(TOD|TOM|ON|TN|SPOT|SN|[1-9][0-9]{0,2}[DWMY]|IMM[1-9]?)?$"`
	ValueDate string     `json:"value_date,omitempty" format:"date" doc:"Stands above the tenor"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Until when the reservation is wanted, refused as expired if that has passed; absent: as the line gives"`
}

// Keyed are the headers of every request that has an effect. It is exported because the library ignores other embedded types.
type Keyed struct {
	Key    string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" doc:"Of your choice, one for each request"`
	Prefer string `header:"Prefer" maxLength:"64" doc:"wait=n: wait for the outcome, at most n seconds and at most 30"`
}

// resolution is the body of a request to consume a part of a reservation.
type resolution struct {
	Amount   string `json:"amount,omitempty" pattern:"^([0-9]{1,15}(\\.[0-9]{1,8})?)?$" doc:"Empty: all that is open"`
	ForTrade string `json:"for_trade_id,omitempty" pattern:"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$" doc:"The trade for which it is consumed"`
}

// reversal is the body of a request to reverse what was consumed.
type reversal struct {
	Amount   string `json:"amount,omitempty" pattern:"^([0-9]{1,15}(\\.[0-9]{1,8})?)?$" doc:"Empty: all that is consumed"`
	ForTrade string `json:"for_trade_id,omitempty" pattern:"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$" doc:"The trade for which it was consumed, and which has not come"`
}

func requesting(o huma.Operation) huma.Operation {
	o.Tags, o.DefaultStatus, o.MaxBodyBytes, o.BodyReadTimeout = []string{"linechecks"}, http.StatusAccepted, web.MaxBody, longest+web.BodyBound
	o.Errors = append(o.Errors, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	return o
}

func (c Core) reserveLine(api huma.API) {
	operation := signin.Guarded(rights.ReserveLine, requesting(huma.Operation{
		OperationID: "reserve-line", Method: http.MethodPost, Path: "/v1/linechecks", Summary: "Check a client's line and reserve on it",
	}))
	huma.Register(api, operation, func(ctx context.Context, in *struct {
		Keyed
		Body newCheck
	},
	) (*checkAccepted, error) {
		if base, quote, _ := strings.Cut(in.Body.Pair, "/"); in.Body.Currency != base && in.Body.Currency != quote {
			return nil, web.Wrong("body.currency", "the dealt currency is one of the pair's")
		}
		if err := c.reaches(callerOf(ctx), rights.ReserveLine, in.Body.Client); err != nil {
			return nil, err
		}
		return c.requestCheck(ctx, in.Body.request(), in.Key, in.Prefer)
	})
	alsoDecided(api, operation)
}

// request returns the content in the form of messages, in which a side is that of the dealt currency.
func (n newCheck) request() blotter.CheckRequest {
	r := blotter.CheckRequest{
		Action: "reserve", Client: n.Client, Product: n.Product, Pair: n.Pair, Currency: n.Currency, Side: n.Side, Amount: n.Amount,
		Tenor: n.Tenor, ValueDate: n.ValueDate, ExpiresAt: n.ExpiresAt,
	}
	if strings.HasSuffix(n.Pair, "/"+n.Currency) {
		r.Side = blotter.Opposite(n.Side)
	}
	if r.Tenor == "" && r.ValueDate == "" {
		r.Tenor = "SPOT"
	}
	return r
}

func (c Core) consumeLine(api huma.API) {
	operation := signin.Guarded(rights.ConsumeLine, requesting(huma.Operation{
		OperationID: "consume-line", Method: http.MethodPost, Path: "/v1/linechecks/{id}/consumptions", Summary: "Consume a reservation, or a part of it",
		Errors: []int{http.StatusNotFound},
	}))
	huma.Register(api, operation, func(ctx context.Context, in *struct {
		CheckPath
		Keyed
		Body resolution
	},
	) (*checkAccepted, error) {
		return c.resolve(ctx, rights.ConsumeLine, blotter.CheckRequest{
			Action: "consume", Target: in.ID, Amount: in.Body.Amount, ForTrade: in.Body.ForTrade,
		}, in.Keyed)
	})
	alsoDecided(api, operation)
}

func (c Core) reverseLine(api huma.API) {
	operation := signin.Guarded(rights.ConsumeLine, requesting(huma.Operation{
		OperationID: "reverse-line", Method: http.MethodPost, Path: "/v1/linechecks/{id}/reversals", Summary: "Reverse what was consumed of a reservation, or a part of it",
		Errors: []int{http.StatusNotFound},
	}))
	huma.Register(api, operation, func(ctx context.Context, in *struct {
		CheckPath
		Keyed
		Body reversal
	},
	) (*checkAccepted, error) {
		return c.resolve(ctx, rights.ConsumeLine, blotter.CheckRequest{
			Action: "reverse", Target: in.ID, Amount: in.Body.Amount, ForTrade: in.Body.ForTrade,
		}, in.Keyed)
	})
	alsoDecided(api, operation)
}

func (c Core) cancelLine(api huma.API) {
	operation := signin.Guarded(rights.CancelLine, requesting(huma.Operation{
		OperationID: "cancel-line", Method: http.MethodPost, Path: "/v1/linechecks/{id}/cancellations", Summary: "Give a reservation back",
		Errors: []int{http.StatusNotFound},
	}))
	huma.Register(api, operation, func(ctx context.Context, in *struct {
		CheckPath
		Keyed
	},
	) (*checkAccepted, error) {
		return c.resolve(ctx, rights.CancelLine, blotter.CheckRequest{Action: "cancel", Target: in.ID}, in.Keyed)
	})
	alsoDecided(api, operation)
}

// resolve asks to consume or cancel a reservation, or to reverse a consumption, of a check that the caller may see. The error is a Problem.
func (c Core) resolve(ctx context.Context, action rights.Action, r blotter.CheckRequest, k Keyed) (*checkAccepted, error) {
	reserved, err := c.visibleCheck(ctx, action, r.Target)
	if err != nil {
		return nil, err
	}
	of := reserved.Request
	r.Client, r.Product, r.Pair, r.Currency = of.Client, of.Product, of.Pair, of.Currency
	return c.requestCheck(ctx, r, k.Key, k.Prefer)
}
