package trade_test

import (
	"errors"
	"testing"

	"fxcore/services/trading/internal/trade"
)

// TestEveryStatusAndAction lists the whole table: a pair that is not listed is not allowed.
func TestEveryStatusAndAction(t *testing.T) {
	type pair struct {
		status trade.Status
		action trade.Action
	}
	allowed := map[pair]trade.Status{
		{trade.Registered, trade.Book}:      trade.Booked,
		{trade.Registered, trade.Refuse}:    trade.BookingRefused,
		{trade.Registered, trade.Execute}:   trade.Executed, // the money has moved, whoever has booked it
		{trade.Registered, trade.Supersede}: trade.Superseded,
		{trade.Registered, trade.Delete}:    trade.Deleted,

		{trade.BookingRefused, trade.Book}:      trade.Booked,
		{trade.BookingRefused, trade.Refuse}:    trade.BookingRefused,
		{trade.BookingRefused, trade.Execute}:   trade.Executed,
		{trade.BookingRefused, trade.Supersede}: trade.Superseded,
		{trade.BookingRefused, trade.Delete}:    trade.Deleted,

		{trade.Booked, trade.Book}:      trade.Booked,
		{trade.Booked, trade.Refuse}:    trade.Booked, // a late refusal
		{trade.Booked, trade.Execute}:   trade.Executed,
		{trade.Booked, trade.Supersede}: trade.Superseded,
		{trade.Booked, trade.Delete}:    trade.Deleted,

		{trade.Executed, trade.Book}:     trade.Executed, // after execution only late facts
		{trade.Executed, trade.Refuse}:   trade.Executed,
		{trade.Superseded, trade.Book}:   trade.Superseded,
		{trade.Superseded, trade.Refuse}: trade.Superseded,
		{trade.Deleted, trade.Book}:      trade.Deleted,
		{trade.Deleted, trade.Refuse}:    trade.Deleted,
	}
	for _, status := range trade.Statuses() {
		for _, action := range trade.Actions() {
			want, ok := allowed[pair{status, action}]
			got, err := status.After(action)
			switch {
			case ok && (err != nil || got != want):
				t.Errorf("%s a trade that is %s: %s, %v, want %s", action, status, got, err, want)
			case !ok && (!errors.Is(err, trade.ErrNotAllowed) || got != status):
				t.Errorf("%s a trade that is %s: %s, %v, want ErrNotAllowed", action, status, got, err)
			}
		}
	}
}
