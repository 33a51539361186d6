package messages

import (
	"errors"
	"slices"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Request holds the fields of a trade request that trading reads.
type Request struct {
	TradeID      string         `json:"trade_id"`
	Provider     string         `json:"provider"`
	Reference    string         `json:"reference"` // the provider's own: ClOrdID (11), TradeReportID (571)
	Kind         string         `json:"kind"`      // request, report
	TradeDate    string         `json:"trade_date"`
	TransactedAt time.Time      `json:"transacted_at"`
	Client       string         `json:"client"`
	Account      string         `json:"account"`
	Product      string         `json:"product"`
	Pair         string         `json:"pair"`
	Currency     string         `json:"currency"` // the dealt currency
	Legs         []RequestedLeg `json:"legs"`     // near leg first
	QuoteID      string         `json:"quote_id"`
	Facts
}

// Facts are what a report may say besides its legs. Rates and points are decimals in text; points are differences of rates.
type Facts struct {
	ReportedTradeDate string `json:"reported_trade_date"` // TradeDate (75); trade_date is the date of the request's id
	SpotRate          string `json:"spot_rate"`           // LastSpotRate (194)
	SwapPoints        string `json:"swap_points"`         // LastSwapPoints (1071)
}

// RequestedLeg is one leg of the request, as text.
type RequestedLeg struct {
	Side      string `json:"side"`
	Amount    string `json:"amount"`
	Rate      string `json:"rate"`
	Tenor     string `json:"tenor"`
	ValueDate string `json:"value_date"`

	OtherAmount   string `json:"other_amount"`   // of a report: the amount of the other currency
	ForwardPoints string `json:"forward_points"` // of a report: rate less spot rate
}

// Authorized holds the sections of trade.authorized that trading reads.
type Authorized struct {
	Request    Request `json:"request"`
	Authorized struct {
		DateDecides bool `json:"date_decides"` // the provider may deal what the value date makes of the request
	} `json:"authorized"`
}

// Reserved holds the sections of trade.reserved that trading reads: the request, trading's own validation, the reservation of the
// line, and what auth and linecheck have flagged.
type Reserved struct {
	Request    Request   `json:"request"`
	Validated  Validated `json:"validated"`
	Authorized struct {
		Flags []Flag `json:"flags"`
	} `json:"authorized"`
	Reserved struct {
		ExpiresAt time.Time `json:"expires_at"`
		Basis     struct {
			Flags []Flag `json:"flags"`
		} `json:"basis"`
	} `json:"reserved"`
}

// Flags returns what all services have flagged, in the order of their steps.
func (r Reserved) Flags() []Flag {
	return slices.Concat(r.Authorized.Flags, r.Validated.Flags, r.Reserved.Basis.Flags)
}

// ReadAuthorized decodes e. An error means that e can never be handled.
func ReadAuthorized(e event.Event) (Authorized, error) {
	var view Authorized
	if err := e.Read(&view); err != nil {
		return view, err
	}
	return view, contract.CheckIsID("trade id", view.Request.TradeID)
}

// ReadReserved decodes e. An error means that e can never be handled.
func ReadReserved(e event.Event) (Reserved, error) {
	var view Reserved
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Reserved.ExpiresAt.IsZero() || len(view.Validated.Legs) == 0 {
		return view, errors.New("without what was validated or until when the line is reserved")
	}
	return view, contract.CheckIsID("trade id", view.Request.TradeID)
}
