package rest

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// newTrade is the body of a request for a trade.
type newTrade struct {
	Client   string   `json:"client" minLength:"1" maxLength:"12" pattern:"^[A-Z0-9]+$" example:"C000900"`
	Account  string   `json:"account,omitempty" maxLength:"20" pattern:"^[A-Z0-9-]*$" doc:"Of the client; empty: by the currency"`
	Product  string   `json:"product" enum:"spot,forward,swap"`
	Pair     string   `json:"pair" pattern:"^[A-Z]{3}/[A-Z]{3}$" example:"EUR/USD"`
	Currency string   `json:"currency" pattern:"^[A-Z]{3}$" doc:"The dealt currency: what the amounts are of" example:"EUR"`
	Legs     []newLeg `json:"legs" minItems:"1" maxItems:"2" doc:"Near leg first; only a swap has two"`
	QuoteID  string   `json:"quote_id,omitempty" maxLength:"36" pattern:"^[A-Za-z0-9-]*$" doc:"The quote that is dealt on"`

	LineCheck *usedCheck `json:"line_check,omitempty" doc:"A line check of your own, for this deal: the trade takes its reservation over, so the two use the line once"`
}

// usedCheck names the line check that a trade uses.
type usedCheck struct {
	ID       string `json:"id" format:"uuid" pattern:"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"The check's id: a UUID in lower case"`
	FreeRest bool   `json:"free_rest,omitempty" doc:"Free what the trade leaves of the reservation; absent: it stays reserved"`
}

// newLeg is one leg of the request.
type newLeg struct {
	Side      string `json:"side" enum:"buy,sell" doc:"Of the pair's base currency, seen from the client"`
	Amount    string `json:"amount" pattern:"^[0-9]{1,15}(\\.[0-9]{1,8})?$" doc:"Of the dealt currency" example:"1000000"`
	Rate      string `json:"rate" pattern:"^[0-9]{1,9}(\\.[0-9]{1,10})?$" doc:"All-in" example:"1.0843"`
	Tenor     string `json:"tenor,omitempty" pattern:"^(TOD|TOM|ON|TN|SPOT|SN|[1-9][0-9]{0,2}[DWMY]|IMM[1-9]?)?$" example:"SPOT"`
	ValueDate string `json:"value_date,omitempty" format:"date" doc:"Stands above the tenor"`
}

type tradeRequest struct {
	Key    string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" doc:"Of your choice, one for each request. Send the request again with the same key as often as you like: it is done once"`
	Prefer string `header:"Prefer" maxLength:"64" doc:"wait=n: wait for the outcome, at most n seconds and at most 30"`
	Body   newTrade
}

type tradeAccepted struct {
	Status   int
	Location string `header:"Location"`
	Applied  string `header:"Preference-Applied"`
	ETag     string `header:"ETag"`
	Body     tradeWithHistory
}

// deadline is how long the core may take to decide. Whoever takes a step after it refuses the request.
const deadline = 30 * time.Second

func (c Core) requestTrade(api huma.API) {
	operation := signin.Guarded(rights.EnterTrade, huma.Operation{
		OperationID: "request-trade", Method: http.MethodPost, Path: "/v1/trades", Summary: "Ask for a trade",
		Description: "The answer 202 means: the request is safe with the core, and Location is where its outcome will be. " +
			"With Prefer: wait=n the answer is 200 as soon as the trade is registered or rejected.",
		Tags: []string{"trades"}, DefaultStatus: http.StatusAccepted, MaxBodyBytes: web.MaxBody, BodyReadTimeout: longest + web.BodyBound,
		Errors: []int{http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	})
	huma.Register(api, operation, func(ctx context.Context, in *tradeRequest) (*tradeAccepted, error) {
		asked, err := c.ask(in, callerOf(ctx))
		if err == nil {
			err = c.reaches(callerOf(ctx), rights.EnterTrade, in.Body.Client)
		}
		if err != nil {
			return nil, err
		}
		patience := wait(in.Prefer)
		first, err := c.claim(ctx, asked, patience)
		if err != nil {
			return nil, err
		}
		facts, err := c.Model.Get(ctx, first)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		return accepted(facts, group(callerOf(ctx).Token, rights.EnterTrade), patience), nil
	})
	alsoDecided(api, operation)
}

// ask makes the stored request of what the caller sent. The error is a Problem.
func (c Core) ask(in *tradeRequest, caller signin.Caller) (store.Asked, error) {
	if err := in.Body.check(); err != nil {
		return store.Asked{}, err
	}
	now := c.Clock().UTC().Truncate(time.Microsecond)
	content := in.Body.request()
	content.Reference, content.TradeDate = caller.User+"/"+in.Key, c.Rollover.TradeDate(now).String()
	requested := messages.TradeRequested{Request: messages.NewTradeRequest(content, now), Caller: caller.Section()}
	e, err := requested.Event(now.Add(deadline))
	if err != nil {
		return store.Asked{}, err
	}
	return store.Asked{
		Owner: caller.User, Key: in.Key, Digest: requested.Request.Digest, Subject: e.Correlation, Event: e,
		Pending: store.PendingTrade{Request: requested.Request.Request, Caller: shown(requested.Caller)},
	}, nil
}

func accepted(f *blotter.Facts, may stream.Group, patience time.Duration) *tradeAccepted {
	shown := answer(f, may)
	a := &tradeAccepted{Status: http.StatusAccepted, Location: "/v1/trades/" + f.ID, ETag: shown.ETag, Body: shown.Body}
	if patience > 0 {
		a.Applied = applied(patience)
	}
	if patience > 0 && shown.Body.State != blotter.Pending {
		a.Status = http.StatusOK
	}
	return a
}

// alsoDecided adds the answer 200 to the document: the same as 202, with the outcome.
func alsoDecided(api huma.API, o huma.Operation) {
	responses := api.OpenAPI().Paths[o.Path].Post.Responses
	done := *responses[strconv.Itoa(http.StatusAccepted)]
	done.Description = "Decided: registered or rejected"
	responses[strconv.Itoa(http.StatusOK)] = &done
}
