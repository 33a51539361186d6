package booking

import (
	"fmt"
	"time"

	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
)

// request returns the records of BOOK for a trade and their number: the booking, then its legs.
func (b *Booker) request(r messages.Registered) (body []byte, count int, err error) {
	booking, err := bookingOf(r)
	if err != nil {
		return nil, 0, err
	}
	if body, err = b.layouts.Booking.Append(nil, booking); err != nil {
		return nil, 0, fmt.Errorf("trade %s: %w", r.Request.TradeID, err)
	}
	for _, leg := range r.Validated.Legs {
		if body, err = b.appendLeg(body, leg); err != nil {
			return nil, 0, fmt.Errorf("trade %s: %w", r.Request.TradeID, err)
		}
	}
	return body, 1 + len(r.Validated.Legs), nil
}

func bookingOf(r messages.Registered) (records.Booking, error) {
	date, err := time.Parse(time.DateOnly, r.Validated.TradeDate)
	if err != nil {
		return records.Booking{}, fmt.Errorf("trade %s: trade date: %w", r.Request.TradeID, err)
	}
	return records.Booking{
		TradeID: r.Request.TradeID, Version: r.Registered.Version, Provider: r.Request.Provider, Client: r.Request.Client,
		Account: r.Request.Account, Product: r.Product(), Pair: r.Validated.Pair, TradeDate: date,
		RegisteredAt: r.Registered.RegisteredAt, Legs: len(r.Validated.Legs),
	}, nil
}

func (b *Booker) appendLeg(body []byte, leg messages.Leg) ([]byte, error) {
	date, err := time.Parse(time.DateOnly, leg.ValueDate)
	if err != nil {
		return nil, fmt.Errorf("value date: %w", err)
	}
	return b.layouts.Leg.Append(body, records.Leg{
		ValueDate: date, BaseSide: leg.BaseSide, Base: leg.Base, BaseAmount: leg.BaseAmount,
		Quote: leg.Quote, QuoteAmount: leg.QuoteAmount, Rate: leg.Rate,
	})
}
