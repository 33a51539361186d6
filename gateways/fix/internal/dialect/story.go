package dialect

import (
	"time"
)

// tradeStory is this package's view of a trade's final events: only what an answer says.
type tradeStory struct {
	Request    Trade       `json:"request"`
	Validated  *validated  `json:"validated"`
	Registered *registered `json:"registered"`
	Rejected   *rejected   `json:"rejected"`
}

type validated struct {
	Pair     string         `json:"pair"`      // in conventional order
	SpotRate string         `json:"spot_rate"` // the spot rate within a forward's or swap's price, of Pair; may be absent
	Legs     []validatedLeg `json:"legs"`
}

// spotFor returns the spot rate if it reads in the order in which the provider wrote the pair.
func (v validated) spotFor(pair string) string {
	if v.Pair != pair {
		return ""
	}
	return v.SpotRate
}

// validatedLeg holds both amounts in the pair's conventional order.
type validatedLeg struct {
	ValueDate   string `json:"value_date"`
	Base        string `json:"base"`
	BaseAmount  string `json:"base_amount"`
	QuoteAmount string `json:"quote_amount"`
	Quote       string `json:"quote"`
}

// other returns the amount and the currency that the dealt one is exchanged for.
func (l validatedLeg) other(dealt string) (amount, currency string) {
	if dealt == l.Base {
		return l.QuoteAmount, l.Quote
	}
	return l.BaseAmount, l.Base
}

type registered struct {
	RegisteredAt time.Time `json:"registered_at"`
}

type rejected struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Nodes []node `json:"nodes"` // line checks: the node that binds first
}

// checkStory is the view of a line check's final events.
type checkStory struct {
	Request  Check     `json:"request"`
	Result   *result   `json:"result"`
	Rejected *rejected `json:"rejected"`
}

type result struct {
	Decision       string    `json:"decision"` // approved, consumed, cancelled
	ApprovedAmount string    `json:"approved_amount"`
	Currency       string    `json:"currency"`
	ReservationID  string    `json:"reservation_id"`
	ExpiresAt      time.Time `json:"expires_at"`
	Nodes          []node    `json:"nodes"`
}

// node is a line of the hierarchy; amounts are in the line's currency, USD.
type node struct {
	Limit  string `json:"limit"`
	Before string `json:"before"`
	After  string `json:"after"`
}
