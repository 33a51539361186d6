package messages

import (
	"fmt"
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Deleted has the fields of trade.deleted that the gateway reads.
type Deleted struct {
	TradeID   string    `json:"trade_id"`
	Version   int       `json:"version"`
	DeletedAt time.Time `json:"deleted_at"`
	Booked    bool      `json:"booked"`
	Terms     struct {
		Provider  string `json:"provider"`
		Client    string `json:"client"`
		Account   string `json:"account"`
		Product   string `json:"product"`
		Pair      string `json:"pair"`
		TradeDate string `json:"trade_date"`
		Legs      []Leg  `json:"legs"`
	} `json:"terms"`
}

// ReversalID returns the id under which the mainframe books the opposite of a version of a trade.
func (d Deleted) ReversalID() string {
	return event.ChildID(d.TradeID, "reversal", strconv.Itoa(d.Version))
}

// Reversal returns the opposite of what was booked: the client buys what it sold, and sells what it bought.
func (d Deleted) Reversal() (r Registered) {
	t := d.Terms
	r.Request.TradeID, r.Request.Provider, r.Request.Client, r.Request.Account, r.Request.Product = d.ReversalID(), t.Provider, t.Client, t.Account, t.Product
	r.Validated.Product, r.Validated.TradeDate, r.Validated.Pair = t.Product, t.TradeDate, t.Pair
	r.Registered.Version, r.Registered.RegisteredAt = 1, d.DeletedAt
	for _, leg := range t.Legs {
		leg.BaseSide = opposite(leg.BaseSide)
		r.Validated.Legs = append(r.Validated.Legs, leg)
	}
	return r
}

func opposite(side string) string {
	if side == "buy" {
		return "sell"
	}
	return "buy"
}

// ReversalBooked is the data of reversal.booked.
type ReversalBooked struct {
	TradeID          string    `json:"trade_id"` // of the trade that has ended
	Version          int       `json:"version"`
	ReversalID       string    `json:"reversal_id"`       // under which the mainframe has booked the opposite
	BookingReference string    `json:"booking_reference"` // the mainframe's
	BookedAt         time.Time `json:"booked_at"`         // by the mainframe's clock
}

// ReversalRefused is the data of reversal.refused.
type ReversalRefused struct {
	TradeID    string `json:"trade_id"`
	Version    int    `json:"version"`
	ReversalID string `json:"reversal_id"`
	Code       string `json:"code"` // the mainframe's
	Text       string `json:"text"` // for a person
}

// ReadDeleted decodes a deleted trade. An error means that it can never be handled.
func ReadDeleted(e event.Event) (Deleted, error) {
	var d Deleted
	if e.Type != contract.TradeDeleted {
		return d, fmt.Errorf("read %s %s: not a deleted trade", e.Type, e.ID)
	}
	if err := e.Read(&d); err != nil {
		return d, err
	}
	if d.Version < 1 || len(d.Terms.Legs) == 0 || d.DeletedAt.IsZero() {
		return d, fmt.Errorf("read %s %s: no version, legs or time", e.Type, e.ID)
	}
	return d, contract.CheckIsID("trade id", d.TradeID)
}
