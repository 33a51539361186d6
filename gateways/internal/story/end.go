package story

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fxcore/services/contract/reason"
)

// ErrElsewhere tells that a request came by another door, where it is answered: its echo is of another form.
var ErrElsewhere = errors.New("the request came by another door")

// TradeEnd is the gateways' view of a trade's final events: only what an answer says.
type TradeEnd[E any] struct {
	Request    Trade[E]    `json:"request"`
	Validated  *Validated  `json:"validated"`
	Registered *Registered `json:"registered"`
	Rejected   *Rejected   `json:"rejected"`
}

// Product returns the product of a trade that is done. An older version of trading leaves it to the request.
func (e TradeEnd[E]) Product() string {
	if e.Validated == nil || e.Validated.Product == "" {
		return e.Request.Product
	}
	return e.Validated.Product
}

// TradeDate returns the trade date of a trade that is done. An older version of trading leaves it to the request.
func (e TradeEnd[E]) TradeDate() string {
	if e.Validated == nil || e.Validated.TradeDate == "" {
		return e.Request.TradeDate
	}
	return e.Validated.TradeDate
}

// Notes says for a person what is remarkable about a trade that is done: the names of its flags, and then their texts, because a
// protocol may cut a long text. It is empty for none. An older version of trading has its own flags alone, beside the validation.
func (e TradeEnd[E]) Notes() string {
	var flags []Flag
	if e.Validated != nil {
		flags = e.Validated.Flags
	}
	if e.Registered != nil && e.Registered.Flags != nil {
		flags = e.Registered.Flags
	}
	if len(flags) == 0 {
		return ""
	}
	var names []string
	texts := make([]string, len(flags))
	for i, f := range flags {
		if texts[i] = f.Text; !slices.Contains(names, f.Flag) {
			names = append(names, f.Flag)
		}
	}
	return strings.Join(names, ", ") + ": " + strings.Join(texts, "; ")
}

// Validated is what the trade settles as.
type Validated struct {
	TradeDate string         `json:"trade_date"` // by the pair's own roll
	Product   string         `json:"product"`    // by the value dates
	Pair      string         `json:"pair"`       // in conventional order
	SpotRate  string         `json:"spot_rate"`  // the spot rate within a forward's or swap's price, of Pair; may be absent
	Legs      []ValidatedLeg `json:"legs"`
	Flags     []Flag         `json:"flags"` // trading's own
}

// Flag is a note about a trade that is done.
type Flag struct {
	Flag string `json:"flag"`
	Text string `json:"text"`
}

// SpotFor returns the spot rate if it reads in the order in which the provider wrote the pair.
func (v Validated) SpotFor(pair string) string {
	if v.Pair != pair {
		return ""
	}
	return v.SpotRate
}

// ValidatedLeg holds both amounts in the pair's conventional order.
type ValidatedLeg struct {
	ValueDate   string `json:"value_date"`
	Base        string `json:"base"`
	BaseAmount  string `json:"base_amount"`
	QuoteAmount string `json:"quote_amount"`
	Quote       string `json:"quote"`
}

// Other returns the amount and the currency that the dealt one is exchanged for.
func (l ValidatedLeg) Other(dealt string) (amount, currency string) {
	if dealt == l.Base {
		return l.QuoteAmount, l.Quote
	}
	return l.BaseAmount, l.Base
}

// Registered says that a trade is done.
type Registered struct {
	RegisteredAt time.Time `json:"registered_at"`
	Flags        []Flag    `json:"flags"` // of all services
}

// Rejected says why a story ended without what was asked for.
type Rejected struct {
	Code  reason.Code `json:"code"`
	Text  string      `json:"text"`
	Nodes []Node      `json:"nodes"` // line checks: the node that binds first
}

// CheckEnd is the view of a line check's final events.
type CheckEnd[E any] struct {
	Request  Check[E]  `json:"request"`
	Result   *Result   `json:"result"`
	Rejected *Rejected `json:"rejected"`
}

// NamesNone reports whether a refused check names by its reference a reservation that does not exist. The id that was made of the
// reference is nobody's then: no answer has it.
func (c Check[E]) NamesNone(r *Rejected) bool {
	return r != nil && r.Code == reason.UnknownReservation && c.TargetReference != ""
}

// Result is what became of a line check that was not refused.
type Result struct {
	Decision       string    `json:"decision"` // approved, consumed, cancelled, reversed
	ApprovedAmount string    `json:"approved_amount"`
	Amount         string    `json:"amount"`          // consumed, cancelled or reversed
	OpenAmount     string    `json:"open_amount"`     // reserved afterwards
	ConsumedAmount string    `json:"consumed_amount"` // consumed afterwards
	Currency       string    `json:"currency"`
	ReservationID  string    `json:"reservation_id"`
	ExpiresAt      time.Time `json:"expires_at"`
	Nodes          []Node    `json:"nodes"`
}

// Node is a line of the hierarchy; amounts are in the line's currency, USD.
type Node struct {
	Name   string `json:"node"` // client/C000900
	Limit  string `json:"limit"`
	Before string `json:"before"`
	After  string `json:"after"`
}
