// Package dating decides which value date a request means, and whether its pair can settle on it. trading asks it for a trade
// and linecheck for a line check, so that both have the same dates. It is pure: the pair's calendars and the day are handed in.
package dating

import (
	"errors"
	"fmt"
	"strconv"

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
	Today   fxdate.Date // today's trade date
	Longest fxdate.Tenor
}

// TradeDate reads a request's trade date. It must be today's or the one before: a request may be sent before the roll at
// 17:00 in New York and arrive after it, and a report may be about a trade of the day before.
func TradeDate(text string, today fxdate.Date) (fxdate.Date, error) {
	date, err := fxdate.ParseDate(text)
	if err != nil {
		return 0, refuse(reason.InvalidDate, "the trade date %s is not a calendar date YYYY-MM-DD", quoted(text))
	}
	if previous := fxdate.PreviousTradeDate(today); date != today && date != previous {
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
		return valuedate.Period{}, refuse(reason.InvalidDate, "the tenor %s is not one of TOD, TOM, ON, TN, SPOT, SN, 3D, 1W, 1M, 1Y, IMM", quoted(name))
	}
	period, err := r.Pair.Dates.PeriodOf(r.Deal, tenor)
	if errors.Is(err, valuedate.ErrNoSuchTenor) {
		return period, refuse(reason.InvalidDate, "%s has %s; send a value date", r.Pair.Name, err)
	}
	return period, err
}

// Settles refuses a value date that has passed, that is after the longest tenor, or on which the pair cannot settle.
func (r Rule) Settles(value fxdate.Date) error {
	if value < r.Today {
		return refuse(reason.PastDate, "the value date %s has passed: today's trade date is %s; ask for spot, %s, or later",
			value, r.Today, r.Deal.Spot)
	}
	longest, err := r.Pair.Dates.PeriodOf(r.Deal, r.Longest)
	if err != nil {
		return err
	}
	if value > longest.End {
		return refuse(reason.BeyondMaxTenor, "the value date %s is more than %s after spot, %s; the last one is %s",
			value, r.Longest, r.Deal.Spot, longest.End)
	}
	closure, closed := r.Pair.Dates.Joint().Closed(value)
	if !closed {
		return nil
	}
	next, err := r.Pair.Dates.Joint().Following(value)
	if err != nil {
		return err
	}
	return refuse(reason.Holiday, "the value date %s is %s; the next good date is %s", value, closure, next)
}

// quoted returns a client's text for use in a refusal: escaped to ASCII and cut.
func quoted(text string) string {
	const most = 40
	if len(text) > most {
		return strconv.QuoteToASCII(text[:most]) + "…"
	}
	return strconv.QuoteToASCII(text)
}
