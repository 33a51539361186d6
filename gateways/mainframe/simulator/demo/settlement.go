package demo

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Nostro is the bank's own accounts in a currency.
type Nostro struct {
	Currency   string
	Account    string // through which the bank pays those who have no account with it
	Settlement string // the other side of what clients pay and get for their deals
}

// Agreement is a contract between the bank and a client.
type Agreement struct{ Client, Kind string }

// Balancing is the rule by which a sales desk's books are flattened into a trading desk's. The sales desk keeps its result in the
// currency.
type Balancing struct{ Desk, Into, Currency string }

// balancing flattens every sales desk into the one trading desk.
func balancing() []Balancing {
	all := make([]Balancing, deskCount)
	for i := range all {
		all[i] = Balancing{Desk: deskID(i), Into: "FXT1", Currency: "USD"}
	}
	return all
}

// SettlementNetting is the agreement that a client's payments of one value date are netted.
const SettlementNetting = "settlement"

func nostros(currencies []Currency) []Nostro {
	all := make([]Nostro, len(currencies))
	for i, c := range currencies {
		all[i] = Nostro{Currency: c.Code, Account: "NOSTRO-" + c.Code, Settlement: "FXSETTLE-" + c.Code}
	}
	return all
}

// agreements gives every tenth ordinary client settlement netting: C000010, C000020 … C000200.
func agreements() []Agreement {
	var all []Agreement
	for n := 10; n <= clientCount; n += 10 {
		all = append(all, Agreement{Client: clientID(n), Kind: SettlementNetting})
	}
	return all
}

// largeBalance is what every client's account holds and more: no load of ours uses it up, and no account becomes too large for
// its record. 22,000 trades of 50 million are 1.1e12; a yen is worth less.
func largeBalance(currency string) decimal.Decimal {
	if currency == "JPY" {
		return decimal.New(4, 14)
	}
	return decimal.New(1, 13)
}

// BusinessDay tells whether the bank works on a date (midnight UTC): some pair that it deals can settle.
func (b Bank) BusinessDay(date time.Time) bool {
	return slices.ContainsFunc(b.Pairs, func(p Pair) bool { return b.settles(p.Base(), date) && b.settles(p.Quote(), date) })
}

func (b Bank) settles(currency string, date time.Time) bool {
	if slices.ContainsFunc(b.Holidays, func(h Holiday) bool { return h.Currency == currency && h.Date.Equal(date) }) {
		return false
	}
	var rest []time.Weekday
	for _, w := range b.Weekends { // of one currency the oldest comes first
		if w.Currency == currency && !w.From.After(date) {
			rest = w.Days
		}
	}
	return !slices.Contains(rest, date.Weekday())
}
