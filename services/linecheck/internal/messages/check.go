package messages

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Check is what linecheck reads of linecheck.authorized.
type Check struct {
	Request    CheckRequest `json:"request"`
	Authorized Terms        `json:"authorized"` // empty where a reservation is consumed or cancelled
}

// ReadCheck decodes the line check in e. An error means that e can never be handled.
func ReadCheck(e event.Event) (Check, error) {
	var c Check
	if err := e.Read(&c); err != nil {
		return c, err
	}
	return c, contract.CheckIsID("check id", c.Request.CheckID)
}

// CheckRequest is a provider's question about a line: PartyRiskLimitCheckRequest (DF), or its FIX 4.4 form.
type CheckRequest struct {
	CheckID   string     `json:"check_id"`
	Provider  string     `json:"provider"`
	Action    Action     `json:"action"`
	Target    string     `json:"target"` // check id of the reservation, for consume and cancel
	TradeDate string     `json:"trade_date"`
	Client    string     `json:"client"`
	Pair      string     `json:"pair"`     // in either order
	Currency  string     `json:"currency"` // of the amount: one of the pair's
	Side      string     `json:"side"`     // of that currency, seen from the client; buy if it is left open
	Amount    string     `json:"amount"`
	Tenor     string     `json:"tenor"`
	ValueDate string     `json:"value_date"` // goes before the tenor
	ExpiresAt *time.Time `json:"expires_at"` // until when the reservation is wanted; the default if absent
}

// Action is what a provider asks for.
type Action string

// The actions (RiskLimitCheckType 2321 and TransType 2320 say them in FIX).
const (
	Reserve Action = "reserve"
	Consume Action = "consume"
	Cancel  Action = "cancel"
)
