package rules_test

import (
	"testing"
	"time"

	"fxcore/services/market"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// TestAReportIsNotJudgedByParityWherePointsAreMissing: the points of its time are not known, or were too old then. A rate for spot needs
// none. The rates of the deals are far off, which would be flagged if they were judged.
func TestAReportIsNotJudgedByParityWherePointsAreMissing(t *testing.T) {
	quoted := newMarket(t)
	with := func(change func(*market.Rates)) *market.Market {
		rates := quoted.Rates()
		change(&rates)
		return market.New(quoted.Directory, rates)
	}
	old := with(func(r *market.Rates) { r.PointsAsOf = map[string]time.Time{"EUR/USD": now.Add(-3 * time.Hour)} })
	none := with(func(r *market.Rates) { r.Curves = nil })
	off := func(r rules.Request) rules.Request {
		r.Kind = rules.Reported
		for i := range r.Legs {
			r.Legs[i].Rate = "1.3"
		}
		return r
	}
	for rule, c := range map[string]struct {
		then    *market.Market
		request rules.Request
		legs    []int // that are not judged
		judged  bool  // the near leg has a reference
	}{
		"a forward, known points":     {quoted, off(forward("1M")), nil, true},
		"a forward, no points":        {none, off(forward("1M")), []int{1}, false},
		"a forward, old points":       {old, off(forward("1M")), []int{1}, false},
		"spot, no points":             {none, off(spot()), nil, true},
		"a swap from spot, no points": {none, off(swap("SPOT", "1M")), []int{2}, true},
		"a swap of forwards, none":    {none, off(swap("1M", "3M")), []int{1, 2}, false},
	} {
		got, rejection := newRules().Check(rules.Markets{Now: quoted, Then: c.then}, now, c.request)
		if rejection != nil {
			t.Errorf("%s: %v", rule, rejection)
			continue
		}
		var legs []int
		for _, f := range got.Flags {
			if f.Name == trade.NotJudged {
				legs = append(legs, f.Leg)
			}
		}
		if len(legs) != len(c.legs) || len(legs) > 0 && legs[0] != c.legs[0] || got.ReferenceRate.IsPositive() != c.judged {
			t.Errorf("%s: reference %s, flags %+v", rule, got.ReferenceRate, got.Flags)
		}
	}
}
