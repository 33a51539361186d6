package steps

import (
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// readAssigned is the step of trade.assigned: from the time of the event on, a desk and a trader are responsible for
// the trade.
func readAssigned(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadAssigned(e)
	return fact{refOf(told.TradeVersion), func(life *trade.Life) (bool, error) {
		return life.Assign(trade.Assignment{Desk: told.Desk, Trader: told.Trader, At: e.Time}), nil
	}}, err
}
