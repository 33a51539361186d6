package action_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

func parts(amounts ...string) []action.Part {
	all := make([]action.Part, len(amounts))
	for i, a := range amounts {
		all[i] = action.Part{ID: "part " + a, Amount: dec(a)}
	}
	return all
}

// Sums of base and of quote equal the parent's exactly, and the last child takes the residue (reference 1.7).
func TestPartsAddUpToTheWholeAndTheLastTakesTheResidue(t *testing.T) {
	whole := of(trade.Forward)
	whole.Legs[0].QuoteAmount, whole.Legs[0].BaseAmount = dec("1000000.01"), dec("900000")
	change, err := action.Splitting(whole, parts("300000", "300000", "300000"), cents)
	refusedAs(t, err, "")
	for i, want := range []string{"333333.34", "333333.34", "333333.33"} {
		equal(t, "the quote amount", change.Begins[i].Terms.Legs[0].QuoteAmount, want)
		equal(t, "the base amount", change.Begins[i].Terms.Legs[0].BaseAmount, "300000")
	}
	if len(change.Ends) != 1 || change.Ends[0].As != trade.Superseded || change.Begins[2].Parents[0] != whole.Ref || change.Begins[2].Ref.Version != 1 {
		t.Errorf("%+v", change)
	}
	equal(t, "the whole is untouched: its quote amount", whole.Legs[0].QuoteAmount, "1000000.01")
}

func TestASwapIsSplitInBothLegs(t *testing.T) {
	change, err := action.Splitting(of(trade.Swap), parts("250000.50", "749999.50"), cents)
	refusedAs(t, err, "")
	first := change.Begins[0].Terms
	equal(t, "near base", first.Legs[0].BaseAmount, "250000.50")
	equal(t, "far base", first.Legs[1].BaseAmount, "250000.50")
	equal(t, "far quote", first.Legs[1].QuoteAmount, "277500.56") // 277500.555, half-up
	equal(t, "far quote of the rest", change.Begins[1].Terms.Legs[1].QuoteAmount, "832499.44")
}

// Once the near leg of a swap is settled, the parts are forwards.
func TestAfterTheNearLegTheFarLegIsSplitAlone(t *testing.T) {
	swap := of(trade.Swap)
	swap.Life.Settled = 1
	change, err := action.Splitting(swap, parts("400000", "600000"), cents)
	refusedAs(t, err, "")
	for _, part := range change.Begins {
		if part.Terms.Product != trade.Forward || len(part.Terms.Legs) != 1 || part.Terms.Legs[0].ValueDate != far {
			t.Errorf("%+v", part.Terms)
		}
	}
}

func TestAPartMayHaveAnAccountOfItsOwn(t *testing.T) {
	two := parts("400000", "600000")
	two[1].Account = "EUR-2"
	whole := of(trade.Spot)
	whole.Account = "EUR-1"
	change, err := action.Splitting(whole, two, cents)
	refusedAs(t, err, "")
	if change.Begins[0].Terms.Account != "EUR-1" || change.Begins[1].Terms.Account != "EUR-2" {
		t.Errorf("%+v", change.Begins)
	}
}

func TestASplitIsRefused(t *testing.T) {
	yen := of(trade.Spot)
	yen.DealtCurrency, yen.Legs[0].Quote, yen.Legs[0].QuoteAmount = "JPY", "JPY", dec("180")
	tiny := of(trade.Spot)
	tiny.Legs[0].QuoteAmount = dec("0.02")
	many := strings.Fields(strings.Repeat("1 ", action.MaxParts+1))
	for name, c := range map[string]struct {
		whole action.Subject
		parts []action.Part
		minor action.Minor
		want  action.Reason
	}{
		"into one":               {of(trade.Spot), parts("1000000"), cents, action.TooFew},
		"into none":              {of(trade.Spot), nil, cents, action.TooFew},
		"into too many":          {of(trade.Spot), parts(many...), cents, action.TooMany},
		"too little":             {of(trade.Spot), parts("1", "2"), cents, action.PartsDoNotAddUp},
		"too much":               {of(trade.Spot), parts("1000000", "0.01"), cents, action.PartsDoNotAddUp},
		"a negative part":        {of(trade.Spot), parts("1000001", "-1"), cents, action.PartTooSmall},
		"a part of nothing":      {of(trade.Spot), parts("1000000", "0"), cents, action.PartTooSmall},
		"less than a cent":       {of(trade.Spot), parts("999999.999", "0.001"), cents, action.OverPrecise},
		"less than a yen":        {yen, parts("179.5", "0.5"), action.Minor{Base: 2}, action.OverPrecise},
		"a part without dollars": {tiny, parts("999999", "1"), cents, action.PartTooSmall},
		"of the base, not dealt": {yen, parts("500000", "500000"), action.Minor{Base: 2}, action.PartsDoNotAddUp},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := action.Splitting(c.whole, c.parts, c.minor)
			refusedAs(t, err, c.want)
		})
	}
}

func TestPercentsOfTheDealtAmount(t *testing.T) {
	whole := of(trade.Spot)
	whole.Legs[0].BaseAmount = dec("100.00")
	third := dec("33.3333")
	amounts, err := action.Percent(whole, []decimal.Decimal{third, third, dec("33.3334")}, cents)
	refusedAs(t, err, "")
	for i, want := range []string{"33.33", "33.33", "33.34"} {
		equal(t, "a third", amounts[i], want)
	}
	_, err = action.Percent(whole, []decimal.Decimal{dec("50"), dec("49.99")}, cents)
	refusedAs(t, err, action.PartsDoNotAddUp)
	_, err = action.Percent(whole, []decimal.Decimal{dec("100")}, cents)
	refusedAs(t, err, action.TooFew)
	_, err = action.Percent(whole, []decimal.Decimal{dec("99.999"), dec("0.001")}, cents)
	refusedAs(t, err, action.PartTooSmall)
}
