package market

import (
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
)

// Window returns the time in which both payments of a value date can be made: from the beginning of the day of the cut-off that
// comes first until that cut-off. Without cut-offs it is the value date itself, UTC. On a broken date the currency that is
// closed settles on its next good day, and the window is that day's. Error: calendar.ErrNoBusinessDay.
func (p *Pair) Window(value fxdate.Date) (from, until time.Time, err error) {
	settled, err := p.settled(value)
	if err != nil {
		return from, until, err
	}
	calendars := p.Dates.Legs()
	for i, c := range []Currency{p.Base, p.Quote} {
		cutOff, has := c.CutOffs.For(settled)
		if !has {
			continue
		}
		deadline, err := cutOff.Deadline(calendars[i], settled)
		if err != nil {
			return from, until, err
		}
		if !until.IsZero() && !deadline.Before(until) {
			continue
		}
		until = deadline
		if from, err = cutOff.Opening(calendars[i], settled); err != nil {
			return from, until, err
		}
	}
	if until.IsZero() {
		from, until = settled.Time(), settled.AddDays(1).Time()
	}
	return from, until, nil
}

// settled returns the first date from a value date on at which each currency has settled.
func (p *Pair) settled(value fxdate.Date) (fxdate.Date, error) {
	last := value
	for _, currency := range p.Dates.Legs() {
		good, err := calendar.Joint{currency}.Following(value)
		if err != nil {
			return 0, err
		}
		last = max(last, good)
	}
	return last, nil
}
