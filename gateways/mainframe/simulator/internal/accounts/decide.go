package accounts

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

// Codes of refusals.
const (
	TooLate   = "TOOLATE"  // after the movement's cut-off
	NoAccount = "NOACCT"   // an account that is not there, is another client's, or is in another currency
	Closed    = "CLOSED"   // an account that is closed
	Blocked   = "BLOCKED"  // a currency in which nothing moves
	NoFunds   = "NOFUNDS"  // less than what is to leave the account
	Overflow  = "OVERFLOW" // more than an account can hold
)

// largest is what an account can hold, as the record of an account says.
var largest = decimal.New(1, 15)

// decide finds the outcome of a movement in the book, or decides it.
func (b *Book) decide(g *journal.Group, m Movement) (Outcome, error) {
	digest, err := m.digest()
	if err != nil {
		return Outcome{}, err
	}
	known, found := b.decided[keyOf(m.ID)]
	if found && (known.outcome.Code == "" || m.Attempt <= known.attempt) {
		if known.digest != digest {
			return Outcome{}, ErrConflict
		}
		known.outcome.Again = true
		return known.outcome, nil
	}
	next := decision{attempt: m.Attempt, digest: digest}
	now := b.clock.Now()
	change := m.change()
	if next.outcome.Code, next.outcome.Text = b.refuse(m, change, now); next.outcome.Code == "" {
		next.outcome.Reference, next.outcome.MovedAt = reference(len(b.made)+1), now
	}
	if next.line, err = g.Append(m.entry(next, now)); err != nil {
		return Outcome{}, err
	}
	b.apply(m.ID, next, change)
	return next.outcome, nil
}

// apply takes a decision into the book: the new balances, if it was to move.
func (b *Book) apply(id string, d decision, change map[string]decimal.Decimal) {
	b.decided[keyOf(id)] = d
	if d.outcome.Code != "" {
		return
	}
	for id, amount := range change {
		a := b.accounts[id]
		a.Balance = a.Balance.Add(amount)
	}
	day := b.clock.Date(d.outcome.MovedAt)
	b.made, b.days[day] = append(b.made, d.line), append(b.days[day], d.line)
	b.changes++
}

// change is what the movement adds to each account.
func (m Movement) change() map[string]decimal.Decimal {
	change := make(map[string]decimal.Decimal, 2*len(m.Lines))
	for _, l := range m.Lines {
		change[l.From], change[l.To] = change[l.From].Sub(l.Amount), change[l.To].Add(l.Amount)
	}
	return change
}

// refuse returns why a movement cannot be made now, as the host names it and for a person; "" if it can.
func (b *Book) refuse(m Movement, change map[string]decimal.Decimal, now time.Time) (code, text string) {
	if !m.NotAfter.IsZero() && now.After(m.NotAfter) {
		return TooLate, fmt.Sprintf("it is %s, and the money must not move after %s", now.Format(time.RFC3339), m.NotAfter.Format(time.RFC3339))
	}
	for _, l := range m.Lines {
		if b.blocked[l.Currency] {
			return Blocked, "nothing moves in " + l.Currency + " at present"
		}
		for _, id := range []string{l.From, l.To} {
			if code, text = b.unusable(id, m.Client, l.Currency); code != "" {
				return code, text
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(change)) {
		if code, text = b.accounts[id].cannot(change[id]); code != "" {
			return code, text
		}
	}
	return "", ""
}

// unusable returns why a client's movement in a currency cannot use an account.
func (b *Book) unusable(id, client, currency string) (code, text string) {
	switch a, known := b.accounts[id]; {
	case !known:
		return NoAccount, "account " + id + " is not kept here"
	case a.Client != "" && a.Client != client:
		return NoAccount, "account " + id + " is not one of client " + client
	case a.Currency != currency:
		return NoAccount, "account " + id + " is in " + a.Currency + ", not in " + currency
	case a.closed:
		return Closed, "account " + id + " is closed"
	}
	return "", ""
}

// cannot returns why an account cannot change by an amount.
func (a *account) cannot(amount decimal.Decimal) (code, text string) {
	after := a.Balance.Add(amount)
	switch {
	case amount.IsNegative() && after.IsNegative() && !a.Overdraft:
		return NoFunds, fmt.Sprintf("account %s has %s %s, and %s are to leave it", a.ID, a.Balance, a.Currency, amount.Neg())
	case after.Abs().GreaterThanOrEqual(largest):
		return Overflow, fmt.Sprintf("account %s cannot hold %s %s", a.ID, after, a.Currency)
	}
	return "", ""
}

// reference is the host's number of a movement: the n-th that was made.
func reference(n int) string { return fmt.Sprintf("M%011d", n) }
