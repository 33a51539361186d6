package rules

import (
	"fmt"
	"strconv"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/trade"
)

// dates are the dates of a deal.
type dates struct {
	today, trade, spot fxdate.Date
	value              []fxdate.Date // value dates by leg
}

// checkDates finds the trade date, the spot date and each leg's value date, and checks them against the calendars.
func (d *deal) checkDates() error {
	if err := d.findTradeDate(); err != nil {
		return err
	}
	var err error
	if d.dates.spot, err = d.pair.Dates.Spot(d.dates.trade); err != nil {
		return err
	}
	for i := range d.request.Legs {
		value, err := d.valueDate(i)
		if err != nil {
			return err
		}
		if err := d.checkSettles(value); err != nil {
			return err
		}
		d.dates.value = append(d.dates.value, value)
	}
	return d.checkOrder()
}

// findTradeDate accepts today's trade date and the previous one. A request may be sent before the roll at 17:00 in New
// York and arrive after it, and a report may be about a trade of the day before. The trade date of a request must be
// that of its transaction time.
func (d *deal) findTradeDate() error {
	date, err := fxdate.ParseDate(d.request.TradeDate)
	if err != nil {
		return reject(reason.InvalidDate, "the trade %s", dateFault(d.request.TradeDate))
	}
	today := d.Rollover.TradeDate(d.now)
	if previous := fxdate.PreviousTradeDate(today); date != today && date != previous {
		return reject(reason.InvalidDate, "the trade date %s is neither today's, %s, nor the one before, %s", date, today, previous)
	}
	if own := d.Rollover.TradeDate(d.request.TransactedAt); d.request.Kind == Asked && date != own {
		return reject(reason.InvalidDate, "the trade date %s is not that of the transaction time %s, which is %s",
			date, instant(d.request.TransactedAt), own)
	}
	d.dates.today, d.dates.trade = today, date
	return nil
}

// checkSettles refuses a value date that has passed, is after the longest tenor, or is not a business day of the pair.
func (d *deal) checkSettles(value fxdate.Date) error {
	if value < d.dates.today {
		return reject(reason.PastDate, "the value date %s has passed: today's trade date is %s; ask for spot, %s, or later",
			value, d.dates.today, d.dates.spot)
	}
	last, err := d.lastDate()
	if err != nil {
		return err
	}
	if value > last {
		return reject(reason.BeyondMaxTenor, "the value date %s is more than %d years after spot, %s; the last one is %s",
			value, d.MaxTenorYears, d.dates.spot, last)
	}
	closure, closed := d.pair.Dates.Joint().Closed(value)
	if !closed {
		return nil
	}
	next, err := d.pair.Dates.Joint().Following(value)
	if err != nil {
		return err
	}
	return reject(reason.Holiday, "the value date %s is %s; the next good date is %s", value, closure, next)
}

// lastDate returns the value date of the longest tenor. It may be some days after the anniversary of spot.
func (d *deal) lastDate() (fxdate.Date, error) {
	longest, err := fxdate.ParseTenor(strconv.Itoa(d.MaxTenorYears) + "Y")
	if err != nil {
		return 0, err
	}
	period, err := d.pair.Dates.Period(d.dates.trade, longest)
	return period.End, err
}

// checkOrder checks the value dates against the product: a spot trade is on the spot date, a forward after it, and a
// swap's far leg after its near leg.
func (d *deal) checkOrder() error {
	value, spot := d.dates.value, d.dates.spot
	switch {
	case d.request.Product == trade.Spot && value[0] != spot:
		return reject(reason.InvalidDate, "the value date %s is not the spot date of %s, %s; another date is a forward or a swap",
			value[0], d.pair.Name, spot)
	case d.request.Product == trade.Forward && value[0] <= spot:
		return reject(reason.InvalidDate, "the value date %s of a forward must be after spot, %s", value[0], spot)
	case d.request.Product == trade.Swap && value[0] >= value[1]:
		return reject(reason.InvalidDate, "the far date %s of a swap must be after its near date, %s", value[1], value[0])
	}
	return nil
}

func dateFault(text string) string {
	return fmt.Sprintf("date %s is not a calendar date YYYY-MM-DD", quoted(text))
}
