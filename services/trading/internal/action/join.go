package action

import (
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/services/trading/internal/trade"
)

// rateDecimals are the decimals of a derived rate: as many as the mainframe books.
const rateDecimals = 9

// Joining makes one trade of several that agree in client, account, desk, pair, product, dealt currency, sides and value dates. The
// amounts are the exact sums. The rate is derived from them: quote ÷ base, rounded half-up to nine decimals. FIX EP247 names the same
// conditions: once the trades are aggregated they exist no longer, the aggregate is the trade.
func Joining(id string, parts []Subject) (Change, error) {
	if err := checkJoin(parts); err != nil {
		return Change{}, err
	}
	whole := copied(parts[0].Terms)
	change := Change{}
	for i, p := range parts {
		next, err := check(p, Join)
		if err != nil {
			return Change{}, err
		}
		change.Ends = append(change.Ends, End{p.Ref, next})
		if i > 0 {
			add(&whole, p.Terms)
		}
	}
	for i, leg := range whole.Legs {
		whole.Legs[i].Rate = leg.QuoteAmount.DivRound(leg.BaseAmount, rateDecimals)
	}
	refs := make([]trade.Ref, len(parts))
	for i, p := range parts {
		refs[i] = p.Ref
	}
	change.Begins = []Begin{{Ref: trade.Ref{ID: id, Version: first}, Terms: whole, Parents: refs}}
	return change, nil
}

// add adds a trade's amounts to the whole. What the two do not have in common the whole does not have.
func add(whole *trade.Terms, part trade.Terms) {
	for i, leg := range part.Legs {
		w := &whole.Legs[i]
		w.BaseAmount, w.QuoteAmount = w.BaseAmount.Add(leg.BaseAmount), w.QuoteAmount.Add(leg.QuoteAmount)
		if !w.ForwardPoints.Valid || !leg.ForwardPoints.Valid || !w.ForwardPoints.Decimal.Equal(leg.ForwardPoints.Decimal) {
			w.ForwardPoints = decimal.NullDecimal{}
		}
	}
	whole.USDAmount = whole.USDAmount.Add(part.USDAmount)
	if !whole.SpotRate.Equal(part.SpotRate) {
		whole.SpotRate = decimal.Zero
	}
	if whole.QuoteID != part.QuoteID {
		whole.QuoteID = ""
	}
	whole.TradeDate = max(whole.TradeDate, part.TradeDate)
	if part.ReferenceAsOf.After(whole.ReferenceAsOf) {
		whole.ReferenceRate, whole.ReferenceAsOf = part.ReferenceRate, part.ReferenceAsOf
	}
	whole.Flags = append(whole.Flags, part.Flags...)
}

func checkJoin(parts []Subject) error {
	switch {
	case len(parts) < 2:
		return refuse(TooFew, "%d trades cannot be joined; name at least two", len(parts))
	case len(parts) > MaxParts:
		return refuse(TooMany, "%d trades are more than the %d that can be joined", len(parts), MaxParts)
	}
	seen := map[string]bool{}
	for _, p := range parts {
		if seen[p.ID] {
			return refuse(NamedTwice, "trade %s is named twice", p.ID)
		}
		seen[p.ID] = true
		if what, differs := difference(parts[0].Trade, p.Trade); differs {
			return refuse(TradesDiffer, "trades %s and %s differ in the %s", parts[0].ID, p.ID, what)
		}
	}
	return nil
}

// difference names the first thing in which two trades have to agree and do not.
func difference(a, b trade.Trade) (what string, differs bool) {
	for _, same := range []struct {
		what string
		is   bool
	}{
		{"client", a.Client == b.Client},
		{"account", a.Account == b.Account},
		{"provider", a.Provider == b.Provider},
		{"desk", a.Life.Assignment.Desk == b.Life.Assignment.Desk},
		{"pair", a.Pair == b.Pair},
		{"product", a.Product == b.Product},
		{"dealt currency", a.DealtCurrency == b.DealtCurrency},
		{"side", slices.EqualFunc(a.Legs, b.Legs, func(x, y trade.Leg) bool { return x.BaseSide == y.BaseSide })},
		{"value date", slices.EqualFunc(a.Legs, b.Legs, func(x, y trade.Leg) bool { return x.ValueDate == y.ValueDate })},
	} {
		if !same.is {
			return same.what, true
		}
	}
	return "", false
}
