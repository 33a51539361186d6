// Package accounts is the simulated mainframe's book of accounts: what each one holds, and each movement of money between them. A
// movement has one outcome that never changes: it is made once, with all its lines, or an attempt of it is refused, and nothing
// moves. The book is on disk before anything is answered: movements, refusals and the operators' orders, in their order.
package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

const fileName = "movements.jsonl"

// Errors of Submit's done and of the orders.
var (
	ErrConflict = errors.New("handed in before with other content")
	ErrStopped  = journal.ErrStopped
	ErrUnknown  = errors.New("not kept here")
)

// Account is one account as the book begins.
type Account struct {
	ID, Currency string
	Client       string // empty: the bank's own
	Balance      decimal.Decimal
	Overdraft    bool // it may go below zero
}

// Movement is an instruction to move money.
type Movement struct {
	ID        string
	Attempt   int // from 1. A refusal holds for this attempt and those before it.
	ValueDate time.Time
	Client    string
	NotAfter  time.Time // by the bank's clock; zero: no bound
	Lines     []Line    // one or more
}

// Line is one amount that leaves an account and enters another.
type Line struct {
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	From     string          `json:"from"`
	To       string          `json:"to"`
}

// Outcome is what became of a movement. Reference and MovedAt are of one that was made; Code and Text of one that was refused.
type Outcome struct {
	Reference  string
	MovedAt    time.Time // by the bank's clock, UTC, microseconds
	Again      bool      // it was decided before this request
	Code, Text string
}

// Clock is the bank's clock.
type Clock interface {
	Now() time.Time
	Date(at time.Time) time.Time // the business date of an instant
}

// Book is the book. Run must go on for Submit and the orders to be answered.
type Book struct {
	journal *journal.Journal
	clock   Clock

	accounts map[string]*account
	blocked  map[string]bool // currencies
	decided  map[key]decision
	made     []journal.Place               // in order
	days     map[time.Time][]journal.Place // by the date of the movement
	changes  int                           // of balances
}

// account is an account as it is now.
type account struct {
	Account
	closed bool
}

// decision is the outcome of a movement's last attempt, and what identifies its content.
type decision struct {
	outcome Outcome
	attempt int
	digest  [sha256.Size]byte
	line    journal.Place
}

// key is a digest of a movement's id.
type key [16]byte

func keyOf(id string) key {
	sum := sha256.Sum256([]byte(id))
	return key(sum[:16])
}

// Open reads the book in the folder, which it makes if there is none. all are the accounts with the balances that they have before
// the first movement.
func Open(dir string, all []Account, clock Clock) (*Book, error) {
	b := &Book{
		clock: clock, accounts: make(map[string]*account, len(all)), blocked: make(map[string]bool),
		decided: make(map[key]decision), days: make(map[time.Time][]journal.Place),
	}
	for _, a := range all {
		b.accounts[a.ID] = &account{Account: a}
	}
	var err error
	b.journal, err = journal.Open(dir, fileName, b.replay)
	return b, err
}

// Run carries out what is submitted until ctx ends. It returns early with an error of the disk.
func (b *Book) Run(ctx context.Context) error { return b.journal.Run(ctx) }

// Submit queues a movement. It calls done when the outcome is on disk. Movements are decided in the order of Submit. Errors of
// done: ErrConflict, ErrStopped, and the disk's.
func (b *Book) Submit(m Movement, done func(Outcome, error)) {
	var outcome Outcome
	var conflict error
	b.journal.Submit(
		func(g *journal.Group) { outcome, conflict = b.decide(g, m) },
		func(err error) {
			if err != nil {
				done(Outcome{}, err)
				return
			}
			done(outcome, conflict)
		})
}

// digest identifies the content of a movement. Attempt and NotAfter are no part of it: they are of the request.
func (m Movement) digest() ([sha256.Size]byte, error) {
	text, err := json.Marshal(m.content())
	return sha256.Sum256(text), err
}
