package market

import (
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
)

// Window returns the time in which both payments of a value date can be made: from the beginning of the day of the cut-off that
// comes first until that cut-off. Without cut-offs it is the value date itself, UTC. A broken date is one on which a currency
// is closed: both are paid on the next date on which both settle, so that neither side pays first. Error: calendar.ErrNoBusinessDay.
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

// settled returns the first date from a value date on at which both currencies settle.
func (p *Pair) settled(value fxdate.Date) (fxdate.Date, error) {
	legs := p.Dates.Legs()
	return calendar.Joint(legs[:]).Following(value)
}
