package dialect

import (
	"github.com/quickfixgo/quickfix"

	"fxcore/lambda/event"
)

// reportAck answers a TradeCaptureReport: accepted with our trade id and what is remarkable about the trade, or rejected with
// the reason. FIX 4.4 has no TradeID; SecondaryTradeReportID carries it there.
func reportAck(s Session, e event.Event, story tradeStory) *quickfix.Message {
	t := story.Request
	a := newAnswer(formReportAck)
	a.set(tagTradeReportID, t.Reference)
	a.set(tagTradeReportTransType, "0")
	a.set(tagTradeReportType, "0")
	a.set(tagExecType, "F")
	a.set(tagExecID, e.ID)
	a.set(tagSymbol, t.Pair)
	if story.Rejected != nil {
		a.set(tagTrdRptStatus, "1")
		a.set(tagTradeReportReason, reasonOf(story.Rejected.Code).report(s))
		a.text(tagText, story.Rejected.Text)
		a.time(tagTransactTime, e.Time)
		return a.Message
	}
	a.set(tagTrdRptStatus, "0")
	a.set(tradeIDTag(s), t.TradeID)
	a.text(tagText, story.Notes())
	a.time(tagTransactTime, story.Registered.RegisteredAt)
	return a.Message
}

func tradeIDTag(s Session) quickfix.Tag {
	if s.fix44() {
		return tagSecondaryReportID
	}
	return tagTradeID
}
