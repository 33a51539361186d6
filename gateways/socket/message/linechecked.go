package message

import "time"

// maxNodes is the largest number of lines in an answer.
const maxNodes = 16

// LineChecked is the decision about a line check.
type LineChecked struct {
	AnswerHead
	Outcome        Outcome
	Action         Action
	CheckID        string
	AnswerID       string // the same in a repeat of the same answer, else unique
	ReservationID  string // id by which to consume or cancel
	DecidedAt      time.Time
	ApprovedAmount string
	Currency       string
	ExpiresAt      time.Time // if approved: when the reservation ends
	Refusal                  // empty unless refused
	Nodes          []Node    // the checked lines; if refused, the line without enough room first
	Amount         string    // consumed, cancelled or reversed; since 1.1
	OpenAmount     string    // what is reserved afterwards; since 1.1
	ConsumedAmount string    // what is consumed afterwards; since 1.1
}

// Node is one line of the client's hierarchy.
type Node struct {
	Name     string // client/C000900
	Currency string // currency of the amounts
	Limit    string
	Before   string // used before the check
	After    string // used after the check; if refused, what would have been used
}

// Type is TypeLineChecked.
func (*LineChecked) Type() Type { return TypeLineChecked }

func (c *LineChecked) fields(f *fields) {
	oneOf(f, "outcome", &c.Outcome, outcomes)
	oneOf(f, "action", &c.Action, actions)
	f.text("check_id", &c.CheckID, required(maxReference))
	f.text("answer_id", &c.AnswerID, required(maxReference))
	f.text("reservation_id", &c.ReservationID, optional(maxReference))
	f.needInstant("decided_at", &c.DecidedAt)
	f.figure("approved_amount", &c.ApprovedAmount)
	f.currency("currency", &c.Currency)
	f.instant("expires_at", &c.ExpiresAt)
	c.Refusal.walk(f)
	group(f, "nodes", &c.Nodes, maxNodes, func(n *Node) { n.walk(f) })
	if f.since(1) {
		f.figure("amount", &c.Amount)
		f.figure("open_amount", &c.OpenAmount)
		f.figure("consumed_amount", &c.ConsumedAmount)
	}
	if (c.Outcome == Refused) != (c.Code != "") {
		f.fail("code", "needed with a refusal, none without")
	}
}

func (n *Node) walk(f *fields) {
	f.text("name", &n.Name, required(maxReference))
	f.currency("currency", &n.Currency)
	f.figure("limit", &n.Limit)
	f.figure("before", &n.Before)
	f.figure("after", &n.After)
}
