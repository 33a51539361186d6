package steps

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/scripts/testbench/dates"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/market"
)

// amount is what each drawn request is for, in the pair's base currency.
const amount = "1000000"

// Over all pairs, tenors, broken dates and 28 years, at hours near rolls, cut-offs, changes of clocks and weekends: a line check has the
// dates of the listing, which trading's test of the same name writes from trades. And the trade that trading validates with those
// dates, at the market's rate, uses the same exposure as the check.
func TestACheckAndItsTradeHaveTheSameDates(t *testing.T) {
	t.Parallel()
	s := &Batch{static: wideLines(t), dating: likeTrades(), book: line.NewBook()}
	authorized := sample.Of(t, "services/auth/internal/messages", contract.LineCheckAuthorized)
	validated := sample.Of(t, "services/trading/internal/messages", contract.TradeValidated)
	exposures := 0
	dates.Compare(t, func(r dates.Request) dates.Answer {
		task, err := readCheck(s, checkFor(t, authorized, r))
		if err != nil {
			t.Fatal(err)
		}
		check := task.(reserveCheck)
		if check.refused != nil {
			return dates.Answer{Refused: string(check.refused.Code)}
		}
		answer := datesOf(t, s, check.proposal, r)
		mustUseTheSame(t, s, check.proposal, tradeFor(t, s, validated, answer, r))
		exposures++
		return answer
	})
	if exposures == 0 {
		t.Error("no exposure was compared")
	}
}

// wideLines is the demo bank with lines that bear anything, so that only dates refuse.
func wideLines(t *testing.T) *directory.Snapshot {
	t.Helper()
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	s := snapshot()
	s.Market, s.AddOns, s.Holdings = dates.Market(t), nil, nil
	for _, a := range bank.AddOns {
		s.AddOns = append(s.AddOns, line.AddOn{Tenor: tenor(a.Tenor), Factor: a.Factor})
	}
	for _, n := range slices.Collect(maps.Keys(s.Limits)) {
		s.Limits[n] = usd(line.Limit{Amount: dec("1000000000000")})
	}
	return s
}

// checkFor returns linecheck.authorized with auth's sample, which has the request as a gateway publishes it.
func checkFor(t *testing.T, authorized json.RawMessage, r dates.Request) event.Event {
	t.Helper()
	e, request := overwritten(t, contract.LineCheckAuthorized, authorized, "request")
	request["pair"], request["currency"], request["transacted_at"], request["amount"] = r.Pair, r.Currency, r.Asked, amount
	request["trade_date"] = fxdate.NewRollover().TradeDate(r.Asked).String()
	request["tenor"], request["value_date"], request["product"] = r.Tenor, r.ValueDate, "forward"
	return encoded(t, contract.LineCheckAuthorized, e, r)
}

// tradeFor returns trade.validated with trading's sample, as trading dates the request, at the market's rate for the date.
func tradeFor(t *testing.T, s *Batch, validated json.RawMessage, a dates.Answer, r dates.Request) event.Event {
	t.Helper()
	data, section := overwritten(t, contract.TradeValidated, validated, "validated")
	pair, err := s.static.Market.Pair(r.Pair)
	if err != nil {
		t.Fatal(err)
	}
	rate := forwardOf(t, s.static.Market, pair, a)
	section["pair"], section["trade_date"], section["spot_date"] = r.Pair, a.Trade, a.Spot
	leg := section["legs"].([]any)[0].(map[string]any)
	leg["value_date"], leg["base"], leg["quote"], leg["base_side"] = a.Value, pair.Base.Code, pair.Quote.Code, "buy"
	leg["base_amount"], leg["rate"], leg["quote_amount"] = amount, rate.String(), dec(amount).Mul(rate).String()
	section["legs"] = []any{leg}
	return encoded(t, contract.TradeValidated, data, r)
}

func forwardOf(t *testing.T, m *market.Market, pair *market.Pair, a dates.Answer) decimal.Decimal {
	t.Helper()
	deal, err := pair.Dates.On(date(t, a.Trade))
	if err != nil || deal.Spot != date(t, a.Spot) {
		t.Fatalf("%s: spot of %s is %s, not %s: %v", pair.Name, a.Trade, deal.Spot, a.Spot, err)
	}
	rate, err := m.Forward(pair, deal, date(t, a.Value))
	if err != nil {
		t.Fatal(err)
	}
	return rate
}

func date(t *testing.T, text string) fxdate.Date {
	t.Helper()
	d, err := fxdate.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// datesOf returns the dates of a check. Its proposal has the value date and the days from spot; the trade date is the pair's.
func datesOf(t *testing.T, s *Batch, p proposal, r dates.Request) dates.Answer {
	t.Helper()
	pair, err := s.static.Market.Pair(p.terms.Pair)
	if err != nil {
		t.Fatal(err)
	}
	value := p.exposure.ValueDate
	return dates.Answer{Trade: pair.TradeDate(r.Asked).String(), Spot: value.AddDays(-p.exposure.TenorDays).String(), Value: value.String()}
}

func mustUseTheSame(t *testing.T, s *Batch, check proposal, e event.Event) {
	t.Helper()
	task, err := readValidated(s, e)
	if err != nil {
		t.Fatal(err)
	}
	trade := task.(reserveTrade)
	if trade.refused != nil {
		t.Fatalf("%s: %s", check.terms.Pair, trade.refused.Text)
	}
	if x, y := check.exposure, trade.exposure; !x.Amount.Equal(y.Amount) || !x.AddOn.Equal(y.AddOn) || x.ValueDate != y.ValueDate ||
		!x.Settlements[0].Amount.Equal(y.Settlements[0].Amount) {
		t.Fatalf("%s on %s: the check uses %s and settles %v, the trade %s and %v", check.terms.Pair, x.ValueDate, x.Amount, x.Settlements, y.Amount, y.Settlements)
	}
}

// overwritten returns the data of a sample, and a section of it that may be changed.
func overwritten(t *testing.T, typ event.Type, text json.RawMessage, section string) (data, of map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatalf("sample of %s: %v", typ, err)
	}
	return data, data[section].(map[string]any)
}

// encoded returns an event that was published when the request was decided.
func encoded(t *testing.T, typ event.Type, data map[string]any, r dates.Request) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, r.String()), "alpha", "dates", data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time = r.Decided
	return e
}
