package dialect

import (
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/internal/story"
	"fxcore/lambda/event"
)

// multilegReport is MultiLegReportingType(442) of a report on a whole multileg order.
const multilegReport = "3"

// execution begins an ExecutionReport with the fields of every state of an order. ExecID is the event's id. So a repeated answer
// has the same ExecID, and two different answers never share one.
func execution(s Session, e event.Event, t Trade, at time.Time) answer {
	a := newAnswer(formExecution)
	a.set(tagOrderID, t.TradeID)
	a.set(tagClOrdID, t.Reference)
	a.set(tagExecID, e.ID)
	a.set(tagSymbol, t.Pair)
	a.set(tagSide, t.Echo.Side)
	a.set(tagOrderQty, t.Legs[0].Amount)
	a.set(tagOrdType, t.Echo.OrdType)
	a.set(tagPrice, t.Legs[0].Rate)
	a.set(tagCurrency, t.Currency)
	a.set(tagSettlType, s.settlType(t.Echo.SettlType, false))
	a.time(tagTransactTime, at)
	switch {
	case t.Echo.Party:
		a.party(t.Client)
		a.set(tagAccount, t.Account)
	default:
		a.set(tagAccount, t.Client)
	}
	if t.Echo.Form == formMultileg {
		a.set(tagOrderQty, t.Echo.Qty)
		a.set(tagMultiLegReportingType, multilegReport)
	}
	return a
}

// state writes ExecType, OrdStatus and the quantities that go with them.
func (a answer) state(execType, status, leaves, done, average string) {
	a.set(tagExecType, execType)
	a.set(tagOrdStatus, status)
	a.set(tagLeavesQty, leaves)
	a.set(tagCumQty, done)
	a.set(tagAvgPx, average)
}

func pending(s Session, e event.Event, t Trade) *quickfix.Message {
	a := execution(s, e, t, e.Time)
	a.state("A", "A", t.Legs[0].Amount, "0", "0")
	return a.Message
}

func rejection(s Session, e event.Event, t Trade, r story.Rejected) *quickfix.Message {
	a := execution(s, e, t, e.Time)
	a.state("8", "8", "0", "0", "0")
	a.set(tagOrdRejReason, reasonOf(r.Code).order(s))
	a.text(tagText, r.Text)
	return a.Message
}
