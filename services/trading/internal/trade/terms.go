// Package trade models a registered trade: its terms, its version and its life. It is pure: it uses no messages, no
// tables and no clock.
//
// The terms never change. A later action (join, split, extend, pre-settle, correct) makes another trade or another
// version and marks this one as superseded. Facts that arrive later (the assignment, the booking) belong to the trade's
// [Life].
package trade

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Side says whether the client buys or sells a currency.
type Side string

// The two sides.
const (
	Buy  Side = "buy"
	Sell Side = "sell"
)

// Opposite returns the other side.
func (s Side) Opposite() Side {
	if s == Buy {
		return Sell
	}
	return Buy
}

// Valid reports whether s is Buy or Sell.
func (s Side) Valid() bool { return s == Buy || s == Sell }

// Product is the kind of contract.
type Product string

// The products.
const (
	Spot    Product = "spot"
	Forward Product = "forward"
	Swap    Product = "swap"
)

// Legs returns the number of legs of the product, or 0 for an unknown product.
func (p Product) Legs() int {
	switch p {
	case Spot, Forward:
		return 1
	case Swap:
		return 2
	}
	return 0
}

// Leg is one exchange of two amounts on a value date, seen from the client. Both amounts are positive.
type Leg struct {
	ValueDate   fxdate.Date
	Base        string // ISO 4217
	BaseSide    Side
	BaseAmount  decimal.Decimal
	Quote       string
	QuoteAmount decimal.Decimal
	Rate        decimal.Decimal // quote units per base unit
	// ForwardPoints are rate less spot rate, as a rate, as a report states them.
	ForwardPoints decimal.NullDecimal
}

// ErrInvalidTerms means that terms contradict themselves. That is a programming error, not a fault of the client's
// request.
var ErrInvalidTerms = errors.New("invalid terms of a trade")

// CheckLegs returns ErrInvalidTerms if the legs do not fit the product: a wrong number of legs, an amount or rate that
// is not positive, or a swap whose legs have the same side or whose near leg is not before its far leg.
func CheckLegs(product Product, legs []Leg) error {
	if n := product.Legs(); n == 0 || n != len(legs) {
		return fmt.Errorf("%w: product %q with %d legs", ErrInvalidTerms, product, len(legs))
	}
	for i, leg := range legs {
		if err := leg.check(); err != nil {
			return fmt.Errorf("%w: leg %d: %w", ErrInvalidTerms, i+1, err)
		}
	}
	if product != Swap {
		return nil
	}
	near, far := legs[0], legs[1]
	if near.ValueDate >= far.ValueDate || near.BaseSide == far.BaseSide || near.Base != far.Base || near.Quote != far.Quote {
		return fmt.Errorf("%w: a swap exchanges one pair and later exchanges it back", ErrInvalidTerms)
	}
	return nil
}

func (l Leg) check() error {
	switch {
	case l.Base == "" || l.Quote == "" || l.Base == l.Quote:
		return fmt.Errorf("currencies %q and %q", l.Base, l.Quote)
	case !l.BaseSide.Valid():
		return fmt.Errorf("side %q", l.BaseSide)
	case !l.BaseAmount.IsPositive() || !l.QuoteAmount.IsPositive() || !l.Rate.IsPositive():
		return fmt.Errorf("amounts %s and %s at %s", l.BaseAmount, l.QuoteAmount, l.Rate)
	case l.ValueDate.IsZero():
		return errors.New("no value date")
	}
	return nil
}

// Terms are the terms that the bank and the client agreed on.
type Terms struct {
	Kind          string // request (decided here) or report (done elsewhere)
	Provider      string
	Reference     string // the provider's own: ClOrdID (11) or TradeReportID (571)
	QuoteID       string // QuoteID (117) of the quote that the client dealt on; may be empty
	Client        string
	Account       string // may be empty
	Product       Product
	Pair          string
	DealtCurrency string // currency of the amount in the request
	TradeDate     fxdate.Date
	Reported      fxdate.Date // TradeDate (75) of a report: the reporter's own; zero if it states none
	TransactedAt  time.Time
	SpotDate      fxdate.Date
	Legs          []Leg           // near leg first
	SpotRate      decimal.Decimal // within the near leg's rate; zero if nobody knows it
	ReferenceRate decimal.Decimal // zero if the trade could not be judged
	ReferenceAsOf time.Time
	USDAmount     decimal.Decimal // of the near leg
	Flags         []Flag
}
