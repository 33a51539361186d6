package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/api/internal/store"
	"fxcore/services/contract/rights"
)

type settlementsQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Client string `query:"client" maxLength:"12" pattern:"^[A-Z0-9]*$"`
	State  string `query:"state" enum:"settled,failed"`
	From   string `query:"from" format:"date" doc:"Value date, included"`
	To     string `query:"to" format:"date" doc:"Value date, included"`
}

type settlementsAnswer struct {
	Body struct {
		Settlements []store.SettledLeg `json:"settlements" doc:"Legs that were settled or failed, the latest value date first. Legs that are open are in their trades"`
		More        bool               `json:"more" doc:"There are more: narrow the dates"`
	}
}

func (c Core) listSettlements(api huma.API) {
	huma.Register(api, guarded(rights.ViewSettlements, huma.Operation{
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
		legs, err := c.Model.Legs(ctx, store.LegFilter{Desk: may.Desk, Client: client, State: in.State, From: in.From, To: in.To}, in.Limit+1)
		if err != nil {
			return nil, c.away(ctx, err)
		}
		answer.Body.More = len(legs) > in.Limit
		answer.Body.Settlements = append(answer.Body.Settlements, legs[:min(len(legs), in.Limit)]...)
		return answer, nil
	})
}
