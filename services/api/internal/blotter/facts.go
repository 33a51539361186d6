package blotter

import "time"

// Facts is what messages have told of one trade. The zero value knows nothing. Only ID names the trade: each row is written with every trade, so
// the parts do not repeat its id.
type Facts struct {
	ID          string           `json:"id"`
	Request     *Request         `json:"request,omitempty"`
	Caller      *Caller          `json:"caller,omitempty"` // of a request that came in by the API
	Terms       *Terms           `json:"terms,omitempty"`
	Validated   *Validated       `json:"validated,omitempty"`
	Registered  *Registration    `json:"registered,omitempty"`
	Rejected    *Refusal         `json:"rejected,omitempty"`
	Assigned    *Assignment      `json:"assigned,omitempty"`
	Booked      *Booking         `json:"booked,omitempty"`
	Refused     *Refusal         `json:"refused,omitempty"` // the mainframe's refusal to book
	Executed    *Execution       `json:"executed,omitempty"`
	Settlements []Settlement     `json:"settlements,omitempty"`
	Deleted     *Deletion        `json:"deleted,omitempty"`
	Reversed    *OppositeBooking `json:"reversed,omitempty"`
	History     []Entry          `json:"history,omitempty"`
}

// Request is what was asked for, as the gateway or the API published it. Side and amount of a leg are of the dealt currency.
type Request struct {
	TradeID      string         `json:"trade_id,omitempty"`
	Provider     string         `json:"provider"`
	Reference    string         `json:"reference"`
	Kind         string         `json:"kind"`
	TradeDate    string         `json:"trade_date"`
	TransactedAt time.Time      `json:"transacted_at"`
	Client       string         `json:"client"`
	Account      string         `json:"account,omitempty"`
	Product      string         `json:"product"`
	Pair         string         `json:"pair"`
	Currency     string         `json:"currency"`
	Legs         []RequestedLeg `json:"legs"`
	QuoteID      string         `json:"quote_id,omitempty"`
	LineCheck    *UsedCheck     `json:"line_check,omitempty"`

	ReportedTradeDate string `json:"reported_trade_date,omitempty"` // of a report: the reporter's own
}

// UsedCheck names the line check whose reservation a trade uses, as messages put it.
type UsedCheck struct {
	CheckID string `json:"check_id"`
	Rest    string `json:"rest,omitempty"` // FreeRest, or empty: the rest stays reserved
}

// FreeRest is the wish that what a trade leaves of its line check becomes free.
const FreeRest = "free"

// RequestedLeg is one leg as it was asked for.
type RequestedLeg struct {
	Side      string `json:"side"`
	Amount    string `json:"amount"`
	Rate      string `json:"rate"`
	Tenor     string `json:"tenor,omitempty"`
	ValueDate string `json:"value_date,omitempty"`
}

// Caller is the person or the system that asked by the API.
type Caller struct {
	User   string `json:"user,omitempty"`
	Desk   string `json:"desk,omitempty"`
	Client string `json:"client,omitempty" doc:"Of a system: the client for which it acts, * for all"`
}

// Terms hold what auth added.
type Terms struct {
	Desk string `json:"desk,omitempty"` // the client's
}

// Validated is what the trade settles as.
type Validated struct {
	TradeDate string         `json:"trade_date"`
	Pair      string         `json:"pair"`
	Product   string         `json:"product"`
	SpotRate  string         `json:"spot_rate,omitempty"`
	Legs      []ValidatedLeg `json:"legs"`
	Flags     []Flag         `json:"flags,omitempty"`
}

// ValidatedLeg has both amounts, in the pair's conventional order.
type ValidatedLeg struct {
	ValueDate   string `json:"value_date"`
	Base        string `json:"base"`
	BaseSide    string `json:"base_side"`
	BaseAmount  string `json:"base_amount"`
	Quote       string `json:"quote"`
	QuoteAmount string `json:"quote_amount"`
	Rate        string `json:"rate"`
}

// Flag is what is remarkable about a trade that is done.
type Flag struct {
	Flag string `json:"flag"`
	Leg  int    `json:"leg,omitempty"`
	Text string `json:"text,omitempty"`
}

// Registration says that the trade is done.
type Registration struct {
	TradeID      string    `json:"trade_id,omitempty"`
	Version      int       `json:"version"`
	RegisteredAt time.Time `json:"registered_at"`
	Flags        []Flag    `json:"flags,omitempty"`
}

// Refusal says why something was not done.
type Refusal struct {
	Code string `json:"code"`
	Text string `json:"text" doc:"What was asked, the bound, and what to do"`
	By   string `json:"by,omitempty" doc:"The service that refused"`
	Node string `json:"node,omitempty" doc:"The line that refused, if one did and you may see it" example:"client/C000900"`

	Version int `json:"version,omitempty" doc:"Of the trade, which the mainframe refused to book; absent: the first"`
}

// Assignment names who answers for the trade.
type Assignment struct {
	TradeID string `json:"trade_id,omitempty"`
	Version int    `json:"version"`
	Desk    string `json:"desk"`
	Trader  string `json:"trader"`
}

// Booking is the mainframe's booking.
type Booking struct {
	Reference string    `json:"booking_reference"`
	BookedAt  time.Time `json:"booked_at"`
	Version   int       `json:"version,omitempty" doc:"Of the trade; absent: the first"`
}

// Execution says that all legs of a version are settled.
type Execution struct {
	TradeID    string    `json:"trade_id,omitempty"`
	Version    int       `json:"version"`
	ExecutedAt time.Time `json:"executed_at"`
}

// Settlement is what became of a leg of one version: settled, or failed with a code.
type Settlement struct {
	Version    int       `json:"version"`
	Leg        int       `json:"leg"`
	ValueDate  string    `json:"value_date"`
	MovementID string    `json:"movement_id"`
	Reference  string    `json:"reference,omitempty" doc:"The mainframe's, or that of a person who settled it by hand"`
	ByHand     bool      `json:"by_hand,omitempty"`
	Code       string    `json:"code,omitempty"`
	Text       string    `json:"text,omitempty"`
	At         time.Time `json:"at"`

	Attempt  int        `json:"attempt,omitempty" doc:"Of a leg that failed: how often the mainframe was asked"`
	NotAfter *time.Time `json:"not_after,omitempty" doc:"Of a leg that failed: the cut-off until which the mainframe was asked to move the money"`
}

// Failed tells whether the leg could not be settled.
func (s Settlement) Failed() bool { return s.Code != "" }

// Entry is one step of a trade's history.
type Entry struct {
	ID    string    `json:"id" doc:"Of the message"`
	Event string    `json:"event"`
	At    time.Time `json:"at"`
	By    string    `json:"by" doc:"The service that took the step"`
}
