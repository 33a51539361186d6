package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/question"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// Ask asks another service and waits for its answer.
type Ask interface {
	// Ask returns the answer to a question. Error: question.ErrUnanswered if none came in time.
	Ask(ctx context.Context, question event.Event) (event.Event, error)
}

// newWhatIf is the body of a what-if.
type newWhatIf struct {
	Trades []supposedTrade `json:"trades" minItems:"1" maxItems:"50"`
}

// supposedTrade is a trade that somebody thinks of.
type supposedTrade struct {
	Client   string        `json:"client" minLength:"1" maxLength:"12" pattern:"^[A-Z0-9]+$" example:"C000900"`
	Product  string        `json:"product" enum:"spot,forward,swap"`
	Pair     string        `json:"pair" pattern:"^[A-Z]{3}/[A-Z]{3}$" example:"EUR/USD"`
	Currency string        `json:"currency" pattern:"^[A-Z]{3}$" doc:"The dealt currency: what the amounts are of" example:"EUR"`
	Legs     []supposedLeg `json:"legs" minItems:"1" maxItems:"2" doc:"Near leg first; only a swap has two"`
}

// supposedLeg is one leg of it.
type supposedLeg struct {
	Side      string `json:"side" enum:"buy,sell" doc:"Of the pair's base currency, seen from the client"`
	Amount    string `json:"amount" pattern:"^[0-9]{1,15}(\\.[0-9]{1,8})?$" doc:"Of the dealt currency" example:"1000000"`
	Rate      string `json:"rate,omitempty" pattern:"^([0-9]{1,9}(\\.[0-9]{1,10})?)?$" doc:"All-in; absent: the market's" example:"1.0843"`
	Tenor     string `json:"tenor,omitempty" pattern:"^(TOD|TOM|ON|TN|SPOT|SN|[1-9][0-9]{0,2}[DWMY]|IMM[1-9]?)?$" example:"SPOT"`
	ValueDate string `json:"value_date,omitempty" format:"date" doc:"Instead of the tenor"`
}

type whatIfAnswer struct{ Body messages.WhatIfAnswer }

func (c Core) askWhatIf(api huma.API) {
	huma.Register(api, signin.Guarded(rights.AskWhatIf, huma.Operation{
		OperationID: "ask-what-if", Method: http.MethodPost, Path: "/v1/what-ifs", Summary: "What trades would use of their lines",
		Description: "The core weighs the trades by the code that checks real ones, and reserves nothing. Prices are not judged. " +
			"A trade of a client that your right does not reach is answered as refused.",
		Tags: []string{"lines"}, MaxBodyBytes: web.MaxBody, BodyReadTimeout: web.BodyBound + question.Patience,
		Errors: []int{http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	}), func(ctx context.Context, in *struct{ Body newWhatIf }) (*whatIfAnswer, error) {
		asked := messages.WhatIfRequested{Caller: callerOf(ctx).Section()}
		for _, t := range in.Body.Trades {
			if err := t.check(); err != nil {
				return nil, err
			}
			asked.Question.Trades = append(asked.Question.Trades, t.supposed())
		}
		answer, err := ask[messages.WhatIfAnswer](ctx, c, contract.WhatIfRequested, asked)
		return &whatIfAnswer{answer}, err
	})
}

// check returns the problem of a content that fits no product. Everything else is for the core to decide.
func (t supposedTrade) check() error {
	like := newTrade{Product: t.Product, Pair: t.Pair, Currency: t.Currency}
	for _, l := range t.Legs {
		if l.Tenor != "" && l.ValueDate != "" {
			return web.Wrong("body.trades.legs", "a leg has a tenor or a value date, not both")
		}
		like.Legs = append(like.Legs, newLeg{Tenor: l.Tenor, ValueDate: l.ValueDate})
	}
	return like.check()
}

// supposed returns the content in the form of messages, in which a side is that of the dealt currency.
func (t supposedTrade) supposed() messages.Supposed {
	s := messages.Supposed{Client: t.Client, Product: t.Product, Pair: t.Pair, Currency: t.Currency}
	for _, l := range t.Legs {
		leg := messages.SupposedLeg(l)
		if strings.HasSuffix(t.Pair, "/"+t.Currency) {
			leg.Side = blotter.Opposite(l.Side)
		}
		if leg.Tenor == "" && leg.ValueDate == "" {
			leg.Tenor = "SPOT"
		}
		s.Legs = append(s.Legs, leg)
	}
	return s
}

// ask asks linecheck or trading and returns the section that answers. The error is a Problem.
func ask[A any](ctx context.Context, c Core, typ event.Type, data any) (A, error) {
	var none A
	leave, err := c.whatIfs.Enter(callerOf(ctx).User, "questions of yours about lines and trades")
	if err != nil {
		return none, err
	}
	defer leave()
	e, err := messages.Question(typ, messages.Nonce(), data, c.now(), question.Patience)
	if err != nil {
		return none, c.away(ctx, err)
	}
	answer, err := c.Ask.Ask(ctx, e)
	if errors.Is(err, context.Canceled) {
		return none, web.Unavailable() // the caller has gone: nothing to log
	}
	if err != nil {
		return none, c.away(ctx, err)
	}
	section, err := messages.ReadAnswer[A](answer)
	if err != nil {
		return none, c.away(ctx, err)
	}
	return section, nil
}
