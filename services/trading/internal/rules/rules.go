// Package rules decides whether a trade may be done: the pair, the amounts, the dates and the price. It is pure: the
// caller supplies the market and the time. Every refusal has a code, and a text that tells a person what to do.
package rules

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/trading/internal/trade"
)

// Rules holds the settings of the checks.
type Rules struct {
	Rollover        fxdate.Rollover
	Longest         fxdate.Tenor    // the longest tenor, in years after spot
	ReportTolerance decimal.Decimal // factor by which the tolerance is wider for a report
	ReportBound     decimal.Decimal // a report's rate that is further off than by this factor cannot be a rate
	PointsAge       time.Duration   // how old forward points may be on which a price is judged
	ReportAge       time.Duration   // how late a trade may be reported
}

// deal is a request under examination. Each rule stores its results here for the rules after it.
type deal struct {
	Rules
	request Request
	market  *market.Market
	then    *market.Market // of a report; nil if it is not known
	now     time.Time

	outdated error // why the market is too old for a request; nil if it is not

	pair     *market.Pair
	product  trade.Product
	side     []trade.Side // side of the base currency, by leg
	terms    []terms      // by leg
	dates    dates
	spotRate decimal.Decimal // as a report states it; zero if it does not
	flags    []trade.Flag
}

// Check applies all rules in order. It returns the accepted deal, or the rejection by the first rule that the request
// breaks. If the market lacks data that the request needs, Check returns a rejection too, because the client must get
// an answer. A report is decided on data that are too old, and flagged.
func (r Rules) Check(m Markets, now time.Time, request Request) (Accepted, *Rejection) {
	d := &deal{Rules: r, request: request, market: m.Now, then: m.Then, now: now}
	d.outdated = m.Now.Usable(now)
	switch {
	case d.outdated != nil && !d.reported():
		return Accepted{}, NoMarket(d.outdated)
	case d.outdated != nil:
		d.flags = append(d.flags, trade.Flag{Name: trade.OldData, Text: "it is decided on what data there are: " + d.outdated.Error()})
	}
	for _, rule := range []func() error{d.checkPair, d.checkShape, d.checkAmounts, d.checkFacts, d.checkDates, d.checkSpotRate} {
		if err := rule(); err != nil {
			return Accepted{}, d.asRejection(err)
		}
	}
	accepted, err := d.price()
	if err != nil {
		return Accepted{}, d.asRejection(err)
	}
	return accepted, nil
}

// reported says whether the request tells of a trade that was done elsewhere: a fact, which is judged and not refused.
func (d *deal) reported() bool { return d.request.Kind == Reported }

// asRejection returns err itself if it is a Rejection. Any other error means that data is missing, and becomes the
// rejection NoMarket. A pair or currency that old data do not know may be in newer ones.
func (d *deal) asRejection(err error) *Rejection {
	var rejection *Rejection
	if errors.As(err, &rejection) {
		rejection.Undecided = d.outdated != nil && (rejection.Code == reason.UnknownPair || rejection.Code == reason.CurrencyUnknown)
		return rejection
	}
	var refusal *dating.Refusal
	if errors.As(err, &refusal) {
		return &Rejection{Code: refusal.Code, Text: refusal.Text}
	}
	return NoMarket(err)
}

// NoMarket returns the rejection of a request that cannot be judged because data is missing; err names the data.
func NoMarket(err error) *Rejection {
	return &Rejection{
		Code: reason.NoStaticData, Text: "the bank cannot judge the trade now: " + err.Error() + "; send a new request later",
		Undecided: errors.Is(err, market.ErrNoData),
	}
}
