// Package story is what a provider's request and the end of its story are, whatever the protocol: the data of the events
// that begin it, the view of those that end it, ids and digests. Each protocol keeps with a request what its answers must
// repeat of it: the echo, of type E, opaque to the core.
package story

import "time"

// Kinds of a trade request.
const (
	KindRequest = "request" // a deal asked for
	KindReport  = "report"  // a deal done elsewhere
)

// Products, as the core names them.
const (
	ProductSpot    = "spot"
	ProductForward = "forward"
	ProductSwap    = "swap"
)

// Actions of a line check.
const (
	ActionReserve = "reserve"
	ActionConsume = "consume"
	ActionCancel  = "cancel"
	ActionReverse = "reverse" // of a consumption
)

// What becomes of the part of a reservation that a trade does not use.
const (
	RestKeep = "keep" // it stays reserved
	RestFree = "free"
)

// TradeRequested is the data of trade.requested.
type TradeRequested[E any] struct {
	Request Trade[E] `json:"request"`
}

// CheckRequested is the data of linecheck.requested.
type CheckRequested[E any] struct {
	Request Check[E] `json:"request"`
}

// Trade is the request section of a trade's story. Amounts and rates are plain decimals without superfluous zeros,
// dates YYYY-MM-DD; an absent field is empty.
type Trade[E any] struct {
	TradeID      string    `json:"trade_id"`
	Provider     string    `json:"provider"`
	Reference    string    `json:"reference"` // the provider's own
	Kind         string    `json:"kind"`
	TradeDate    string    `json:"trade_date"` // FX day of TransactedAt
	TransactedAt time.Time `json:"transacted_at"`
	Client       string    `json:"client"`
	Account      string    `json:"account,omitempty"`
	Product      string    `json:"product"`
	DateDecides  bool      `json:"date_decides,omitempty"` // the value date stands above Product, which only a tenor beside it says
	Pair         string    `json:"pair"`                   // as sent; whether it is a pair is for the core to say
	Currency     string    `json:"currency"`               // dealt currency: what the amounts are of
	Legs         []Leg     `json:"legs"`                   // near leg first
	QuoteID      string    `json:"quote_id,omitempty"`

	LineCheck *UsedCheck `json:"line_check,omitempty"` // the line check that the trade uses
	Facts

	Digest string `json:"digest"` // SHA-256 of the business content, hex
	Echo   E      `json:"echo"`
}

// Facts are what a report may say besides its legs, as it says it. They do not count for the digest. Rates and points are plain
// decimals; points are differences of rates.
type Facts struct {
	ReportedTradeDate string `json:"reported_trade_date,omitempty"` // YYYY-MM-DD, the reporter's own
	SpotRate          string `json:"spot_rate,omitempty"`           // within the rates of the legs
	SwapPoints        string `json:"swap_points,omitempty"`         // far rate less near rate
}

// UsedCheck names a line check whose reservation a trade takes over.
type UsedCheck struct {
	CheckID   string `json:"check_id"`
	Reference string `json:"reference,omitempty"` // by which the provider named it
	Rest      string `json:"rest,omitempty"`      // RestKeep or RestFree; empty means keep
}

// Leg is one exchange of currencies, seen from the client.
type Leg struct {
	Side      string `json:"side"` // buy or sell, of the dealt currency
	Amount    string `json:"amount"`
	Rate      string `json:"rate"` // all-in
	Tenor     string `json:"tenor,omitempty"`
	ValueDate string `json:"value_date,omitempty"` // stands above Tenor

	OtherAmount   string `json:"other_amount,omitempty"`   // of a report: the amount of the other currency
	ForwardPoints string `json:"forward_points,omitempty"` // of a report: rate less spot rate
}

// Check is the request section of a line check's story.
type Check[E any] struct {
	CheckID           string     `json:"check_id"`
	Provider          string     `json:"provider"`
	Reference         string     `json:"reference"`
	Action            string     `json:"action"`
	Target            string     `json:"target,omitempty"`       // check_id of the reservation to consume, cancel or reverse
	ForTrade          string     `json:"for_trade_id,omitempty"` // to consume, reverse: trade_id of the deal for which that is
	TradeDate         string     `json:"trade_date"`
	TransactedAt      time.Time  `json:"transacted_at"`
	Client            string     `json:"client"`
	Product           string     `json:"product,omitempty"`
	DateDecides       bool       `json:"date_decides,omitempty"` // as of a trade
	Pair              string     `json:"pair,omitempty"`
	Currency          string     `json:"currency,omitempty"`
	Side              string     `json:"side,omitempty"`
	Amount            string     `json:"amount,omitempty"`
	Tenor             string     `json:"tenor,omitempty"`
	ValueDate         string     `json:"value_date,omitempty"`
	ExpiresAt         *time.Time `json:"expires_at,omitempty"`          // until when a reservation is wanted; nil: as the line gives
	TargetReference   string     `json:"target_reference,omitempty"`    // by which the provider named Target
	ForTradeReference string     `json:"for_trade_reference,omitempty"` // by which the provider named ForTrade

	Digest string `json:"digest"`
	Echo   E      `json:"echo"`
}
