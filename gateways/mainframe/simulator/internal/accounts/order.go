package accounts

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

// SetBalance sets what an account holds. Errors: ErrUnknown, ErrStopped, and the disk's.
func (b *Book) SetBalance(account string, balance decimal.Decimal) error {
	return b.order(order{Account: account, Balance: &balance})
}

// Close closes an account, or opens it again. Its errors are those of SetBalance.
func (b *Book) Close(account string, closed bool) error {
	return b.order(order{Account: account, Closed: &closed})
}

// Block lets nothing move in a currency, or lets it move again. Its errors are those of SetBalance.
func (b *Book) Block(currency string, blocked bool) error {
	return b.order(order{Currency: currency, Blocked: &blocked})
}

// order carries out an order between two movements. It returns when the order is on disk.
func (b *Book) order(o order) error {
	var refused error
	err := b.journal.Do(func(g *journal.Group) {
		if refused = b.possible(o); refused != nil {
			return
		}
		if _, refused = g.Append(Entry{At: b.clock.Now(), Order: &o}); refused == nil {
			refused = b.follow(o)
		}
	})
	if err != nil {
		return err
	}
	return refused
}

func (b *Book) possible(o order) error {
	if o.Account == "" {
		for _, a := range b.accounts {
			if a.Currency == o.Currency {
				return nil
			}
		}
		return fmt.Errorf("currency %q is %w", o.Currency, ErrUnknown)
	}
	if _, known := b.accounts[o.Account]; !known {
		return fmt.Errorf("account %q is %w", o.Account, ErrUnknown)
	}
	return nil
}

// follow takes an order into the book.
func (b *Book) follow(o order) error {
	if err := b.possible(o); err != nil {
		return err
	}
	if o.Balance != nil {
		b.accounts[o.Account].Balance = *o.Balance
		b.changes++
	}
	if o.Closed != nil {
		b.accounts[o.Account].closed = *o.Closed
	}
	if o.Blocked != nil {
		b.blocked[o.Currency] = *o.Blocked
	}
	return nil
}
