package dialect

import (
	"cmp"

	"github.com/quickfixgo/quickfix"
)

// report reads a TradeCaptureReport: a trade done elsewhere, spot, outright forward or, with two legs, swap. It may be
// reported long after it was done, so its deadline counts from its arrival.
func (e entry) report(msg reader) (Incoming, quickfix.MessageRejectError) {
	t := Trade{Kind: KindReport, Reference: msg.reference(tagTradeReportID)}
	if msg.entries(tagNoSides) != 1 {
		msg.refuse(outOfRange(tagNoSides, "one side: the client's"))
	}
	side := msg.within(tagNoSides, 1)
	e.reportTerms(msg, side, &t)
	msg.oneOf(tagTradeReportTransType, "0")
	msg.oneOf(tagTradeReportType, "0")
	t.Facts = msg.facts()
	t.Echo = TradeEcho{Form: formReport, Side: sideText(side.need(tagSide).side(tagSide))}
	near := Leg{
		Side:   side.side(tagSide),
		Amount: msg.need(tagLastQty).positive(tagLastQty),
		Rate:   msg.need(tagLastPx).positive(tagLastPx),

		OtherAmount: otherAmount(msg, side), ForwardPoints: msg.number(tagLastForwardPoints),
	}
	if msg.has(tagNoLegs) {
		t.Product = ProductSwap
		msg.oneOf(tagSecurityType, securitySwap, securityFX)
		e.swap(msg, &t, near)
		msg.sameDate(tagSettlDate, tagLegSettlDate, msg.within(tagNoLegs, 1))
	} else {
		s := msg.settlement(tagSettlType, tagSettlDate)
		near.Tenor, near.ValueDate = s.tenor, s.date
		t.Product, t.DateDecides = singleProduct(msg, s)
		t.Legs = []Leg{near}
	}
	return e.trade(msg, t, e.now.Add(e.dialect.deadline))
}

// facts reads what the report says besides its legs. The trade is a fact: the core keeps it.
func (r reader) facts() Facts {
	return Facts{ReportedTradeDate: r.date(tagTradeDate), SpotRate: r.positive(tagLastSpotRate), SwapPoints: r.number(tagLastSwapPoints)}
}

// otherAmount reads the amount of the other currency: CalculatedCcyLastQty of the report, or SettlCurrAmt of its side.
func otherAmount(msg, side reader) string {
	amount, ofSide := msg.positive(tagCalculatedCcyLastQty), side.positive(tagSettlCurrAmt)
	if amount != "" && ofSide != "" && amount != ofSide {
		msg.refuse(outOfRange(tagSettlCurrAmt, "differs from tag 1056"))
	}
	return cmp.Or(amount, ofSide)
}

// reportTerms reads client, pair, dealt currency and time. FIX 4.4 has the currency in the side, 5.0SP2 in the report.
func (e entry) reportTerms(msg, side reader, t *Trade) {
	t.Client = side.needHere(tagAccount).text(tagAccount, maxParty)
	t.Pair = msg.need(tagSymbol).text(tagSymbol, maxSymbol)
	currency, ofSide := msg.currency(tagCurrency), side.currency(tagCurrency)
	if currency != "" && ofSide != "" && currency != ofSide {
		msg.refuse(outOfRange(tagCurrency, "the side's differs from the report's"))
	}
	t.Currency = msg.dealt(cmp.Or(currency, ofSide), t.Pair)
	t.TransactedAt, t.TradeDate = e.when(msg)
	t.LineCheck = e.usedCheck(side, t.TradeDate)
}
