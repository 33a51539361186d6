package rest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// tradeQuery are the filters of a list of trades. All that are given must hold.
type tradeQuery struct {
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor   string `query:"cursor" maxLength:"128" doc:"From next of the page before; with the same filters"`
	Client   string `query:"client" maxLength:"12" pattern:"^[A-Z0-9]*$"`
	Desk     string `query:"desk" maxLength:"12" pattern:"^[A-Z0-9]*$"`
	State    string `query:"state" enum:"pending,rejected,registered,booked,refused,executed,deleted"`
	Pair     string `query:"pair" pattern:"^[A-Z]{3}/[A-Z]{3}$"`
	Product  string `query:"product" enum:"spot,forward,swap"`
	Provider string `query:"provider" maxLength:"20" pattern:"^[A-Z0-9]*$" doc:"API for what came in by this interface"`
	From     string `query:"from" format:"date" pattern:"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$" patternDescription:"a day from 1900 on" doc:"Trade date, included"`
	To       string `query:"to" format:"date" pattern:"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$" patternDescription:"a day from 1900 on" doc:"Trade date, included"`
}

type tradePage struct {
	Link string `header:"Link" doc:"rel=next, if there are more"`
	Body struct {
		Trades []blotter.Trade `json:"trades"`
		Next   string          `json:"next,omitempty" doc:"The cursor of the next page"`

		Position string `json:"position,omitempty" doc:"Of the first page: the event stream goes on from here without a gap"`
	}
}

func (c Core) listTrades(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewTrades, huma.Operation{
		OperationID: "list-trades", Method: http.MethodGet, Path: "/v1/trades", Summary: "Trades, those that changed last first",
		Description: "A trade that changes while you read the pages moves to the front. The event stream tells of it.",
		Tags:        []string{"trades"},
	}), func(ctx context.Context, in *tradeQuery) (*tradePage, error) {
		after, position, err := c.begin(ctx, in.Cursor)
		if err != nil {
			return nil, err
		}
		rows, err := c.list(ctx, in, after)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		p := page(in, group(callerOf(ctx).Token, rights.ViewTrades), rows)
		p.Body.Position = position
		return p, nil
	})
}

// begin returns the place after which a page begins, and for the first page the position from which the event stream goes on. The
// position is read before the list, so the list has everything below it. The error is a Problem.
func (c Core) begin(ctx context.Context, cursor string) (after store.Place, position string, err error) {
	if cursor != "" {
		after, err = readCursor(cursor)
		return after, "", err
	}
	epoch, upTo, err := c.Model.Horizon(ctx)
	if err != nil {
		return after, "", c.away(ctx, err)
	}
	return after, stream.Position{Epoch: epoch, At: upTo}.String(), nil
}

// list reads one row more than a page has, to know whether there are more.
func (c Core) list(ctx context.Context, in *tradeQuery, after store.Place) ([]store.Row, error) {
	may := group(callerOf(ctx).Token, rights.ViewTrades)
	desk, sees := within(in.Desk, may.Desk)
	client, seesClient := within(in.Client, may.Client)
	if !sees || !seesClient {
		return nil, nil
	}
	return c.Model.List(ctx, store.Filter{
		Client: client, Desk: desk, State: in.State, Pair: in.Pair, Product: in.Product, Provider: in.Provider, From: in.From, To: in.To,
	}, after, in.Limit+1)
}

// within returns the narrower of a wish and a bound; an empty text is neither. It returns false if nothing is in both.
func within(wish, bound string) (both string, some bool) {
	switch {
	case bound == "" || wish == bound:
		return wish, true
	case wish == "":
		return bound, true
	}
	return "", false
}

func page(in *tradeQuery, may stream.Group, rows []store.Row) *tradePage {
	p := &tradePage{}
	p.Body.Trades = []blotter.Trade{}
	for i, row := range rows[:min(len(rows), in.Limit)] {
		p.Body.Trades = append(p.Body.Trades, may.Shown(&row.Facts))
		if i == in.Limit-1 && len(rows) > in.Limit {
			p.Body.Next = writeCursor(row.Place)
			p.Link = in.next(p.Body.Next)
		}
	}
	return p
}

// next returns the Link header of the next page, with the same filters.
func (in *tradeQuery) next(cursor string) string {
	q := url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(in.Limit)}}
	for name, value := range map[string]string{
		"client": in.Client, "desk": in.Desk, "state": in.State, "pair": in.Pair, "product": in.Product, "provider": in.Provider,
		"from": in.From, "to": in.To,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return web.NextLink("/v1/trades", q)
}
