package steps

import (
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// readRefused is the step of trade.refused: the mainframe refused to book the trade, at the time of the event.
func readRefused(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadRefused(e)
	return fact{refOf(told.TradeVersion), func(life *trade.Life) (bool, error) {
		return life.Refuse(trade.Refusal{Code: told.Code, Text: told.Text, At: e.Time})
	}}, err
}
