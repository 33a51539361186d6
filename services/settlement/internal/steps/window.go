package steps

import (
	"errors"
	"fmt"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// setWindow gives a new leg its window. While that is not known, the leg is kept all the same, and each run of execution looks for it.
func (s *Batch) setWindow(o *obligation.Obligation, pair string) {
	window, err := windowOf(s, pair, o.ValueDate)
	if err != nil {
		o.Windowless = true
		window = obligation.Window{From: o.ValueDate.AddDays(-store.Ahead).Time(), NotAfter: o.ValueDate.AddDays(1).Time()}
	}
	o.Window = window
}

// findWindow looks for the window of a leg that has none, or holds the leg. The next run takes a leg that is due: the other legs of its
// netting set may not be here.
func (s *Batch) findWindow(leg *obligation.Obligation) {
	window, err := windowOf(s, leg.Base.Currency+"/"+leg.Quote.Currency, leg.ValueDate)
	if err != nil {
		s.hold([]*obligation.Obligation{leg}, err.Error())
		return
	}
	s.hold([]*obligation.Obligation{leg}, "")
	leg.Window = window
	s.windows = append(s.windows, leg)
}

// windowOf returns the time in which the payments of a value date can be made. A pair that the bank no longer deals gets the value
// date itself. An error says why the window cannot be known now: a calendar is missing, or has no business day.
func windowOf(s *Batch, pair string, value fxdate.Date) (obligation.Window, error) {
	known, err := s.static.Pair(pair)
	if errors.Is(err, market.ErrUnknownPair) {
		return obligation.Window{From: value.Time(), NotAfter: value.AddDays(1).Time()}, nil
	}
	if err != nil {
		return obligation.Window{}, err
	}
	from, until, err := known.Window(value)
	if err != nil {
		return obligation.Window{}, fmt.Errorf("when can %s pay on %s: %w", pair, value, err)
	}
	return obligation.Window{From: from.UTC(), NotAfter: until.UTC()}, nil
}
