package action_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

var early = fxdate.NewDate(2026, 11, 18) // a hundred days before the value date

func drawing() action.Drawing {
	return action.Drawing{
		Kind: action.PreSettle, Leg: 1, On: early, Early: dec("1.115"), Market: dec("1.12"), Yearly: dec("0.0365"), Charge: action.InRate,
		Digits: 6, Minor: cents, DrawnID: "drawn", RestID: "rest",
	}
}

// K' = K − (F(d1) − S(d0)) − interest on (K − F) (reference 1.6).
func TestDrawingAllOfItChangesTheRate(t *testing.T) {
	change, err := action.Draws(of(trade.Forward), drawing())
	refusedAs(t, err, "")
	if len(change.Begins) != 1 || len(change.Cash) != 0 || change.Begins[0].Terms.Legs[0].ValueDate != early {
		t.Fatalf("%+v", change)
	}
	equal(t, "rate", change.Begins[0].Terms.Legs[0].Rate, "1.0952") // 1.10 − 0.005 + 0.02 · 0.01
	equal(t, "quote", change.Begins[0].Terms.Legs[0].QuoteAmount, "1095200")
}

// Or the rate stays, and the difference is paid: the forward was dearer than the early date, so the buyer gets it back.
func TestDrawingAllOfItForCash(t *testing.T) {
	d := drawing()
	d.Charge = action.InCash
	change, err := action.Draws(of(trade.Forward), d)
	refusedAs(t, err, "")
	equal(t, "rate", change.Begins[0].Terms.Legs[0].Rate, "1.10")
	equal(t, "cash", change.Cash[0].Amount, "4800")
	if change.Cash[0].ValueDate != early {
		t.Errorf("%+v", change.Cash)
	}
}

// The drawn part is a new trade for the earlier date; the rest keeps rate and date (reference 1.6).
func TestDrawingAPartLeavesTheRest(t *testing.T) {
	d := drawing()
	d.Amount, d.Charge = dec("300000.01"), action.InCash
	change, err := action.Draws(of(trade.Forward), d)
	refusedAs(t, err, "")
	drawn, rest := change.Begins[0], change.Begins[1]
	if drawn.Ref.ID != "drawn" || rest.Ref.ID != "rest" || rest.Terms.Legs[0].ValueDate != far || drawn.Terms.Legs[0].ValueDate != early {
		t.Fatalf("%+v", change)
	}
	equal(t, "drawn", drawn.Terms.Legs[0].BaseAmount, "300000.01")
	equal(t, "rest", rest.Terms.Legs[0].BaseAmount, "699999.99")
	equal(t, "both quotes", drawn.Terms.Legs[0].QuoteAmount.Add(rest.Terms.Legs[0].QuoteAmount), "1100000")
	equal(t, "the rest's rate", rest.Terms.Legs[0].Rate, "1.10")
	equal(t, "cash", change.Cash[0].Amount, "1440.00") // 300,000.01 · 0.0048
}

// Many take-ups until the balance is 0, and the last one at the window's end takes the rest (reference 1.6).
func TestAWindowIsTakenUpUntilNothingIsLeft(t *testing.T) {
	left, window, total := of(trade.Forward), action.Window{From: near, To: far}, decimal.Zero
	for _, c := range []struct {
		on     fxdate.Date
		amount string
	}{{near, "250000"}, {near.AddDays(30), "250000.50"}, {far, "0"}} {
		d := action.Drawing{Kind: action.TakeUp, Leg: 1, On: c.on, Amount: dec(c.amount), Window: window, Minor: cents, DrawnID: "drawn", RestID: "rest"}
		change, err := action.Draws(left, d)
		refusedAs(t, err, "")
		drawn := change.Begins[0].Terms.Legs[0]
		if drawn.ValueDate != c.on || !drawn.Rate.Equal(dec("1.10")) || len(change.Cash) > 0 {
			t.Errorf("%+v", change)
		}
		total = total.Add(drawn.QuoteAmount)
		if len(change.Begins) == 1 {
			equal(t, "the last take-up", drawn.BaseAmount, "499999.50")
			break
		}
		left.Terms = change.Begins[1].Terms
	}
	equal(t, "what is paid in all", total, "1100000")
}

func TestADrawingIsRefused(t *testing.T) {
	forward, swap := of(trade.Forward), of(trade.Swap)
	for name, c := range map[string]struct {
		s      action.Subject
		change func(*action.Drawing)
		want   action.Reason
	}{
		"of a spot":               {of(trade.Spot), func(*action.Drawing) {}, action.NotForSpot},
		"more than is left":       {forward, func(d *action.Drawing) { d.Amount = dec("1000000.01") }, action.AboveBalance},
		"less than nothing":       {forward, func(d *action.Drawing) { d.Amount = dec("-1") }, action.AboveBalance},
		"less than a cent":        {forward, func(d *action.Drawing) { d.Amount = dec("0.001") }, action.OverPrecise},
		"on the value date":       {forward, func(d *action.Drawing) { d.On = far }, action.DateNotEarlier},
		"before the window":       {forward, func(d *action.Drawing) { d.Kind, d.Window = action.TakeUp, action.Window{From: near, To: far} }, action.OutsideWindow},
		"a swap has no window":    {swap, func(d *action.Drawing) { d.Kind = action.TakeUp }, action.NoWindow},
		"no such leg":             {forward, func(d *action.Drawing) { d.Leg = 2 }, action.NoSuchLeg},
		"a part of a swap's leg":  {swap, func(d *action.Drawing) { d.Leg, d.Amount, d.On = 2, dec("5"), near+1 }, action.AboveBalance},
		"before the near leg":     {swap, func(d *action.Drawing) { d.Leg = 2 }, action.LegsCross},
		"no rate is left":         {forward, func(d *action.Drawing) { d.Market = dec("9") }, action.RateImpossible},
		"nothing of it in dollar": {forward, func(d *action.Drawing) { d.Amount = dec("0.01"); d.Minor.Quote = 0 }, action.PartTooSmall},
	} {
		t.Run(name, func(t *testing.T) {
			d := drawing()
			c.change(&d)
			_, err := action.Draws(c.s, d)
			refusedAs(t, err, c.want)
		})
	}
}

// A time option has the worst rate for the client over the window (reference 1.6).
func TestAWindowHasTheWorstRateForTheClient(t *testing.T) {
	rates := []decimal.Decimal{dec("1.10"), dec("1.12"), dec("1.11")}
	equal(t, "a buyer's", action.WindowRate(trade.Buy, rates), "1.12")
	equal(t, "a seller's", action.WindowRate(trade.Sell, rates), "1.10")
	equal(t, "without rates", action.WindowRate(trade.Sell, nil), "0")
}
