package action_test

import (
	"testing"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

var may = fxdate.NewDate(2027, 5, 26)

func extension() action.Roll {
	return action.Roll{
		Kind: action.Extend, Leg: 1, To: may, Old: dec("1.12"), New: dec("1.125"), Basis: action.AtMarket, Digits: 6, Minor: cents,
		Rules: action.Historic{Allowed: true, MaxRolls: 2, MaxMonths: 6, FiscalMonth: time.December},
	}
}

// At market: the client receives (S − K)·N on the old date, and the new leg has the market's rate F (reference 1.6).
func TestAnExtensionAtMarket(t *testing.T) {
	change, err := action.Rolling(of(trade.Forward), "new", extension())
	refusedAs(t, err, "")
	leg := change.Begins[0].Terms.Legs[0]
	equal(t, "rate", leg.Rate, "1.125")
	equal(t, "quote", leg.QuoteAmount, "1125000")
	equal(t, "base", leg.BaseAmount, "1000000")
	due := change.Cash[0]
	equal(t, "the buyer gains (1.12 − 1.10) · 1,000,000", due.Amount, "20000")
	if leg.ValueDate != may || due.ValueDate != far || due.Currency != "USD" || change.Ends[0].As != trade.Superseded {
		t.Errorf("%+v", change)
	}
	seller := of(trade.Forward)
	seller.Legs[0].BaseSide = trade.Sell
	change, err = action.Rolling(seller, "new", extension())
	refusedAs(t, err, "")
	equal(t, "the seller pays it", change.Cash[0].Amount, "-20000")
}

// At the historic rate: K + (F − S) + (K − S)·r·t, and no cash (reference 1.6).
func TestAnExtensionAtTheHistoricRate(t *testing.T) {
	r := extension()
	r.Basis, r.Yearly, r.To = action.AtHistoric, dec("0.0365"), fxdate.NewDate(2027, 6, 6) // a hundred days: 1 %
	change, err := action.Rolling(of(trade.Forward), "new", r)
	refusedAs(t, err, "")
	equal(t, "rate", change.Begins[0].Terms.Legs[0].Rate, "1.1048") // 1.10 + 0.005 − 0.02 · 0.01
	if len(change.Cash) != 0 {
		t.Errorf("cash: %+v", change.Cash)
	}
}

func TestTheLoanOfAnExtensionAtTheHistoricRate(t *testing.T) {
	leg := of(trade.Forward).Legs[0]
	equal(t, "a buyer above the market owes (1.10 − 1.08) · N · 1.01", action.Loan(leg, dec("1.08"), dec("0.01"), cents), "20200")
	equal(t, "a gain is no loan", action.Loan(leg, dec("1.12"), dec("0.01"), cents), "0")
	leg.BaseSide = trade.Sell
	equal(t, "a seller below the market", action.Loan(leg, dec("1.12"), dec("0.01"), cents), "20200")
}

// Not beyond six months after the first value date, nor over the end of the fiscal year (reference 1.6).
func TestTheHistoricRateIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*action.Roll)
		want   action.Reason
	}{
		"within":     {func(*action.Roll) {}, ""},
		"six months": {func(r *action.Roll) { r.To = fxdate.NewDate(2027, 8, 26) }, ""},
		"a day more": {func(r *action.Roll) { r.To = fxdate.NewDate(2027, 8, 27) }, action.HistoricForbidden},
		"counted from the first": {func(r *action.Roll) {
			r.Already = action.Rolled{Times: 1, Original: near}
			r.To = fxdate.NewDate(2027, 5, 28)
		}, action.HistoricForbidden},
		"over the fiscal year":      {func(r *action.Roll) { r.Rules.FiscalMonth = time.April }, action.HistoricForbidden},
		"the fiscal year ends then": {func(r *action.Roll) { r.Rules.FiscalMonth = time.May }, ""},
		"the third time":            {func(r *action.Roll) { r.Already = action.Rolled{Times: 2, Original: far} }, action.HistoricForbidden},
		"not at this bank":          {func(r *action.Roll) { r.Rules = action.Historic{} }, action.HistoricForbidden},
		"no rate is left":           {func(r *action.Roll) { r.Old = dec("3") }, action.RateImpossible},
	} {
		t.Run(name, func(t *testing.T) {
			r := extension()
			r.Basis = action.AtHistoric
			c.change(&r)
			_, err := action.Rolling(of(trade.Forward), "new", r)
			refusedAs(t, err, c.want)
		})
	}
}

func TestARollGoesTheWayItSays(t *testing.T) {
	for name, c := range map[string]struct {
		kind action.Kind
		leg  int
		to   fxdate.Date
		want action.Reason
	}{
		"extend to the same date":    {action.Extend, 1, far, action.DateNotLater},
		"extend to an earlier date":  {action.Extend, 1, near, action.DateNotLater},
		"roll back to a later date":  {action.RollBack, 1, may, action.DateNotEarlier},
		"roll back":                  {action.RollBack, 1, near, ""},
		"a leg that is not there":    {action.Extend, 2, may, action.NoSuchLeg},
		"a leg before the first one": {action.Extend, 0, may, action.NoSuchLeg},
	} {
		t.Run(name, func(t *testing.T) {
			r := extension()
			r.Kind, r.Leg, r.To = c.kind, c.leg, c.to
			_, err := action.Rolling(of(trade.Forward), "new", r)
			refusedAs(t, err, c.want)
		})
	}
}

// Of a swap each leg has its own life where the market allows it.
func TestTheLegsOfASwapAreRolledByThemselves(t *testing.T) {
	r := extension()
	r.Leg = 2
	change, err := action.Rolling(of(trade.Swap), "new", r)
	refusedAs(t, err, "")
	if got := change.Begins[0].Terms; len(got.Legs) != 2 || got.Legs[0].ValueDate != near || got.Legs[1].ValueDate != may {
		t.Errorf("%+v", got)
	}
	r.Leg, r.To = 1, may
	_, err = action.Rolling(of(trade.Swap), "new", r)
	refusedAs(t, err, action.LegsCross)

	half := of(trade.Swap)
	half.Life.Settled = 1
	_, err = action.Rolling(half, "new", r)
	refusedAs(t, err, action.NoSuchLeg)
	r.Leg = 2
	change, err = action.Rolling(half, "new", r)
	refusedAs(t, err, "")
	if got := change.Begins[0].Terms; got.Product != trade.Forward || len(got.Legs) != 1 || got.Legs[0].ValueDate != may {
		t.Errorf("%+v", got)
	}
}

func TestAnExtendedSpotIsAForward(t *testing.T) {
	change, err := action.Rolling(of(trade.Spot), "new", extension())
	refusedAs(t, err, "")
	if got := change.Begins[0].Terms.Product; got != trade.Forward {
		t.Error(got)
	}
}
