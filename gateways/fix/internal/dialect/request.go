package dialect

import "fxcore/gateways/internal/story"

// Kinds of a trade request.
const (
	KindRequest = story.KindRequest // a deal asked for: NewOrderSingle, NewOrderMultileg
	KindReport  = story.KindReport  // a deal done elsewhere: TradeCaptureReport
)

// Products, as the core names them.
const (
	ProductSpot    = story.ProductSpot
	ProductForward = story.ProductForward
	ProductSwap    = story.ProductSwap
)

// Actions of a line check.
const (
	ActionReserve = story.ActionReserve
	ActionConsume = story.ActionConsume
	ActionCancel  = story.ActionCancel
	ActionReverse = story.ActionReverse
)

// TradeRequested is the data of trade.requested, with FIX's echo.
type TradeRequested = story.TradeRequested[TradeEcho]

// CheckRequested is the data of linecheck.requested, with FIX's echo.
type CheckRequested = story.CheckRequested[CheckEcho]

// Trade is a request to trade. Reference is ClOrdID(11) or TradeReportID(571), TransactedAt is TransactTime(60), Pair is
// Symbol(55).
type Trade = story.Trade[TradeEcho]

// Facts are what a report says besides its legs.
type Facts = story.Facts

// Leg is one exchange of currencies.
type Leg = story.Leg

// Check is a line check. Reference is RiskLimitCheckRequestID(2318).
type Check = story.Check[CheckEcho]

type (
	tradeStory = story.TradeEnd[TradeEcho]
	checkStory = story.CheckEnd[CheckEcho]
)

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

// CheckEcho is what the answer to a line check repeats, keyed by tag.
type CheckEcho struct {
	Form      string `json:"35"`             // DF or UDF
	TransType string `json:"2320"`           // as sent
	Type      string `json:"2321"`           // as sent
	RefID     string `json:"2322,omitempty"` // as sent
}
