package action

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// Roll moves one leg to another value date: later (extend) or earlier (roll back).
type Roll struct {
	Kind    Kind // Extend or RollBack
	Leg     int  // which leg, from 1; of a forward 1
	To      fxdate.Date
	Old     decimal.Decimal // the market's rate for the old value date
	New     decimal.Decimal // the market's rate for the new value date
	Basis   Basis
	Digits  int32           // of the pair's rates
	Minor   Minor           //
	Yearly  decimal.Decimal // interest of the quote currency, of Historic: what a deferred gain or loss bears
	Already Rolled          // of Historic
	Rules   Historic
}

// Basis says at which rate a trade is rolled.
type Basis string

// The two bases.
const (
	// AtMarket closes the old date at the market's rate. The difference to the agreed rate is due on the old date, and the new date has the
	// market's rate.
	AtMarket Basis = "market"
	// AtHistoric keeps the agreed rate for the old date. The difference is deferred into the new rate, with interest: it is a loan.
	AtHistoric Basis = "historic"
)

// Rolling moves a leg. The base amount stays. Refusals: see [Allowed]; DateNotLater, DateNotEarlier, LegsCross, NoSuchLeg, HistoricForbidden,
// RateImpossible.
func Rolling(s Subject, id string, r Roll) (Change, error) {
	next, err := check(s, r.Kind)
	if err != nil {
		return Change{}, err
	}
	terms := left(s)
	n, err := r.leg(s, terms)
	if err != nil {
		return Change{}, err
	}
	old := terms.Legs[n]
	rate, err := r.rate(old)
	if err != nil {
		return Change{}, err
	}
	terms.Legs[n] = moved(old, r.To, rate, r.Minor)
	if err := trade.CheckLegs(terms.Product, terms.Legs); err != nil {
		return Change{}, refuse(LegsCross, "the far leg of a swap is after its near leg: %s", r.To)
	}
	if terms.Product == trade.Spot {
		terms.Product = trade.Forward // a contract until its value date
	}
	change := Change{Ends: ends(next, s.Ref), Begins: []Begin{{Ref: trade.Ref{ID: id, Version: first}, Terms: terms, Parents: []trade.Ref{s.Ref}}}}
	if r.Basis == AtMarket {
		change.Cash = cash(old, r.Old.Sub(old.Rate), old.ValueDate, r.Minor)
	}
	return change, nil
}

// leg returns the index of the leg among what is left.
func (r Roll) leg(s Subject, terms trade.Terms) (int, error) {
	n := r.Leg - 1 - (len(s.Legs) - len(terms.Legs))
	if n < 0 || n >= len(terms.Legs) {
		return 0, refuse(NoSuchLeg, "the trade has no leg %d that is not settled", r.Leg)
	}
	old := terms.Legs[n].ValueDate
	switch {
	case r.Kind == Extend && r.To <= old:
		return 0, refuse(DateNotLater, "%s is not later than the value date, %s", r.To, old)
	case r.Kind == RollBack && r.To >= old:
		return 0, refuse(DateNotEarlier, "%s is not earlier than the value date, %s", r.To, old)
	}
	return n, nil
}

// rate returns the rate of the new date.
func (r Roll) rate(old trade.Leg) (decimal.Decimal, error) {
	rate := r.New
	if r.Basis == AtHistoric {
		if err := r.Rules.check(r.Already, old.ValueDate, r.To); err != nil {
			return rate, err
		}
		rate = HistoricRate(old.Rate, r.Old, r.New, interest(r.Yearly, old.ValueDate, r.To))
	}
	if rate = rate.Round(r.Digits); !rate.IsPositive() {
		return rate, refuse(RateImpossible, "the rate would be %s", rate)
	}
	return rate, nil
}

// HistoricRate returns K + (F − S) + (K − S)·i: the agreed rate K, the swap points from the old date (S) to the new one (F), and interest
// i on the deferred gain or loss. Who buys the base above the market (K > S) owes the difference longer, and pays interest for it.
func HistoricRate(agreed, old, now, interest decimal.Decimal) decimal.Decimal {
	return agreed.Add(now.Sub(old)).Add(agreed.Sub(old).Mul(interest))
}

// Loan returns what an extension at the historic rate lends to the client, in the quote currency: the loss that is deferred, with its interest;
// zero for a gain. It is rounded half-up to the minor unit.
func Loan(leg trade.Leg, old, interest decimal.Decimal, minor Minor) decimal.Decimal {
	loss := signed(leg, leg.Rate.Sub(old)).Mul(leg.BaseAmount)
	if !loss.IsPositive() {
		return decimal.Zero
	}
	return loss.Mul(interest.Add(decimal.NewFromInt(1))).Round(minor.Quote)
}

// interest returns what one unit bears between two dates, in whichever order they come.
func interest(yearly decimal.Decimal, a, b fxdate.Date) decimal.Decimal {
	return pricing.Growth(yearly, min(a, b), max(a, b)).Sub(decimal.NewFromInt(1))
}

// moved returns a leg of the same base amount on another date at another rate. The quote amount is rounded half-up to the minor unit.
func moved(leg trade.Leg, date fxdate.Date, rate decimal.Decimal, minor Minor) trade.Leg {
	leg.ValueDate, leg.Rate, leg.ForwardPoints = date, rate, decimal.NullDecimal{}
	leg.QuoteAmount = pricing.Contra(leg.BaseAmount, rate, minor.Quote)
	return leg
}

// cash returns what the client receives if a difference of rates is paid out: who buys the base gains by a higher rate. It is rounded half-up
// to the minor unit. Nothing is due for no difference.
func cash(leg trade.Leg, difference decimal.Decimal, date fxdate.Date, minor Minor) []Cash {
	amount := signed(leg, difference).Mul(leg.BaseAmount).Round(minor.Quote)
	if amount.IsZero() {
		return nil
	}
	return []Cash{{Currency: leg.Quote, Amount: amount, ValueDate: date}}
}

// signed returns a difference as it is for the buyer of the base, and its opposite for the seller.
func signed(leg trade.Leg, difference decimal.Decimal) decimal.Decimal {
	if leg.BaseSide == trade.Buy {
		return difference
	}
	return difference.Neg()
}
