package rules

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// judgeQuote compares the request with the quote that it names. The quote is the bank's own price, so no band applies, and
// the age of the reference rate does not matter.
func (d *deal) judgeQuote() (judged, error) {
	quote, err := d.quote()
	if err != nil {
		return judged{}, err
	}
	if err := d.fits(quote); err != nil {
		return judged{}, err
	}
	spot, err := d.market.Reference(d.pair)
	if err != nil {
		return judged{}, err
	}
	near, err := d.market.Forward(d.pair, d.dates.Deal, d.dates.value[0])
	return judged{spot: spot.Rate, reference: near, asOf: spot.AsOf}, err
}

// quote returns the quote that the request names, if it was published to the provider and is still valid. Ids can be guessed, so
// a quote of another provider is unknown.
func (d *deal) quote() (market.Quote, error) {
	id := d.request.QuoteID
	quote, found := d.market.Quote(id)
	if !found || !quote.For(d.request.Provider) {
		return quote, reject(reason.UnknownQuote, "the bank knows no quote %s, or no longer; deal on a current quote, or send the request without one", quoted(id))
	}
	if d.now.After(quote.ValidUntil) {
		return quote, reject(reason.QuoteExpired, "the quote %s was valid until %s; deal on a current quote, or send the request without one",
			quoted(id), instant(quote.ValidUntil))
	}
	return quote, d.keepsDate(quote)
}

// keepsDate refuses a quote for a tenor that was published on an earlier trade date of the pair: its value date was another one.
func (d *deal) keepsDate(quote market.Quote) error {
	if !quote.ValueDate.IsZero() {
		return nil
	}
	if published := d.pair.TradeDate(quote.Since(d.request.TransactedAt)); published != d.dates.Deal.Trade {
		return reject(reason.QuoteExpired, "the quote %s is of the trade date %s, and today's is %s: %s has another value date; deal on a current quote",
			quoted(quote.ID), published, d.dates.Deal.Trade, quote.Tenor)
	}
	return nil
}

// fits refuses a request that asks for something else than its quote says.
func (d *deal) fits(quote market.Quote) error {
	settles, err := d.settlesBy(quote)
	if err != nil {
		return err
	}
	for _, is := range []struct{ what, asked, quoted string }{
		{"pair", d.pair.Name, quote.Pair},
		{"product", string(d.product), quote.Product},
		{"currency", d.request.Currency, quote.Currency},
		{"side", string(d.request.Legs[0].Side), quote.Side},
		{"value date", d.dates.value[len(d.terms)-1].String(), settles.String()},
	} {
		if is.asked != is.quoted {
			return d.differs(quote, is.what, is.asked, is.quoted)
		}
	}
	if quote.Client != "" && quote.Client != d.request.Client {
		return reject(reason.QuoteMismatch, "the quote %s is for another client than %s; deal on a quote of the client's own", quoted(quote.ID), quoted(d.request.Client))
	}
	if d.product == trade.Swap && d.dates.value[0] != d.dates.Deal.Spot {
		return d.differs(quote, "near date", d.dates.value[0].String(), d.dates.Deal.Spot.String())
	}
	return d.fitsNumbers(quote)
}

// fitsNumbers compares amounts and rates. A swap's far rate is the quote's rate plus its points.
func (d *deal) fitsNumbers(quote market.Quote) error {
	rates := []decimal.Decimal{quote.Rate, pricing.Outright(quote.Rate, quote.Points, d.pair.PointsFactor)}
	for leg, t := range d.terms {
		if amount := d.dealt(t); amount.GreaterThan(quote.Amount) {
			return reject(reason.QuoteMismatch, "the amount %s %s is above that of the quote %s, %s; ask for less, or for another quote",
				amount, d.request.Currency, quoted(quote.ID), quote.Amount)
		}
		if left := quote.Amount.Sub(d.request.QuoteDealt); d.dealt(t).GreaterThan(left) {
			return reject(reason.QuoteMismatch, "the amount %s %s is more than is left of the quote %s: %s of %s; ask for less, or for another quote",
				d.dealt(t), d.request.Currency, quoted(quote.ID), decimal.Max(left, decimal.Zero), quote.Amount)
		}
		if !t.rate.Equal(rates[leg]) {
			return d.differs(quote, "rate", t.rate.String(), rates[leg].String())
		}
	}
	return nil
}

// settlesBy returns the date on which the quote's only or far leg settles.
func (d *deal) settlesBy(quote market.Quote) (fxdate.Date, error) {
	if !quote.ValueDate.IsZero() {
		return quote.ValueDate, nil
	}
	period, err := d.dates.Tenor(quote.Tenor.String())
	return period.End, err
}

func (d *deal) differs(quote market.Quote, what, asked, is string) error {
	return reject(reason.QuoteMismatch, "the %s %s is not that of the quote %s, %s; deal at what was quoted", what, quoted(asked), quoted(quote.ID), quoted(is))
}
