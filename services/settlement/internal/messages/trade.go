package messages

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Trade holds the fields of trade.registered that settlement reads.
type Trade struct {
	Request struct {
		Client  string `json:"client"`
		Account string `json:"account"` // may be empty
		Product string `json:"product"`
	} `json:"request"`
	Authorized struct {
		Desk string `json:"desk"` // the client's desk, in whose book the deal lies
	} `json:"authorized"`
	Validated struct {
		Product string `json:"product"` // by the value dates; it stands over the request's
		Pair    string `json:"pair"`
		Legs    []Leg  `json:"legs"` // near leg first
	} `json:"validated"`
	Registered struct {
		TradeID string `json:"trade_id"`
		Version int    `json:"version"` // 1 if the message has no version
	} `json:"registered"`
}

// Leg is one exchange of two amounts. The amounts are above zero; the side is the client's.
type Leg struct {
	ValueDate   string          `json:"value_date"`
	Base        string          `json:"base"`
	BaseSide    string          `json:"base_side"` // buy or sell
	BaseAmount  decimal.Decimal `json:"base_amount"`
	Quote       string          `json:"quote"`
	QuoteAmount decimal.Decimal `json:"quote_amount"`
}

// Product returns the product by the value dates, or by the request if an older version of trading did not say.
func (t Trade) Product() string {
	if t.Validated.Product == "" {
		return t.Request.Product
	}
	return t.Validated.Product
}

const maxLegs = 2

// ReadTrade decodes e. An error means that e can never be handled.
func ReadTrade(e event.Event) (Trade, error) {
	var t Trade
	t.Registered.Version = 1
	if err := e.Read(&t); err != nil {
		return t, err
	}
	return t, t.check()
}

func (t Trade) check() error {
	switch legs := len(t.Validated.Legs); {
	case t.Registered.Version < 1:
		return fmt.Errorf("version %d of a trade", t.Registered.Version)
	case legs == 0 || legs > maxLegs:
		return fmt.Errorf("a trade with %d legs", legs)
	case t.Request.Client == "":
		return errors.New("a trade without a client")
	}
	for i, leg := range t.Validated.Legs {
		if err := leg.check(); err != nil {
			return fmt.Errorf("leg %d: %w", i+1, err)
		}
	}
	return contract.CheckIsID("trade id", t.Registered.TradeID)
}

func (l Leg) check() error {
	switch {
	case l.BaseSide != "buy" && l.BaseSide != "sell":
		return fmt.Errorf("side %q", l.BaseSide)
	case !l.BaseAmount.IsPositive() || !l.QuoteAmount.IsPositive():
		return fmt.Errorf("amounts %s and %s", l.BaseAmount, l.QuoteAmount)
	}
	return nil
}

// Booked holds the fields of trade.booked that settlement reads.
type Booked struct {
	TradeID string `json:"trade_id"`
	Version int    `json:"version"` // 1 if the message has no version
}

// ReadBooked decodes e. An error means that e can never be handled.
func ReadBooked(e event.Event) (Booked, error) {
	view := Booked{Version: 1}
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Version < 1 {
		return view, fmt.Errorf("booking of version %d", view.Version)
	}
	return view, contract.CheckIsID("trade id", view.TradeID)
}

// BookingRefused holds the fields of trade.refused that settlement reads.
type BookingRefused struct {
	TradeID string `json:"trade_id"`
	Version int    `json:"version"` // 1 if the message has no version
	Code    string `json:"code"`    // the mainframe's
}

// ReadBookingRefused decodes e. An error means that e can never be handled.
func ReadBookingRefused(e event.Event) (BookingRefused, error) {
	view := BookingRefused{Version: 1}
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Code == "" || view.Version < 1 {
		return view, fmt.Errorf("code %q of the refusal of version %d", view.Code, view.Version)
	}
	return view, contract.CheckIsID("trade id", view.TradeID)
}
