package messages

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Registered has the fields of trade.registered that the gateway reads.
type Registered struct {
	Request struct {
		TradeID  string `json:"trade_id"`
		Provider string `json:"provider"`
		Client   string `json:"client"`
		Account  string `json:"account"`
		Product  string `json:"product"`
	} `json:"request"`
	Validated struct {
		Product   string `json:"product"` // by the value dates
		TradeDate string `json:"trade_date"`
		Pair      string `json:"pair"`
		Legs      []Leg  `json:"legs"`
	} `json:"validated"`
	Registered struct {
		Version      int       `json:"version"`
		RegisteredAt time.Time `json:"registered_at"`
	} `json:"registered"`
}

// Product returns the product by the value dates, or by the request if an older version of trading did not say.
func (r Registered) Product() string {
	if r.Validated.Product == "" {
		return r.Request.Product
	}
	return r.Validated.Product
}

// Leg is one exchange of a registered trade; the near one comes first.
type Leg struct {
	ValueDate   string          `json:"value_date"`
	Base        string          `json:"base"`
	BaseSide    string          `json:"base_side"` // the client's: buy or sell
	BaseAmount  decimal.Decimal `json:"base_amount"`
	Quote       string          `json:"quote"`
	QuoteAmount decimal.Decimal `json:"quote_amount"`
	Rate        decimal.Decimal `json:"rate"`
}

// Booked is the data of trade.booked.
type Booked struct {
	TradeID          string    `json:"trade_id"`
	Version          int       `json:"version,omitempty"` // left out for the first one
	BookingReference string    `json:"booking_reference"` // the mainframe's
	BookedAt         time.Time `json:"booked_at"`         // by the mainframe's clock
}

// Refused is the data of trade.refused.
type Refused struct {
	TradeID string `json:"trade_id"`
	Version int    `json:"version,omitempty"` // left out for the first one
	Code    string `json:"code"`              // the mainframe's
	Text    string `json:"text"`              // for a person
}

// Requested has the fields of static.requested that the gateway reads.
type Requested struct {
	Set          string `json:"set"`
	KnownVersion int64  `json:"known_version"` // 0 for none
}

// Delivered is the data of static.delivered: page Page of Pages, counted from 1; no pages if the version is the known one.
type Delivered struct {
	Set     string                     `json:"set"`
	Version int64                      `json:"version"`
	AsOf    time.Time                  `json:"as_of"` // time of the mainframe at which the records are valid
	Page    int                        `json:"page"`
	Pages   int                        `json:"pages"`
	Records map[string]json.RawMessage `json:"records,omitempty"` // by id

	// Signatures, see mirror.Signer: of all pages' records together, if there are pages, and of AsOf.
	ContentSignature string `json:"content_signature,omitempty"`
	HeldSignature    string `json:"held_signature,omitempty"`
}

// ReadRegistered decodes a registered trade. An error means that it can never be handled.
func ReadRegistered(e event.Event) (Registered, error) {
	var r Registered
	if e.Type != contract.TradeRegistered {
		return r, fmt.Errorf("read %s %s: not a registered trade", e.Type, e.ID)
	}
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if r.Request.TradeID == "" || len(r.Validated.Legs) == 0 {
		return r, fmt.Errorf("read %s %s: no trade id or no legs", e.Type, e.ID)
	}
	return r, nil
}

// ReadRequested decodes a request for a set. An error means that it can never be handled.
func ReadRequested(e event.Event) (Requested, error) {
	var r Requested
	if e.Type != contract.StaticRequested {
		return r, fmt.Errorf("read %s %s: not a request for a data set", e.Type, e.ID)
	}
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if r.Set == "" || r.KnownVersion < 0 {
		return r, fmt.Errorf("read %s %s: no set, or a version below 0", e.Type, e.ID)
	}
	return r, nil
}
