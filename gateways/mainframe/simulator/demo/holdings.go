package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/shopspring/decimal"
)

// Holding is cash or a security that a client has pledged. Its value is Quantity × Price in its currency.
type Holding struct {
	Client        string
	Kind          string // "cash", "bond", "stock"
	ID            string // the currency, or an invented security number
	Currency      string
	Quantity      decimal.Decimal
	Price         decimal.Decimal // of one unit; 1 for cash
	Issuer        string          // "sovereign", "bank", "corporate"; empty for cash
	Rating        string          // of a bond; empty if none
	ResidualYears decimal.Decimal // of a bond, else zero
	Index         bool            // a stock of a main index
}

// securities are the securities that clients may hold.
var securities = []Holding{
	{Kind: "bond", ID: "XD0000000011", Currency: "EUR", Price: cents(9875), Issuer: "sovereign", Rating: "AAA", ResidualYears: cents(75)},
	{Kind: "bond", ID: "XD0000000029", Currency: "USD", Price: cents(9620), Issuer: "sovereign", Rating: "AA", ResidualYears: cents(350)},
	{Kind: "bond", ID: "XD0000000037", Currency: "GBP", Price: cents(9140), Issuer: "sovereign", Rating: "AA-", ResidualYears: cents(1225)},
	{Kind: "bond", ID: "XD0000000045", Currency: "EUR", Price: cents(10110), Issuer: "bank", Rating: "A", ResidualYears: cents(400)},
	{Kind: "bond", ID: "XD0000000052", Currency: "USD", Price: cents(8890), Issuer: "corporate", Rating: "BBB", ResidualYears: cents(700)},
	{Kind: "stock", ID: "XD0000000060", Currency: "EUR", Price: cents(4215), Issuer: "corporate", Index: true},
	{Kind: "stock", ID: "XD0000000078", Currency: "CHF", Price: cents(1830), Issuer: "corporate"},
}

// cents returns n hundredths.
func cents(n int64) decimal.Decimal { return decimal.New(n, -2) }

// holdings gives each ordinary client cash and up to three securities. The sandbox's clients hold nothing, so that
// their lines alone decide.
func holdings(random *rand.Rand, clients []Client) []Holding {
	var all []Holding
	for _, c := range clients {
		if c.Group == sandboxGroup {
			continue
		}
		all = append(all, cash(random, c.ID))
		first := random.IntN(len(securities))
		for i := range random.IntN(4) {
			h := securities[(first+i)%len(securities)]
			h.Client, h.Quantity = c.ID, decimal.NewFromInt(1000*(1+random.Int64N(50)))
			all = append(all, h)
		}
	}
	return all
}

func cash(random *rand.Rand, client string) Holding {
	currency := accountCurrencies[random.IntN(len(accountCurrencies))]
	amount := decimal.NewFromInt(10_000 * (1 + random.Int64N(500)))
	return Holding{Client: client, Kind: "cash", ID: currency, Currency: currency, Quantity: amount, Price: decimal.NewFromInt(1)}
}

// String names the holding as an operator would: "C000001 bond XD0000000011".
func (h Holding) String() string { return fmt.Sprintf("%s %s %s", h.Client, h.Kind, h.ID) }
