package steps

import (
	"fmt"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// A report that linecheck could not measure is reserved with what its line check had reserved, or with nothing. It is measured when it
// is registered, and its registration waits until the figures are there. The answer that was given stays as it was.

// isUnmeasured reports whether a report was reserved without figures.
func (t registerTrade) isUnmeasured() bool {
	basis, err := t.trade.Reserved.Figures()
	return err == nil && t.trade.Request.Kind == messages.Reported && basis.Conversion.IsZero()
}

// propose measures the trade on the data of now. It returns nil if the message does not say what was dealt.
func (t registerTrade) propose(s *Batch) *proposal {
	deal, err := t.trade.Deal()
	if err != nil {
		return nil
	}
	p := s.proposeFact(t.trade.Validated.Pair, deal, t.taken.Terms, t.path)
	return &p
}

// measure gives the trade's reservation the figures that it lacks; without a reservation, what the message says gets them. A trade that
// is settled uses nothing any more. Errors: one that waits while a figure is missing, line.ErrNotLoaded.
func (t registerTrade) measure(s *Batch, e event.Event) error {
	if t.again == nil {
		return nil
	}
	r, known := s.book.Reservation(t.trade.Request.TradeID)
	switch {
	case known && (r.State == line.Settled || r.State == line.Deleted):
		return nil
	case t.again.fact.missing != "":
		return amqp.Wait(fmt.Errorf("register trade %s, which is not measured: %s", t.trade.Request.TradeID, t.again.fact.missing))
	case !known:
		t.taken.Measure(t.again.exposure)
		return nil
	}
	r, err := s.book.Measure(r.ID, t.again.exposure)
	if err == nil {
		s.log.Warn("a registered trade that was not measured is measured now: credit risk must look at it", log.About(e), "trade", r.ID, "client", r.Path.Client,
			"exposure", r.Exposure.String())
	}
	return err
}
