package oracle

import (
	"strings"

	"github.com/shopspring/decimal"
)

// nodes lists those that carry the reservation.
func (r Reservation) nodes() []string {
	var all []string
	for _, n := range []string{r.Group, r.Desk, r.Client} {
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

// counts returns what the parts count for in a netting set. What a check has consumed is the provider's word alone: it counts as
// open, so that it offsets nothing.
func (r Reservation) counts() figures {
	u := r.uses()
	if r.Kind == "check" {
		return figures{reserved: u.reserved.Add(u.consumed)}
	}
	return u
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

// nettingSet names the deals of one client whose exposures offset each other at a node.
type nettingSet struct{ node, client, pair, date string }

// directions are the exposures of a netting set: deals that buy the base, and deals that sell it.
type directions struct{ bought, sold figures }

// carries returns what a netting set uses of its node's line. Consumed exposures offset each other. Of the open ones each may
// be dealt or not, so the worst outcome counts.
func (d directions) carries() figures {
	net := d.bought.consumed.Sub(d.sold.consumed)
	worst := decimal.Max(net.Add(d.bought.reserved), d.sold.reserved.Sub(net))
	return figures{reserved: worst.Sub(net.Abs()), consumed: net.Abs()}
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
