package rules

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// terms are the amounts and the rate of one leg.
type terms struct {
	base, quote, rate decimal.Decimal
	points            decimal.NullDecimal // of a report that states them: rate less spot rate
}

// outrightDigits is the number of decimals that an outright rate may have beyond the pair's own, because forward points
// are quoted in fractions of a pip.
const outrightDigits = 2

// checkAmounts parses the amounts and rates and computes the contra amounts.
func (d *deal) checkAmounts() error {
	for i, leg := range d.request.Legs {
		amount, err := d.readAmount(leg.Amount)
		if err != nil {
			return err
		}
		rate, err := d.readRate(leg.Rate)
		if err != nil {
			return err
		}
		t := d.contra(amount, rate)
		if !t.base.IsPositive() || !t.quote.IsPositive() {
			return reject(reason.InvalidAmount, "%s %s at %s rounds to zero in the other currency; ask for a larger amount", amount, d.request.Currency, rate)
		}
		if most := maxBooked(); t.base.GreaterThanOrEqual(most) || t.quote.GreaterThanOrEqual(most) {
			return reject(reason.InvalidAmount, "%s %s at %s is %s %s or more in the other currency, which the bank cannot book", amount, d.request.Currency, rate, most, d.other().Code)
		}
		if t, err = d.takeOther(i, t, leg.OtherAmount); err != nil {
			return err
		}
		d.terms = append(d.terms, t)
	}
	return d.checkEven()
}

// checkEven refuses a swap whose legs have different dealt amounts. It flags it in a report.
func (d *deal) checkEven() error {
	if d.request.Product != trade.Swap {
		return nil
	}
	near, far := d.request.Legs[0].Amount, d.request.Legs[1].Amount
	if d.dealt(d.terms[0]).Equal(d.dealt(d.terms[1])) {
		return nil
	}
	if d.reported() {
		d.flag(trade.Uneven, 1, "the near leg is for "+near+" "+d.request.Currency+" but the far leg for "+far)
		return nil
	}
	return reject(reason.InvalidAmount, "the near leg is for %s %s but the far leg for %s; both amounts must be equal: ask for the difference as a separate trade",
		near, d.request.Currency, far)
}

func (d *deal) readAmount(text string) (decimal.Decimal, error) {
	amount, ok := parse(text)
	currency := d.dealtCurrency()
	most := maxAmount()
	switch {
	case !ok:
		return amount, reject(reason.InvalidAmount, "the amount %s is not a decimal number", quoted(text))
	case !amount.IsPositive():
		return amount, reject(reason.InvalidAmount, "the amount %s %s must be greater than zero; the side says buy or sell", amount, currency.Code)
	case amount.GreaterThan(most):
		return amount, reject(reason.InvalidAmount, "the amount %s %s is above %s, the most that is accepted", amount, currency.Code, most)
	case !pricing.HasDecimals(amount, currency.MinorUnits):
		return amount, reject(reason.OverPrecise, "the amount %s %s has more than the %d decimals of the currency", amount, currency.Code, currency.MinorUnits)
	}
	return amount, nil
}

// readRate parses a rate. checkRate checks its decimals later, when the value date is known.
func (d *deal) readRate(text string) (decimal.Decimal, error) {
	rate, ok := parse(text)
	switch {
	case !ok:
		return rate, reject(reason.OffMarket, "the rate %s is not a decimal number; a trade needs the rate at which it was dealt", quoted(text))
	case !rate.IsPositive():
		return rate, reject(reason.OffMarket, "the rate %s of %s must be greater than zero", rate, d.pair.Name)
	case rate.GreaterThanOrEqual(rateBound()):
		return rate, reject(reason.OffMarket, "the rate %s of %s is not below %s, which is more than the bank can book", rate, d.pair.Name, rateBound())
	}
	return rate, nil
}

func (d *deal) contra(amount, rate decimal.Decimal) terms {
	if d.request.Currency == d.pair.Base.Code {
		return terms{base: amount, rate: rate, quote: pricing.Contra(amount, rate, d.pair.Quote.MinorUnits)}
	}
	return terms{quote: amount, rate: rate, base: pricing.ContraOfQuote(amount, rate, d.pair.Base.MinorUnits)}
}

func (d *deal) dealtCurrency() market.Currency {
	if d.request.Currency == d.pair.Base.Code {
		return d.pair.Base
	}
	return d.pair.Quote
}

// other returns the currency that the dealt one is exchanged for.
func (d *deal) other() market.Currency {
	if d.request.Currency == d.pair.Base.Code {
		return d.pair.Quote
	}
	return d.pair.Base
}

func (d *deal) dealt(t terms) decimal.Decimal {
	if d.request.Currency == d.pair.Base.Code {
		return t.base
	}
	return t.quote
}
