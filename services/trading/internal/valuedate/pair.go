// Package valuedate holds the date conventions of a currency pair: its spot date, and the value date of a tenor. It is pure:
// calendars are handed in.
package valuedate

import (
	"errors"
	"fmt"

	"fxcore/services/trading/internal/calendar"
)

const (
	dollar = "USD"
	// maxSpotLag bounds the lag that static data may ask for; the market knows 0, 1 and 2.
	maxSpotLag = 4
)

// Pair is a currency pair with what its dates depend on: the spot lag in business days and the calendars of both
// currencies and of the dollar, through which crosses settle. It is immutable.
type Pair struct {
	lag   int
	legs  [2]*calendar.Calendar // base, quote
	usd   *calendar.Calendar
	joint calendar.Joint
}

// NewPair returns the date rules of a pair. A missing calendar or an impossible lag is an error.
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
	return Pair{lag: lag, legs: [2]*calendar.Calendar{base, quote}, usd: usd, joint: joint}, nil
}

// Joint returns the calendar on which the pair settles: both currencies, and the dollar for crosses.
func (p Pair) Joint() calendar.Joint { return p.joint }

// withDollar tells whether the dollar is one of the two currencies.
func (p Pair) withDollar() bool { return len(p.joint) == len(p.legs) }
