package oracle

import (
	"time"

	"github.com/shopspring/decimal"
)

// Obligation is a leg of a trade as settlement keeps it. Amounts are the client's: what it gets is above zero.
type Obligation struct {
	SettledLeg

	State       string // open, instructed, settled, failed, withdrawn
	Movement    string // its id; empty while the leg is open
	Client      string
	Desk        string
	ValueDate   string // YYYY-MM-DD
	Base, Quote string // currencies
	BaseAmount  decimal.Decimal
	QuoteAmount decimal.Decimal
	From, Until time.Time // in which its payments can be made
	AtOnce      bool      // the books moved when the trade was done
}

// Movement is an instruction to the mainframe: all its payments, or none.
type Movement struct {
	ID        string
	Client    string
	ValueDate string
	State     string    // as settlement holds it: requested, made, refused, overdue, by_hand, withdrawn; empty in what the mainframe says
	Reference string    // the mainframe's
	At        time.Time // when the mainframe has moved it; of what settlement holds, its last change
	Until     time.Time // of what settlement holds: the cut-off
	Early     bool      // of what settlement holds: made before its value date, so that its legs are settled when that date begins
	Payments  []Payment
}

// Payment is one line of a movement.
type Payment struct {
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	From     string          `json:"from"`
	To       string          `json:"to"`
}

// Balance is what a book holds in a currency on a value date, or an account on all dates.
type Balance struct {
	Book, Currency string
	ValueDate      string // empty: of all dates
	Amount         decimal.Decimal
}

// Comparison is that of a day with the mainframe's statement.
type Comparison struct {
	Day         string
	Differences int
	Finished    bool
}

// States of obligations and movements.
const (
	open     = "open"
	failed   = "failed"
	legDone  = "settled"
	made     = "made"
	byHand   = "by_hand"
	asked    = "requested"
	bankSide = "FXSETTLE-" // the bank's accounts for what clients pay and get for their deals
)

// gets returns what a payment gives its client: below zero what it takes.
func (p Payment) gets() decimal.Decimal {
	if len(p.From) > len(bankSide) && p.From[:len(bankSide)] == bankSide {
		return p.Amount
	}
	return p.Amount.Neg()
}

// begins returns when a date begins at the mainframe, in Frankfurt.
func begins(date string) time.Time {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the program has the zones in itself
	}
	at, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// early returns the movements that were made before their value date, which has not begun.
func (c *Case) early() map[string]bool {
	all := map[string]bool{}
	for _, m := range c.Movements {
		all[m.ID] = m.Early && c.At.Before(begins(m.ValueDate).Add(dueGrace))
	}
	return all
}

// inBooks tells whether the client's book shows the leg: from the deal to the payment.
func (o Obligation) inBooks() bool {
	return o.State != legDone && o.State != withdrawn && (o.AtOnce || o.State != open)
}

// sums adds up amounts.
type sums[K comparable] map[K]decimal.Decimal

func (s sums[K]) add(key K, amount decimal.Decimal) { s[key] = s[key].Add(amount) }

// differences returns the keys whose sums differ.
func (s sums[K]) differences(other sums[K]) []K {
	var all []K
	for key, sum := range s {
		if !sum.Equal(other[key]) {
			all = append(all, key)
		}
	}
	for key, sum := range other {
		if _, known := s[key]; !known && !sum.IsZero() {
			all = append(all, key)
		}
	}
	return all
}
