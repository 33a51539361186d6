// Package rules decides whether a trade may be done: what is dealt, the amounts, the dates and the price. It is pure: the
// market and the time are handed in, and every refusal carries a code and a text on which a person can act.
package rules

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/market"
	"fxcore/services/trading/internal/trade"
)

// Rules are the checks with their settings.
type Rules struct {
	Rollover        fxdate.Rollover
	MaxTenorYears   int             // how far after spot a value date may lie
	ReportTolerance decimal.Decimal // by how much the tolerance is wider for a trade done elsewhere
}

// deal is a request under examination: what each rule has found out, for the rules after it.
type deal struct {
	Rules
	request Request
	market  *market.Market
	now     time.Time

	pair  *market.Pair
	side  []trade.Side // of the base, by leg
	terms []terms      // by leg
	dates dates
}

// Check applies all rules and returns what the request means, or the rejection by the first rule that it breaks. A market
// that lacks what the request needs leads to a rejection, too: the client must get an answer.
func (r Rules) Check(m *market.Market, now time.Time, request Request) (Accepted, *Rejection) {
	if err := m.Usable(now); err != nil {
		return Accepted{}, NoMarket(err)
	}
	d := &deal{Rules: r, request: request, market: m, now: now}
	for _, rule := range []func() error{d.checkPair, d.checkShape, d.checkAmounts, d.checkDates} {
		if err := rule(); err != nil {
			return Accepted{}, asRejection(err)
		}
	}
	accepted, err := d.price()
	if err != nil {
		return Accepted{}, asRejection(err)
	}
	return accepted, nil
}

// asRejection lets a rule fail on data as well: that, too, is answered with a rejection.
func asRejection(err error) *Rejection {
	var rejection *Rejection
	if errors.As(err, &rejection) {
		return rejection
	}
	return NoMarket(err)
}

// NoMarket is the rejection of a request that cannot be judged because of err.
func NoMarket(err error) *Rejection {
	return &Rejection{Code: reason.NoStaticData, Text: "the bank cannot judge the trade now: " + err.Error() + "; try again later"}
}
