package line

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
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
	ValueDate   time.Time // midnight UTC
	Side        Side
	BaseAmount  decimal.Decimal // zero: computed from QuoteAmount at Rate
	QuoteAmount decimal.Decimal // zero: computed from BaseAmount at Rate
	Rate        decimal.Decimal // quote per base; zero: the market rate, because a line check has no price yet
}

// Deal is a trade or a line check that uses lines. It has one leg, or two for a swap, near leg first.
type Deal struct {
	Base, Quote         string    // the pair's currencies, in conventional order
	TradeDate, SpotDate time.Time // midnight UTC
	Legs                []Leg
}

// Exposure is the exposure that a deal adds to each line on its path, with the figures of its computation, so that
// anyone can compute it again: Amount = ⌈max(0, MarkToMarket) + BaseAmount · Conversion · AddOn⌉.
type Exposure struct {
	Amount       decimal.Decimal // rounded up to the minor unit
	MarkToMarket decimal.Decimal // sum of all legs, rounded half up to the minor unit; positive if the client owes the bank
	BaseAmount   decimal.Decimal // in the base currency; the larger leg of a swap
	Conversion   decimal.Decimal // limit currency units per base unit
	AddOn        decimal.Decimal // fraction of the notional
	TenorDays    int             // calendar days from the trade date to the last value date
	Notional     decimal.Decimal // BaseAmount in the limit currency, rounded up to the minor unit
	Settlements  []Settlement    // receivables of the bank per leg, rounded up to the minor unit
}

// Assess computes a deal's exposure:
//
//	exposure = max(0, mark-to-market) + base notional in limit currency · add-on(tenor, pair)
//
// This is the current exposure method with the bank's own add-ons, see [AddOns]. The regulatory add-ons (CBB CA-3.4.12:
// 1 % up to a year) are for capital requirements and too low for a client's line. A swap counts its notional once, at
// the tenor of its far leg, because only one leg is outstanding at that tenor. Assess returns a [*MissingError] if the
// market lacks a figure, and a [*TenorError] if the deal is longer than the last add-on.
func Assess(d Deal, m Market) (Exposure, error) {
	if len(d.Legs) == 0 {
		return Exposure{}, fmt.Errorf("assess %s/%s: a deal without legs", d.Base, d.Quote)
	}
	x := Exposure{TenorDays: days(d.TradeDate, d.Legs[len(d.Legs)-1].ValueDate)}
	var err error
	if x.Conversion, err = m.Rate(d.Base, Currency); err != nil {
		return Exposure{}, err
	}
	if x.AddOn, err = m.AddOn(d.Base+"/"+d.Quote, x.TenorDays); err != nil {
		return Exposure{}, err
	}
	if err = x.addLegs(d, m); err != nil {
		return Exposure{}, err
	}
	notional := x.BaseAmount.Mul(x.Conversion)
	x.Notional = notional.RoundUp(minorUnits)
	x.Amount = decimal.Max(decimal.Zero, x.MarkToMarket).Add(notional.Mul(x.AddOn)).RoundUp(minorUnits)
	return x, nil
}

// addLegs computes the figures that depend on all legs: mark-to-market, base amount and settlements.
func (x *Exposure) addLegs(d Deal, m Market) error {
	quoteToLimit, err := m.Rate(d.Quote, Currency)
	if err != nil {
		return err
	}
	gain := decimal.Zero
	for _, leg := range d.Legs {
		forward, err := m.Forward(d, leg.ValueDate)
		if err != nil {
			return err
		}
		leg = leg.complete(forward)
		gain = gain.Add(leg.gain(forward))
		x.BaseAmount = decimal.Max(x.BaseAmount, leg.BaseAmount)
		received := leg.QuoteAmount.Mul(quoteToLimit)
		if leg.Side == Sell {
			received = leg.BaseAmount.Mul(x.Conversion)
		}
		x.Settlements = append(x.Settlements, Settlement{leg.ValueDate, received.RoundUp(minorUnits)})
	}
	x.MarkToMarket = gain.Mul(quoteToLimit).Round(minorUnits)
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

func days(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }
