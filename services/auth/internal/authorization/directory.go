package authorization

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Active is the status of a provider or client that may deal. A request is refused for every other status.
const Active = "active"

// wildcard grants a provider every product, pair or client.
const wildcard = "*"

// Directory is an immutable snapshot of the static data that decisions read.
type Directory struct {
	Providers Set[Provider]        // by provider id
	Clients   Set[Client]          // by client id
	Accounts  Set[Account]         // by account id
	Rates     Set[decimal.Decimal] // by currency: mid rate, units per 1 EUR
	Users     Set[User]            // by user id
	Desks     Set[Desk]            // by desk id
}

// Set is one set of static data, with its age. The zero Set has not been loaded.
type Set[T any] struct {
	Records map[string]T
	AsOf    time.Time // when the mainframe last confirmed the records
	Until   time.Time // the last moment at which a decision may use the records
}

// Usable reports whether the set is loaded and not too old at the time now.
func (s Set[T]) Usable(now time.Time) bool { return s.Records != nil && !now.After(s.Until) }

// anyAge is the time at which every set that is loaded is usable.
var anyAge = time.Time{}

// missing returns the names of the sets that r needs and that are not usable at the time now.
func (d Directory) missing(r Request, now time.Time) []string {
	var names []string
	need := func(usable bool, name string) {
		if !usable {
			names = append(names, name)
		}
	}
	need(r.Caller != nil || d.Providers.Usable(now), "providers")
	need(r.Caller == nil || d.Users.Usable(now), "users")
	if r.Purpose == Resolve {
		need(r.Caller == nil || d.Clients.Usable(now), "clients")
		return names
	}
	need(r.Caller == nil || d.Desks.Usable(now), "desks")
	need(d.Clients.Usable(now), "clients")
	need(r.Account == "" || r.Account == r.Client || d.Accounts.Usable(now), "accounts")
	need(r.Purpose == Report || d.Rates.Usable(now), "rates")
	return names
}

// User is a person of the bank, or a system, with what it is there.
type User struct{ Name, Role, Desk string }

// Desk is a dealing desk.
type Desk struct{ Products []string }

// Client is a client of the bank.
type Client struct {
	Name   string
	Group  string
	Desk   string
	Status string
}

// Account is an account of one client, in one currency.
type Account struct{ Client, Currency string }

// Provider is a sender of requests, with its rights.
type Provider struct {
	Status       string
	Clients      []string // ids, or *
	Products     []string
	Pairs        []string        // in either order, or *
	MaxAmountUSD decimal.Decimal // largest size of one deal; zero allows no deal
}

func (p Provider) actsFor(client string) bool { return grants(p.Clients, client) }

func (p Provider) dealsIn(product string) bool { return grants(p.Products, product) }

func (p Provider) quotes(pair string) bool {
	return grants(p.Pairs, pair) || grants(p.Pairs, inverse(pair))
}

func grants(rights []string, wanted string) bool {
	return wanted != "" && (slices.Contains(rights, wanted) || slices.Contains(rights, wildcard))
}

// inverse turns EUR/USD into USD/EUR. A right to a pair holds for both orders of its currencies.
func inverse(pair string) string {
	base, quote, found := strings.Cut(pair, "/")
	if !found {
		return pair
	}
	return quote + "/" + base
}
