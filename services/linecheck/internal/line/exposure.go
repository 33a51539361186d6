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
	return Terms{
		Pair: d.Pair.Name, Currency: d.Pair.Base.Code, Side: d.Legs[len(d.Legs)-1].Side, Amount: x.BaseAmount, ValueDate: x.ValueDate,
	}
}

// last returns the last value date.
func (d Deal) last() fxdate.Date { return d.Legs[len(d.Legs)-1].ValueDate }

// Exposure is the exposure that a deal adds to each line on its path, with the figures of its computation, so that
// anyone can compute it again: Amount = ⌈max(0, MarkToMarket) + BaseAmount · Conversion · AddOn⌉.
type Exposure struct {
	Amount       decimal.Decimal // rounded up to the minor unit
	MarkToMarket decimal.Decimal // sum of all legs, rounded half up to the minor unit; positive if the client owes the bank
	BaseAmount   decimal.Decimal // in the base currency; the larger leg of a swap
	Conversion   decimal.Decimal // limit currency units per base unit
	AddOn        decimal.Decimal // fraction of the notional
	ValueDate    fxdate.Date     // the last one
	TenorDays    int             // calendar days from spot to the last value date; negative before spot
	Notional     decimal.Decimal // BaseAmount in the limit currency, rounded up to the minor unit
	Settlements  []Settlement    // receivables of the bank per leg, rounded up to the minor unit
	Exchange     Exchange        // BaseAmount at the rate of the last leg, rounded half up to the minor unit
}

// Assess computes a deal's exposure:
//
//	exposure = max(0, mark-to-market) + base notional in limit currency · add-on(tenor, pair)
//
// This is the current exposure method with the bank's own add-ons, see [AddOns]. The regulatory add-ons (CBB CA-3.4.12:
// 1 % up to a year) are for capital requirements and too low for a client's line. A swap counts its notional once, at
// the tenor of its far leg, because only one leg is outstanding at that tenor. Assess returns market.ErrNoData or a
// [*MissingError] if the market lacks a figure. If the deal is longer than the last add-on, it returns a [*TenorError], and beside
// it the exposure with that add-on carried on.
func Assess(d Deal, m *market.Market, addOns AddOns) (Exposure, error) {
	if len(d.Legs) == 0 {
		return Exposure{}, fmt.Errorf("assess %s: a deal without legs", d.Pair.Name)
	}
	x := Exposure{ValueDate: d.last(), TenorDays: int(d.last() - d.Dates.Spot)}
	var err error
	if x.Conversion, err = m.Rate(d.Pair.Base.Code, Currency); err != nil {
		return Exposure{}, err
	}
	var beyond *TenorError
	if x.AddOn, err = addOns.For(d); err != nil && !errors.As(err, &beyond) {
		return Exposure{}, err
	}
	if legs := x.addLegs(d, m); legs != nil {
		return Exposure{}, legs
	}
	notional := x.BaseAmount.Mul(x.Conversion)
	x.Notional = notional.RoundUp(minorUnits)
	x.Amount = decimal.Max(decimal.Zero, x.MarkToMarket).Add(notional.Mul(x.AddOn)).RoundUp(minorUnits)
	return x, err
}

// addLegs computes the figures that depend on all legs: mark-to-market, base amount and settlements.
func (x *Exposure) addLegs(d Deal, m *market.Market) error {
	quoteToLimit, err := m.Rate(d.Pair.Quote.Code, Currency)
	if err != nil {
		return err
	}
	gain, rate := decimal.Zero, decimal.Zero
	for _, leg := range d.Legs {
		forward, err := m.Forward(d.Pair, d.Dates, leg.ValueDate)
		if err != nil {
			return err
		}
		leg = leg.complete(forward)
		gain, rate = gain.Add(leg.gain(forward)), leg.Rate
		x.BaseAmount = decimal.Max(x.BaseAmount, leg.BaseAmount)
		received := leg.QuoteAmount.Mul(quoteToLimit)
		if leg.Side == Sell {
			received = leg.BaseAmount.Mul(x.Conversion)
		}
		x.Settlements = append(x.Settlements, Settlement{leg.ValueDate.Time(), received.RoundUp(minorUnits)})
	}
	x.MarkToMarket = gain.Mul(quoteToLimit).Round(minorUnits)
	quote := x.BaseAmount.Mul(rate)
	x.Exchange = Exchange{x.BaseAmount.Round(minorUnits), quote.Round(minorUnits), quote.Mul(quoteToLimit).Round(minorUnits)}
	return nil
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
