package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/store"
)

// rejected is the step of trade.rejected: it records the refusal, whichever service refused the request. It changes no
// trade.
type rejected struct{ told messages.Rejected }

func readRejected(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadRejected(e)
	return rejected{told}, err
}

// Want asks for nothing, because the record needs no other data.
func (rejected) Want(*Batch) {}

// Decide records the rejection, gives back what the deal had dealt on a quote, and emits nothing.
func (r rejected) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	request, no := r.told.Request, r.told.Rejected
	s.rejections = append(s.rejections, store.Rejection{
		EventID: e.ID, TradeID: request.TradeID, Provider: request.Provider, Reference: request.Reference, Kind: request.Kind,
		Client: request.Client, Product: request.Product, Pair: request.Pair,
		Code: string(no.Code), Text: no.Text, By: no.By, At: e.Time,
	})
	if use := r.told.Validated.QuoteUse; use != "" {
		s.freed = append(s.freed, use)
	}
	return nil, nil
}
