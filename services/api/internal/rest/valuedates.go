package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/market"
	"fxcore/services/market/valuedate"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type valueDatesQuery struct {
	Pair  string `query:"pair" required:"true" pattern:"^[A-Z]{3}/[A-Z]{3}$"`
	Tenor string `query:"tenor" required:"true" pattern:"^[A-Z0-9]{2,5}$" doc:"TOD, TOM, ON, TN, SPOT, SN, nD, nW, nM, nY, IMM, IMMn"`
}

type valueDatesAnswer struct{ Body shownDates }

type shownDates struct {
	Pair      string     `json:"pair"`
	Tenor     string     `json:"tenor"`
	TradeDate string     `json:"trade_date"`
	SpotDate  string     `json:"spot_date"`
	NearDate  string     `json:"near_date" doc:"Of a swap's near leg"`
	ValueDate string     `json:"value_date" doc:"Of an outright, and of a swap's far leg"`
	Until     *time.Time `json:"until,omitempty" doc:"The last instant at which both currencies can settle on the value date"`
	Closures  []string   `json:"closures" doc:"Why it is not an earlier or later day: the days around it on which the pair cannot settle"`
}

func (c Core) valueDates(api huma.API) {
	huma.Register(api, signin.Guarded(rights.ViewMarket, huma.Operation{
		OperationID: "get-value-dates", Method: http.MethodGet, Path: "/v1/value-dates", Summary: "The dates of a tenor of a pair now, and why",
		Tags: []string{"market"},
	}), func(_ context.Context, in *valueDatesQuery) (*valueDatesAnswer, error) {
		tenor, err := fxdate.ParseTenor(in.Tenor)
		if err != nil {
			return nil, web.Wrong("query.tenor", "not a tenor: use TOD, TOM, ON, TN, SPOT, SN, nD, nW, nM, nY, IMM or IMMn")
		}
		m, err := c.market()
		if err != nil {
			return nil, err
		}
		pair, err := c.pair(m, in.Pair)
		if err != nil {
			return nil, err
		}
		return datesOf(pair, tenor, c.Clock())
	})
}

// datesOf computes the dates. The error is a Problem.
func datesOf(pair *market.Pair, tenor fxdate.Tenor, now time.Time) (*valueDatesAnswer, error) {
	deal, err := pair.Dates.On(pair.TradeDate(now))
	if err != nil {
		return nil, noDate(pair, tenor, err)
	}
	period, err := pair.Dates.PeriodOf(deal, tenor)
	if err != nil {
		return nil, noDate(pair, tenor, err)
	}
	shown := shownDates{
		Pair: pair.Name, Tenor: tenor.String(), TradeDate: deal.Trade.String(), SpotDate: deal.Spot.String(),
		NearDate: period.Start.String(), ValueDate: period.End.String(), Closures: closures(pair, deal, period.End),
	}
	if until, _, found, err := pair.Deadline(period.End); err == nil && found {
		until = until.UTC()
		shown.Until = &until
	}
	return &valueDatesAnswer{shown}, nil
}

func noDate(pair *market.Pair, tenor fxdate.Tenor, err error) *web.Problem {
	return web.NewProblem(http.StatusUnprocessableEntity, string(reason.InvalidDate), pair.Name+" has no value date for "+tenor.String()+" now: "+err.Error()+".")
}

// around is how many days before and after a value date are explained.
const around = 4

// closures tells on which days up to spot, and around the value date, the pair cannot settle.
func closures(pair *market.Pair, deal valuedate.Dates, value fxdate.Date) []string {
	told := []string{}
	last := deal.Trade
	tell := func(from, to fxdate.Date) {
		for d := max(from, last.AddDays(1)); d <= to; d = d.AddDays(1) {
			last = d
			if closure, closed := pair.Closed(d); closed {
				told = append(told, d.String()+": "+closure.String())
			}
		}
	}
	tell(deal.Trade, deal.Spot)
	tell(value.AddDays(-around), value.AddDays(around))
	return told
}
