package blotter

import "time"

// Action is what somebody wants to do with a trade, and what became of it.
type Action struct {
	ID         string    `json:"action_id" format:"uuid"`
	Kind       string    `json:"action" enum:"delete"`
	TradeID    string    `json:"trade_id" format:"uuid"`
	Version    int       `json:"version" doc:"Of the trade"`
	State      string    `json:"state" enum:"proposed,done,declined,withdrawn,expired,refused"`
	ProposedBy string    `json:"proposed_by"`
	Reason     string    `json:"reason"`
	ProposedAt time.Time `json:"proposed_at"`
	ExpiresAt  time.Time `json:"expires_at" doc:"Until when another person may decide"`

	DecidedBy string     `json:"decided_by,omitempty"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Decision  string     `json:"decision,omitempty" doc:"Why, in the words of who decided"`
	Code      string     `json:"code,omitempty" doc:"Why it did not take place"`
	Text      string     `json:"text,omitempty"`
}

// The states of an action that waits for a second person, and of one for which nobody came in time.
const (
	Proposed = "proposed"
	Expired  = "expired"
)

// At returns the action as it is at a moment. Trading tells that an action has expired only when somebody acts on the trade again.
func (a Action) At(now time.Time) Action {
	if a.State == Proposed && !now.Before(a.ExpiresAt) {
		a.State, a.Code, a.Text = Expired, "too_late", "nobody has decided in time"
	}
	return a
}

// Deletion says that a version of the trade is deleted.
type Deletion struct {
	TradeID    string    `json:"trade_id,omitempty"`
	Version    int       `json:"version"`
	ActionID   string    `json:"action_id" format:"uuid"`
	ProposedBy string    `json:"proposed_by"`
	ApprovedBy string    `json:"approved_by"`
	Reason     string    `json:"reason"`
	DeletedAt  time.Time `json:"deleted_at"`

	Reversal *OppositeBooking `json:"reversal,omitempty" doc:"What became of the opposite booking at the mainframe; absent: it is not known yet, or the trade was not booked"`
}

// OppositeBooking is the mainframe's answer to the opposite booking.
type OppositeBooking struct {
	Reference string     `json:"booking_reference,omitempty"`
	BookedAt  *time.Time `json:"booked_at,omitempty"`
	Code      string     `json:"code,omitempty" doc:"Why the mainframe refused"`
	Text      string     `json:"text,omitempty"`
}

// Delete takes in that a version of the trade is deleted.
func (f *Facts) Delete(d Deletion) {
	if f.Deleted == nil || f.Deleted.Version < d.Version {
		d.TradeID, d.Reversal = "", nil
		f.Deleted = &d
	}
}

// Reverse takes in what became of the opposite booking of a version. A booking stands above a refusal.
func (f *Facts) Reverse(r OppositeBooking) {
	if f.Reversed == nil || f.Reversed.Reference == "" {
		f.Reversed = &r
	}
}
