package authorization

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Active is the status of a provider or client that may deal. Every other status refuses.
const Active = "active"

// wildcard stands for every product, pair or client in a provider's rights.
const wildcard = "*"

// Directory is the static data that decisions read: one unchanging picture of it.
type Directory struct {
	Providers Set[Provider]        // by provider id
	Clients   Set[Client]          // by client id
	Accounts  Set[Account]         // by account id
	Rates     Set[decimal.Decimal] // by currency: mid, units per 1 EUR
}

// Set is one set of static data with its age. The zero Set is missing.
type Set[T any] struct {
	Records map[string]T
	AsOf    time.Time // when the mainframe vouched for it
	Until   time.Time // the last moment at which it may decide anything
}

// Usable tells whether the set is there and not too old at now.
func (s Set[T]) Usable(now time.Time) bool { return s.Records != nil && !now.After(s.Until) }

// missing names the sets that r needs and that can not be used at now.
func (d Directory) missing(r Request, now time.Time) []string {
	var names []string
	need := func(usable bool, name string) {
		if !usable {
			names = append(names, name)
		}
	}
	need(d.Providers.Usable(now), "providers")
	if r.Purpose == Resolve {
		return names
	}
	need(d.Clients.Usable(now), "clients")
	need(r.Account == "" || r.Account == r.Client || d.Accounts.Usable(now), "accounts")
	need(d.Rates.Usable(now), "rates")
	return names
}

// Client is whom a trade is for.
type Client struct {
	Name   string
	Group  string
	Desk   string
	Status string
}

// Account belongs to one client.
type Account struct{ Client string }

// Provider is who sends requests, and its rights.
type Provider struct {
	Status       string
	Clients      []string // ids, or *
	Products     []string
	Pairs        []string        // either way round, or *
	MaxAmountUSD decimal.Decimal // bound of one deal; zero grants nothing
}

func (p Provider) actsFor(client string) bool { return grants(p.Clients, client) }

func (p Provider) dealsIn(product string) bool { return grants(p.Products, product) }

func (p Provider) quotes(pair string) bool {
	return grants(p.Pairs, pair) || grants(p.Pairs, inverse(pair))
}

func grants(rights []string, wanted string) bool {
	return wanted != "" && (slices.Contains(rights, wanted) || slices.Contains(rights, wildcard))
}

// inverse turns EUR/USD into USD/EUR: a right to a pair does not depend on how the provider writes it.
func inverse(pair string) string {
	base, quote, found := strings.Cut(pair, "/")
	if !found {
		return pair
	}
	return quote + "/" + base
}
