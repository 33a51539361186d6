package action

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// Drawing takes the amount of a leg, or a part of it, before its value date: a pre-settlement, or a take-up of a forward with a window.
type Drawing struct {
	Kind    Kind            // PreSettle or TakeUp
	Leg     int             // which leg, from 1
	Amount  decimal.Decimal // of the base; zero: all that is left
	On      fxdate.Date
	Window  Window          // of TakeUp
	Early   decimal.Decimal // the market's rate for the day of the drawing
	Market  decimal.Decimal // the market's rate for the value date
	Yearly  decimal.Decimal // interest of the quote currency
	Charge  Charge
	Digits  int32 // of the pair's rates
	Minor   Minor
	DrawnID string // of the trade that is drawn
	RestID  string // of what is left; not used if nothing is
}

// Charge says how the client bears the cost of drawing early.
type Charge string

// The two ways.
const (
	InRate Charge = "rate" // the drawn part has another rate
	InCash Charge = "cash" // the rate stays, and the difference is paid on the day of the drawing
)

// Window is the time in which a client may draw from a forward at its rate. An open forward has a window that begins at once; a fixed one has
// only its value date.
type Window struct{ From, To fxdate.Date }

// Draws applies a drawing. The drawn part becomes a trade of its own for the earlier date; the rest keeps rate and value date. A take-up within the
// window costs nothing, because the rate was made for it. Refusals: see [Allowed]; AboveBalance, OverPrecise, DateNotEarlier, OutsideWindow,
// LegsCross, PartTooSmall, NoSuchLeg, RateImpossible.
func Draws(s Subject, d Drawing) (Change, error) {
	next, err := check(s, d.Kind)
	if err != nil {
		return Change{}, err
	}
	terms := left(s)
	n := d.Leg - 1 - (len(s.Legs) - len(terms.Legs))
	if n < 0 || n >= len(terms.Legs) {
		return Change{}, refuse(NoSuchLeg, "the trade has no leg %d that is not settled", d.Leg)
	}
	leg := terms.Legs[n]
	if d.Amount.IsZero() {
		d.Amount = leg.BaseAmount
	}
	if err := d.check(leg); err != nil {
		return Change{}, err
	}
	change := Change{Ends: ends(next, s.Ref)}
	if err := d.begin(&change, s.Ref, terms, n); err != nil {
		return Change{}, err
	}
	return change, nil
}

// begin makes the trades: what is drawn, and the rest. A swap can only be drawn whole, leg by leg: its legs have the same amount.
func (d Drawing) begin(change *Change, parent trade.Ref, terms trade.Terms, n int) error {
	leg, drawn := terms.Legs[n], copied(terms)
	rest := leg.BaseAmount.Sub(d.Amount)
	if rest.IsPositive() && len(terms.Legs) > 1 {
		return refuse(AboveBalance, "of a swap with both legs open a whole leg is drawn; split the trade first")
	}
	part := leg
	if rest.IsPositive() {
		var parts [2]Begin
		parts[0].Terms, parts[1].Terms = copied(terms), copied(terms)
		if err := share(terms, []decimal.Decimal{d.Amount, rest}, d.Minor, parts[:]); err != nil {
			return err
		}
		drawn, part = parts[0].Terms, parts[0].Terms.Legs[n]
		change.Begins = append(change.Begins, Begin{Ref: trade.Ref{ID: d.RestID, Version: first}, Terms: parts[1].Terms, Parents: []trade.Ref{parent}})
	}
	priced, due, err := d.price(part)
	if err != nil {
		return err
	}
	drawn.Legs[n] = priced
	if err := trade.CheckLegs(drawn.Product, drawn.Legs); err != nil {
		return refuse(LegsCross, "the far leg of a swap is after its near leg: %s", d.On)
	}
	change.Cash = due
	change.Begins = append([]Begin{{Ref: trade.Ref{ID: d.DrawnID, Version: first}, Terms: drawn, Parents: []trade.Ref{parent}}}, change.Begins...)
	return nil
}

func (d Drawing) check(leg trade.Leg) error {
	switch {
	case !d.Amount.IsPositive() || d.Amount.GreaterThan(leg.BaseAmount):
		return refuse(AboveBalance, "%s %s cannot be drawn; %s are left", d.Amount, leg.Base, leg.BaseAmount)
	case !pricing.HasDecimals(d.Amount, max(d.Minor.Base, -leg.BaseAmount.Exponent())):
		return refuse(OverPrecise, "%s has %d decimals, not those of %s", leg.Base, d.Minor.Base, d.Amount)
	case d.Kind == TakeUp && (d.On < d.Window.From || d.On > d.Window.To):
		return refuse(OutsideWindow, "%s is not within the window from %s to %s", d.On, d.Window.From, d.Window.To)
	case d.Kind == PreSettle && d.On >= leg.ValueDate:
		return refuse(DateNotEarlier, "%s is not earlier than the value date, %s", d.On, leg.ValueDate)
	}
	return nil
}

// price returns the drawn leg, and what is due in cash.
func (d Drawing) price(leg trade.Leg) (trade.Leg, []Cash, error) {
	if d.Kind == TakeUp {
		leg.ValueDate = d.On // at the agreed rate, so with the agreed amounts
		return leg, nil, nil
	}
	fair := EarlyRate(leg.Rate, d.Market, d.Early, interest(d.Yearly, d.On, leg.ValueDate)).Round(d.Digits)
	if d.Charge == InCash {
		due := cash(leg, leg.Rate.Sub(fair), d.On, d.Minor)
		leg.ValueDate = d.On
		return leg, due, nil
	}
	if !fair.IsPositive() {
		return leg, nil, refuse(RateImpossible, "the rate would be %s", fair)
	}
	return moved(leg, d.On, fair, d.Minor), nil, nil
}

// EarlyRate returns K − (F − S) − (K − F)·i: the agreed rate K less the swap points from the early date (S) to the value date (F), less interest i
// on the gain or loss that is realised earlier.
func EarlyRate(agreed, value, early, interest decimal.Decimal) decimal.Decimal {
	return agreed.Sub(value.Sub(early)).Sub(agreed.Sub(value).Mul(interest))
}

// WindowRate returns the rate of a forward with a window: the worst for the client of those for the dates in the window, because the client chooses the
// date. Zero without rates.
func WindowRate(side trade.Side, rates []decimal.Decimal) decimal.Decimal {
	if len(rates) == 0 {
		return decimal.Zero
	}
	if side == trade.Buy {
		return decimal.Max(rates[0], rates[1:]...)
	}
	return decimal.Min(rates[0], rates[1:]...)
}
