package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/rights"
	"fxcore/services/market"
	"fxcore/services/signin"
)

type ratesQuery struct {
	Pair string `query:"pair" pattern:"^[A-Z]{3}/[A-Z]{3}$" doc:"Absent: all pairs"`
}

type ratesAnswer struct {
	Body struct {
		Rates []shownRate `json:"rates"`
	}
}

type shownRate struct {
	Pair       string    `json:"pair"`
	Mid        string    `json:"mid" doc:"The spot reference rate, in quote units per base unit"`
	AsOf       time.Time `json:"as_of" doc:"Of the older of the two rates from which it is crossed"`
	AgeSeconds int       `json:"age_seconds"`
	Usable     bool      `json:"usable" doc:"Whether the core still judges prices by it"`
}

func (c Core) listRates(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewMarket, huma.Operation{
		OperationID: "list-rates", Method: http.MethodGet, Path: "/v1/rates", Summary: "Spot reference rates with their age",
		Description: "A pair without a rate is absent.", Tags: []string{"market"},
	}), func(_ context.Context, in *ratesQuery) (*ratesAnswer, error) {
		m, err := c.market()
		if err != nil {
			return nil, err
		}
		pairs := m.Pairs()
		if in.Pair != "" {
			pair, err := c.pair(m, in.Pair)
			if err != nil {
				return nil, err
			}
			pairs = []*market.Pair{pair}
		}
		answer := &ratesAnswer{}
		answer.Body.Rates = c.rates(m, pairs)
		return answer, nil
	})
}

func (c Core) rates(m *market.Market, pairs []*market.Pair) []shownRate {
	now, shown := c.Clock(), []shownRate{}
	for _, p := range pairs {
		mid, err := m.Reference(p)
		if err != nil {
			continue
		}
		shown = append(shown, shownRate{
			Pair: p.Name, Mid: mid.Rate.String(), AsOf: mid.AsOf, AgeSeconds: seconds(now, mid.AsOf), Usable: now.Sub(mid.AsOf) <= p.MaxRateAge,
		})
	}
	return shown
}
