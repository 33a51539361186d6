package blotter

import "time"

// CheckState is where a line check stands.
type CheckState string

// The states of a line check.
const (
	CheckPending  CheckState = "pending"
	CheckDone     CheckState = "done" // see the result's decision
	CheckRejected CheckState = "rejected"
)

// Check is what messages have told of one line check.
type Check struct {
	ID       string        `json:"id"`
	Request  CheckRequest  `json:"request"`
	Caller   *Caller       `json:"caller,omitempty"`
	Terms    *Terms        `json:"authorized,omitempty"`
	Result   *CheckResult  `json:"result,omitempty" doc:"The decision, the lines before and after, and what the decision was based on"`
	Rejected *CheckRefusal `json:"rejected,omitempty"`
}

// CheckRequest is what was asked for. Side and amount are of the dealt currency.
type CheckRequest struct {
	CheckID      string     `json:"check_id"`
	Provider     string     `json:"provider"`
	Reference    string     `json:"reference"`
	Action       string     `json:"action" doc:"reserve, consume, cancel, reverse"`
	Target       string     `json:"target,omitempty" doc:"The reservation that is consumed, cancelled or reversed"`
	ForTrade     string     `json:"for_trade_id,omitempty" doc:"The trade for which a reservation is consumed"`
	TradeDate    string     `json:"trade_date"`
	TransactedAt time.Time  `json:"transacted_at"`
	Client       string     `json:"client"`
	Product      string     `json:"product,omitempty"`
	Pair         string     `json:"pair,omitempty"`
	Currency     string     `json:"currency,omitempty"`
	Side         string     `json:"side,omitempty"`
	Amount       string     `json:"amount,omitempty"`
	Tenor        string     `json:"tenor,omitempty"`
	ValueDate    string     `json:"value_date,omitempty"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty"`
}

// CheckResult is the answer to a check that was not refused.
type CheckResult struct {
	Decision       string     `json:"decision" doc:"approved, consumed, cancelled, reversed"`
	ApprovedAmount string     `json:"approved_amount,omitempty"`
	Amount         string     `json:"amount,omitempty" doc:"Consumed, cancelled or reversed"`
	OpenAmount     string     `json:"open_amount,omitempty" doc:"Reserved afterwards"`
	ConsumedAmount string     `json:"consumed_amount,omitempty" doc:"Consumed afterwards"`
	Currency       string     `json:"currency"`
	ReservationID  string     `json:"reservation_id,omitempty"`
	ExpiresAt      *time.Time `json:"expires_at,omitempty"`
	Exposure       string     `json:"exposure,omitempty" doc:"In USD"`
	Nodes          []Node     `json:"nodes,omitempty"`
	Basis          *Basis     `json:"basis,omitempty"`
}

// Node is a line of the hierarchy; amounts are in USD.
type Node struct {
	Node       string `json:"node"`
	Limit      string `json:"limit"`
	Collateral string `json:"collateral,omitempty"`
	Before     string `json:"before"`
	After      string `json:"after"`
	Headroom   string `json:"headroom"`
}

// Basis is what a decision was based on, and how old that was.
type Basis struct {
	AddOn              string     `json:"add_on"`
	TenorDays          int        `json:"tenor_days"`
	MarkToMarket       string     `json:"mark_to_market"`
	RatesAsOf          *time.Time `json:"rates_as_of,omitempty"`
	RatesAgeSeconds    int        `json:"rates_age_seconds"`
	HoldingsAgeSeconds int        `json:"holdings_age_seconds"`
	LinesAgeSeconds    int        `json:"lines_age_seconds"`
}

// CheckRefusal says why a check was refused, with the lines as they are: the one that binds first.
type CheckRefusal struct {
	Refusal

	Nodes []Node `json:"nodes,omitempty"`
}

// State returns where the check stands.
func (c *Check) State() CheckState {
	switch {
	case c.Result != nil:
		return CheckDone
	case c.Rejected != nil:
		return CheckRejected
	}
	return CheckPending
}

// Desk returns the desk whose people may see the check: the client's, else that of the person who asked.
func (c *Check) Desk() string {
	switch {
	case c.Terms != nil && c.Terms.Desk != "":
		return c.Terms.Desk
	case c.Caller != nil:
		return c.Caller.Desk
	}
	return ""
}
