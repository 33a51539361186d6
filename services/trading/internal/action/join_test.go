package action_test

import (
	"testing"

	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

// Keep exact sums, the rate is derived: quote ÷ base (reference 1.7).
func TestAJoinKeepsExactSumsAndDerivesTheRate(t *testing.T) {
	a, b, c := of(trade.Forward), of(trade.Forward), of(trade.Forward)
	b.ID, b.Legs[0].BaseAmount, b.Legs[0].QuoteAmount, b.Legs[0].Rate = "b", dec("333333.33"), dec("370000.01"), dec("1.11")
	c.ID, c.Version, c.QuoteID = "c", 3, "Q1"
	change, err := action.Joining("new", []action.Subject{a, b, c})
	refusedAs(t, err, "")
	whole := change.Begins[0]
	equal(t, "base", whole.Terms.Legs[0].BaseAmount, "2333333.33")
	equal(t, "quote", whole.Terms.Legs[0].QuoteAmount, "2570000.01")
	equal(t, "rate", whole.Terms.Legs[0].Rate, "1.101428577")
	if len(whole.Parents) != 3 || whole.Parents[2] != c.Ref || len(change.Ends) != 3 || whole.Terms.QuoteID != "" {
		t.Errorf("%+v", change)
	}
	equal(t, "the first part is untouched: its base", a.Legs[0].BaseAmount, "1000000")
}

func TestWhatIsJoinedAgrees(t *testing.T) {
	for name, spoil := range map[string]func(*action.Subject){
		"client":      func(s *action.Subject) { s.Client = "C000002" },
		"account":     func(s *action.Subject) { s.Account = "EUR-2" },
		"provider":    func(s *action.Subject) { s.Provider = "BETA" },
		"desk":        func(s *action.Subject) { s.Life.Assignment.Desk = "FXS2" },
		"pair":        func(s *action.Subject) { s.Pair = "EUR/GBP" },
		"product":     func(s *action.Subject) { s.Product = trade.Spot },
		"dealt":       func(s *action.Subject) { s.DealtCurrency = "USD" },
		"direction":   func(s *action.Subject) { s.Legs[0].BaseSide = trade.Sell },
		"value date":  func(s *action.Subject) { s.Legs[0].ValueDate++ },
		"one far leg": func(s *action.Subject) { *s = of(trade.Swap); s.ID = "other" },
	} {
		t.Run(name, func(t *testing.T) {
			other := of(trade.Forward)
			other.ID = "other"
			spoil(&other)
			_, err := action.Joining("new", []action.Subject{of(trade.Forward), other})
			refusedAs(t, err, action.TradesDiffer)
		})
	}
}

func TestAJoinOfOneOrOfOneTwiceIsRefused(t *testing.T) {
	_, err := action.Joining("new", []action.Subject{of(trade.Spot)})
	refusedAs(t, err, action.TooFew)
	_, err = action.Joining("new", []action.Subject{of(trade.Spot), of(trade.Spot)})
	refusedAs(t, err, action.NamedTwice)
	_, err = action.Joining("new", make([]action.Subject, action.MaxParts+1))
	refusedAs(t, err, action.TooMany)
}

// One part that has ended refuses the whole join, and nothing has happened.
func TestOneExecutedPartRefusesTheJoin(t *testing.T) {
	done := of(trade.Spot)
	done.ID, done.Life.Status = "done", trade.Executed
	change, err := action.Joining("new", []action.Subject{of(trade.Spot), done})
	refusedAs(t, err, action.AlreadyExecuted)
	if len(change.Ends)+len(change.Begins) > 0 {
		t.Errorf("%+v", change)
	}
}

func TestWhatASplitMakesAJoinTakesBack(t *testing.T) {
	whole := of(trade.Swap)
	split, err := action.Splitting(whole, parts("333333.33", "333333.33", "333333.34"), cents)
	refusedAs(t, err, "")
	var all []action.Subject
	for _, b := range split.Begins {
		all = append(all, action.Subject{Trade: trade.Trade{Ref: b.Ref, Terms: b.Terms, Life: whole.Life}})
		all[len(all)-1].ID += b.Terms.Legs[0].QuoteAmount.String() + string(rune('a'+len(all)))
	}
	joined, err := action.Joining("new", all)
	refusedAs(t, err, "")
	for i, leg := range joined.Begins[0].Terms.Legs {
		equal(t, "base", leg.BaseAmount, whole.Legs[i].BaseAmount.String())
		equal(t, "quote", leg.QuoteAmount, whole.Legs[i].QuoteAmount.String())
		equal(t, "rate", leg.Rate, whole.Legs[i].Rate.String())
	}
	equal(t, "dollars", joined.Begins[0].Terms.USDAmount, "1100000")
}
