package line

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/valuedate"
)

// Side says whether the client buys or sells the base currency.
type Side string

// The sides.
const (
	Buy  Side = "buy"
	Sell Side = "sell"
)

// Leg is one exchange of two currencies on one value date.
type Leg struct {
	ValueDate   fxdate.Date
	Side        Side
	BaseAmount  decimal.Decimal // zero: computed from QuoteAmount at Rate
	QuoteAmount decimal.Decimal // zero: computed from BaseAmount at Rate
	Rate        decimal.Decimal // quote per base; zero: the market rate, because a line check has no price yet
}

// Deal is a trade or a line check that uses lines. It has one leg, or two for a swap, near leg first.
type Deal struct {
	Pair  *market.Pair
	Dates valuedate.Dates
	Legs  []Leg
}

// Bound sets the last date that each line allows for the deal. Error: calendar.ErrNoBusinessDay.
func (d Deal) Bound(lines []Line) error {
	for i, l := range lines {
		if l.Limit.MaxTenor.IsZero() {
			continue
		}
		period, err := d.Pair.Dates.PeriodOf(d.Dates, l.Limit.MaxTenor)
		if err != nil {
			return fmt.Errorf("longest tenor of %s: %w", l.Node, err)
		}
		lines[i].LastDate = period.End
	}
	return nil
}

// Terms returns what the deal uses a line for: its larger base amount until its last value date.
func (d Deal) Terms(x Exposure) Terms {
	t := Terms{
		Pair: d.Pair.Name, Currency: d.Pair.Base.Code, Side: d.Legs[len(d.Legs)-1].Side, Amount: x.BaseAmount, ValueDate: d.last(),
	}
	for _, leg := range x.Legs {
		t.Amount = decimal.Max(t.Amount, leg.BaseAmount)
	}
	return t
}

// alone returns a leg of the deal as an outright.
func (d Deal) alone(leg int) Deal {
	d.Legs = d.Legs[leg : leg+1]
	return d
}

// last returns the last value date.
func (d Deal) last() fxdate.Date { return d.Legs[len(d.Legs)-1].ValueDate }

// Exposure is the exposure that a deal adds to each line on its path, with the figures of its computation, so that
// anyone can compute it again: Amount = ⌈max(0, MarkToMarket) + BaseAmount · Conversion · AddOn⌉.
type Exposure struct {
	Amount       decimal.Decimal // rounded up to the minor unit
	MarkToMarket decimal.Decimal // sum of all legs, rounded half up to the minor unit; positive if the client owes the bank
	BaseAmount   decimal.Decimal // in the base currency; of a swap that of the leg that counts, see [Assess]
	Conversion   decimal.Decimal // limit currency units per base unit
	AddOn        decimal.Decimal // fraction of the notional, at the tenor of the leg that counts
	ValueDate    fxdate.Date     // the last one
	TenorDays    int             // calendar days from spot to the value date of the leg that counts; negative before spot
	Notional     decimal.Decimal // of the larger leg, in the limit currency, rounded up to the minor unit
	Settlements  []Settlement    // receivables of the bank per leg, rounded up to the minor unit
	Exchange     Exchange        // of the last leg, rounded half up to the minor unit
	Legs         []Exposure      // of a swap: its near and its far leg, each as an outright
}

// Assess computes a deal's exposure:
//
//	exposure = max(0, mark-to-market) + base notional in limit currency · add-on(tenor, pair)
//
// This is the current exposure method with the bank's own add-ons, see [AddOns]. The regulatory add-ons (CBB CA-3.4.12:
// 1 % up to a year) are for capital requirements and too low for a client's line. Only one leg of a swap counts its notional,
// because after the near leg only the far leg is outstanding: the far one, each at its own amount and tenor, or the near one
// if that comes to more. Assess returns market.ErrNoData or a [*MissingError] if the market lacks a figure. If the deal is longer
// than the last add-on, it returns a [*TenorError], and beside it the exposure with that add-on carried on.
func Assess(d Deal, m *market.Market, addOns AddOns) (Exposure, error) {
	switch len(d.Legs) {
	case 0:
		return Exposure{}, fmt.Errorf("assess %s: a deal without legs", d.Pair.Name)
	case 1:
		return assessLeg(d, m, addOns)
	}
	near, err := assessLeg(d.alone(0), m, addOns)
	if err != nil && !isBeyond(err) {
		return Exposure{}, err
	}
	far, err := assessLeg(d.alone(1), m, addOns)
	if err != nil && !isBeyond(err) {
		return Exposure{}, err
	}
	return swapOf(near, far), err // if one leg is too long, the far one is
}

