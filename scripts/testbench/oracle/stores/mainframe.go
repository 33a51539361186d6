package stores

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
)

// bookingLine is a line of the mainframe simulator's book.
type bookingLine struct {
	Reference string `json:"reference"`
	Trade     struct {
		TradeID  string `json:"trade_id"`
		Provider string `json:"provider"`
		Client   string `json:"client"`
		Product  string `json:"product"`
		Pair     string `json:"pair"`
		Legs     []struct {
			ValueDate   string          `json:"value_date"`
			BaseSide    string          `json:"base_side"`
			BaseAmount  decimal.Decimal `json:"base_amount"`
			QuoteAmount decimal.Decimal `json:"quote_amount"`
			Rate        decimal.Decimal `json:"rate"`
		} `json:"legs"`
	} `json:"trade"`
}

// bookings are all of them, in the order in which they arrived.
func bookings(ctx context.Context, control string) ([]oracle.Booking, error) {
	body, err := ask(ctx, control, "/bookings")
	if err != nil {
		return nil, fmt.Errorf("ask for bookings: %w", err)
	}
	defer func() { _ = body.Close() }()
	return readBookings(body)
}

func readBookings(in io.Reader) ([]oracle.Booking, error) {
	var all []oracle.Booking
	for lines := json.NewDecoder(in); ; {
		var l bookingLine
		switch err := lines.Decode(&l); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("booking %d: %w", len(all)+1, err)
		}
		all = append(all, l.booking())
	}
}

func (l bookingLine) booking() oracle.Booking {
	b := oracle.Booking{
		TradeID: l.Trade.TradeID, Reference: l.Reference, Provider: l.Trade.Provider, Client: l.Trade.Client,
		Product: l.Trade.Product, Pair: l.Trade.Pair,
	}
	for _, leg := range l.Trade.Legs {
		b.Legs = append(b.Legs, oracle.Leg(leg))
	}
	return b
}
