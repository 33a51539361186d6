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

func (f figures) all() decimal.Decimal { return f.reserved.Add(f.consumed) }

// carried returns what reservations make each node carry.
func carried(all []Reservation) map[string]figures {
	sums, sets, effects := map[string]figures{}, map[nettingSet]directions{}, map[agreement]effect{}
	for _, r := range all {
		for _, node := range r.nodes() {
			if !r.Netted {
				sums[node] = sums[node].plus(r.uses())
				continue
			}
			of, legs := agreement{node, r.Client, r.Pair}, r.outrights()
			if len(legs) > 0 {
				effects[of] = effects[of].add(r, legs)
			}
			for _, l := range legs {
				set := nettingSet{of, l.date}
				sets[set] = sets[set].plus(l)
			}
		}
	}
	for set, d := range sets {
		e := effects[set.agreement]
		e.sets, e.lost = e.sets.plus(d.carries()), e.lost.plus(d.loses())
		effects[set.agreement] = e
	}
	for of, e := range effects {
		sums[of.node] = sums[of.node].plus(e.carries())
	}
	return sums
}
