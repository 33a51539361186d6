package rules

import (
	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market/dating"
	"fxcore/services/market/valuedate"
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
		if err := d.dating().Settles(value); err != nil {
			return err
		}
		d.dates.value = append(d.dates.value, value)
	}
	return d.checkOrder()
}

// findTradeDate reads the trade date. That of a request must be the date of its transaction time.
func (d *deal) findTradeDate() error {
	today := d.Rollover.TradeDate(d.now)
	date, err := dating.TradeDate(d.request.TradeDate, today)
	if err != nil {
		return err
	}
	if own := d.Rollover.TradeDate(d.request.TransactedAt); d.request.Kind == Asked && date != own {
		return reject(reason.InvalidDate, "the trade date %s is not that of the transaction time %s, which is %s",
			date, instant(d.request.TransactedAt), own)
	}
	d.dates.today, d.dates.trade = today, date
	return nil
}

// dating returns the rule for the deal's value dates.
func (d *deal) dating() dating.Rule {
	return dating.Rule{Pair: d.pair, Deal: d.dates.deal(), Today: d.dates.today, Longest: d.Longest}
}

func (d dates) deal() valuedate.Dates { return valuedate.Dates{Trade: d.trade, Spot: d.spot} }

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
