package oracle

import "github.com/shopspring/decimal"

// Exchange is what the whole of a netted reservation exchanges: base amount, quote amount, and the quote amount in the limit
// currency.
type Exchange struct{ Base, Quote, Value decimal.Decimal }

// nettingSet names the deals of one client that offset each other at a node.
type nettingSet struct{ node, client, pair, date string }

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

// directions are the deals of a netting set that buy the base, and those that sell it.
type directions struct{ bought, sold deals }

// part returns what a part of a reservation adds to a netting set.
func (r Reservation) part(amount decimal.Decimal) sum {
	x := r.Exchange
	return sum{r.share(r.Exposure, amount), Exchange{r.share(x.Base, amount), r.share(x.Quote, amount), r.share(x.Value, amount)}}
}

// counts returns what the parts count for in a netting set. What a check has consumed is the provider's word alone: it counts as
// open, so that it offsets nothing.
func (r Reservation) counts() deals {
	d := deals{open: r.part(r.Open), done: r.part(r.Taken)}
	if r.Kind == "check" {
		return deals{open: d.all()}
	}
	return d
}

// carries returns what a netting set uses of its node's line. Of the open deals each may be done or not, so the worst outcome
// counts.
func (d directions) carries() figures {
	done := unmatched(d.bought.done, d.sold.done)
	worst := done
	for _, bought := range []sum{d.bought.done, d.bought.all()} {
		for _, sold := range []sum{d.sold.done, d.sold.all()} {
			worst = decimal.Max(worst, unmatched(bought, sold))
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
