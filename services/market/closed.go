package market

import (
	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
)

// Closed returns the reason why the pair cannot settle on a date, and false if it can. Usually both currencies must be open
// and, for a cross, the dollar. Where the pair's terms allow broken dates, one of its two currencies is enough: the other one
// settles on its next good day, and the dollar does not matter.
func (p *Pair) Closed(value fxdate.Date) (calendar.Closure, bool) {
	closure, closed := p.Dates.Joint().Closed(value)
	if !closed || !p.BrokenDates {
		return closure, closed
	}
	for _, currency := range p.Dates.Legs() {
		if currency.IsBusinessDay(value) {
			return calendar.Closure{}, false
		}
	}
	return closure, true
}

// Broken returns the closure for which a date that the pair can settle on is a broken one; false for a usual date.
func (p *Pair) Broken(value fxdate.Date) (calendar.Closure, bool) {
	if _, closed := p.Closed(value); closed {
		return calendar.Closure{}, false
	}
	return p.Dates.Joint().Closed(value)
}
