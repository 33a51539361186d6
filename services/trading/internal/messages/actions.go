package messages

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// The steps of trade.commanded.
const (
	Propose  = "propose"
	Approve  = "approve"
	Decline  = "decline"
	Withdraw = "withdraw"
)

// Commanded is the data of trade.commanded.
type Commanded struct {
	ActionID string `json:"action_id"`
	Step     string `json:"step"`
	Action   string `json:"action"` // its kind
	TradeVersion
	By     string `json:"by"` // auth says who
	Reason string `json:"reason"`
}

// ReadCommanded decodes e. An error means that e can never be handled.
func ReadCommanded(e event.Event) (Commanded, error) {
	var c Commanded
	if err := e.Read(&c); err != nil {
		return c, err
	}
	switch {
	case !slices.Contains([]string{Propose, Approve, Decline, Withdraw}, c.Step):
		return c, fmt.Errorf("%.40q is no step of an action", c.Step)
	case c.By == "" || c.Reason == "":
		return c, errors.New("say who commands it, and why")
	case c.Version < 1:
		return c, fmt.Errorf("version %d", c.Version)
	}
	return c, errors.Join(contract.CheckIsID("action id", c.ActionID), contract.CheckIsID("trade id", c.TradeID), contract.CheckTexts(c.By, c.Reason))
}

// Action is the data of action.proposed and action.ended: the action as it is then.
type Action struct {
	ActionID string `json:"action_id"`
	Action   string `json:"action"`
	TradeVersion
	State      string    `json:"state"` // proposed, done, declined, withdrawn, expired, refused
	ProposedBy string    `json:"proposed_by"`
	Reason     string    `json:"reason"`
	ProposedAt time.Time `json:"proposed_at"`
	ExpiresAt  time.Time `json:"expires_at"`

	DecidedBy string    `json:"decided_by,omitempty"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
	Decision  string    `json:"decision,omitempty"` // why
	Code      string    `json:"code,omitempty"`     // why it did not take place
	Text      string    `json:"text,omitempty"`
}

// Deleted is the data of trade.deleted. Its terms are for readers that take back what they keep of the trade.
type Deleted struct {
	TradeVersion
	ActionID   string    `json:"action_id"`
	ProposedBy string    `json:"proposed_by"`
	ApprovedBy string    `json:"approved_by"`
	Reason     string    `json:"reason"`
	DeletedAt  time.Time `json:"deleted_at"`
	Booked     bool      `json:"booked"` // the mainframe has booked it
	Terms      Terms     `json:"terms"`
}

// Terms are what was agreed.
type Terms struct {
	Provider  string      `json:"provider"`
	Reference string      `json:"reference"`
	Client    string      `json:"client"`
	Account   string      `json:"account"`
	Product   string      `json:"product"`
	Pair      string      `json:"pair"`
	TradeDate string      `json:"trade_date"`
	Legs      []AgreedLeg `json:"legs"` // near leg first
}

// AgreedLeg is one exchange of two positive amounts, seen from the client.
type AgreedLeg struct {
	ListedLeg
	Rate string `json:"rate"`
}
