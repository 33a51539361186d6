// Package valuedate holds the date conventions of a currency pair: its spot date, and the value date of a tenor. It is
// pure: the caller supplies the calendars.
package valuedate

import (
	"errors"
	"fmt"

	"fxcore/services/market/calendar"
	"fxcore/services/market/memo"
)

const (
	dollar = "USD"
	// maxSpotLag is the largest lag that NewPair accepts. The market uses 0, 1 and 2.
	maxSpotLag = 4
)

// Pair holds everything on which the dates of a currency pair depend: the spot lag in business days, the calendars of
// both currencies, and the calendar of the dollar, through which crosses settle. It is immutable.
type Pair struct {
	lag   int
	legs  [2]*calendar.Calendar // base, quote
	usd   *calendar.Calendar
	joint calendar.Joint
	known *periods
}

// NewPair returns the date rules of a pair. It returns an error if a calendar is missing or the lag is out of range.
func NewPair(lag int, base, quote, usd *calendar.Calendar) (Pair, error) {
	switch {
	case base == nil || quote == nil || usd == nil:
		return Pair{}, errors.New("a calendar is missing")
	case usd.Currency() != dollar:
		return Pair{}, fmt.Errorf("calendar of %s in the dollar's place", usd.Currency())
	case lag < 0 || lag > maxSpotLag:
		return Pair{}, fmt.Errorf("spot lag %d is not within 0 and %d", lag, maxSpotLag)
	}
	joint := calendar.Joint{base, quote}
	if base.Currency() != dollar && quote.Currency() != dollar {
		joint = append(joint, usd)
	}
	return Pair{lag: lag, legs: [2]*calendar.Calendar{base, quote}, usd: usd, joint: joint, known: memo.New[asked, answer](maxKnown)}, nil
}

// Joint returns the calendar on which the pair settles: both currencies and, for a cross, the dollar.
func (p Pair) Joint() calendar.Joint { return p.joint }

// Legs returns the calendars of the base and of the quote currency.
func (p Pair) Legs() [2]*calendar.Calendar { return p.legs }

// withDollar reports whether the dollar is one of the two currencies.
func (p Pair) withDollar() bool { return len(p.joint) == len(p.legs) }
