package line

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Side is the client's: what it does with the base currency.
type Side string

// The sides.
const (
	Buy  Side = "buy"
	Sell Side = "sell"
)

// Leg is one exchange of currencies on one day.
type Leg struct {
	ValueDate   time.Time // midnight UTC
	Side        Side
	BaseAmount  decimal.Decimal // zero means: QuoteAmount at Rate
	QuoteAmount decimal.Decimal // zero means: BaseAmount at Rate
	Rate        decimal.Decimal // quote per base; zero means at market: a check of a line has no price yet
}

// Deal is what uses a line: one leg, or two for a swap, near leg first.
type Deal struct {
	Base, Quote         string    // currencies of the pair in its conventional order
	TradeDate, SpotDate time.Time // midnight UTC
	Legs                []Leg
}

// Exposure is what a deal puts on each line that it uses, with the figures that it was computed from, so that anyone can
// compute it again: Amount = ⌈max(0, MarkToMarket) + BaseAmount · Conversion · AddOn⌉.
type Exposure struct {
	Amount       decimal.Decimal // rounded up to the minor unit
	MarkToMarket decimal.Decimal // of all legs; positive: the client owes the bank; rounded half up to the minor unit
	BaseAmount   decimal.Decimal // in the base currency, counted once for a swap
	Conversion   decimal.Decimal // limit currency per base
	AddOn        decimal.Decimal // fraction of the notional
	TenorDays    int             // trade date to last value date
	Notional     decimal.Decimal // BaseAmount in the limit currency, rounded up to the minor unit
	Settlements  []Settlement    // what the bank receives, per leg, rounded up to the minor unit
}

// Assess computes a deal's exposure:
//
//	exposure = max(0, mark-to-market) + base notional in limit currency · add-on(tenor, pair)
//
// the current exposure method with the bank's own add-ons, see [AddOns]: the regulatory ones (CBB CA-3.4.12: 1 % up to a
// year) are capital requirements and too low to run a client's line on. A swap counts its notional once, at the tenor
// of its far leg, because no more than one of its legs is outstanding at that tenor. It fails with a [*MissingError] if
// the market lacks a figure, and with a [*TenorError] beyond the last add-on.
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

// addLegs fills in what is summed over, or the largest of, the legs.
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

// complete fills in what a check leaves open: the price is the market's, the other amount follows from it.
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

// gain is what the bank would lose if the client failed: its gain on the leg at the market's forward, in quote currency.
// It is not discounted, which is the cautious side of it.
func (l Leg) gain(forward decimal.Decimal) decimal.Decimal {
	perBase := l.Rate.Sub(forward) // the client buys at more than the market: the bank gains
	if l.Side == Sell {
		perBase = perBase.Neg()
	}
	return perBase.Mul(l.BaseAmount)
}

func days(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }
