package steps

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
)

// everyPair is the demo bank's pairs and add-ons on real calendars and rates, without anything that one of them cannot settle.
var everyPair = sync.OnceValues(func() (*directory.Snapshot, error) {
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return nil, err
	}
	static := market.Static{Currencies: map[string]market.Currency{}, Calendars: realdata.Calendars(new(testing.T)), MaxAge: time.Hour}
	for _, c := range bank.Currencies {
		static.Currencies[c.Code] = market.Currency{Code: c.Code, MinorUnits: int32(c.MinorUnits), DepositRate: c.DepositRate}
	}
	for _, p := range bank.Pairs {
		static.Pairs = append(static.Pairs, market.Terms{
			Base: p.Base(), Quote: p.Quote(), SpotLag: p.SpotLag, Decimals: int32(p.RateDecimals),
			PointsFactor: decimal.NewFromInt(int64(p.PointsFactor)), Volatility: p.Volatility,
		})
	}
	mids := map[string]pricing.Mid{}
	for code, rate := range realdata.Rates(new(testing.T), "2026-10-30") {
		mids[code] = pricing.Mid{Rate: rate}
	}
	s := &directory.Snapshot{Market: market.New(market.NewDirectory(static), market.Rates{Mids: mids})}
	for _, a := range bank.AddOns {
		s.AddOns = append(s.AddOns, line.AddOn{Tenor: tenor(a.Tenor), Factor: a.Factor})
	}
	return s, nil
})

// Over all pairs, their tenors and 28 years: a line check is dated by the rule that trading uses, and a standard tenor costs what the
// table says for it. That trading really uses the rule so is proved by TestACheckAndItsTradeHaveTheSameDates.
func TestALineCheckIsDatedByTheSharedRuleAndCostsItsTenor(t *testing.T) {
	t.Parallel()
	static, err := everyPair()
	if err != nil {
		t.Fatal(err)
	}
	s := &Batch{static: static, dating: likeTrades()}
	const everySoManyDays = 211 // a prime: all days of the week and of the year come
	compared := 0
	for day := fxdate.NewDate(2016, 1, 4); day < fxdate.NewDate(2044, 1, 4); day = day.AddDays(everySoManyDays) {
		at := day.Time().Add(15 * time.Hour)
		for _, p := range bankPairs(t) {
			for _, name := range []string{"TOM", "SPOT", "SN", "1W", "1M", "2M", "3M", "6M", "IMM", "1Y", "5Y"} {
				compared += mustAgree(t, s, p, name, at)
			}
		}
	}
	if compared < 25_000 {
		t.Errorf("only %d checks were compared: the others were refused", compared)
	}
}

func bankPairs(t *testing.T) []demo.Pair {
	t.Helper()
	pairs, err := demo.Pairs()
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

// mustAgree compares the two sides of one request. It returns 0 if both refuse it for the same reason.
func mustAgree(t *testing.T, s *Batch, p demo.Pair, tenorName string, at time.Time) int {
	t.Helper()
	request := messages.CheckRequest{
		Pair: p.Name, Currency: p.Base(), Amount: "1000000", Tenor: tenorName, At: at, TradeDate: fxdate.NewRollover().TradeDate(at).String(),
	}
	check, err := s.dealOf(request, at, dec("1000000"))
	pair, errPair := s.static.Market.Pair(p.Name)
	if errPair != nil {
		t.Fatal(errPair)
	}
	trade, errTrade := tradeOf(pair, tenorName, at, s.dating.Longest)
	var refused *dating.Refusal
	if err != nil || errTrade != nil {
		if !errors.As(err, &refused) || errTrade == nil || err.Error() != errTrade.Error() {
			t.Fatalf("%s %s at %s: check %v, trade %v", p.Name, tenorName, at, err, errTrade)
		}
		return 0
	}
	if check.Dates != trade.Dates || check.Legs[0].ValueDate != trade.Legs[0].ValueDate {
		t.Fatalf("%s %s at %s: the check settles on %s, the trade on %s", p.Name, tenorName, at, check.Legs[0].ValueDate, trade.Legs[0].ValueDate)
	}
	ofCheck, err1 := line.Assess(check, s.static.Market, s.static.AddOns)
	ofTrade, err2 := line.Assess(trade, s.static.Market, s.static.AddOns)
	if err1 != nil || err2 != nil || !ofCheck.Amount.Equal(ofTrade.Amount) {
		t.Fatalf("%s %s at %s: the check uses %s, the trade %s: %v %v", p.Name, tenorName, at, ofCheck.Amount, ofTrade.Amount, err1, err2)
	}
	mustCostItsTenor(t, s, ofCheck, pair, tenorName)
	return 1
}

// tradeOf returns the deal as trading dates it, at the market's rate.
func tradeOf(pair *market.Pair, tenorName string, at time.Time, longest fxdate.Tenor) (line.Deal, error) {
	rule, err := dating.Requested(pair, at, at, longest)
	if err != nil {
		return line.Deal{}, err
	}
	period, err := rule.Tenor(tenorName)
	if err == nil {
		err = rule.Settles(period.End)
	}
	leg := line.Leg{ValueDate: period.End, Side: line.Buy, BaseAmount: dec("1000000")}
	return line.Deal{Pair: pair, Dates: rule.Deal, Legs: []line.Leg{leg}}, err
}

// mustCostItsTenor holds the add-on of a tenor in the table to the table's factor, scaled by the pair's volatility.
func mustCostItsTenor(t *testing.T, s *Batch, x line.Exposure, pair *market.Pair, tenorName string) {
	t.Helper()
	for _, a := range s.static.AddOns {
		if want := a.Factor.Mul(pair.Volatility).Div(dec("0.1")); strings.EqualFold(a.Tenor.String(), tenorName) && !x.AddOn.Equal(want.Round(12)) {
			t.Fatalf("%s %s costs %s, the table says %s", pair.Name, tenorName, x.AddOn, want)
		}
	}
}
