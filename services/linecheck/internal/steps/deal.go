package steps

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// proposeCheck makes a proposal from a provider's request that was made at an instant. No service before linecheck has checked
// the dates and the amount in it, so a fault there is a refusal that tells the provider.
func (s *Batch) proposeCheck(r messages.CheckRequest, at time.Time, path line.Path) reserveCheck {
	c := reserveCheck{currency: r.Currency}
	amount, refused := amountOf(r)
	var deal line.Deal
	if refused == nil && s.fault == nil {
		var err error
		if deal, err = s.dealOf(r, at, amount); err != nil {
			refused = refusalOf(err, path)
		}
	}
	switch {
	case refused != nil:
		c.refused = refused
	case s.fault != nil:
		c.refused = refusalOf(s.fault, path)
	default:
		c.proposal = s.propose(deal.Pair.Name, deal, path)
		c.terms.Currency, c.terms.Side, c.terms.Amount = r.Currency, sideOf(r), amount
	}
	c.amount = amount
	c.id, c.kind, c.provider, c.path = r.CheckID, line.ForCheck, r.Provider, path
	if r.ExpiresAt != nil {
		c.wanted = *r.ExpiresAt
	}
	return c
}

// dealOf returns a deal of one leg at the market rate, in the pair's conventional order. Its dates are those of a trade that
// asks for the same. A fault of the request is a [*dating.Refusal].
func (s *Batch) dealOf(r messages.CheckRequest, at time.Time, amount decimal.Decimal) (line.Deal, error) {
	one, other, _ := strings.Cut(r.Pair, "/")
	pair, err := s.static.Pair(one, other)
	if errors.Is(err, market.ErrUnknownPair) {
		return line.Deal{}, refuse(reason.UnknownPair, "the bank does not deal the pair %q: choose another pair", r.Pair)
	}
	if err != nil {
		return line.Deal{}, err
	}
	d := line.Deal{Pair: pair}
	leg := line.Leg{Side: line.Buy}
	sells := r.Side == string(line.Sell)
	switch r.Currency {
	case pair.Base.Code:
		leg.BaseAmount = amount
	case pair.Quote.Code: // a client that sells the quote currency buys the base currency
		leg.QuoteAmount = amount
		sells = r.Side == string(line.Buy)
	default:
		return d, refuse(reason.CurrencyUnknown, "currency %q is not one of the pair %s: give the amount in one of its currencies", r.Currency, r.Pair)
	}
	if err := precise(pair, r.Currency, amount); err != nil {
		return d, err
	}
	if sells {
		leg.Side = line.Sell
	}
	if d.Dates, leg.ValueDate, err = s.dates(r, at, pair); err != nil {
		return d, err
	}
	d.Legs = []line.Leg{leg}
	if r.Product == productSpot {
		return d, dating.Rule{Pair: pair, Deal: d.Dates}.Spot(leg.ValueDate)
	}
	return d, nil
}

// productSpot is a product that has to fit the value date, as in a trade.
const productSpot = "spot"

// sideOf returns the side of the request's currency.
func sideOf(r messages.CheckRequest) line.Side {
	if r.Side == string(line.Sell) {
		return line.Sell
	}
	return line.Buy
}

// dates returns what the request's dates are counted from, and its value date: that of its date or tenor, else spot.
func (s *Batch) dates(r messages.CheckRequest, at time.Time, pair *market.Pair) (deal valuedate.Dates, value fxdate.Date, err error) {
	if _, err := dating.TradeDate(r.TradeDate, s.dating.Rollover, at); err != nil {
		return deal, 0, err
	}
	asked := r.At
	if asked.IsZero() { // an older gateway did not say
		asked = at
	}
	rule, err := dating.Requested(pair, asked, at, s.dating.Longest)
	if err != nil {
		return deal, 0, err
	}
	deal = rule.Deal
	value = deal.Spot
	if r.ValueDate != "" || r.Tenor != "" {
		value, err = rule.Named(r.ValueDate, r.Tenor)
	}
	if err == nil {
		err = rule.Settles(value)
	}
	return deal, value, err
}

func refuse(code reason.Code, format string, args ...any) error {
	return &dating.Refusal{Code: code, Text: fmt.Sprintf(format, args...)}
}

// longest and largest bound the text and the value of an amount. largest is far above any line, and its column in the
// table can hold it. longest bounds the cost of the arithmetic.
const longest = 30

var largest = decimal.New(1, 15)

// precise refuses an amount that has more decimals than its currency, as trading does for a trade. The currency is one of the
// pair's.
func precise(p *market.Pair, currency string, amount decimal.Decimal) error {
	c := p.Base
	if currency == p.Quote.Code {
		c = p.Quote
	}
	if pricing.HasDecimals(amount, c.MinorUnits) {
		return nil
	}
	return refuse(reason.OverPrecise, "the amount %s %s has more than the %d decimals of the currency", amount, c.Code, c.MinorUnits)
}

// amountOf parses the amount. Its decimals are checked where its currency is known.
func amountOf(r messages.CheckRequest) (decimal.Decimal, *messages.Rejected) {
	amount, err := decimal.NewFromString(r.Amount)
	if err != nil || len(r.Amount) > longest || strings.ContainsAny(r.Amount, "eE") || !amount.IsPositive() || amount.GreaterThan(largest) {
		return decimal.Zero, reject(reason.InvalidAmount, fmt.Sprintf("amount %.64q is not between 0 and %s: give it in plain digits", r.Amount, largest))
	}
	return amount, nil
}
