// Package authorization decides whether a provider may act for a client with a given product, pair and size. For a request by
// the API it decides whether the caller, a person or a system, may.
//
// It denies by default: a request is granted only if every rule allows it. A refusal names the rule and carries a
// rejection code, and a text that tells a person what to do.
package authorization

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
)

// Purpose is the effect of the request on the client's line.
type Purpose int

const (
	// Deal uses line: a trade or a reservation. Every rule applies.
	Deal Purpose = iota
	// Resolve consumes or cancels a reservation that was authorised earlier. It must stay possible after the client was
	// blocked, so that the client's line can be freed. Only the rules about static data and the provider apply.
	Resolve
	// Report tells of a trade that was done elsewhere. To refuse it does not undo the trade, so only what cannot be booked is
	// refused: static data, provider, client, mandate, account. What the other rules find is flagged.
	Report
)

// Request is a request, with the fields that the rules need. Amount is in Currency, the dealt currency. For
// a swap it is the amount of the larger leg.
type Request struct {
	Purpose  Purpose
	Provider string  // id in upper case, as the directory knows it
	Caller   *Caller // who asks by the API; nil if a provider asks. Then Provider has no effect
	Client   string
	Account  string // empty if the request names no account
	Product  string // spot, forward, swap
	// DateDecides says that the value date stands above the product, which is spot: later services find the date.
	DateDecides bool
	Pair        string // in either order: EUR/USD or USD/EUR
	Currency    string // ISO 4217
	Amount      decimal.Decimal
}

// Decision is the answer to a request. The zero Decision is a refusal.
type Decision struct {
	Granted bool
	Rule    string      // the rule that refused, or RuleTerms if the request is granted
	Code    reason.Code // empty when granted
	Text    string      // for a person: what was asked, the bound, what to do
	Terms   Terms       // set if a Deal or a Report is granted
	Flags   []Flag      // of a Report

	// Undecided says of a refusal that newer static data may lead to another decision.
	Undecided bool
}

// Flag is what a rule would refuse in a request, and a person should look at in a report.
type Flag struct{ Name, Text string }

// Terms are the terms of a granted deal, and the figures that the decision used. Later services read them.
type Terms struct {
	ClientGroup  string
	Desk         string          // the client's desk
	DateDecides  bool            // the request's date decides, and the provider may deal in spot and forwards
	MaxAmountUSD decimal.Decimal // the largest size for one deal, of the provider or of callers
	AmountUSD    decimal.Decimal // the size of this deal at the rates of RatesAsOf, rounded up to the cent; zero if a report has none
	RatesAsOf    time.Time       // zero with it
}

// Authorize decides r on the static data in dir at the time now. The decision depends on nothing else.
func Authorize(r Request, dir Directory, now time.Time) Decision {
	c := &matter{Request: r, dir: dir, now: now}
	for _, rule := range rules(r) {
		refusal := rule.refuse(c)
		if refusal == nil {
			continue
		}
		flag := refusal.flag()
		if r.Purpose != Report || flag == "" {
			return Decision{Rule: rule.name, Code: refusal.code, Text: refusal.text, Undecided: c.outdated || refusal.code == reason.NoStaticData}
		}
		c.flags = append(c.flags, Flag{flag, refusal.text})
	}
	return Decision{Granted: true, Rule: RuleTerms, Terms: c.terms(), Flags: c.flags}
}

// Refuse returns a refusal by a rule that Authorize does not apply, such as the deadline.
func Refuse(rule string, code reason.Code, text string) Decision {
	return Decision{Rule: rule, Code: code, Text: text}
}
