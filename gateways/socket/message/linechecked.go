package message

import "time"

// maxNodes bounds the lines of a hierarchy that an answer shows.
const maxNodes = 16

// LineChecked says how a line check was decided.
type LineChecked struct {
	AnswerHead
	Outcome        Outcome
	Action         Action
	CheckID        string
	AnswerID       string // the same in a repeat of the same answer, else unique
	ReservationID  string // the one to consume or cancel by
	DecidedAt      time.Time
	ApprovedAmount string
	Currency       string
	ExpiresAt      time.Time // approved: when the reservation lapses
	Refusal                  // empty unless refused
	Nodes          []Node    // the lines that were looked at; of a refusal the one that binds first
}

// Node is one line of the client's hierarchy.
type Node struct {
	Name     string // client/C000900
	Currency string // of the amounts
	Limit    string
	Before   string // used before the check
	After    string // used after it; of a refusal, what would have been
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
