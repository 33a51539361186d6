// Package authorization decides whether a provider may act for a client: with this product, this pair and this size.
//
// It denies by default: a request is granted only after every rule let it pass. A refusal names the rule, carries the
// rejection code of the messages and a text on which a person can act.
package authorization

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
)

// Purpose is what the request would do to the client's line.
type Purpose int

const (
	// Deal takes line: a trade, a trade report, a reservation. Every rule applies.
	Deal Purpose = iota
	// Resolve consumes or cancels a reservation that was authorised when it was made. It must stay possible for a client
	// that was blocked since, or its line would never come free; only the provider's own standing counts.
	Resolve
)

// Request is what a provider asks, as far as rights are concerned. Amount is in Currency, the dealt one; of a swap it is
// the larger leg.
type Request struct {
	Purpose  Purpose
	Provider string // id in upper case, as the directory knows it
	Client   string
	Account  string // empty: none named
	Product  string // spot, forward, swap
	Pair     string // either way round: EUR/USD or USD/EUR
	Currency string // ISO 4217
	Amount   decimal.Decimal
}

// Decision is the answer to a request. The zero Decision is a refusal.
type Decision struct {
	Granted bool
	Rule    string      // the rule that refused; RuleTerms when all let it pass
	Code    reason.Code // empty when granted
	Text    string      // for a person: what, the bound, what to do
	Terms   Terms       // set when granted to Deal
}

// Terms are what was granted and on which basis, for the services that follow.
type Terms struct {
	ClientGroup  string
	Desk         string          // the client's desk
	MaxAmountUSD decimal.Decimal // the provider's bound for one deal
	AmountUSD    decimal.Decimal // this request's size at RatesAsOf, to the cent
	RatesAsOf    time.Time
}

// Authorize decides r on the static data of dir at now. It depends on nothing else.
func Authorize(r Request, dir Directory, now time.Time) Decision {
	c := &matter{Request: r, dir: dir, now: now}
	for _, rule := range rules(r.Purpose) {
		if refusal := rule.refuse(c); refusal != nil {
			return Decision{Rule: rule.name, Code: refusal.code, Text: refusal.text}
		}
	}
	return Decision{Granted: true, Rule: RuleTerms, Terms: c.terms()}
}

// Refuse is the decision of a rule that looks at more than rights and static data.
func Refuse(rule string, code reason.Code, text string) Decision {
	return Decision{Rule: rule, Code: code, Text: text}
}
