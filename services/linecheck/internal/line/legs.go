package line

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Swap holds what the legs of a netted swap would use as outrights. It is empty for a deal of one leg, and for a swap that was
// reserved before both legs were netted: such a swap belongs to the netting set of its far leg alone, with its whole exposure.
type Swap struct {
	Near     Sum // the near leg; the far leg's amounts are the deal's Exchange, its value date is that of the terms
	NearDate fxdate.Date
	Far      decimal.Decimal // exposure of the far leg
}

// IsZero reports whether the deal is no swap whose legs are netted.
func (s Swap) IsZero() bool { return s.Near.Base.IsZero() }

// Swap returns the legs of a swap as outrights.
func (x Exposure) Swap() Swap {
	if len(x.Legs) != 2 {
		return Swap{}
	}
	near, far := x.Legs[0], x.Legs[1]
	return Swap{Near: Sum{near.Amount, near.Exchange}, NearDate: near.ValueDate, Far: far.Amount}
}

// leg is what a leg of a netted deal adds to the netting set of its value date.
type leg struct {
	date  fxdate.Date
	side  Side // of the base currency
	deals Deals
}

// use is what a deal uses at each of its nodes: its exposure, and, with a netting agreement, its legs in netting sets.
type use struct {
	legs  []leg
	gross Usage // without an agreement
}

// use returns what a claim would use if it is reserved.
func (c Claim) use() use {
	r := Reservation{Terms: c.Terms, Exposure: c.Exposure.Amount, Exchange: c.Exposure.Exchange, Swap: c.Exposure.Swap(), Settlements: c.Exposure.Settlements}
	return r.useOf(func(s Sum) Deals { return Deals{Open: s} })
}

// use returns what the parts of the reservation use.
func (r Reservation) use() use { return r.useOf(r.deals) }

// useOf returns what a reservation uses; deals returns what its parts are of something of the whole amount.
func (r Reservation) useOf(deals func(Sum) Deals) use {
	gross := deals(Sum{Exposure: r.Exposure}).gross()
	whole := leg{r.Terms.ValueDate, r.Terms.BaseSide(), deals(Sum{r.Exposure, r.Exchange})}
	switch {
	case !r.Terms.Netted:
		return use{gross: gross}
	case r.Swap.IsZero():
		return use{legs: []leg{whole}, gross: gross}
	}
	near := leg{r.Swap.NearDate, whole.side.opposite(), deals(r.Swap.Near)}
	far := leg{whole.date, whole.side, deals(Sum{r.Swap.Far, r.Exchange})}
	switch {
	case r.Settled[0]:
		return use{legs: []leg{far}, gross: far.deals.gross()}
	case r.Settled[1]:
		return use{legs: []leg{near}, gross: near.deals.gross()}
	}
	return use{legs: []leg{near, far}, gross: gross}
}

func (s Side) opposite() Side {
	if s == Sell {
		return Buy
	}
	return Sell
}

// Sets returns the netting sets to which a deal of the terms belongs, one for each node of its path and each value date. It has
// none without an agreement.
func (t Terms) Sets(p Path, settlements []Settlement) []Set {
	if !t.Netted {
		return nil
	}
	dates := []fxdate.Date{t.ValueDate}
	if len(settlements) == 2 {
		dates = append(dates, fxdate.DateOf(settlements[0].ValueDate))
	}
	var sets []Set
	for _, n := range p.Nodes() {
		for _, date := range dates {
			sets = append(sets, Set{Node: n, Client: p.Client, Pair: t.Pair, ValueDate: date})
		}
	}
	return sets
}
