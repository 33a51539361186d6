package messages

import (
	"errors"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// Rejection is the section that trade.rejected adds.
type Rejection struct {
	Code reason.Code `json:"code"`
	Text string      `json:"text"`
	By   string      `json:"by"`
}

// Rejected holds the fields of trade.rejected that trading reads, whichever service refused the trade.
type Rejected struct {
	Request   Request `json:"request"`
	Validated struct {
		QuoteUse string `json:"quote_use"` // empty if the request was not validated, or names no quote
	} `json:"validated"`
	Rejected Rejection `json:"rejected"`
}

// ReadRejected decodes e. An error means that e can never be handled.
func ReadRejected(e event.Event) (Rejected, error) {
	var view Rejected
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Rejected.Code == "" || e.Time.IsZero() {
		return view, errors.New("no code or no time")
	}
	if use := view.Validated.QuoteUse; use != "" {
		if err := contract.CheckIsID("use of a quote", use); err != nil {
			return view, err
		}
	}
	return view, contract.CheckIsID("trade id", view.Request.TradeID)
}
