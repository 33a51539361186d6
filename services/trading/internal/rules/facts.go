package rules

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// reportDigits is how many decimals the rate of a report may have: the mainframe books no more.
const reportDigits = 9

// checkFacts reads what a report says beside amounts and rates: spot rate, forward points and swap points. It refuses a report
// that contradicts itself by more than rounding.
func (d *deal) checkFacts() error {
	if !d.reported() {
		return nil
	}
	spot, given, err := d.readFact("spot rate", d.request.Reported.SpotRate)
	if err != nil {
		return err
	}
	if given && !spot.IsPositive() {
		return reject(reason.Contradiction, "the spot rate %s must be greater than zero", spot)
	}
	d.spotRate = spot
	for i, leg := range d.request.Legs {
		if rate := d.terms[i].rate; !pricing.HasDecimals(rate, reportDigits) {
			return reject(reason.OverPrecise, "the rate %s of %s has more than %d decimals, the most that the bank can book", rate, d.pair.Name, reportDigits)
		}
		points, has, err := d.readFact("forward points", leg.ForwardPoints)
		if err != nil {
			return err
		}
		d.terms[i].points = decimal.NullDecimal{Decimal: points, Valid: has}
		if rate := d.terms[i].rate; has && given && !d.near(spot.Add(points), rate) {
			return reject(reason.Contradiction, "the spot rate %s and the forward points %s do not add up to the rate %s of leg %d", spot, points, rate, i+1)
		}
	}
	return d.checkSwapPoints()
}

// checkSwapPoints refuses swap points that are not the difference of the two rates. They are not kept beside these: the rates say them.
// It refuses those of a trade with one leg, because its other leg would be in no book.
func (d *deal) checkSwapPoints() error {
	points, given, err := d.readFact("swap points", d.request.Reported.SwapPoints)
	switch {
	case err != nil || !given:
		return err
	case len(d.terms) == 1 && points.IsZero():
		return nil
	case len(d.terms) == 1:
		return reject(reason.Contradiction, "the swap points %s are of a swap, but the trade has one leg: report both legs", points)
	}
	if near, far := d.terms[0].rate, d.terms[1].rate; !d.near(near.Add(points), far) {
		return reject(reason.Contradiction, "the near rate %s and the swap points %s do not add up to the far rate %s", near, points, far)
	}
	return nil
}

// checkSpotRate compares a report's spot rate and points with the rate of each leg that settles on the spot date: the rate is then
// the spot rate, and there are no points. What does not fit is refused. In a swap it is flagged, because providers differ in
// which of its rates they call the spot rate.
func (d *deal) checkSpotRate() error {
	for i, t := range d.terms {
		if d.daysFromSpot(i) != 0 {
			continue
		}
		fault := d.notSpot(t)
		switch {
		case fault != "" && d.product == trade.Swap:
			d.flag(trade.Contradiction, i, fault)
		case fault != "":
			return reject(reason.Contradiction, "%s", fault)
		}
	}
	return nil
}

// notSpot says what does not fit a rate for the spot date; empty if all does.
func (d *deal) notSpot(t terms) string {
	switch {
	case d.spotRate.IsPositive() && !d.near(d.spotRate, t.rate):
		return "the spot rate " + d.spotRate.String() + " is not the rate " + t.rate.String() + ", which is for the spot date " + d.dates.Deal.Spot.String()
	case t.points.Valid && !d.near(t.points.Decimal, decimal.Zero):
		return "the forward points " + t.points.Decimal.String() + " are of a rate for the spot date, " + d.dates.Deal.Spot.String()
	}
	return ""
}

// near says whether two rates are the same but for rounding: they differ by less than one unit of the pair's last decimal.
func (d *deal) near(a, b decimal.Decimal) bool {
	return a.Sub(b).Abs().LessThan(decimal.New(1, -d.pair.Decimals))
}

func (d *deal) readFact(what, text string) (value decimal.Decimal, given bool, err error) {
	if text == "" {
		return value, false, nil
	}
	value, ok := parse(text)
	if !ok {
		return value, false, reject(reason.Contradiction, "the %s %s are not a decimal number", what, quoted(text))
	}
	return value, true, nil
}

// takeOther replaces the computed amount of the other currency by the one that a report states. It refuses an amount that
// differs from the product by what rounding cannot explain: that of the rate, and one unit of the last decimal in which the amount is
// stated. It flags one that is rounded more than its currency: a trailing zero may have been lost.
func (d *deal) takeOther(leg int, t terms, text string) (terms, error) {
	if !d.reported() || text == "" {
		return t, nil
	}
	currency, computed := d.other(), &t.quote
	if d.request.Currency == d.pair.Quote.Code {
		computed = &t.base
	}
	stated, err := readOther(text, currency)
	if err != nil {
		return t, err
	}
	exact, spread := d.atRate(t)
	off := stated.Sub(exact).Abs()
	if bound := spread.Add(decimal.New(1, min(0, stated.Exponent()))); off.GreaterThanOrEqual(bound) {
		return t, reject(reason.Contradiction, "the amount %s %s is not %s %s at %s, which is %s: it is off by %s, and rounding explains less than %s",
			stated, currency.Code, d.dealt(t), d.request.Currency, t.rate, *computed, off.Round(currency.MinorUnits), bound.Round(currency.MinorUnits))
	}
	if off.GreaterThanOrEqual(spread.Add(decimal.New(1, -currency.MinorUnits))) {
		d.flag(trade.RoundedAmount, leg, "the amount "+stated.String()+" "+currency.Code+" is rounded: "+d.dealt(t).String()+" "+d.request.Currency+" at "+t.rate.String()+" is "+computed.String())
	}
	*computed = stated
	return t, nil
}

// atRate returns the amount of the other currency at the rate, and by how much the rounding of the rate may put it off: by half a
// unit of its last digit. A gateway drops trailing zeros, so a rate has at least the pair's digits.
func (d *deal) atRate(t terms) (exact, spread decimal.Decimal) {
	half := decimal.New(5, -max(d.pair.Decimals, -t.rate.Exponent())-1)
	if d.request.Currency == d.pair.Base.Code {
		return t.base.Mul(t.rate), t.base.Mul(half)
	}
	exact = t.quote.DivRound(t.rate, quotientDigits)
	return exact, t.quote.DivRound(t.rate.Sub(half), quotientDigits).Sub(exact)
}

// quotientDigits bounds what a quotient keeps when it is compared with an amount: more than any currency's minor units.
const quotientDigits = 8

func readOther(text string, currency market.Currency) (decimal.Decimal, error) {
	stated, ok := parse(text)
	switch {
	case !ok || !stated.IsPositive() || stated.GreaterThanOrEqual(maxBooked()):
		return stated, reject(reason.InvalidAmount, "the amount %s %s of the other currency is not a decimal number between 0 and %s", quoted(text), currency.Code, maxBooked())
	case stated.Exponent() < -currency.MinorUnits && !stated.Equal(stated.Truncate(currency.MinorUnits)):
		return stated, reject(reason.OverPrecise, "the amount %s %s has more than the %d decimals of the currency", stated, currency.Code, currency.MinorUnits)
	}
	return stated, nil
}
