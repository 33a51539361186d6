package demo

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

const (
	deskCount      = 4
	tradersPerDesk = 3
)

// Desk is a dealing desk.
type Desk struct {
	ID, Name string
	Products []string
	Traders  []string // users
}

// User is a person of the bank, or a system; Role is what it is there.
type User struct {
	ID, Name string
	Role     string // "trader", "operations", "compliance", "sales", "system"
	Desk     string // of a trader, or of who sells for the desk
}

// Provider is a firm that sends its clients' trades, with what it may do. "*" stands for all.
type Provider struct {
	ID           string // its FIX CompID
	Status       string
	Clients      []string
	Products     []string
	Pairs        []string
	MaxAmountUSD decimal.Decimal // of one request
}

// Gateway names the gateway by which the provider comes.
func (p Provider) Gateway() string {
	if p.ID == "SANDBOXS" || strings.HasPrefix(p.ID, "STEST") {
		return "socket"
	}
	return "fix"
}

func products() []string { return []string{"spot", "forward", "swap"} }

func deskID(i int) string { return fmt.Sprintf("FXS%d", i+1) }

func userID(i int) string { return fmt.Sprintf("U%04d", i+1) }

func desks() []Desk {
	all := make([]Desk, deskCount)
	for i, name := range []string{"Europe Corporates", "Nordics", "Institutions", "Asia and Americas"} {
		all[i] = Desk{ID: deskID(i), Name: name, Products: products()}
		for t := range tradersPerDesk {
			all[i].Traders = append(all[i].Traders, userID(i*tradersPerDesk+t))
		}
	}
	return all
}

func users() []User {
	var all []User
	for i := range deskCount * tradersPerDesk {
		all = append(all, User{ID: userID(i), Name: userName(i), Role: "trader", Desk: deskID(i / tradersPerDesk)})
	}
	for i, role := range []string{"operations", "compliance"} {
		n := deskCount*tradersPerDesk + i
		all = append(all, User{ID: userID(n), Name: userName(n), Role: role})
	}
	for i := range deskCount {
		n := len(all)
		all = append(all, User{ID: userID(n), Name: userName(n), Role: "sales", Desk: deskID(i)})
	}
	n := len(all)
	return append(all,
		User{ID: userID(n), Name: "Treasury of a client", Role: "system"},
		User{ID: userID(n + 1), Name: "Order system of the bank", Role: "system"},
		User{ID: userID(n + 2), Name: userName(n + 2), Role: "operations"}) // approves what the first one proposes
}

// providers returns four that trade in the demo, two for anyone's FIX client and one for anyone's socket, eight of the bench and
// eight of tests, of which the last two may do little, and four of tests that come by socket.
func providers() []Provider {
	var all []Provider
	for _, id := range []string{"ALPHA", "BETA", "GAMMA", "DELTA"} {
		all = append(all, provider(id))
	}
	for _, id := range []string{"SANDBOX44", "SANDBOX50", "SANDBOXS"} {
		p := provider(id)
		p.Clients = []string{"C000900", "C000901", "C000902", "C000903", "C000904", "C000905", "C000906"}
		all = append(all, p)
	}
	for i := range 8 {
		all = append(all, provider(fmt.Sprintf("BENCH%d", i+1)))
	}
	for i := range 8 {
		p := provider(fmt.Sprintf("TEST%d", i+1))
		if i >= 6 {
			p.Products, p.Pairs = []string{"spot"}, []string{"EUR/USD", "USD/JPY"}
		}
		all = append(all, p)
	}
	for i := range 4 {
		all = append(all, provider(fmt.Sprintf("STEST%d", i+1)))
	}
	return all
}

func provider(id string) Provider {
	return Provider{
		ID: id, Status: Active, Clients: []string{"*"}, Products: products(), Pairs: []string{"*"},
		MaxAmountUSD: usd(1_000_000_000),
	}
}
