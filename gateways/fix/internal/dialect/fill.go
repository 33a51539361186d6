package dialect

import (
	"github.com/quickfixgo/quickfix"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
)

// fill answers a registered trade: filled, whole, at the rate agreed. Rates are those of the pair as the provider wrote
// it, amounts are of the dealt currency, and the amount of the other one stands beside.
func fill(s Session, e event.Event, story tradeStory) *quickfix.Message {
	t, near := story.Request, story.Validated.Legs[0]
	a := execution(s, e, t, story.Registered.RegisteredAt)
	leg := t.Legs[0]
	a.state("F", "2", "0", leg.Amount, leg.Rate)
	a.set(tagLastQty, leg.Amount)
	a.set(tagLastPx, leg.Rate)
	a.set(tagSecurityType, securityOf(s, story.Product()))
	a.date(tagTradeDate, story.TradeDate())
	amount, currency := near.Other(t.Currency)
	a.set(tagSettlCurrency, currency)
	a.set(otherAmountTag(s), amount)
	a.text(tagText, story.Notes())
	a.spot(leg.Rate, story.Product(), story.Validated.SpotFor(t.Pair))
	switch {
	case t.Echo.Form == formMultileg:
		a.legs(s, story)
	default:
		a.set(tagSettlType, s.settlType(t.Echo.SettlType, true))
		a.date(tagSettlDate, near.ValueDate)
	}
	if t.Product == ProductSwap {
		a.farLeg(s, story)
	}
	return a.Message
}

// otherAmountTag is where the amount of the other currency stands: FIX 4.4 has SettlCurrAmt for it.
func otherAmountTag(s Session) quickfix.Tag {
	if s.fix44() {
		return tagSettlCurrAmt
	}
	return tagCalculatedCcyLastQty
}

// securityOf returns SecurityType(167). FIX 4.4 has no types of foreign exchange but the one for all.
func securityOf(s Session, product string) string {
	if s.fix44() && !s.agreed.extensions {
		return securityFX
	}
	switch product {
	case ProductSpot:
		return securitySpot
	case ProductForward:
		return securityForward
	}
	return securitySwap
}

// spot splits the near rate into spot rate and forward points, both as rates (FIX: points are decimals, not pips).
func (a answer) spot(rate, product, spotRate string) {
	if product == ProductSpot {
		a.set(tagLastSpotRate, rate)
		return
	}
	if spotRate != "" {
		a.set(tagLastSpotRate, spotRate)
		a.set(tagLastForwardPoints, difference(rate, spotRate))
	}
}

// farLeg writes what FIX has for the far leg outside the leg group.
func (a answer) farLeg(s Session, story tradeStory) {
	near, far := story.Request.Legs[0], story.Request.Legs[1]
	if !s.fix44() {
		a.set(tagLastSwapPoints, difference(far.Rate, near.Rate))
		return
	}
	if story.Request.Echo.Form == formOrder {
		a.date(tagSettlDate2, story.Validated.Legs[1].ValueDate)
		a.set(tagOrderQty2, far.Amount)
		if s.agreed.extensions {
			a.set(tagPrice2, far.Rate) // FIX 4.4 has no Price2 in an ExecutionReport
		}
		if spot := story.Validated.SpotFor(story.Request.Pair); spot != "" {
			a.set(tagLastForwardPoints2, difference(far.Rate, spot))
		}
	}
}

// difference returns a less b, or nothing if either is no decimal.
func difference(a, b string) string {
	x, errX := decimal.NewFromString(a)
	y, errY := decimal.NewFromString(b)
	if errX != nil || errY != nil {
		return ""
	}
	return x.Sub(y).String()
}
