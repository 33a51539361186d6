package rules

import (
	"errors"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market/dating"
	"fxcore/services/trading/internal/trade"
)

// dates are the dates of a deal, and the rule that they keep.
type dates struct {
	dating.Rule
	value []fxdate.Date // value dates by leg
}

// checkDates finds the trade date, the spot date and each leg's value date, and checks them against the calendars.
func (d *deal) checkDates() error {
	dated := d.asked
	if d.reported() {
		dated = d.done
	}
	rule, err := dated()
	if err != nil {
		return err
	}
	d.dates.Rule = rule
	for i := range d.request.Legs {
		value, err := d.valueDate(i)
		if err != nil {
			return err
		}
		if err := d.settles(i, value); err != nil {
			return err
		}
		d.flagBroken(i, value)
		d.dates.value = append(d.dates.value, value)
	}
	return d.checkProduct()
}

// settles refuses a value date on which the deal cannot settle. In a report a closed day and a late one are flagged: the trade is
// done, and a person must agree on another date.
func (d *deal) settles(leg int, value fxdate.Date) error {
	err := d.dates.Settles(value)
	var refusal *dating.Refusal
	if !d.reported() || !errors.As(err, &refusal) {
		return err
	}
	switch refusal.Code {
	case reason.BeyondMaxTenor:
		if value > d.dates.Deal.Spot.AddMonths(monthsToBook) {
			return reject(reason.BeyondMaxTenor, "the value date %s is more than %d years after spot, %s, the most that the bank can book; correct the report",
				value, monthsToBook/12, d.dates.Deal.Spot)
		}
		d.flag(trade.BeyondMaxTenor, leg, refusal.Text)
	case reason.Holiday:
	default:
		return err
	}
	if closure, closed := d.pair.Closed(value); closed {
		d.flag(trade.ClosedDate, leg, "the value date "+value.String()+" is "+closure.String())
	}
	return nil
}

// monthsToBook bounds after how many months from spot a reported trade may settle. A later date is taken for an error.
const monthsToBook = 30 * 12

// asked returns the rule for a request to trade now. The trade date in the request must be the date of its transaction time
// by the contract's rollover; the deal's own is that of its pair.
func (d *deal) asked() (dating.Rule, error) {
	date, err := dating.TradeDate(d.request.TradeDate, d.Rollover, d.now)
	if err != nil {
		return dating.Rule{}, err
	}
	if own := d.Rollover.TradeDate(d.request.TransactedAt); date != own {
		return dating.Rule{}, reject(reason.InvalidDate, "the trade date %s is not that of the transaction time %s, which is %s",
			date, instant(d.request.TransactedAt), own)
	}
	return dating.Requested(d.pair, d.request.TransactedAt, d.now, d.Longest)
}

// checkProduct names the product by the date: an outright on the pair's spot date is a spot trade, before or after it a
// forward. A request that states spot on another date is refused, because it contradicts itself, and a report is flagged. A swap's far leg
// is after its near leg.
func (d *deal) checkProduct() error {
	d.product = d.request.Product
	value, spot := d.dates.value, d.dates.Deal.Spot
	switch {
	case d.product == trade.Swap && value[0] >= value[1]:
		return reject(reason.InvalidDate, "the far date %s of a swap must be after its near date, %s", value[1], value[0])
	case d.product == trade.Swap:
		return nil
	case value[0] == spot:
		d.product = trade.Spot
	case d.product == trade.Spot && !d.request.DateDecides && !d.reported():
		return d.dates.Spot(value[0])
	case d.product == trade.Spot && !d.request.DateDecides:
		d.flag(trade.Contradiction, 0, "it is reported as spot, but the value date "+value[0].String()+" is not the spot date, "+spot.String())
		fallthrough
	default:
		d.product = trade.Forward
	}
	return nil
}

// flagBroken notes that a leg settles on a broken date, which the pair allows by agreement.
func (d *deal) flagBroken(leg int, value fxdate.Date) {
	if closure, broken := d.pair.Broken(value); broken {
		d.flag(trade.BrokenDate, leg, "the value date "+value.String()+" is "+closure.String()+"; the pair allows it by agreement")
	}
}
