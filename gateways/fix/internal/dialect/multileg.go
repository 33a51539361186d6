package dialect

import (
	"cmp"

	"github.com/quickfixgo/quickfix"
	"github.com/shopspring/decimal"
)

// sideByLegs is Side(54) of a multileg order whose legs carry the sides (AS_DEFINED).
const sideByLegs = "B"

// swapLegs is how many legs a swap has.
const swapLegs = 2

// multileg reads a NewOrderMultileg: a swap, near leg first.
func (e entry) multileg(msg reader) (Incoming, quickfix.MessageRejectError) {
	t := Trade{Kind: KindRequest, Product: ProductSwap, Reference: msg.reference(tagClOrdID)}
	e.terms(msg, &t)
	t.Echo = TradeEcho{Form: formMultileg, Party: t.Echo.Party}
	t.Echo.Side = msg.need(tagSide).oneOf(tagSide, "1", "2", sideByLegs)
	t.Echo.Qty = msg.need(tagOrderQty).positive(tagOrderQty)
	t.Echo.OrdType = msg.need(tagOrdType).oneOf(tagOrdType, ordLimit, ordPreviouslyQuoted)
	msg.oneOf(tagSecurityType, securitySwap, securityFX)
	side := ""
	if t.Echo.Side != sideByLegs {
		side = msg.side(tagSide)
	}
	e.swap(msg, &t, Leg{Side: side, Amount: t.Echo.Qty, Rate: msg.positive(tagPrice)})
	return e.trade(msg, t, e.deadlineOf(msg, t.TransactedAt))
}

// swap reads the two legs. given has the values of the message itself; they apply to what the near leg leaves out.
func (e entry) swap(msg reader, t *Trade, given Leg) {
	if msg.entries(tagNoLegs) != swapLegs {
		msg.refuse(outOfRange(tagNoLegs, "a swap has two legs, the near one first"))
		return
	}
	near, nearEcho := msg.within(tagNoLegs, 1).leg(t, given)
	if given.Side != "" && near.Side != given.Side {
		msg.refuse(outOfRange(tagLegSide, "the near leg's side differs from the message's own"))
	}
	far, farEcho := msg.within(tagNoLegs, 2).leg(t, Leg{
		Side: opposite(near.Side), Amount: given.Amount, Rate: farRate(msg, near.Rate),
	})
	msg.fits(near.Rate, far.Rate)
	if near.Side == far.Side {
		msg.refuse(outOfRange(tagLegSide, "the legs of a swap go opposite ways"))
	}
	if !msg.within(tagNoLegs, 2).has(tagLegSettlDate) {
		msg.within(tagNoLegs, 2).needHere(tagLegSettlType)
	}
	t.Legs = []Leg{near, far}
	t.Echo.Legs = []LegEcho{nearEcho, farEcho}
}

// leg reads one leg. The values of given apply to what the leg leaves out.
func (r reader) leg(t *Trade, given Leg) (Leg, LegEcho) {
	r.sameAs(tagLegSymbol, t.Pair)
	r.sameAs(tagLegCurrency, t.Currency)
	l := given
	if l.Side == "" || r.has(tagLegSide) {
		l.Side = r.needHere(tagLegSide).side(tagLegSide)
	}
	l.Amount = r.oneAmount(l.Amount, tagLegOrderQty, tagLegQty, tagLegLastQty)
	l.Rate = r.oneAmount(l.Rate, tagLegPrice, tagLegLastPx)
	if l.Rate == "" {
		r.needHere(rateTag(t.Echo.Form))
	}
	l.OtherAmount = r.again(tagLegCalculatedQty, r.positive(tagLegCalculatedQty), l.OtherAmount)
	l.ForwardPoints = r.again(tagLegLastForwardPoints, r.number(tagLegLastForwardPoints), l.ForwardPoints)
	s := r.settlement(tagLegSettlType, tagLegSettlDate)
	l.Tenor, l.ValueDate = s.tenor, s.date
	return l, LegEcho{RefID: r.text(tagLegRefID, maxReference), SettlType: s.sent}
}

// again returns a value that the leg states, the message for it, or both. It refuses two that differ: unlike rate and amount, the
// message's own is not a default for its legs.
func (r reader) again(tag quickfix.Tag, ofLeg, ofMessage string) string {
	if ofLeg != "" && ofMessage != "" && ofLeg != ofMessage {
		r.refuse(outOfRange(tag, "differs from the message's own"))
	}
	return cmp.Or(ofLeg, ofMessage)
}

// oneAmount returns the value that the given fields have, or another one if none of them is there. It refuses fields that
// differ.
func (r reader) oneAmount(otherwise string, tags ...quickfix.Tag) string {
	value := ""
	for _, tag := range tags {
		given := r.positive(tag)
		if value != "" && given != "" && given != value {
			r.refuse(outOfRange(tag, "differs from the same value in another field of the leg"))
		}
		value = cmp.Or(value, given)
	}
	return cmp.Or(value, otherwise)
}

func rateTag(form string) quickfix.Tag {
	if form == formReport {
		return tagLegLastPx
	}
	return tagLegPrice
}

// sameAs refuses a leg whose pair or dealt currency differs from the message's.
func (r reader) sameAs(tag quickfix.Tag, want string) {
	if v, ok := r.value(tag); ok && string(v) != want {
		r.refuse(outOfRange(tag, "differs from the message's own"))
	}
}

// fewestDigits is how many decimals a rate has at least. A rate that is stated with fewer has lost zeros.
const fewestDigits = 3

// fits refuses a far rate that is not the near one plus SwapPoints(1069), but for rounding to the last decimal. That of a report's
// LastSwapPoints(1071) is for the core to say, which knows the pair's decimals.
func (r reader) fits(near, far string) {
	if !r.has(tagSwapPoints) || far == "" {
		return
	}
	stated, errStated := decimal.NewFromString(far)
	meant, errMeant := decimal.NewFromString(farRate(r, near))
	if errStated != nil || errMeant != nil { // a fault of one of them is noted
		return
	}
	if unit := decimal.New(1, min(-fewestDigits, stated.Exponent())); meant.Sub(stated).Abs().GreaterThanOrEqual(unit) {
		r.refuse(outOfRange(tagSwapPoints, "differs from the far rate less the near one"))
	}
}

// farRate returns near plus SwapPoints(1069), of a report plus LastSwapPoints(1071); empty if there are none.
func farRate(msg reader, near string) string {
	points := msg.number(tagSwapPoints)
	if points == "" {
		points = msg.number(tagLastSwapPoints)
	}
	if points == "" || near == "" {
		return ""
	}
	n, errNear := decimal.NewFromString(near)
	p, errPoints := decimal.NewFromString(points)
	if errNear != nil || errPoints != nil { // both were read as decimals before
		return ""
	}
	far := n.Add(p)
	if !far.IsPositive() {
		msg.refuse(outOfRange(tagSwapPoints, "the far rate must be above zero"))
		return ""
	}
	return far.String()
}
