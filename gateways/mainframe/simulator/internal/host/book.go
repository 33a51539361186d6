package host

import (
	"encoding/json"
	"errors"
	"fmt"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/gateways/mainframe/simulator/internal/ledger"
)

// trade is a booking as the host read it.
type trade struct {
	records.Booking
	legs []records.Leg
}

func (h *Host) book(frame wire.Frame, done func(wire.Frame)) {
	t, err := h.trade(frame)
	if err != nil {
		h.log.Warn("booking not understood", "error", err)
		done(answer(frame, wire.NotUnderstood, "BADREC"))
		return
	}
	if reason, text := h.rules.refuse(t); reason != "" {
		done(h.refusal(frame, t.TradeID, reason, text))
		return
	}
	h.ledger.Submit(t.TradeID, frame.Body, t.encode, func(e ledger.Entry, err error) { done(h.booked(frame, t, e, err)) })
}

func (h *Host) booked(frame wire.Frame, t trade, e ledger.Entry, err error) wire.Frame {
	code := wire.Done
	switch {
	case errors.Is(err, ledger.ErrConflict):
		return h.refusal(frame, t.TradeID, "CONFLICT", "trade "+t.TradeID+" is booked with other content")
	case err != nil:
		return answer(frame, wire.HostError, "LEDGER")
	case e.Again:
		code = wire.Nothing
	}
	return with(answer(frame, code, ""), h.layouts.Booked, records.Booked{TradeID: t.TradeID, Reference: e.Reference, BookedAt: e.BookedAt})
}

func (h *Host) refusal(frame wire.Frame, id, reason, text string) wire.Frame {
	return with(answer(frame, wire.Refused, reason), h.layouts.Refusal, records.Refusal{ID: id, Text: text})
}

// trade reads a booking and its legs.
func (h *Host) trade(frame wire.Frame) (trade, error) {
	all, err := h.layouts.Split(frame.Body, frame.Count)
	if err != nil {
		return trade{}, err
	}
	if len(all) == 0 {
		return trade{}, errors.New("a booking without records")
	}
	booking, err := h.layouts.Booking.Decode(all[0])
	if err != nil {
		return trade{}, err
	}
	if booking.TradeID == "" || booking.Legs != len(all)-1 || booking.Legs < 1 {
		return trade{}, fmt.Errorf("booking of %q: %d legs, %d records", booking.TradeID, booking.Legs, len(all)-1)
	}
	t := trade{Booking: booking}
	for _, r := range all[1:] {
		leg, err := h.layouts.Leg.Decode(r)
		if err != nil {
			return trade{}, err
		}
		t.legs = append(t.legs, leg)
	}
	return t, nil
}

// content is a trade in the book.
type content struct {
	TradeID      string       `json:"trade_id"`
	Version      int          `json:"version"`
	Provider     string       `json:"provider"`
	Client       string       `json:"client"`
	Account      string       `json:"account,omitempty"`
	Product      string       `json:"product"`
	Pair         string       `json:"pair"`
	TradeDate    string       `json:"trade_date"`
	RegisteredAt string       `json:"registered_at"`
	Legs         []legContent `json:"legs"`
}

type legContent struct {
	ValueDate   string `json:"value_date"`
	BaseSide    string `json:"base_side"`
	Base        string `json:"base"`
	BaseAmount  string `json:"base_amount"`
	Quote       string `json:"quote"`
	QuoteAmount string `json:"quote_amount"`
	Rate        string `json:"rate"`
}

func (t trade) encode() (json.RawMessage, error) {
	c := content{
		TradeID: t.TradeID, Version: t.Version, Provider: t.Provider, Client: t.Client, Account: t.Account, Product: t.Product,
		Pair: t.Pair, TradeDate: t.TradeDate.Format("2006-01-02"), RegisteredAt: t.RegisteredAt.Format("2006-01-02T15:04:05.000000Z"),
	}
	for _, l := range t.legs {
		c.Legs = append(c.Legs, legContent{
			ValueDate: l.ValueDate.Format("2006-01-02"), BaseSide: l.BaseSide, Base: l.Base, BaseAmount: l.BaseAmount.String(),
			Quote: l.Quote, QuoteAmount: l.QuoteAmount.String(), Rate: l.Rate.String(),
		})
	}
	return json.Marshal(c)
}