// isBeyond reports whether a deal is longer than the last add-on, which is carried on then.
func isBeyond(err error) bool {
	var beyond *TenorError
	return errors.As(err, &beyond)
}

// swapOf returns the exposure of two legs that are one deal.
func swapOf(near, far Exposure) Exposure {
	x := far
	if near.BaseAmount.Mul(near.AddOn).GreaterThan(far.BaseAmount.Mul(far.AddOn)) {
		x.BaseAmount, x.AddOn, x.TenorDays = near.BaseAmount, near.AddOn, near.TenorDays
	}
	x.MarkToMarket = near.MarkToMarket.Add(far.MarkToMarket)
	x.Notional = decimal.Max(near.Notional, far.Notional)
	x.Settlements = []Settlement{near.Settlements[0], far.Settlements[0]}
	x.Legs = []Exposure{near, far}
	return x.summed()
}

// summed returns the exposure with the amount that its figures lead to.
func (x Exposure) summed() Exposure {
	addOn := x.BaseAmount.Mul(x.Conversion).Mul(x.AddOn)
	x.Amount = decimal.Max(decimal.Zero, x.MarkToMarket).Add(addOn).RoundUp(minorUnits)
	return x
}

// assessLeg computes the exposure of a deal of one leg. Errors: as those of [Assess].
func assessLeg(d Deal, m *market.Market, addOns AddOns) (Exposure, error) {
	x := Exposure{ValueDate: d.last(), TenorDays: int(d.last() - d.Dates.Spot)}
	var err error
	if x.Conversion, err = m.Rate(d.Pair.Base.Code, Currency); err != nil {
		return Exposure{}, err
	}
	var beyond error
	if x.AddOn, beyond = addOns.For(d); beyond != nil && !isBeyond(beyond) {
		return Exposure{}, beyond
	}
	quoteToLimit, err := m.Rate(d.Pair.Quote.Code, Currency)
	if err != nil {
		return Exposure{}, err
	}
	forward, err := m.Forward(d.Pair, d.Dates, x.ValueDate)
	if err != nil {
		return Exposure{}, err
	}
	x.mark(d.Legs[0].complete(forward), forward, quoteToLimit)
	return x.summed(), beyond
}

// mark computes the figures that follow from a leg's amounts: mark-to-market, notional, and what is exchanged and received.
func (x *Exposure) mark(leg Leg, forward, quoteToLimit decimal.Decimal) {
	x.BaseAmount = leg.BaseAmount
	x.Notional = leg.BaseAmount.Mul(x.Conversion).RoundUp(minorUnits)
	x.MarkToMarket = leg.gain(forward).Mul(quoteToLimit).Round(minorUnits)
	received := leg.QuoteAmount.Mul(quoteToLimit)
	if leg.Side == Sell {
		received = leg.BaseAmount.Mul(x.Conversion)
	}
	x.Settlements = []Settlement{{leg.ValueDate.Time(), received.RoundUp(minorUnits)}}
	quote := leg.BaseAmount.Mul(leg.Rate)
	x.Exchange = Exchange{leg.BaseAmount.Round(minorUnits), quote.Round(minorUnits), quote.Mul(quoteToLimit).Round(minorUnits)}
}

// complete fills in the fields that a line check leaves at zero: the market's rate, and the amount that follows from
// it.
func (l Leg) complete(forward decimal.Decimal) Leg {
	if l.Rate.IsZero() {
		l.Rate = forward
	}
	if l.BaseAmount.IsZero() && !l.Rate.IsZero() {
		l.BaseAmount = l.QuoteAmount.DivRound(l.Rate, minorUnits)
	}
	if l.QuoteAmount.IsZero() {
		l.QuoteAmount = l.BaseAmount.Mul(l.Rate)
	}
	return l
}

// gain returns the bank's gain on the leg at the market's forward rate, in the quote currency: the loss if the client
// failed. It is not discounted, which is the prudent choice.
func (l Leg) gain(forward decimal.Decimal) decimal.Decimal {
	perBase := l.Rate.Sub(forward) // the client buys at more than the market: the bank gains
	if l.Side == Sell {
		perBase = perBase.Neg()
	}
	return perBase.Mul(l.BaseAmount)
}
