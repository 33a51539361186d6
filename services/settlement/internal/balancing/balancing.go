// Package balancing flattens the books of one desk into those of another: by an internal deal for each currency and value date, at
// the reference rate. The first desk keeps what it has earned, in one currency. The package is pure.
package balancing

import (
	"cmp"
	"errors"
	"slices"
	"time"

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

// ErrOldRate means that a rate is too old to deal at. A newer one is expected.
var ErrOldRate = errors.New("the reference rate is too old")

// Rates gives the reference rate of a currency in another one at a time of the bank's clock, and the decimals of an amount. Rate
// returns ErrOldRate, or another error if there is no rate.
type Rates interface {
	Rate(from, to string, now time.Time) (decimal.Decimal, error)
	Decimals(currency string) (int32, bool)
}

// Flatten makes the deals for a desk's positions, by value date and currency. A position without a rate is listed, and stays. The
// error wraps ErrOldRate and names a rate that is too old; such positions are listed as those without a rate.
func Flatten(rule Rule, positions []Position, rates Rates, now time.Time) ([]Deal, error) {
	var deals []Deal
	var old error
	for _, p := range positions {
		if p.Currency == rule.Currency || p.Amount.IsZero() {
			continue
		}
		d, err := deal(rule, p, rates, now)
		if errors.Is(err, ErrOldRate) {
			old = err
		}
		deals = append(deals, d)
	}
	slices.SortFunc(deals, func(a, b Deal) int {
		return cmp.Or(cmp.Compare(a.ValueDate, b.ValueDate), cmp.Compare(a.Position.Currency, b.Position.Currency))
	})
	return deals, old
}

func deal(rule Rule, p Position, rates Rates, now time.Time) (Deal, error) {
	d := Deal{Rule: rule, Position: p}
	rate, err := rates.Rate(p.Currency, rule.Currency, now)
	decimals, known := rates.Decimals(rule.Currency)
	if err != nil || !known || !rate.IsPositive() {
		return d, err
	}
	d.Rate, d.Counter = rate, p.Amount.Mul(rate).Round(decimals)
	return d, nil
}

// Entries makes the mirror entries of the deal in both desks' books.
func (d Deal) Entries(posting string) []ledger.Transfer {
	return ledger.Posting(posting, ledger.Balancing, d.ValueDate, ledger.Desk(d.Desk), ledger.Desk(d.Into),
		ledger.Flow{Currency: d.Position.Currency, Amount: d.Amount}, ledger.Flow{Currency: d.Rule.Currency, Amount: d.Counter.Neg()})
}

// Done reports whether there was a rate.
func (d Deal) Done() bool { return d.Rate.IsPositive() }
