package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/shopspring/decimal"
)

// Status of a client or provider.
const (
	Active  = "active"
	Blocked = "blocked"
)

const (
	clientCount  = 200
	groupCount   = 20
	sandboxGroup = "G0900"
)

// Group is a group of companies that share a line.
type Group struct{ ID, Name string }

// Client is a company that deals with the bank.
type Client struct {
	ID, Name string
	Group    string
	Status   string // Active or Blocked
	Desk     string // the desk that looks after it
	Country  string // ISO 3166-1 alpha-2
	Netting  string // "pair" for a netting agreement
}

// Account is a client's account in one currency.
type Account struct {
	ID, Client, Currency string
	Balance              decimal.Decimal
}

func groups() []Group {
	all := make([]Group, 0, groupCount+1)
	for i := range groupCount {
		all = append(all, Group{ID: groupID(i), Name: groupName(i)})
	}
	return append(all, Group{ID: sandboxGroup, Name: "Sandbox Group"})
}

func groupID(i int) string { return fmt.Sprintf("G%04d", i+1) }

func clients(random *rand.Rand) []Client {
	all := make([]Client, 0, clientCount+7)
	for i := range clientCount {
		all = append(all, Client{
			ID: clientID(i + 1), Name: clientName(i), Group: groupID(i % groupCount), Status: Active,
			Desk: deskID(i % deskCount), Country: countries[random.IntN(len(countries))],
		})
	}
	for i, name := range []string{"Sandbox", "Small Line", "Blocked", "Small Deals", "Small Settlement", "Short Tenor", "Netted"} {
		c := Client{ID: clientID(900 + i), Name: name + " Client", Group: sandboxGroup, Status: Active, Desk: deskID(0), Country: "CH"}
		if name == "Blocked" {
			c.Status = Blocked
		}
		if name == "Netted" {
			c.Netting = "pair"
		}
		all = append(all, c)
	}
	return all
}

func clientID(n int) string { return fmt.Sprintf("C%06d", n) }

var (
	countries         = []string{"AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "NL", "NO", "PL", "SE", "US"}
	accountCurrencies = []string{"EUR", "USD", "GBP", "CHF", "JPY", "SEK"}
)

// accounts gives each client an account in each main currency: "C000001-EUR". Their balances are so large that load never uses
// them up.
func accounts(random *rand.Rand, clients []Client) []Account {
	all := make([]Account, 0, len(clients)*len(accountCurrencies))
	for _, c := range clients {
		for _, currency := range accountCurrencies {
			balance := decimal.NewFromInt(random.Int64N(50_000_000)).Add(largeBalance(currency))
			all = append(all, Account{ID: c.ID + "-" + currency, Client: c.ID, Currency: currency, Balance: balance})
		}
	}
	return all
}
