package dialect

import "time"

// Kinds of a trade request.
const (
	KindRequest = "request" // a deal asked for: NewOrderSingle, NewOrderMultileg
	KindReport  = "report"  // a deal done elsewhere: TradeCaptureReport
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
)

// TradeRequested is the data of trade.requested.
type TradeRequested struct {
	Request Trade `json:"request"`
}

// CheckRequested is the data of linecheck.requested.
type CheckRequested struct {
	Request Check `json:"request"`
}

// Trade is the request section of a trade's story. Amounts and rates are plain decimals without superfluous zeros,
// dates YYYY-MM-DD; an absent field is empty.
type Trade struct {
	TradeID      string    `json:"trade_id"`
	Provider     string    `json:"provider"`
	Reference    string    `json:"reference"` // ClOrdID(11), TradeReportID(571)
	Kind         string    `json:"kind"`
	TradeDate    string    `json:"trade_date"`    // FX day of TransactedAt
	TransactedAt time.Time `json:"transacted_at"` // TransactTime(60)
	Client       string    `json:"client"`
	Account      string    `json:"account,omitempty"`
	Product      string    `json:"product"`
	Pair         string    `json:"pair"`     // Symbol(55) as sent; whether it is a pair is for the core to say
	Currency     string    `json:"currency"` // dealt currency: what the amounts are of
	Legs         []Leg     `json:"legs"`     // near leg first
	QuoteID      string    `json:"quote_id,omitempty"`
	Digest       string    `json:"digest"` // SHA-256 of the business content, hex
	Echo         TradeEcho `json:"echo"`
}

// Leg is one exchange of currencies, seen from the client.
type Leg struct {
	Side      string `json:"side"` // buy or sell, of the dealt currency
	Amount    string `json:"amount"`
	Rate      string `json:"rate"` // all-in
	Tenor     string `json:"tenor,omitempty"`
	ValueDate string `json:"value_date,omitempty"` // stands above Tenor (FIX: SettlDate(64) over SettlType(63))
}

// TradeEcho is what the answer repeats of the request, keyed by tag, and is opaque to the core. What the request
// section says anyway (reference, pair, currency, amounts, rates) is not said twice.
type TradeEcho struct {
	Form      string    `json:"35"`            // message form: D, AB, AE
	Side      string    `json:"54"`            // as sent
	Qty       string    `json:"38,omitempty"`  // as a number
	OrdType   string    `json:"40,omitempty"`  // as sent
	Party     bool      `json:"453,omitempty"` // the client was named as a party, not as the account
	SettlType string    `json:"63,omitempty"`  // as sent
	Legs      []LegEcho `json:"555,omitempty"`
}

// LegEcho is what the answer repeats of one leg.
type LegEcho struct {
	RefID     string `json:"654,omitempty"`
	SettlType string `json:"587,omitempty"`
}

// Check is the request section of a line check's story.
type Check struct {
	CheckID      string    `json:"check_id"`
	Provider     string    `json:"provider"`
	Reference    string    `json:"reference"` // RiskLimitCheckRequestID(2318)
	Action       string    `json:"action"`
	Target       string    `json:"target,omitempty"` // check_id of the reservation to consume or cancel
	TradeDate    string    `json:"trade_date"`
	TransactedAt time.Time `json:"transacted_at"`
	Client       string    `json:"client"`
	Product      string    `json:"product,omitempty"`
	Pair         string    `json:"pair,omitempty"`
	Currency     string    `json:"currency,omitempty"`
	Side         string    `json:"side,omitempty"`
	Amount       string    `json:"amount,omitempty"`
	Tenor        string    `json:"tenor,omitempty"`
	ValueDate    string    `json:"value_date,omitempty"`
	Digest       string    `json:"digest"`
	Echo         CheckEcho `json:"echo"`
}

// CheckEcho is what the answer to a line check repeats, keyed by tag.
type CheckEcho struct {
	Form      string `json:"35"`             // DF or UDF
	TransType string `json:"2320"`           // as sent
	Type      string `json:"2321"`           // as sent
	RefID     string `json:"2322,omitempty"` // as sent
}
