package dialect

import (
	"strconv"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/lambda/event"
)

// noID is OrderID(37) of a rejection that has no order of its own.
const noID = "NONE"

// Standing is the final answer to the request that had a reference first. The zero value means that there is none yet.
type Standing struct {
	MsgType string
	Body    []byte // as it was sent
}

// stateOfOrder are the fields of an ExecutionReport that say how an order stands, and what it is.
var stateOfOrder = [...]quickfix.Tag{
	tagOrdStatus, tagCumQty, tagLeavesQty, tagAvgPx, tagOrderQty, tagOrdType, tagPrice, tagSide, tagSymbol, tagCurrency, tagSettlType,
}

// Clash returns the rejection of a request whose reference was used before for another one. It never has the id of the standing
// trade or reservation as its own. The rejection of an order is also a status of the standing order (FIX, order state
// change matrix F.1.b), so that nobody takes that one for rejected.
func (d *Dialect) Clash(s Session, e event.Event, standing Standing) (*quickfix.Message, error) {
	m, err := standardAnswer(d.agreedOn(s), e)
	if err != nil {
		return nil, err
	}
	a := answer{m}
	if msgType, _ := m.MsgType(); msgType != formExecution {
		a.Body.Remove(tagCheckID)
		return d.vary(m), nil
	}
	a.set(tagOrderID, noID)
	switch standing.MsgType {
	case formExecution:
		a.as(standing.Body, d.accountTag())
	case "":
		a.undecided()
	}
	return d.vary(m), nil
}

// as gives the answer the state and the terms of another order.
func (a answer) as(report []byte, account quickfix.Tag) {
	a.Body.Remove(tagNoPartyIDs)
	a.copy(report, account, tagAccount)
	for _, tag := range stateOfOrder {
		a.copy(report, tag, tag)
	}
}

func (a answer) copy(report []byte, from, to quickfix.Tag) {
	value := wire.Value(report, strconv.Itoa(int(from))+"=")
	if len(value) == 0 {
		a.Body.Remove(to)
		return
	}
	a.set(to, string(value))
}

// undecided says that the order with the reference is pending. Its terms are not known here.
func (a answer) undecided() {
	for _, tag := range [...]quickfix.Tag{tagOrderQty, tagOrdType, tagPrice, tagSettlType} {
		a.Body.Remove(tag)
	}
	a.set(tagOrdStatus, "A")
}
