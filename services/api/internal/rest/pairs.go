package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/rights"
	"fxcore/services/signin"
)

type pairsAnswer struct {
	Body struct {
		Pairs []shownPair `json:"pairs"`
	}
}

type shownPair struct {
	Pair      string `json:"pair"`
	Decimals  int32  `json:"decimals" doc:"Of a spot rate"`
	TradeDate string `json:"trade_date" doc:"The pair's trade date now"`
	SpotDate  string `json:"spot_date,omitempty" doc:"Absent if the calendars do not reach so far"`
}

func (c Core) listPairs(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewMarket, huma.Operation{
		OperationID: "list-pairs", Method: http.MethodGet, Path: "/v1/pairs", Summary: "The pairs that the bank deals, with their dates of now",
		Tags: []string{"market"},
	}), func(_ context.Context, _ *struct{}) (*pairsAnswer, error) {
		m, err := c.market()
		if err != nil {
			return nil, err
		}
		answer, now := &pairsAnswer{}, c.Clock()
		answer.Body.Pairs = []shownPair{}
		for _, p := range m.Pairs() {
			shown := shownPair{Pair: p.Name, Decimals: p.Decimals, TradeDate: p.TradeDate(now).String()}
			if spot, err := p.Dates.Spot(p.TradeDate(now)); err == nil {
				shown.SpotDate = spot.String()
			}
			answer.Body.Pairs = append(answer.Body.Pairs, shown)
		}
		return answer, nil
	})
}
