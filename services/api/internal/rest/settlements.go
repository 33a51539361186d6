package rest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/store"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type settlementsQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor string `query:"cursor" maxLength:"128" doc:"From next of the page before; with the same filters"`
	Client string `query:"client" maxLength:"12" pattern:"^[A-Z0-9]*$"`
	State  string `query:"state" enum:"settled,failed"`
	From   string `query:"from" format:"date" pattern:"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$" patternDescription:"a day from 1900 on" doc:"Value date, included"`
	To     string `query:"to" format:"date" pattern:"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$" patternDescription:"a day from 1900 on" doc:"Value date, included"`
}

type settlementsAnswer struct {
	Link string `header:"Link" doc:"rel=next, if there are more"`
	Body struct {
		Settlements []store.SettledLeg `json:"settlements" doc:"Legs that were settled or failed, the latest value date first. Legs that are open are in their trades"`
		More        bool               `json:"more" doc:"There are more"`
		Next        string             `json:"next,omitempty" doc:"The cursor of the next page"`
	}
}

func (c Core) listSettlements(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewSettlements, huma.Operation{
		OperationID: "list-settlements", Method: http.MethodGet, Path: "/v1/settlements", Summary: "Legs that were settled or failed",
		Tags: []string{"settlements"},
	}), func(ctx context.Context, in *settlementsQuery) (*settlementsAnswer, error) {
		answer := &settlementsAnswer{}
		answer.Body.Settlements = []store.SettledLeg{}
		may := group(callerOf(ctx).Token, rights.ViewSettlements)
		client, sees := within(in.Client, may.Client)
		if !sees {
			return answer, nil
		}
		filter := store.LegFilter{Desk: may.Desk, Client: client, State: in.State, From: in.From, To: in.To}
		if in.Cursor != "" {
			var err error
			if filter.After, err = readLegCursor(in.Cursor); err != nil {
				return nil, err
			}
		}
		legs, err := c.Model.Legs(ctx, filter, in.Limit+1)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		answer.Body.More = len(legs) > in.Limit
		answer.Body.Settlements = append(answer.Body.Settlements, legs[:min(len(legs), in.Limit)]...)
		if answer.Body.More {
			answer.Body.Next = writeLegCursor(legs[in.Limit-1].Place())
			answer.Link = in.next(answer.Body.Next)
		}
		return answer, nil
	})
}

// next returns the Link header of the next page, with the same filters.
func (in *settlementsQuery) next(cursor string) string {
	q := url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(in.Limit)}}
	for name, value := range map[string]string{"client": in.Client, "state": in.State, "from": in.From, "to": in.To} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return web.NextLink("/v1/settlements", q)
}
