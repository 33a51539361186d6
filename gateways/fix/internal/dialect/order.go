package dialect

import (
	"github.com/quickfixgo/quickfix"
)

// Values of OrdType(40) that are served: a rate named by the client, and one quoted by us before; in FIX 4.4 also the
// swap in one NewOrderSingle.
const (
	ordLimit            = "2"
	ordPreviouslyQuoted = "D"
	ordForexSwap        = "G"
)

// Values of SecurityType(167) for FX; FOR is foreign exchange in general (FIX 4.4).
const (
	securitySpot    = "FXSPOT"
	securityForward = "FXFWD"
	securitySwap    = "FXSWAP"
	securityFX      = "FOR"
)

// order reads a NewOrderSingle: spot, outright forward, and over FIX 4.4 a swap (40=G with 193, 192, 640).
func (e entry) order(msg reader) (Incoming, quickfix.MessageRejectError) {
	t := Trade{Kind: KindRequest, Reference: msg.reference(tagClOrdID)}
	e.terms(msg, &t)
	t.Echo = TradeEcho{Form: formOrder, Party: t.Echo.Party, Side: sideText(msg.need(tagSide).side(tagSide))}
	t.Echo.OrdType = msg.need(tagOrdType).oneOf(tagOrdType, e.orderTypes()...)
	near := Leg{
		Side:   msg.side(tagSide),
		Amount: msg.need(tagOrderQty).positive(tagOrderQty),
		Rate:   msg.needHere(tagPrice).positive(tagPrice),
	}
	s := msg.settlement(tagSettlType, tagSettlDate)
	near.Tenor, near.ValueDate = s.tenor, s.date
	t.Echo.SettlType = s.sent
	t.Product, t.DateDecides = singleProduct(msg, s)
	s.fits(msg)
	t.Legs = []Leg{near}
	if t.Echo.OrdType == ordForexSwap {
		t.Product, t.DateDecides = ProductSwap, false
		t.Legs = []Leg{near, farOf(msg, near)}
	} else { // or the far leg would vanish, and the near one be done alone
		msg.absent("of a swap, which is 40=G", tagSettlDate2, tagOrderQty2, tagPrice2)
	}
	return e.trade(msg, t, e.deadlineOf(msg, t.TransactedAt))
}

func (e entry) orderTypes() []string {
	if e.session.fix44() {
		return []string{ordLimit, ordPreviouslyQuoted, ordForexSwap}
	}
	return []string{ordLimit, ordPreviouslyQuoted}
}

// farOf reads the far leg of a swap sent as one order: the other way round, the same amount unless 192 says otherwise.
func farOf(msg reader, near Leg) Leg {
	far := Leg{Side: opposite(near.Side), Amount: near.Amount}
	if msg.has(tagOrderQty2) {
		far.Amount = msg.positive(tagOrderQty2)
	}
	far.Rate = msg.needHere(tagPrice2).positive(tagPrice2)
	far.ValueDate = msg.needHere(tagSettlDate2).date(tagSettlDate2)
	return far
}

// terms reads what all trade requests have: client, pair, dealt currency, quote, time.
func (e entry) terms(msg reader, t *Trade) {
	t.Client, t.Account, t.Echo.Party = e.client(msg)
	t.Pair = msg.need(tagSymbol).text(tagSymbol, maxSymbol)
	t.Currency = msg.dealt(msg.currency(tagCurrency), t.Pair)
	t.QuoteID = msg.text(tagQuoteID, maxReference)
	t.TransactedAt, t.TradeDate = e.when(msg)
	t.LineCheck = e.usedCheck(msg, t.TradeDate)
	if other := msg.currency(tagSettlCurrency); other != "" && len(t.Pair) == 7 && other != t.Pair[:3] && other != t.Pair[4:] {
		msg.refuse(outOfRange(tagSettlCurrency, "must be a currency of the pair"))
	}
}

// singleProduct tells spot from outright forward: SecurityType(167) if it says, else the settlement. byDate says that only
// SettlType(63) says spot, beside a value date: the date stands above it.
func singleProduct(msg reader, s settlement) (product string, byDate bool) {
	security := msg.oneOf(tagSecurityType, securitySpot, securityForward, securitySwap, securityFX)
	order, _ := msg.value(tagOrdType)
	if swap := security == securitySwap; swap != (string(order) == ordForexSwap) && security != "" && security != securityFX {
		msg.refuse(outOfRange(tagSecurityType, ruleProduct))
	}
	switch {
	case security == securitySpot:
		return ProductSpot, false
	case security == securityForward || !s.spot:
		return ProductForward, false
	}
	return ProductSpot, s.date != ""
}

const ruleProduct = "does not fit the settlement or the order type"

// fits refuses a request whose SecurityType(167) no pair's settlement can fit. The core refuses what does not fit its pair's. A report is
// not refused for it, because it is a fact.
func (s settlement) fits(msg reader) {
	security, _ := msg.value(tagSecurityType)
	if string(security) == securitySpot && s.otherThanSpot || string(security) == securityForward && s.spot && s.date == "" {
		msg.refuse(outOfRange(tagSecurityType, ruleProduct))
	}
}

func opposite(side string) string {
	if side == "buy" {
		return "sell"
	}
	return "buy"
}

func sideText(side string) string {
	if side == "sell" {
		return "2"
	}
	return "1"
}
