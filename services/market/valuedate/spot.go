package valuedate

import (
	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
)

// Spot returns the pair's spot date for a trade date. It takes the later of the spot dates of the two currencies, and
// moves it to a day on which both currencies and the dollar settle. Error: calendar.ErrNoBusinessDay.
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

// spotOf counts the lag in business days of one currency. The days before the last are intermediate days. On an
// intermediate day only the currency's own banks must be open. A dollar holiday therefore does not count, except
// against the currencies of countsDollarHolidays.
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

// countsDollarHolidays reports whether a dollar holiday on an intermediate day moves spot. That is the market
// convention for the Mexican, Chilean and Argentine peso against the dollar.
func countsDollarHolidays(currency string) bool {
	return currency == "MXN" || currency == "CLP" || currency == "ARS"
}

// nextWeekday returns the next day that is not a weekend; it ignores holidays. The loop ends, because every weekend
// rule leaves a day open (see calendar.New).
func nextWeekday(c *calendar.Calendar, d fxdate.Date) fxdate.Date {
	d = d.AddDays(1)
	for c.IsWeekend(d) {
		d = d.AddDays(1)
	}
	return d
}
