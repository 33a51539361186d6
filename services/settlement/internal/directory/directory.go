// Package directory holds the static data that settlement decides on, as the mainframe last confirmed it.
package directory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/market"
	"fxcore/services/market/feed"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/movement"
)

// Static keeps a copy of the sets from Redis. It is safe for concurrent use.
type Static struct {
	mirror.Sets // with Run, Ready and Fresh

	accounts   *mirror.Mirror[map[string][]account]
	nostros    *mirror.Mirror[map[string]Nostro]
	agreements *mirror.Mirror[map[string]bool]
	balancing  *mirror.Mirror[[]balancing.Rule]
	market     *feed.Static
}

// Open returns a Static that holds no data. Run loads it.
func Open(rdb redis.Cmdable, quotes *feed.Static) *Static {
	s := &Static{
		accounts:   mirror.New(rdb, "accounts", decodeAccounts),
		nostros:    mirror.New(rdb, "nostros", decodeNostros),
		agreements: mirror.New(rdb, "agreements", decodeAgreements),
		balancing:  mirror.New(rdb, "balancing", decodeBalancing),
		market:     quotes,
	}
	s.Sets = mirror.Sets{s.accounts, s.nostros, s.agreements, s.balancing, s.market}
	return s
}

// Nostro is the bank's own accounts of a currency at the mainframe.
type Nostro struct {
	Account    string // at the correspondent bank: what leaves the bank leaves through it
	Settlement string // from which clients are paid and to which they pay
}

// Directory is the static data at one moment. It is immutable.
type Directory struct {
	accounts   map[string][]account
	nostros    map[string]Nostro
	agreements map[string]bool
	balancing  []balancing.Rule
	market     *market.Market // nil until it has been loaded
}

type account struct{ id, currency string }

// Directory returns the current static data.
func (s *Static) Directory() *Directory {
	d := &Directory{}
	d.accounts, _, _ = s.accounts.Current()
	d.nostros, _, _ = s.nostros.Current()
	d.agreements, _, _ = s.agreements.Current()
	d.balancing, _, _ = s.balancing.Current()
	d.market, _ = s.market.Market()
	return d
}

// AccountOf implements [movement.Accounts].
func (d *Directory) AccountOf(client, currency, preferred string) string {
	first := ""
	for _, a := range d.accounts[client] {
		switch {
		case a.currency != currency:
		case a.id == preferred:
			return a.id
		case first == "":
			first = a.id
		}
	}
	return first
}

// Nets implements [movement.Accounts].
func (d *Directory) Nets(client string) bool { return d.agreements[client] }

// ErrNoNostro means that the mainframe has not named the bank's accounts of a currency.
var ErrNoNostro = errors.New("the bank's accounts of the currency are not in the static data")

// Accounts returns the accounts of a payment at the mainframe: from which the amount goes, and to which. Error: ErrNoNostro.
func (d *Directory) Accounts(p movement.Payment) (from, to string, err error) {
	own, known := d.nostros[p.Currency]
	if !known {
		return "", "", fmt.Errorf("%s: %w", p.Currency, ErrNoNostro)
	}
	from, to = own.Settlement, cmp.Or(p.Account, own.Account)
	if p.Amount.IsNegative() {
		from, to = to, from
	}
	return from, to, nil
}

// Balancing returns the rules by which desks' books are balanced, by desk.
func (d *Directory) Balancing() []balancing.Rule { return d.balancing }

// Rate implements [balancing.Rates] with the reference rates of now.
func (d *Directory) Rate(from, to string) (decimal.Decimal, error) {
	if d.market == nil {
		return decimal.Zero, market.ErrNoData
	}
	return d.market.Rate(from, to)
}

// Decimals implements [balancing.Rates].
func (d *Directory) Decimals(currency string) (int32, bool) {
	if d.market == nil {
		return 0, false
	}
	return d.market.Decimals(currency)
}

// Pair returns a pair of the market, or nil if the static data do not have it.
func (d *Directory) Pair(name string) *market.Pair {
	if d.market == nil {
		return nil
	}
	pair, err := d.market.Pair(name)
	if err != nil {
		return nil
	}
	return pair
}

func decodeAccounts(records map[string][]byte) (map[string][]account, error) {
	type record struct {
		Client   string `json:"client"`
		Currency string `json:"currency"`
	}
	byClient := make(map[string][]account)
	err := mirror.Decode(records, func(id string, r record) error {
		if r.Client == "" || r.Currency == "" {
			return errors.New("an account has a client and a currency")
		}
		byClient[r.Client] = append(byClient[r.Client], account{id, r.Currency})
		return nil
	})
	for _, all := range byClient {
		slices.SortFunc(all, func(a, b account) int { return cmp.Compare(a.id, b.id) })
	}
	return byClient, err
}

func decodeNostros(records map[string][]byte) (map[string]Nostro, error) {
	type record struct {
		Nostro     string `json:"nostro"`
		Settlement string `json:"settlement"`
	}
	nostros := make(map[string]Nostro, len(records))
	return nostros, mirror.Decode(records, func(currency string, r record) error {
		if r.Nostro == "" || r.Settlement == "" || r.Nostro == r.Settlement {
			return errors.New("a currency has a nostro and a settlement account, which differ")
		}
		nostros[currency] = Nostro{Account: r.Nostro, Settlement: r.Settlement}
		return nil
	})
}

// netsSettlement is the agreement by which a client's payments of one value date are netted. It is another one than that for
// the client's line.
const netsSettlement = "settlement"

func decodeAgreements(records map[string][]byte) (map[string]bool, error) {
	type record struct {
		Kinds []string `json:"kinds"`
	}
	agreements := make(map[string]bool, len(records))
	return agreements, mirror.Decode(records, func(client string, r record) error {
		if slices.Contains(r.Kinds, netsSettlement) {
			agreements[client] = true
		}
		return nil
	})
}

func decodeBalancing(records map[string][]byte) ([]balancing.Rule, error) {
	type record struct {
		Into     string `json:"into"`
		Currency string `json:"currency"`
	}
	var rules []balancing.Rule
	err := mirror.Decode(records, func(desk string, r record) error {
		if r.Into == "" || r.Into == desk || r.Currency == "" {
			return errors.New("a desk's books go into those of another desk, and its result stays in a currency")
		}
		rules = append(rules, balancing.Rule{Desk: desk, Into: r.Into, Currency: r.Currency})
		return nil
	})
	slices.SortFunc(rules, func(a, b balancing.Rule) int { return cmp.Compare(a.Desk, b.Desk) })
	return rules, err
}
