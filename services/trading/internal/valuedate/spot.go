package valuedate

import (
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/calendar"
)

// Spot returns the pair's spot date for a trade date: the later of both currencies' own spot dates, moved to a day on
// which both, and the dollar, settle.
func (p Pair) Spot(trade fxdate.Date) (fxdate.Date, error) {
	latest := trade
	for _, currency := range p.legs {
		date, err := p.spotOf(currency, trade)
		if err != nil {
			return 0, err
		}
		latest = max(latest, date)
	}
	return p.joint.Following(latest)
}

// spotOf counts the lag in business days of one currency. The days before the last are intermediate days: work on them
// must only be possible where the currency itself needs it, so a dollar holiday does not count there, except against
// currencies that are paid through New York on that day.
func (p Pair) spotOf(currency *calendar.Calendar, trade fxdate.Date) (fxdate.Date, error) {
	date := trade
	for range p.lag - 1 {
		next, err := p.intermediate(currency, date)
		if err != nil {
			return 0, err
		}
		date = next
	}
	if p.lag == 0 {
		return date, nil
	}
	return calendar.Joint{currency}.Next(date)
}

func (p Pair) intermediate(currency *calendar.Calendar, date fxdate.Date) (fxdate.Date, error) {
	if currency.Currency() == dollar {
		return nextWeekday(currency, date), nil
	}
	if p.withDollar() && countsDollarHolidays(currency.Currency()) {
		return calendar.Joint{currency, p.usd}.Next(date)
	}
	return calendar.Joint{currency}.Next(date)
}

// countsDollarHolidays names the currencies for which a dollar holiday on an intermediate day pushes spot (market
// convention for the Mexican, Chilean and Argentine peso against the dollar).
func countsDollarHolidays(currency string) bool {
	return currency == "MXN" || currency == "CLP" || currency == "ARS"
}

// nextWeekday returns the next day that is no weekend, holidays ignored. A week has an open day (calendar.New), so the
// loop ends.
func nextWeekday(c *calendar.Calendar, d fxdate.Date) fxdate.Date {
	d = d.AddDays(1)
	for c.IsWeekend(d) {
		d = d.AddDays(1)
	}
	return d
}
