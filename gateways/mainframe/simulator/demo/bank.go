package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/shopspring/decimal"
)

// Bank is all that the mainframe holds, but for the rates, which the Market makes.
type Bank struct {
	Currencies []Currency
	Pairs      []Pair
	Holidays   []Holiday
	Weekends   []Weekend
	Groups     []Group
	Clients    []Client
	Accounts   []Account
	Lines      []Line
	Holdings   []Holding
	Desks      []Desk
	Users      []User
	Providers  []Provider
	AddOns     []AddOn
	Haircuts   []Haircut
	Nostros    []Nostro
	Agreements []Agreement
	Balancing  []Balancing
}

// NewBank returns the bank of the seed. Its clients:
//
//	C000001            the bench's hot client
//	C000002 … C000200  ordinary clients, in the groups G0001 … G0020
//	C000900            the sandbox's client
//	C000901            a line of 100,000 USD
//	C000902            blocked
//	C000903            no single deal above 1,000,000 USD
//	C000904            at most 1,000,000 USD to be settled a day
//	C000905            no value date after three months from spot
//	C000906            a line of 100,000 USD and a netting agreement
//
// Each person of a desk has a line as a dealer. Lines are so large that load never meets them, except those of C000901, of C000903
// to C000906, and of the trader U0003: 100,000 USD.
func NewBank(seed uint64) (Bank, error) {
	var b Bank
	if err := b.readTables(); err != nil {
		return Bank{}, fmt.Errorf("demo bank: %w", err)
	}
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // reproducible, not secret
	b.Groups = groups()
	b.Desks, b.Users = desks(), users()
	b.Clients = clients(random)
	b.Accounts = accounts(random, b.Clients)
	b.Lines = lines(b.Groups, b.Clients, b.Desks, b.Users)
	b.Holdings = holdings(random, b.Clients)
	b.Providers = providers()
	b.Nostros, b.Agreements, b.Balancing = nostros(b.Currencies), agreements(), balancing()
	return b, nil
}

func (b *Bank) readTables() (err error) {
	if b.Currencies, err = Currencies(); err != nil {
		return err
	}
	if b.Pairs, err = Pairs(); err != nil {
		return err
	}
	if b.Weekends, err = Weekends(b.Currencies); err != nil {
		return err
	}
	if b.Holidays, err = Holidays(b.deals); err != nil {
		return err
	}
	b.AddOns, b.Haircuts, err = risk()
	return err
}

func (b *Bank) deals(currency string) bool {
	for _, c := range b.Currencies {
		if c.Code == currency {
			return true
		}
	}
	return false
}

// usd returns whole US dollars.
func usd(n int64) decimal.Decimal { return decimal.NewFromInt(n) }
