package steps_test

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/scripts/testbench/dates"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/steps"
)

// Over all pairs, tenors, broken dates and 28 years, at hours near rolls, cut-offs, changes of clocks and weekends: a trade has the
// dates of the listing. linecheck has a test of the same name, which dates a line check by the same listing.
func TestACheckAndItsTradeHaveTheSameDates(t *testing.T) {
	m := dates.Market(t)
	of := steps.Requests(static{market: m}, rules.Rules{
		Rollover: fxdate.NewRollover(), Longest: fxdate.Years(5), ReportTolerance: decimal.NewFromInt(4), ReportBound: decimal.NewFromInt(2),
		PointsAge: 100 * 365 * 24 * time.Hour,
	}, slog.New(slog.DiscardHandler))
	authorized := sample.Of(t, "services/auth/internal/messages", contract.TradeAuthorized)
	dates.Write(t, func(r dates.Request) dates.Answer {
		pair, err := m.Pair(r.Pair)
		if err != nil {
			t.Fatal(err)
		}
		spot, err := m.Reference(pair)
		if err != nil {
			t.Fatal(err)
		}
		e := tradeOf(t, authorized, r, spot.Rate.Round(pair.Decimals).String())
		return datesOf(t, decide(t, at(r.Decided, of), e)[0])
	})
}

// tradeOf returns trade.authorized with auth's sample, which has the request as a gateway publishes it.
func tradeOf(t *testing.T, authorized json.RawMessage, r dates.Request, rate string) event.Event {
	t.Helper()
	var data map[string]map[string]any
	if err := json.Unmarshal(authorized, &data); err != nil {
		t.Fatal(err)
	}
	request := data["request"]
	request["pair"], request["currency"], request["transacted_at"] = r.Pair, r.Currency, r.Asked
	request["trade_date"] = fxdate.NewRollover().TradeDate(r.Asked).String()
	leg := request["legs"].([]any)[0].(map[string]any)
	leg["tenor"], leg["value_date"], leg["rate"] = r.Tenor, r.ValueDate, rate
	e, err := event.New(contract.TradeAuthorized, event.NewID(testkit.Day, r.String()), "alpha", "dates", data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func datesOf(t *testing.T, e event.Event) dates.Answer {
	t.Helper()
	var data struct {
		Validated struct {
			TradeDate string `json:"trade_date"`
			SpotDate  string `json:"spot_date"`
			Legs      []struct {
				ValueDate string `json:"value_date"`
			} `json:"legs"`
		} `json:"validated"`
		Rejected struct {
			Code, Text string
		} `json:"rejected"`
	}
	if err := e.Read(&data); err != nil {
		t.Fatal(err)
	}
	if v := data.Validated; len(v.Legs) == 1 {
		return dates.Answer{Trade: v.TradeDate, Spot: v.SpotDate, Value: v.Legs[0].ValueDate}
	}
	return dates.Answer{Refused: data.Rejected.Code}
}
