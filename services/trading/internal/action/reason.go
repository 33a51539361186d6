package action

import "fmt"

// Reason is a code that tells a program why an action is refused.
type Reason string

// The reasons that follow from the state and the product.
const (
	AlreadyExecuted   Reason = "already_executed"   // only a reversing trade changes what is paid
	AlreadySuperseded Reason = "already_superseded" // act on what has taken its place
	AlreadyDeleted    Reason = "already_deleted"
	ActionUnderWay    Reason = "action_under_way"
	PaymentHasBegun   Reason = "payment_has_begun"
	BookingAwaited    Reason = "booking_awaited"
	BookingIsRefused  Reason = "booking_refused"  // correct it, or delete it
	NearLegSettled    Reason = "near_leg_settled" // one of its payments is made
	NotForSpot        Reason = "not_for_spot"     // a spot has no earlier date
	NoWindow          Reason = "no_window"        // only a forward with a window is taken up
	NoSuchState       Reason = "no_such_state"    // the table does not know the state or the action
)

// The reasons that follow from what is asked for.
const (
	TradesDiffer      Reason = "trades_differ"       // what is joined has to agree in more
	TooFew            Reason = "too_few"             // a join of one trade, a split into one part
	TooMany           Reason = "too_many"            //
	NamedTwice        Reason = "named_twice"         // a trade is to be joined with itself
	PartsDoNotAddUp   Reason = "parts_do_not_add_up" //
	PartTooSmall      Reason = "part_too_small"      // nothing would be left of one of the amounts
	OverPrecise       Reason = "over_precise"        // more decimals than the currency has
	DateNotLater      Reason = "date_not_later"      //
	DateNotEarlier    Reason = "date_not_earlier"    //
	LegsCross         Reason = "legs_cross"          // a swap's far leg would not be after its near leg
	NoSuchLeg         Reason = "no_such_leg"         //
	NothingChanges    Reason = "nothing_changes"     //
	AboveBalance      Reason = "above_balance"       // more is drawn than is left
	OutsideWindow     Reason = "outside_window"      //
	HistoricForbidden Reason = "historic_forbidden"  // no extension at the historic rate
	RateImpossible    Reason = "rate_impossible"     // the rate would not be positive
)

// Refusal says why an action is refused, for the one who asked. It is an error so that a rule can return it.
type Refusal struct {
	Reason Reason
	Text   string // what was asked, the bound, what to do
}

// Error returns reason and text.
func (r *Refusal) Error() string { return string(r.Reason) + ": " + r.Text }

func refuse(reason Reason, format string, args ...any) error {
	return &Refusal{Reason: reason, Text: fmt.Sprintf(format, args...)}
}
