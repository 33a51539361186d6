package messages

import (
	"encoding/json"
	"time"
)

// Authorized is the data of trade.authorized and linecheck.authorized.
type Authorized struct {
	Request    json.RawMessage `json:"request"`
	Caller     json.RawMessage `json:"caller,omitempty"`
	Authorized Terms           `json:"authorized"`
}

// Terms are the terms on which the request was granted. If the request consumes or cancels a reservation, only Rule is
// set.
type Terms struct {
	Rule         string     `json:"rule"`
	ClientGroup  string     `json:"client_group,omitempty"`
	Desk         string     `json:"desk,omitempty"`
	MaxAmountUSD string     `json:"max_amount_usd,omitempty"`
	AmountUSD    string     `json:"amount_usd,omitempty"`
	RatesAsOf    *time.Time `json:"rates_as_of,omitempty"`
	Flags        []Flag     `json:"flags,omitempty"` // of a report

	// DateDecides says that the value date stands above the product of the request, spot, and that the provider may deal in forwards, too.
	DateDecides bool `json:"date_decides,omitempty"`
}

// Flag is what would refuse a request, and what a person should look at in a report.
type Flag struct {
	Flag string `json:"flag"` // client_blocked, account_mismatch, product_not_allowed, pair_not_allowed, size_exceeded, size_not_judged, old_data
	Text string `json:"text"`
}

// Rejected is the data of trade.rejected and linecheck.rejected.
type Rejected struct {
	Request  json.RawMessage `json:"request"`
	Caller   json.RawMessage `json:"caller,omitempty"`
	Rejected Reason          `json:"rejected"`
}

// Reason says why the request was refused, and by which service.
type Reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
	By   string `json:"by"`   // auth
	Rule string `json:"rule"` // the rule that refused
}

// Repeated is the data of trade.repeated and linecheck.repeated: the repeated request, and the original that it
// repeats.
type Repeated struct {
	Request  json.RawMessage `json:"request"`
	Caller   json.RawMessage `json:"caller,omitempty"`
	Repeated Original        `json:"repeated"`
}

// Original is the id of the trade or line check that the first request asked for.
type Original struct {
	TradeID string `json:"trade_id,omitempty"`
	CheckID string `json:"check_id,omitempty"`
}
