package messages

import (
	"cmp"
	"errors"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// ReadOriginal decodes what trade.requested and linecheck.requested have of the provider's own message. It returns false for a request
// without one: those that came by the API, and those of a gateway of a former version.
func ReadOriginal(e event.Event) (o blotter.Original, found bool, err error) {
	d, err := read[struct {
		Request struct {
			TradeID string `json:"trade_id"`
			CheckID string `json:"check_id"`
		} `json:"request"`
		Original *blotter.Original `json:"original"`
	}](e)
	subject := cmp.Or(d.Request.TradeID, d.Request.CheckID)
	if err == nil {
		err = errors.Join(contract.CheckIsID("message id", e.ID), contract.CheckIsID("trade or check id", subject))
	}
	if err != nil || d.Original == nil {
		return o, false, err
	}
	o = *d.Original
	o.MessageID, o.ReceivedAt, o.Subject = e.ID, e.Time, subject
	return o, true, contract.CheckTexts(o.Protocol, o.Session)
}
