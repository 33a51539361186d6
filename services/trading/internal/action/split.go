package action

import (
	"github.com/shopspring/decimal"

	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// MaxParts bounds the parts of a split, and the trades of a join. Each part is booked and settled by itself.
const MaxParts = 100

// Part is one of the trades that a split makes.
type Part struct {
	ID      string
	Amount  decimal.Decimal // of the dealt currency, of the first leg that is not settled
	Account string          // empty: the whole's
}

// Splitting makes parts of one trade. The dealt amounts add up to the whole's. The other amounts, and those of a second leg, are in the
// same proportion to the whole's: rounded half-up to the minor unit, and the last part takes the residue. So the parts are worth exactly
// what the whole is worth, at its rate.
func Splitting(whole Subject, parts []Part, minor Minor) (Change, error) {
	next, err := check(whole, Split)
	if err != nil {
		return Change{}, err
	}
	terms := left(whole)
	if err := checkParts(terms, parts, minor); err != nil {
		return Change{}, err
	}
	weights := make([]decimal.Decimal, len(parts))
	change := Change{Ends: ends(next, whole.Ref)}
	for i, p := range parts {
		weights[i] = p.Amount
		part := copied(terms)
		if p.Account != "" {
			part.Account = p.Account
		}
		change.Begins = append(change.Begins, Begin{Ref: trade.Ref{ID: p.ID, Version: first}, Terms: part, Parents: []trade.Ref{whole.Ref}})
	}
	return change, share(terms, weights, minor, change.Begins)
}

// share gives each part its share of the amounts.
func share(whole trade.Terms, weights []decimal.Decimal, minor Minor, parts []Begin) error {
	dollars := shares(whole.USDAmount, weights, centDecimals)
	for n, leg := range whole.Legs {
		bases, quotes := shares(leg.BaseAmount, weights, minor.Base), shares(leg.QuoteAmount, weights, minor.Quote)
		for i := range parts {
			if !bases[i].IsPositive() || !quotes[i].IsPositive() {
				return refuse(PartTooSmall, "part %d would exchange %s %s for %s %s on %s", i+1, bases[i], leg.Base, quotes[i], leg.Quote, leg.ValueDate)
			}
			part := &parts[i].Terms
			part.Legs[n].BaseAmount, part.Legs[n].QuoteAmount, part.USDAmount = bases[i], quotes[i], dollars[i]
		}
	}
	return nil
}

const centDecimals = 2

// shares divides an amount by weights. Each share is rounded half-up to the decimals, or to those of the amount if it has more. The last one
// takes the residue, so the shares add up to the amount exactly.
func shares(amount decimal.Decimal, weights []decimal.Decimal, decimals int32) []decimal.Decimal {
	decimals = max(decimals, -amount.Exponent())
	total, rest := sum(weights), amount
	all := make([]decimal.Decimal, len(weights))
	for i, w := range weights[:len(weights)-1] {
		all[i] = amount.Mul(w).DivRound(total, decimals)
		rest = rest.Sub(all[i])
	}
	all[len(all)-1] = rest
	return all
}

func checkParts(whole trade.Terms, parts []Part, minor Minor) error {
	switch {
	case len(parts) < 2:
		return refuse(TooFew, "a split into %d parts is none; name at least two", len(parts))
	case len(parts) > MaxParts:
		return refuse(TooMany, "%d parts are more than the %d allowed", len(parts), MaxParts)
	}
	dealt, decimals := dealtAmount(whole, minor)
	total := decimal.Zero
	for i, p := range parts {
		if !p.Amount.IsPositive() {
			return refuse(PartTooSmall, "part %d has the amount %s", i+1, p.Amount)
		}
		if !pricing.HasDecimals(p.Amount, max(decimals, -dealt.Exponent())) {
			return refuse(OverPrecise, "part %d has the amount %s; %s has %d decimals", i+1, p.Amount, whole.DealtCurrency, decimals)
		}
		total = total.Add(p.Amount)
	}
	if !total.Equal(dealt) {
		return refuse(PartsDoNotAddUp, "the parts add up to %s, the trade is of %s %s", total, dealt, whole.DealtCurrency)
	}
	return nil
}

// dealtAmount returns the amount of the first leg in the dealt currency, and the decimals of that currency.
func dealtAmount(t trade.Terms, minor Minor) (amount decimal.Decimal, decimals int32) {
	if t.DealtCurrency == t.Legs[0].Quote {
		return t.Legs[0].QuoteAmount, minor.Quote
	}
	return t.Legs[0].BaseAmount, minor.Base
}

// Percent returns the dealt amounts of parts that are given in percent: rounded half-up to the minor unit, and the last one takes the residue.
// Refusals: PartsDoNotAddUp unless they add up to 100, TooFew, PartTooSmall.
func Percent(whole Subject, percents []decimal.Decimal, minor Minor) ([]decimal.Decimal, error) {
	if len(percents) < 2 {
		return nil, refuse(TooFew, "a split into %d parts is none; name at least two", len(percents))
	}
	if total := sum(percents); !total.Equal(decimal.NewFromInt(100)) {
		return nil, refuse(PartsDoNotAddUp, "the parts add up to %s percent", total)
	}
	dealt, decimals := dealtAmount(left(whole), minor)
	amounts := shares(dealt, percents, decimals)
	for i, a := range amounts {
		if !percents[i].IsPositive() || !a.IsPositive() {
			return nil, refuse(PartTooSmall, "%s percent of %s leave part %d the amount %s", percents[i], dealt, i+1, a)
		}
	}
	return amounts, nil
}

func sum(all []decimal.Decimal) decimal.Decimal {
	total := decimal.Zero
	for _, d := range all {
		total = total.Add(d)
	}
	return total
}
