package line

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Set identifies a netting set at one node: the legs of a client with a netting agreement that exchange the same pair on the
// same date. Their amounts offset each other where the client buys the base in one and sells it in another. Each leg of a swap
// belongs to the set of its own value date, as an outright would. Deals without an agreement belong to no set: their exposures
// add up. See [Effect] for what the sets of a pair come to together.
type Set struct {
	Node      Node
	Client    string
	Pair      string
	ValueDate fxdate.Date
}

// Exchange is what a leg exchanges on its value date: base amount, quote amount, and the quote amount in the limit currency
// at the rate of the deal's time. Only netted deals have one.
type Exchange struct{ Base, Quote, Value decimal.Decimal }

// Sum adds up deals of a netting set.
type Sum struct {
	Exposure decimal.Decimal
	Exchange
}

func (s Sum) plus(t Sum) Sum {
	return Sum{s.Exposure.Add(t.Exposure), Exchange{s.Base.Add(t.Base), s.Quote.Add(t.Quote), s.Value.Add(t.Value)}}
}

func (s Sum) neg() Sum {
	return Sum{s.Exposure.Neg(), Exchange{s.Base.Neg(), s.Quote.Neg(), s.Value.Neg()}}
}

// Deals are the deals of one direction: those that may never be dealt, and those that are done.
type Deals struct{ Open, Done Sum }

func (d Deals) plus(e Deals) Deals { return Deals{d.Open.plus(e.Open), d.Done.plus(e.Done)} }

func (d Deals) neg() Deals { return Deals{d.Open.neg(), d.Done.neg()} }

func (d Deals) same() Deals { return d }

func (d Deals) all() Sum { return d.Open.plus(d.Done) }

// gross returns what the deals use without an agreement.
func (d Deals) gross() Usage { return Usage{Reserved: d.Open.Exposure, Consumed: d.Done.Exposure} }

// Netting holds the deals of a netting set by direction.
type Netting struct {
	Bought, Sold Deals // deals in which the client buys the base, and in which it sells it
}

// Usage returns what the set uses of its node's line: see [left]. An open reservation offsets nothing, because it may never be
// dealt, and neither does what a line check has consumed: the worst counts of what is left if none of them is dealt, those of one
// direction, or all. The order of the deals does not matter. At the same market rates a set never uses more than its deals would
// without the agreement.
func (n Netting) Usage() Usage { return n.worst(left) }

// Lost returns the loss that the client has fixed in the set by deals that are done, and how much more of it open deals may fix.
func (n Netting) Lost() Usage { return n.worst(lost) }

// worst returns a figure of the deals that are done, and how much more it may become, whichever of the open deals are done.
func (n Netting) worst(of func(bought, sold Sum) decimal.Decimal) Usage {
	done := of(n.Bought.Done, n.Sold.Done)
	worst := decimal.Max(done,
		of(n.Bought.all(), n.Sold.Done), of(n.Bought.Done, n.Sold.all()), of(n.Bought.all(), n.Sold.all()))
	return Usage{Reserved: worst.Sub(done), Consumed: done}
}

// left returns the exposure of what the deals of the two directions leave, if all are done, rounded up to the minor unit. It has
// two parts:
//
//   - the base amount that is bought and not sold, or sold and not bought: its share of the exposure of its direction, which is
//     add-on and mark-to-market at the forward rate of the deals' time;
//   - the base amount that is bought and sold again: no market rate changes it any more, but the client owes the bank what it
//     bought for above what it sold for, in the quote currency. A gain of the client is not set off.
//
// With B, Q and V for base, quote and value, X for the exposure of the direction with the larger base amount:
//
//	X · |Bb − Bs| / max(Bb, Bs)  +  max(0, Qb·Bs − Qs·Bb) / max(Bb, Bs) · (Vb + Vs) / (Qb + Qs)
//
// The database has the same formula, netted_use.
func left(bought, sold Sum) decimal.Decimal {
	larger, matched := bought, sold.Base
	if sold.Base.GreaterThan(bought.Base) {
		larger, matched = sold, bought.Base
	}
	quotes := bought.Quote.Add(sold.Quote)
	if larger.Base.IsZero() || quotes.IsZero() {
		return bought.Exposure.Add(sold.Exposure)
	}
	rest := larger.Exposure.Mul(larger.Base.Sub(matched)).Mul(quotes)
	return quotient(rest.Add(owed(bought, sold)), larger.Base.Mul(quotes))
}

// lost returns the second part of [left] alone, the loss that is locked in, rounded up to the minor unit. The database has the same
// formula, netted_lost.
func lost(bought, sold Sum) decimal.Decimal {
	base, quotes := decimal.Max(bought.Base, sold.Base), bought.Quote.Add(sold.Quote)
	if base.IsZero() || quotes.IsZero() {
		return decimal.Zero
	}
	return quotient(owed(bought, sold), base.Mul(quotes))
}

// owed returns the loss that is locked in, times the larger base amount and all quote amounts. So it is exact.
func owed(bought, sold Sum) decimal.Decimal {
	above := decimal.Max(decimal.Zero, bought.Quote.Mul(sold.Base).Sub(sold.Quote.Mul(bought.Base)))
	return above.Mul(bought.Value.Add(sold.Value))
}

// quotient divides exactly and rounds up to the minor unit.
func quotient(dividend, divisor decimal.Decimal) decimal.Decimal {
	cents, rest := dividend.Shift(minorUnits).QuoRem(divisor, 0)
	if rest.IsPositive() {
		cents = cents.Add(one)
	}
	return cents.Shift(-minorUnits)
}

// plus returns the set with more deals, or with less if they are negative, in one direction.
func (n Netting) plus(side Side, d Deals) Netting {
	if side == Sell {
		n.Sold = n.Sold.plus(d)
	} else {
		n.Bought = n.Bought.plus(d)
	}
	return n
}

// closes reports whether a new deal only closes what the client has open by deals that are done, at a price of the market: its
// mark-to-market is no more than the add-on that it frees. Such a deal fixes a loss that the client has made already, and ends
// that it grows.
func (n Netting) closes(side Side, x Exposure) bool {
	position, closing := n.Bought.Done.Base.Sub(n.Sold.Done.Base), n.Sold.Open.Base
	if side == Buy {
		position, closing = position.Neg(), n.Bought.Open.Base
	}
	owed := decimal.Max(decimal.Zero, x.MarkToMarket)
	return closing.Add(x.Exchange.Base).LessThanOrEqual(position) && owed.LessThanOrEqual(x.Amount.Sub(owed))
}
