package steps

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// proposeCheck makes a proposal from a provider's request. No service before linecheck has checked the dates and the
// amount in it, so a fault there is a refusal that tells the provider. An error means that the gateway sent a malformed
// message.
func (s *Batch) proposeCheck(r messages.CheckRequest, path line.Path) (reserveCheck, error) {
	c := reserveCheck{currency: r.Currency}
	tradeDate, err := time.Parse(time.DateOnly, r.TradeDate)
	if err != nil {
		return c, fmt.Errorf("line check %s: trade date: %w", r.CheckID, err)
	}
	amount, refused := amountOf(r)
	var deal line.Deal
	if refused == nil && s.fault == nil {
		deal, refused = dealOf(r, amount, tradeDate, s.static)
	}
	if refused == nil {
		c.proposal = s.propose(deal, path)
	} else {
		c.refused = refused
	}
	c.amount = amount
	c.id, c.kind, c.provider, c.path = r.CheckID, line.ForCheck, r.Provider, path
	if r.ExpiresAt != nil {
		c.wanted = *r.ExpiresAt
	}
	return c, nil
}

// dealOf returns a deal of one leg at the market rate, in the pair's conventional order.
func dealOf(r messages.CheckRequest, amount decimal.Decimal, tradeDate time.Time, static *directory.Snapshot) (line.Deal, *messages.Rejected) {
	one, other, _ := strings.Cut(r.Pair, "/")
	pair, ok := static.Pair(one, other)
	if !ok {
		return line.Deal{}, reject(reason.UnknownPair, fmt.Sprintf("the bank does not deal the pair %q: choose another pair", r.Pair))
	}
	d := line.Deal{Base: pair.Base, Quote: pair.Quote, TradeDate: tradeDate, SpotDate: line.SpotDate(tradeDate, pair.SpotLag)}
	valueDate, refused := valueDateOf(r, d)
	if refused != nil {
		return d, refused
	}
	leg := line.Leg{ValueDate: valueDate, Side: line.Buy}
	sells := r.Side == string(line.Sell)
	switch r.Currency {
	case pair.Base:
		leg.BaseAmount = amount
	case pair.Quote: // a client that sells the quote currency buys the base currency
		leg.QuoteAmount = amount
		sells = r.Side == string(line.Buy)
	default:
		return d, reject(reason.CurrencyUnknown, fmt.Sprintf("currency %q is not one of the pair %s: give the amount in one of its currencies", r.Currency, r.Pair))
	}
	if sells {
		leg.Side = line.Sell
	}
	d.Legs = []line.Leg{leg}
	return d, nil
}

func valueDateOf(r messages.CheckRequest, d line.Deal) (time.Time, *messages.Rejected) {
	if r.ValueDate == "" {
		valueDate, err := line.ValueDate(d.TradeDate, d.SpotDate, r.Tenor)
		if err != nil {
			return d.SpotDate, reject(reason.InvalidDate, fmt.Sprintf("%s: give one of them, or a value date", err))
		}
		return valueDate, nil
	}
	valueDate, err := time.Parse(time.DateOnly, r.ValueDate)
	switch {
	case err != nil:
		return valueDate, reject(reason.InvalidDate, fmt.Sprintf("value date %q is no date: give it as YYYY-MM-DD", r.ValueDate))
	case valueDate.Before(d.TradeDate):
		return valueDate, reject(reason.PastDate, fmt.Sprintf("value date %s is before the trade date %s: choose a later one", r.ValueDate, r.TradeDate))
	}
	return valueDate, nil
}

// longest and largest bound the text and the value of an amount. largest is far above any line, and its column in the
// table can hold it. longest bounds the cost of the arithmetic.
const longest = 30

var largest = decimal.New(1, 15)

func amountOf(r messages.CheckRequest) (decimal.Decimal, *messages.Rejected) {
	amount, err := decimal.NewFromString(r.Amount)
	if err != nil || len(r.Amount) > longest || strings.ContainsAny(r.Amount, "eE") || !amount.IsPositive() || amount.GreaterThan(largest) {
		return decimal.Zero, reject(reason.InvalidAmount, fmt.Sprintf("amount %.40q is not between 0 and %s: give it in plain digits", r.Amount, largest))
	}
	return amount, nil
}
