package catalogue

import (
	"time"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/simulator/demo"
)

// counted is a listing that is made anew when the number that stands for its content is another one.
type counted struct {
	Listing
	content int
}

// replace takes new records. The version grows, also where two listings are made within a millisecond.
func (l *counted) replace(content int, asOf time.Time, records [][]byte) {
	l.Listing = Listing{Version: max(l.Version+1, version(asOf)), AsOf: asOf.UTC(), Records: records}
	l.content = content
}

// listAccounts lists the accounts of clients. Changed balances are listed once in a tick, so that the pages of one version can be
// fetched while money moves.
func (c *Catalogue) listAccounts(now time.Time) (Listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &c.accounts
	if l.Records != nil && l.content == c.balances.Changes() {
		l.AsOf = now.UTC()
		return l.Listing, nil
	}
	if l.Records != nil && !demo.Tick(now).After(l.AsOf) {
		return l.Listing, nil
	}
	balances, content := c.balances.Balances()
	w := writer{}
	for _, x := range c.bank.Accounts {
		put(&w, c.layouts.Account, records.Account{ID: x.ID, Client: x.Client, Currency: x.Currency, Balance: balances[x.ID]})
	}
	if w.err != nil {
		return Listing{}, w.err
	}
	l.replace(content, now, w.records)
	return l.Listing, nil
}

// listClock lists the bank's clock: one record.
func (c *Catalogue) listClock(now time.Time) (Listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	day, offset := c.days.Today()
	w := writer{}
	put(&w, c.layouts.Clock, records.Clock{BusinessDay: day, Offset: offset})
	if w.err != nil {
		return Listing{}, w.err
	}
	if l := &c.clock; l.Records == nil || string(l.Records[0]) != string(w.records[0]) {
		l.replace(0, now, w.records)
	}
	c.clock.AsOf = now.UTC()
	return c.clock.Listing, nil
}

func (c *Catalogue) listNostros(w *writer) {
	for _, x := range c.bank.Nostros {
		put(w, c.layouts.Nostro, records.Nostro{Currency: x.Currency, Account: x.Account, Settlement: x.Settlement})
	}
}

func (c *Catalogue) listAgreements(w *writer) {
	for _, x := range c.bank.Agreements {
		put(w, c.layouts.Agreement, records.Agreement{Client: x.Client, Kind: x.Kind})
	}
}

func (c *Catalogue) listBalancing(w *writer) {
	for _, x := range c.bank.Balancing {
		put(w, c.layouts.Balancing, records.Balancing{Desk: x.Desk, Into: x.Into, Currency: x.Currency})
	}
}
