package action

import "fxcore/services/trading/internal/trade"

// cell is what one state says about one action: what becomes of the version, or why not.
type cell struct {
	next   trade.Status
	reason Reason
}

// row has a cell for each kind of action, and another one for the products that differ.
type row struct {
	kinds  map[Kind]cell
	except map[trade.Product]map[Kind]cell
}

func to(next trade.Status) cell { return cell{next: next} }
func no(reason Reason) cell     { return cell{reason: reason} }

// all refuses every kind for one reason.
func all(reason Reason) row {
	cells := map[Kind]cell{}
	for _, k := range Kinds() {
		cells[k] = no(reason)
	}
	return row{kinds: cells}
}

// rows is the whole of the table. Nobody changes it.
var rows = table()

func table() map[State]row {
	over, gone := to(trade.Superseded), to(trade.Deleted)
	notDrawn := map[trade.Product]map[Kind]cell{
		trade.Spot: {RollBack: no(NotForSpot), PreSettle: no(NotForSpot), TakeUp: no(NoWindow)},
		trade.Swap: {TakeUp: no(NoWindow)},
	}
	return map[State]row{
		Unconfirmed: all(BookingAwaited), // what follows must not overtake the booking
		Open: {
			kinds: map[Kind]cell{
				Join: over, Split: over, Extend: over, RollBack: over, PreSettle: over, TakeUp: over, Amend: over, Rebook: over, Delete: gone,
			},
			except: notDrawn,
		},
		NotBooked: {kinds: map[Kind]cell{ // what the mainframe does not have is put right first
			Join: no(BookingIsRefused), Split: no(BookingIsRefused), Extend: no(BookingIsRefused), RollBack: no(BookingIsRefused),
			PreSettle: no(BookingIsRefused), TakeUp: no(BookingIsRefused), Amend: over, Rebook: over, Delete: gone,
		}},
		UnderWay:     all(ActionUnderWay),
		PaymentBegun: all(PaymentHasBegun),
		NearSettled: {kinds: map[Kind]cell{ // the far leg goes on by itself; what is paid is not undone
			Join: no(NearLegSettled), Split: over, Extend: over, RollBack: over, PreSettle: over, TakeUp: no(NoWindow),
			Amend: over, Rebook: no(NearLegSettled), Delete: no(NearLegSettled),
		}},
		Executed:   all(AlreadyExecuted),
		Superseded: all(AlreadySuperseded),
		Deleted:    all(AlreadyDeleted),
	}
}

// Allowed returns what becomes of a version in a state when an action takes place, or the reason why it does not.
func Allowed(state State, kind Kind, product trade.Product) (next trade.Status, reason Reason) {
	r := rows[state]
	c, differs := r.except[product][kind]
	if !differs {
		c = r.kinds[kind]
	}
	if c.next == "" && c.reason == "" {
		return "", NoSuchState
	}
	return c.next, c.reason
}

// Explain tells a person what a reason of the table means, and what to do.
func Explain(reason Reason) string { return text[reason] }

var text = map[Reason]string{
	AlreadyExecuted:   "the money has moved; agree on a reversing trade",
	AlreadySuperseded: "other versions have taken its place; act on them",
	AlreadyDeleted:    "it is deleted",
	ActionUnderWay:    "another action on it is being decided; wait for its outcome",
	PaymentHasBegun:   "the time of its payment has begun, and the mainframe may be paying; wait for the outcome",
	BookingAwaited:    "the mainframe has not answered yet whether it books it; wait for its answer",
	BookingIsRefused:  "the mainframe has refused to book it; correct it or delete it",
	NearLegSettled:    "its near leg is settled; only the far leg can still be changed",
	NotForSpot:        "a spot trade has no earlier value date",
	NoWindow:          "it has no window in which it could be taken up",
}

// check refuses an action that the table does not allow.
func check(s Subject, kind Kind) (trade.Status, error) {
	next, reason := Allowed(s.State(), kind, s.Product)
	if reason != "" {
		return "", refuse(reason, "trade %s, version %d: %s", s.ID, s.Version, Explain(reason))
	}
	return next, nil
}
