package steps

import (
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/trade"
)

// readBooked is the step of trade.booked: the mainframe has booked the trade.
func readBooked(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadBooked(e)
	return fact{refOf(told.TradeVersion), func(life *trade.Life) (bool, error) {
		return life.Book(trade.Booking{Reference: told.BookingReference, At: told.BookedAt})
	}}, err
}
