package messages

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// Check holds the sections of linecheck.authorized that linecheck reads.
type Check struct {
	Request    CheckRequest   `json:"request"`
	Authorized Terms          `json:"authorized"` // empty if the check consumes or cancels a reservation
	Caller     *access.Caller `json:"caller"`     // who asks by the API; nil for a provider
}

// ReadCheck decodes the line check in e. An error means that e can never be handled.
func ReadCheck(e event.Event) (Check, error) {
	var c Check
	if err := e.Read(&c); err != nil {
		return c, err
	}
	return c, contract.CheckIsID("check id", c.Request.CheckID)
}

// CheckRequest is a provider's line check: PartyRiskLimitCheckRequest (DF), or its FIX 4.4 form.
type CheckRequest struct {
	CheckID   string    `json:"check_id"`
	At        time.Time `json:"transacted_at"`
	Provider  string    `json:"provider"`
	Action    Action    `json:"action"`
	Target    string    `json:"target"`       // for all but reserve: the check id of the reservation
	ForTrade  string    `json:"for_trade_id"` // to consume and reverse: trade id of the deal for which that is; may be empty
	TradeDate string    `json:"trade_date"`

	// The references by which the provider named Target and ForTrade; empty if it named them by their ids.
	TargetReference   string `json:"target_reference"`
	ForTradeReference string `json:"for_trade_reference"`

	Client    string     `json:"client"`
	Product   string     `json:"product"`  // to reserve: a product of spot has to fit the value date
	Pair      string     `json:"pair"`     // in either order
	Currency  string     `json:"currency"` // of the amount: one of the pair's currencies
	Side      string     `json:"side"`     // of that currency, seen from the client; empty means buy
	Amount    string     `json:"amount"`   // for consume, cancel and reverse: empty means all that the action applies to
	Tenor     string     `json:"tenor"`
	ValueDate string     `json:"value_date"` // beside a tenor: the tenor's
	ExpiresAt *time.Time `json:"expires_at"` // wanted expiry of the reservation; without it, the default
}

// Action is the action that a provider asks for.
type Action string

// The actions (in FIX: RiskLimitCheckType 2321 and TransType 2320).
const (
	Reserve Action = "reserve"
	Consume Action = "consume"
	Cancel  Action = "cancel"
	Reverse Action = "reverse" // of a consumption
)
