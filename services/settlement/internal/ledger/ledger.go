// Package ledger holds the bank's books and the entries between them. An entry is a [Transfer]: one amount of one currency
// that leaves one book and enters another. So every entry, and the ledger as a whole, sums to zero in every currency and on
// every value date. The package is pure.
package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Book names a book: its kind and whose it is, "desk/FXS1".
type Book string

// Unassigned is the desk of a deal for whose client the static data name no desk.
const Unassigned = "unassigned"

// Desk is the book of a desk: its position.
func Desk(desk string) Book {
	if desk == "" {
		desk = Unassigned
	}
	return Book("desk/" + desk)
}

// Client is the book of what the bank owes a client, from the deal until the mainframe has moved the money. It is below zero
// where the client owes the bank.
func Client(client string) Book { return Book("client/" + client) }

// Account is the book of a client's account at the mainframe.
func Account(account string) Book { return Book("account/" + account) }

// AccountID returns the account of a client's account's book; false for any other book.
func (b Book) AccountID() (account string, is bool) { return strings.CutPrefix(string(b), "account/") }

// Nostro is the book of what leaves or enters the bank in a currency, for clients who have no account in it.
func Nostro(currency string) Book { return Book("nostro/" + currency) }

// Suspense is the book of what a person has settled by hand in a currency, until it is explained.
func Suspense(currency string) Book { return Book("suspense/" + currency) }

// Reason says why an amount was transferred.
type Reason string

// The reasons.
const (
	Deal      Reason = "deal"      // a trade was done: the desk and the client owe each other
	Execution Reason = "execution" // the mainframe has moved the money
	ByHand    Reason = "by_hand"   // a person has settled it outside the mainframe
	Balancing Reason = "balancing" // one desk's position went to another desk
	Reversal  Reason = "reversal"  // the opposite of an earlier transfer
)

// ID names a transfer: the posting that it is part of, and its number there, from 1. The transfers of a posting are booked
// together or not at all.
type ID struct {
	Posting string // a UUID
	Number  int
}

// Transfer is an entry of the ledger. Nobody changes or removes it; only an opposite one takes it back.
type Transfer struct {
	ID
	Reason    Reason
	Currency  string // ISO 4217
	Amount    decimal.Decimal
	ValueDate fxdate.Date
	From, To  Book
	Reverses  ID // of a reversal; otherwise zero
}

// ErrInvalid means that a transfer contradicts itself. That is a programming error.
var ErrInvalid = errors.New("invalid transfer")

// Check returns ErrInvalid if the amount is not positive, the books are the same, or a field is missing.
func (t Transfer) Check() error {
	switch {
	case t.Posting == "" || t.Number < 1 || t.Reason == "":
		return fmt.Errorf("%w: no posting, number or reason", ErrInvalid)
	case len(t.Currency) != 3 || t.ValueDate.IsZero():
		return fmt.Errorf("%w: currency %q on %s", ErrInvalid, t.Currency, t.ValueDate)
	case !t.Amount.IsPositive():
		return fmt.Errorf("%w: amount %s", ErrInvalid, t.Amount)
	case t.From == t.To || t.From == "" || t.To == "":
		return fmt.Errorf("%w: from %q to %q", ErrInvalid, t.From, t.To)
	case (t.Reason == Reversal) != (t.Reverses != ID{}):
		return fmt.Errorf("%w: a reversal, and only a reversal, names what it takes back", ErrInvalid)
	}
	return nil
}

// Flow is an amount that enters a book, or leaves it if the amount is below zero.
type Flow struct {
	Currency string
	Amount   decimal.Decimal
}

// Posting makes the transfers that bring the flows from one book to another. A flow below zero goes the other way. Flows of
// zero are left out.
func Posting(posting string, reason Reason, value fxdate.Date, from, to Book, flows ...Flow) []Transfer {
	transfers := make([]Transfer, 0, len(flows))
	for _, flow := range flows {
		if flow.Amount.IsZero() {
			continue
		}
		t := Transfer{
			ID: ID{posting, len(transfers) + 1}, Reason: reason, Currency: flow.Currency, Amount: flow.Amount.Abs(),
			ValueDate: value, From: from, To: to,
		}
		if flow.Amount.IsNegative() {
			t.From, t.To = to, from
		}
		transfers = append(transfers, t)
	}
	return transfers
}

// Reverse makes the transfers that take others back, as one posting.
func Reverse(posting string, transfers []Transfer) []Transfer {
	back := make([]Transfer, len(transfers))
	for i, t := range transfers {
		back[i] = Transfer{
			ID: ID{posting, i + 1}, Reason: Reversal, Currency: t.Currency, Amount: t.Amount, ValueDate: t.ValueDate,
			From: t.To, To: t.From, Reverses: t.ID,
		}
	}
	return back
}
