package oracle

import "github.com/shopspring/decimal"

// Exchange is what the whole of a netted reservation exchanges: base amount, quote amount, and the quote amount in the limit
// currency.
type Exchange struct{ Base, Quote, Value decimal.Decimal }

// Swap is what the legs of a netted swap would be as outrights. It is empty for a deal of one leg, and for a swap of a version that
// netted the far leg alone.
type Swap struct {
	Near, Far    decimal.Decimal // exposures
	NearExchange Exchange
}

// nettingSet names the legs of one client that offset each other at a node.
type nettingSet struct {
	agreement
	date string
}

// agreement names the netting sets of a client in one pair at a node.
type agreement struct{ node, client, pair string }

// sum adds up deals of a netting set.
type sum struct {
	exposure decimal.Decimal
	Exchange
}

func (s sum) plus(t sum) sum {
	return sum{s.exposure.Add(t.exposure), Exchange{s.Base.Add(t.Base), s.Quote.Add(t.Quote), s.Value.Add(t.Value)}}
}

// deals are those of one direction that may never be dealt, and those that are done.
type deals struct{ open, done sum }

func (d deals) plus(e deals) deals { return deals{d.open.plus(e.open), d.done.plus(e.done)} }

func (d deals) all() sum { return d.open.plus(d.done) }

func (d deals) exposures() figures { return figures{d.open.exposure, d.done.exposure} }

// directions are the deals of a netting set that buy the base, and those that sell it.
type directions struct{ bought, sold deals }

func (d directions) plus(l outright) directions {
	if l.buys {
		d.bought = d.bought.plus(l.deals)
	} else {
		d.sold = d.sold.plus(l.deals)
	}
	return d
}

// outright is what a leg of a netted deal adds to the netting set of its value date.
type outright struct {
	date  string
	buys  bool
	deals deals
}

// part returns the part of a sum that belongs to a part of the amount.
func (r Reservation) part(whole sum, amount decimal.Decimal) sum {
	x := whole.Exchange
	return sum{r.share(whole.exposure, amount), Exchange{r.share(x.Base, amount), r.share(x.Quote, amount), r.share(x.Value, amount)}}
}

// counts returns what the parts count for in a netting set. What a check has consumed is the provider's word alone: it counts as
// open, so that it offsets nothing.
func (r Reservation) counts(whole sum) deals {
	d := deals{open: r.part(whole, r.Open), done: r.part(whole, r.Taken)}
	if r.Kind == "check" {
		return deals{open: d.all()}
	}
	return d
}

// outrights returns the legs that are not settled, near leg first.
func (r Reservation) outrights() []outright {
	if r.Swap.Near.IsZero() && r.Swap.Far.IsZero() {
		return []outright{{r.ValueDate, r.buysBase(), r.counts(sum{r.Exposure, r.Exchange})}}
	}
	var all []outright
	if !r.NearSettled {
		all = append(all, outright{r.NearDate, !r.buysBase(), r.counts(sum{r.Swap.Near, r.Swap.NearExchange})})
	}
	if !r.FarSettled {
		all = append(all, outright{r.ValueDate, r.buysBase(), r.counts(sum{r.Swap.Far, r.Exchange})})
	}
	return all
}

// effect is what the deals of an agreement come to.
type effect struct {
	sets  figures // in their netting sets
	lost  figures // the losses among that which are locked in
	gross figures // without the agreement
}

// add adds a reservation whose legs are in their netting sets.
func (e effect) add(r Reservation, legs []outright) effect {
	if len(legs) == 1 {
		e.gross = e.gross.plus(legs[0].deals.exposures())
		return e
	}
	e.gross = e.gross.plus(r.counts(sum{exposure: r.Exposure}).exposures())
	return e
}

// carries returns what the agreement's deals use of the node's line. A loss that is locked in counts in full. What else the sets come to
// counts up to what the deals come to without the agreement.
func (e effect) carries() figures {
	done := decimal.Min(e.sets.consumed, e.lost.consumed.Add(e.gross.consumed))
	all := decimal.Min(e.sets.all(), e.lost.all().Add(e.gross.all()))
	return figures{reserved: all.Sub(done), consumed: done}
}

// carries returns what a netting set uses of its node's line.
func (d directions) carries() figures { return d.worst(unmatched) }

// loses returns the loss that a netting set locks in.
func (d directions) loses() figures {
	return d.worst(func(bought, sold sum) decimal.Decimal {
		bought.exposure, sold.exposure = decimal.Zero, decimal.Zero // the loss is what is left without them
		return unmatched(bought, sold)
	})
}

// worst returns a figure of the deals that are done, and what it may become besides. Of the open deals each may be done or not, so the
// worst outcome counts.
func (d directions) worst(figure func(bought, sold sum) decimal.Decimal) figures {
	done := figure(d.bought.done, d.sold.done)
	worst := done
	for _, bought := range []sum{d.bought.done, d.bought.all()} {
		for _, sold := range []sum{d.sold.done, d.sold.all()} {
			worst = decimal.Max(worst, figure(bought, sold))
		}
	}
	return figures{reserved: worst.Sub(done), consumed: done}
}

// unmatched returns what deals in both directions leave: the exposure of the base amount that is not matched, and what the client has
// paid for the rest above what it gets for it.
func unmatched(bought, sold sum) decimal.Decimal {
	if bought.Base.Add(sold.Base).IsZero() {
		return bought.exposure.Add(sold.exposure)
	}
	most, matched := bought, sold.Base
	if sold.Base.GreaterThan(bought.Base) {
		most, matched = sold, bought.Base
	}
	// All of it times most.Base and all quote amounts, so that only the last division is rounded.
	quotes, values := bought.Quote.Add(sold.Quote), bought.Value.Add(sold.Value)
	owed := decimal.Max(decimal.Zero, bought.Quote.Mul(sold.Base).Sub(sold.Quote.Mul(bought.Base)))
	total := most.exposure.Mul(most.Base.Sub(matched)).Mul(quotes).Add(owed.Mul(values))
	cents, rest := total.Shift(minorUnits).QuoRem(most.Base.Mul(quotes), 0)
	if rest.IsPositive() {
		cents = cents.Add(decimal.NewFromInt(1))
	}
	return cents.Shift(-minorUnits)
}
