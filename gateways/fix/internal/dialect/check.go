package dialect

import (
	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/internal/story"
	"fxcore/services/contract"
)

// Values of RiskLimitCheckTransType(2320) and RiskLimitCheckType(2321).
const (
	checkNew      = "0"
	checkCancel   = "1"
	checkSubmit   = "0"
	checkConsumed = "1"
)

// check reads a PartyRiskLimitCheckRequest, DF or its FIX 4.4 form UDF: submit reserves, limit consumed consumes, cancel
// releases, cancel of limit consumed reverses a consumption.
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
	case echo.TransType == checkCancel && echo.Type == checkConsumed:
		return ActionReverse
	case echo.TransType == checkCancel:
		return ActionCancel
	case echo.Type == checkConsumed:
		return ActionConsume
	}
	return ActionReserve
}

// checkTerms reads what to reserve, or which reservation to use. A consumption or cancellation may repeat the terms of the deal;
// checkTerms passes on those that it states, and the line compares them with what was reserved.
func (e entry) checkTerms(msg reader, c *Check) {
	if c.Action == ActionReserve {
		msg.needHere(tagSymbol).needHere(tagSide).needHere(tagCheckAmount)
		msg.absent("no reservation is there yet when reserving", tagCheckID, tagCheckRefID)
	} else {
		c.Target = e.target(msg, c)
	}
	c.ForTrade = e.tradeDone(msg, c)
	c.Pair = msg.text(tagSymbol, maxSymbol)
	c.Currency = msg.currency(tagCurrency)
	c.Side = msg.side(tagSide)
	c.Amount = msg.positive(tagCheckAmount)
	switch {
	case c.Action == ActionReserve:
		c.Currency = msg.dealt(c.Currency, c.Pair)
	case !msg.has(tagSettlType) && !msg.has(valueDateTag(msg)):
		return
	}
	msg.sameDate(tagSettlDate, tagMaturityDate, msg)
	s := msg.settlement(tagSettlType, valueDateTag(msg))
	c.Tenor, c.ValueDate = s.tenor, s.date
	c.Product, c.DateDecides = singleProduct(msg, s)
	s.fits(msg)
}

// target returns the id of the reservation. The message names it by our id (2319), or by the reference of the request that
// reserved (2322). That request must have the same trade date.
func (e entry) target(msg reader, c *Check) string {
	id := msg.text(tagCheckID, maxReference)
	if id == "" {
		msg.needHere(tagCheckRefID)
		c.TargetReference = c.Echo.RefID
		return contract.CheckID(c.Provider, c.Echo.RefID, c.TradeDate)
	}
	if c.Echo.RefID != "" && id != contract.CheckID(c.Provider, c.Echo.RefID, contract.TradeDateOf(id)) {
		msg.refuse(outOfRange(tagCheckRefID, "names another reservation than 2319"))
	}
	return id
}

// Values of RefOrderIDSource(1081).
const (
	orderSecondaryID = "0" // SecondaryOrderID: the provider's own reference
	orderID          = "1" // OrderID: our trade id
)

// tradeDone returns the id of the trade for which a consumption or a reversal says that it is: 1080 and 1081. Without 1081 it is the provider's
// own reference, of the same trade date. tradeDone returns "" if the message names no trade. It refuses what cannot name one, because
// the provider relies on it: an unnamed consumption counts beside its trade. It also refuses a trade in a reservation or a
// cancellation, which are for none: a provider that cancels for one trade must not lose all that is open.
func (e entry) tradeDone(msg reader, c *Check) string {
	if c.Action == ActionReserve || c.Action == ActionCancel {
		msg.absent("only to consume or to reverse", tagRefOrderID, tagRefOrderIDSource)
		return ""
	}
	id := msg.text(tagRefOrderID, maxReference)
	switch source := msg.oneOf(tagRefOrderIDSource, orderSecondaryID, orderID); {
	case id == "" && source != "":
		msg.needHere(tagRefOrderID)
	case id == "":
	case source != orderID:
		c.ForTradeReference = id
		return contract.TradeID(c.Provider, id, c.TradeDate)
	case !contract.IsID(id):
		msg.refuse(outOfRange(tagRefOrderID, "is not one of our trade ids"))
	default:
		return id
	}
	return ""
}

// Values of RefRiskLimitCheckIDType(2335).
const (
	usedByReference = "0" // RiskLimitCheckRequestID(2318) of the request that reserved
	usedByID        = "1" // our RiskLimitCheckID(2319)
)

// Values of RiskLimitCheckRequestType(2323) beside 2334.
const (
	usesAll  = "0" // the deal is all that was reserved for: the rest becomes free
	usesPart = "1"
)

// usedCheck reads the line check that a trade uses: 2334 and 2335, in the message or in its side. It returns nil if the trade
// names none.
func (e entry) usedCheck(msg reader, tradeDate string) *story.UsedCheck {
	id := msg.text(tagUsedCheckID, maxReference)
	kind := msg.oneOf(tagUsedCheckIDType, usedByReference, usedByID)
	rest := msg.oneOf(tagCheckRequestType, usesAll, usesPart)
	if id == "" {
		if kind+rest != "" {
			msg.needHere(tagUsedCheckID)
		}
		return nil
	}
	reference := ""
	if kind == usedByReference {
		id, reference = contract.CheckID(e.session.Provider, id, tradeDate), id
	}
	return &story.UsedCheck{CheckID: id, Reference: reference, Rest: map[string]string{usesAll: story.RestFree, usesPart: story.RestKeep}[rest]}
}

// valueDateTag returns the tag of a check's value date: SettlDate(64), our extension, or MaturityDate(541), FIX's own.
func valueDateTag(msg reader) quickfix.Tag {
	if !msg.has(tagSettlDate) && msg.has(tagMaturityDate) {
		return tagMaturityDate
	}
	return tagSettlDate
}
