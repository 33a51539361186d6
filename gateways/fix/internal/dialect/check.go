package dialect

import (
	"github.com/quickfixgo/quickfix"

	"fxcore/services/contract"
)

// Values of RiskLimitCheckTransType(2320) and RiskLimitCheckType(2321).
const (
	checkNew      = "0"
	checkCancel   = "1"
	checkSubmit   = "0"
	checkConsumed = "1"
)

// check reads a PartyRiskLimitCheckRequest, DF or its FIX 4.4 form UDF: submit reserves, limit consumed consumes,
// cancel releases.
func (e entry) check(msg reader, form string) (Incoming, quickfix.MessageRejectError) {
	c := Check{Provider: e.session.Provider, Reference: msg.reference(tagCheckRequestID)}
	c.Echo = CheckEcho{
		Form:      form,
		TransType: msg.need(tagCheckTransType).oneOf(tagCheckTransType, checkNew, checkCancel),
		Type:      msg.need(tagCheckType).oneOf(tagCheckType, checkSubmit, checkConsumed),
		RefID:     msg.text(tagCheckRefID, maxReference),
	}
	c.Action = action(c.Echo)
	c.TransactedAt, c.TradeDate = e.when(msg)
	c.Client = clientParty(msg)
	if c.Client == "" {
		msg.needHere(tagPartyID)
	}
	msg.oneOf(tagCheckRequestType, "0")
	msg.text(tagText, maxText)
	e.checkTerms(msg, &c)
	if msg.first.err != nil {
		return Incoming{}, msg.first.err
	}
	c.CheckID = contract.CheckID(c.Provider, c.Reference, c.TradeDate)
	c.Digest = c.Sum()
	return e.incoming(contract.LineCheckRequested, c.CheckID, e.deadlineOf(msg, c.TransactedAt), CheckRequested{Request: c})
}

func action(echo CheckEcho) string {
	switch {
	case echo.TransType == checkCancel:
		return ActionCancel
	case echo.Type == checkConsumed:
		return ActionConsume
	}
	return ActionReserve
}

// checkTerms reads what to reserve, or which reservation to use. A consumption or cancellation may repeat the terms of the deal;
// checkTerms passes them on, although the reservation has them.
func (e entry) checkTerms(msg reader, c *Check) {
	if c.Action == ActionReserve {
		msg.needHere(tagSymbol).needHere(tagSide).needHere(tagCheckAmount)
	} else {
		c.Target = e.target(msg, c)
	}
	c.Pair = msg.text(tagSymbol, maxSymbol)
	c.Currency = dealt(msg.currency(tagCurrency), c.Pair)
	c.Side = msg.side(tagSide)
	c.Amount = msg.positive(tagCheckAmount)
	if c.Pair == "" {
		return
	}
	s := msg.settlement(tagSettlType, valueDateTag(msg))
	c.Tenor, c.ValueDate = s.tenor, s.date
	c.Product = singleProduct(msg, s)
}

// target returns the id of the reservation. The message names it by our id (2319), or by the reference of the request that
// reserved (2322). That request must have the same trade date.
func (e entry) target(msg reader, c *Check) string {
	if id := msg.text(tagCheckID, maxReference); id != "" {
		return id
	}
	msg.needHere(tagCheckRefID)
	return contract.CheckID(c.Provider, c.Echo.RefID, c.TradeDate)
}

// valueDateTag returns the tag of a check's value date: SettlDate(64), our extension, or MaturityDate(541), FIX's own.
func valueDateTag(msg reader) quickfix.Tag {
	if !msg.has(tagSettlDate) && msg.has(tagMaturityDate) {
		return tagMaturityDate
	}
	return tagSettlDate
}
