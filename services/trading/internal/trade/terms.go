// Package trade is a registered trade: what was agreed, which version of it holds, and how its life goes on. It is pure:
// it knows neither messages nor tables nor a clock.
//
// What was agreed never changes: a later action (join, split, extend, pre-settle, correct) makes another trade or another
// version and leaves this one superseded. What is learned afterwards (who is responsible, the booking) is its [Life].
package trade

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Side is what the client does with a currency.
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

// Valid tells whether s is one of the two.
func (s Side) Valid() bool { return s == Buy || s == Sell }

// Product is what kind of contract a trade is.
type Product string

// The products.
const (
	Spot    Product = "spot"
	Forward Product = "forward"
	Swap    Product = "swap"
)

// Legs returns how many exchanges of money the product has; none for what is no product.
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
	Rate        decimal.Decimal // quote units for one base unit
}

// ErrInvalidTerms says that terms contradict themselves: a defect of whoever made them, not of the client's request.
var ErrInvalidTerms = errors.New("invalid terms of a trade")

// CheckLegs reports what legs of a product can not be: the wrong number, amounts or rates that are not positive, a swap
// whose legs go the same way or whose near leg is not before the far one.
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

// Terms are what was agreed with the client.
type Terms struct {
	Kind          string // request (decided here) or report (done elsewhere)
	Provider      string
	Reference     string // the provider's own: ClOrdID (11) or TradeReportID (571)
	QuoteID       string // of the quote that was dealt on (117); may be empty
	Client        string
	Account       string // may be empty
	Product       Product
	Pair          string
	DealtCurrency string // in which the client stated the amount
	TradeDate     fxdate.Date
	TransactedAt  time.Time
	SpotDate      fxdate.Date
	Legs          []Leg // near leg first
	ReferenceRate decimal.Decimal
	ReferenceAsOf time.Time
	USDAmount     decimal.Decimal // of the near leg
}
