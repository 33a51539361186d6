// Package balancing flattens the books of one desk into those of another: by an internal deal for each currency and value date, at
// the reference rate. The first desk keeps what it has earned, in one currency. The package is pure.
package balancing

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
)

// Rule says into whose books a desk's positions go, and in which currency the desk keeps its result.
type Rule struct {
	Desk, Into string
	Currency   string
}

// Position is what a desk has of a currency on a value date, contracts included. Below zero it owes.
type Position struct {
	Currency  string
	ValueDate fxdate.Date
	Amount    decimal.Decimal
}

// Deal is an internal deal: the desk gives its position, and gets the counter amount in the rule's currency.
type Deal struct {
	Rule
	Position
	Rate    decimal.Decimal // units of the rule's currency for one of the position's; zero if there is none, and so no deal
	Counter decimal.Decimal
}

// Rates gives the reference rate of a currency in another one, and the decimals of an amount. An error says that there is none.
type Rates interface {
	Rate(from, to string) (decimal.Decimal, error)
	Decimals(currency string) (int32, bool)
}

// Flatten makes the deals for a desk's positions, by value date and currency. A position without a rate is listed, and stays.
func Flatten(rule Rule, positions []Position, rates Rates) []Deal {
	var deals []Deal
	for _, p := range positions {
		if p.Currency == rule.Currency || p.Amount.IsZero() {
			continue
		}
		deals = append(deals, deal(rule, p, rates))
	}
	slices.SortFunc(deals, func(a, b Deal) int {
		return cmp.Or(cmp.Compare(a.ValueDate, b.ValueDate), cmp.Compare(a.Position.Currency, b.Position.Currency))
	})
	return deals
}

func deal(rule Rule, p Position, rates Rates) Deal {
	d := Deal{Rule: rule, Position: p}
	rate, err := rates.Rate(p.Currency, rule.Currency)
	decimals, known := rates.Decimals(rule.Currency)
	if err != nil || !known || !rate.IsPositive() {
		return d
	}
	d.Rate, d.Counter = rate, p.Amount.Mul(rate).Round(decimals)
	return d
}

// Entries makes the mirror entries of the deal in both desks' books.
func (d Deal) Entries(posting string) []ledger.Transfer {
	return ledger.Posting(posting, ledger.Balancing, d.ValueDate, ledger.Desk(d.Desk), ledger.Desk(d.Into),
		ledger.Flow{Currency: d.Position.Currency, Amount: d.Amount}, ledger.Flow{Currency: d.Rule.Currency, Amount: d.Counter.Neg()})
}

// Done reports whether there was a rate.
func (d Deal) Done() bool { return d.Rate.IsPositive() }
