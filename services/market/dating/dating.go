// Package dating decides which value date a request means, and whether its pair can settle on it. trading asks it for a trade
// and linecheck for a line check, so that both have the same dates. It is pure: the pair's calendars and the times are handed in.
package dating

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/valuedate"
)

// Refusal says what is wrong with a request's date, for the one who asked. It is an error so that a rule can return it.
type Refusal struct {
	Code reason.Code
	Text string // what was asked, the bound, what to do
}

// Error returns code and text.
func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Text }

func refuse(code reason.Code, format string, args ...any) error {
	return &Refusal{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Rule decides on the dates of one deal. Its methods return a [*Refusal] for what is wrong with the request, and other errors
// for damaged calendars.
type Rule struct {
	Pair    *market.Pair
	Deal    valuedate.Dates
	Today   fxdate.Date // the pair's trade date now
	Now     time.Time   // cut-offs are judged at it; zero: they have passed or been kept elsewhere, and do not matter
	Longest fxdate.Tenor
}

// Requested returns the rule for a deal that was asked for at one instant and is decided now. Its trade date follows from the
// pair's own roll. Error: calendar.ErrNoBusinessDay.
func Requested(pair *market.Pair, asked, now time.Time, longest fxdate.Tenor) (Rule, error) {
	deal, err := pair.Dates.On(pair.TradeDate(asked))
	return Rule{Pair: pair, Deal: deal, Today: pair.TradeDate(now), Now: now, Longest: longest}, err
}

// Done returns the rule for a deal that was done elsewhere on a trade date. What has passed since then is no fault. Error:
// calendar.ErrNoBusinessDay.
func Done(pair *market.Pair, trade fxdate.Date, longest fxdate.Tenor) (Rule, error) {
	deal, err := pair.Dates.On(trade)
	return Rule{Pair: pair, Deal: deal, Today: trade, Longest: longest}, err
}

// MaxAhead is how far the clock of whoever asks may be ahead of ours: as far as the gateways let it.
const MaxAhead = 2 * time.Minute

// TradeDate reads a request's trade date, by which its id was made. It must be today's or the one before: a request may be
// sent before the roll at 17:00 in New York and arrive after it. Shortly before the roll it may be the next one: the clock by which
// it was sent may be ahead by MaxAhead.
func TradeDate(text string, rollover fxdate.Rollover, now time.Time) (fxdate.Date, error) {
	today, latest := rollover.TradeDate(now), rollover.TradeDate(now.Add(MaxAhead))
	date, err := fxdate.ParseDate(text)
	if err != nil {
		return 0, refuse(reason.InvalidDate, "the trade date %s is not a calendar date YYYY-MM-DD", quoted(text))
	}
	if previous := fxdate.PreviousTradeDate(today); date != today && date != latest && date != previous {
		return 0, refuse(reason.InvalidDate, "the trade date %s is neither today's, %s, nor the one before, %s", date, today, previous)
	}
	return date, nil
}

// Stated reads a value date that the request states.
func (r Rule) Stated(text string) (fxdate.Date, error) {
	date, err := fxdate.ParseDate(text)
	if err != nil {
		return 0, refuse(reason.InvalidDate, "the value date %s is not a calendar date YYYY-MM-DD", quoted(text))
	}
	return date, nil
}

// Tenor returns the dates of a tenor by its market name.
func (r Rule) Tenor(name string) (valuedate.Period, error) {
	tenor, err := fxdate.ParseTenor(name)
	if err != nil {
		return valuedate.Period{}, refuse(reason.InvalidDate, "the tenor %s is not one of TOD, TOM, ON, TN, SPOT, SN, 3D, 1W, 1M, 1Y, IMM; a count is at most %d, of years %d", quoted(name), fxdate.MaxCount, fxdate.MaxCount/12)
	}
	period, err := r.Pair.Dates.PeriodOf(r.Deal, tenor)
	if errors.Is(err, valuedate.ErrNoSuchTenor) {
		return period, refuse(reason.InvalidDate, "%s has %s; send a value date", r.Pair.Name, err)
	}
	return period, err
}

// Named returns the value date that a request names by a date or by a tenor. A date stands above a tenor beside it.
func (r Rule) Named(date, tenor string) (fxdate.Date, error) {
	if date == "" {
		period, err := r.Tenor(tenor)
		return period.End, err
	}
	return r.Stated(date)
}

// Spot refuses a value date of a deal that is stated to be spot, unless it is the spot date: the request contradicts itself.
func (r Rule) Spot(value fxdate.Date) error {
	if value == r.Deal.Spot {
		return nil
	}
	return refuse(reason.InvalidDate, "the value date %s is not the spot date of %s, %s; another date is a forward or a swap", value, r.Pair.Name, r.Deal.Spot)
}

// quoted returns a client's text for use in a refusal: escaped to ASCII and cut.
func quoted(text string) string {
	const most = 40
	if len(text) > most {
		return strconv.QuoteToASCII(text[:most]) + "..."
	}
	return strconv.QuoteToASCII(text)
}
