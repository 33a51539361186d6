package oracle

import (
	"strings"

	"github.com/shopspring/decimal"
)

// nodes lists those that carry the reservation.
func (r Reservation) nodes() []string {
	var all []string
	for _, n := range []string{r.Group, r.Desk, r.Dealer, r.Client} {
		if n != "" {
			all = append(all, n)
		}
	}
	return all
}

// share returns the share of a figure of the whole amount that belongs to a part of it, rounded up to the cent.
func (r Reservation) share(whole, part decimal.Decimal) decimal.Decimal {
	switch {
	case part.IsZero() || r.Amount.IsZero():
		return decimal.Zero
	case part.Equal(r.Amount):
		return whole
	}
	cents, rest := whole.Mul(part).Shift(minorUnits).QuoRem(r.Amount, 0)
	if rest.IsPositive() {
		cents = cents.Add(decimal.NewFromInt(1))
	}
	return cents.Shift(-minorUnits)
}

// uses returns what the parts use of the line.
func (r Reservation) uses() figures {
	return figures{reserved: r.share(r.Exposure, r.Open), consumed: r.share(r.Exposure, r.Taken)}
}

// buysBase tells whether the client buys the pair's base currency.
func (r Reservation) buysBase() bool {
	base, _, _ := strings.Cut(r.Pair, "/")
	return (r.Side == "buy") == (r.Currency == base)
}

// figures are what a line carries: promised, and consumed.
type figures struct{ reserved, consumed decimal.Decimal }

func (f figures) plus(g figures) figures {
	return figures{f.reserved.Add(g.reserved), f.consumed.Add(g.consumed)}
}

// carried returns what reservations make each node carry.
func carried(all []Reservation) map[string]figures {
	sums, sets := map[string]figures{}, map[nettingSet]directions{}
	for _, r := range all {
		for _, node := range r.nodes() {
			set := nettingSet{node, r.Client, r.Pair, r.ValueDate}
			d := sets[set]
			switch {
			case !r.Netted:
				sums[node] = sums[node].plus(r.uses())
				continue
			case r.buysBase():
				d.bought = d.bought.plus(r.counts())
			default:
				d.sold = d.sold.plus(r.counts())
			}
			sets[set] = d
		}
	}
	for set, d := range sets {
		sums[set.node] = sums[set.node].plus(d.carries())
	}
	return sums
}
