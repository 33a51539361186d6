// Package directory holds the static data that settlement decides on, as the mainframe last confirmed it.
package directory

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
	"fxcore/services/market"
	"fxcore/services/market/feed"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/movement"
)

// Static keeps a copy of the sets from Redis. It is safe for concurrent use.
type Static struct {
	mirror.Sets // with Run, Ready and Fresh

	accounts   *mirror.Mirror[accounts]
	nostros    *mirror.Mirror[map[string]Nostro]
	agreements *mirror.Mirror[agreements]
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
	accounts   accounts
	nostros    map[string]Nostro
	agreements agreements
	balancing  []balancing.Rule
	market     *market.Market // nil until it has been loaded
}

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
func (d *Directory) AccountOf(client, currency, preferred string) (string, error) {
	return d.accounts.of(client, currency, preferred)
}

// Nets implements [movement.Accounts].
func (d *Directory) Nets(client string) (bool, error) { return d.agreements.nets(client) }

// Netting returns the clients whose payments of a value date are netted.
func (d *Directory) Netting() []string { return d.agreements.clients }

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

// Pair returns a pair of the market. Errors: market.ErrUnknownPair, and market.ErrNoData while data of it is missing.
func (d *Directory) Pair(name string) (*market.Pair, error) {
	if d.market == nil {
		return nil, market.ErrNoData
	}
	return d.market.Pair(name)
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
