package rules

import (
	"fmt"
	"time"
)

// Code is why a request is refused, for a machine. The gateways translate it into their protocol's reason.
type Code string

// The codes that trading gives.
const (
	Expired           Code = "expired"
	UnknownPair       Code = "unknown_pair"
	SameCurrency      Code = "same_currency"
	CurrencyUnknown   Code = "currency_unknown"
	ProductNotAllowed Code = "product_not_allowed"
	InvalidAmount     Code = "invalid_amount"
	OverPrecise       Code = "over_precise"
	InvalidDate       Code = "invalid_date"
	Holiday           Code = "holiday"
	PastDate          Code = "past_date"
	BeyondMaxTenor    Code = "beyond_max_tenor"
	StaleRate         Code = "stale_rate"
	OffMarket         Code = "off_market"
	NoStaticData      Code = "no_static_data"
)

// Rejection is the bank's no to a request. It is an outcome, not a failure; it is an error so that a rule can return it.
type Rejection struct {
	Code Code
	Text string // for a person: what was asked, the bound, what to do
}

// Error returns code and text.
func (r *Rejection) Error() string { return string(r.Code) + ": " + r.Text }

func reject(code Code, format string, args ...any) error {
	return &Rejection{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Late is the rejection of a request for which a bound has passed: its deadline, its reservation.
func Late(what string, bound, now time.Time) *Rejection {
	text := fmt.Sprintf("%s passed at %s, %s ago; ask again, with more time", what, instant(bound), now.Sub(bound).Round(time.Millisecond))
	return &Rejection{Code: Expired, Text: text}
}
