package action

// Kind is an action on registered trades.
type Kind string

// The kinds of actions.
const (
	Join      Kind = "join"       // several trades become one
	Split     Kind = "split"      // one trade becomes several
	Extend    Kind = "extend"     // to a later value date
	RollBack  Kind = "roll_back"  // to an earlier value date, by a swap
	PreSettle Kind = "pre_settle" // draw the amount, or a part of it, before the value date
	TakeUp    Kind = "take_up"    // draw from a forward with a window
	Amend     Kind = "amend"      // correct what moves no money: reference, account
	Rebook    Kind = "rebook"     // correct amount, rate, date, pair, side or client: cancel and book anew
	Delete    Kind = "delete"     // the trade should never have been booked
)

// Kinds returns all kinds, in the order of the table.
func Kinds() []Kind {
	return []Kind{Join, Split, Extend, RollBack, PreSettle, TakeUp, Amend, Rebook, Delete}
}

// Corrects reports whether the action says that the books are wrong. Only the bank's own people may say so, and always two of them.
func (k Kind) Corrects() bool { return k == Amend || k == Rebook || k == Delete }
