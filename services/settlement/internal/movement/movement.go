// Package movement holds the instructions to the mainframe. A [Movement] settles one leg of a trade, or all legs of a client
// with a netting agreement that fall due together. The mainframe makes all payments of a movement at once or none of them, so
// nobody pays without being paid. The package is pure.
package movement

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
)

// Payment is one amount between the bank and the client.
type Payment struct {
	Currency string
	Amount   decimal.Decimal // what the client gets; below zero what the client pays
	Account  string          // the client's account; empty: through the bank's nostro account
}

// Book is the book on the client's side.
func (p Payment) Book() ledger.Book {
	if p.Account == "" {
		return ledger.Nostro(p.Currency)
	}
	return ledger.Account(p.Account)
}

// Line is an amount that moves from one account of the mainframe to another.
type Line struct {
	Currency string
	Amount   decimal.Decimal // above zero
	From, To string
}

// State is where a movement is.
type State string

// The states.
const (
	Requested State = "requested" // the mainframe has been asked
	Made      State = "made"      // the mainframe has moved the money
	Refused   State = "refused"   // the mainframe has moved nothing
	Overdue   State = "overdue"   // no answer until the cut-off
	ByHand    State = "by_hand"   // a person has settled it outside the mainframe
	Withdrawn State = "withdrawn" // refused, and its trades have changed: it is never tried again
)

// Movement is an instruction and what became of it.
type Movement struct {
	ID        string
	Client    string
	ValueDate fxdate.Date
	Netted    bool
	Payments  []Payment
	Lines     []Line    // the payments, as the mainframe is asked for them
	NotAfter  time.Time // the mainframe must not make it later
	State     State
	Early     bool      // made before its value date; it counts from the beginning of that date
	Attempt   int       // how often it was requested, from 1
	Answer    Answer    // of the mainframe; zero before the first one
	By        string    // who acted on it last; empty: nobody
	Why       string    // the reason that this person gave
	At        time.Time // of the last change
	MovedAt   time.Time // when the mainframe made it; zero if it has not, or if that is not known
}

// Answer is what the mainframe, or a person, says of a movement.
type Answer struct {
	Reference  string // of a movement that was made
	Code, Text string // of one that was not
}

// Conflict is the code with which the mainframe refuses a movement that it has with other content. So it may have moved the money:
// the refusal does not say that it has not.
const Conflict = "CONFLICT"

// maxAttempts is the largest attempt that the mainframe's record has room for.
const maxAttempts = 999

// ErrNotAllowed means that the state of the movement does not allow the action.
var ErrNotAllowed = errors.New("not allowed in this state")

// ErrMovedTwice means that the mainframe made the movement under two references, or made what a person has settled by hand.
var ErrMovedTwice = errors.New("moved twice")

// Make records that the mainframe made the movement, and when its value date begins. It reports whether that is new. It may come after
// a refusal or after the cut-off: what has moved is a fact. Error: ErrMovedTwice; the movement is then unchanged.
func (m *Movement) Make(reference string, at, begins time.Time) (bool, error) {
	switch m.State {
	case Made:
		if m.Answer.Reference != reference {
			return false, fmt.Errorf("%w: movement %s as %s and as %s", ErrMovedTwice, m.ID, m.Answer.Reference, reference)
		}
		return false, nil
	case ByHand:
		return false, fmt.Errorf("%w: movement %s by %s, and by the mainframe as %s", ErrMovedTwice, m.ID, m.By, reference)
	case Withdrawn:
		return false, fmt.Errorf("%w: movement %s was refused and its legs were taken back, and the mainframe made it as %s", ErrMovedTwice, m.ID, reference)
	case Requested, Refused, Overdue:
	}
	m.State, m.Answer, m.At, m.MovedAt, m.Early = Made, Answer{Reference: reference}, at, at, at.Before(begins)
	return true, nil
}

// Count records that the value date of a movement that was made early has begun, and reports whether that is new.
func (m *Movement) Count() bool {
	early := m.Early
	m.Early = false
	return early
}

// Refuse records that the mainframe refused an attempt, and reports whether that is new. A refusal of an earlier attempt, and
// one of what is settled, change nothing.
func (m *Movement) Refuse(attempt int, code, text string, at time.Time) bool {
	if attempt != m.Attempt || (m.State != Requested && m.State != Overdue) {
		return false
	}
	m.State, m.Answer, m.At = Refused, Answer{Code: code, Text: text}, at
	return true
}

// Unanswered is the code of a movement that the mainframe has not answered until its cut-off.
const Unanswered = "UNANSWRD"

// Expire records that the cut-off has passed without an answer, and reports whether it has.
func (m *Movement) Expire(now time.Time) bool {
	if m.State != Requested || !now.After(m.NotAfter) {
		return false
	}
	m.State, m.At = Overdue, now
	m.Answer = Answer{Code: Unanswered, Text: "the mainframe has not answered until the cut-off, " + m.NotAfter.UTC().Format(time.RFC3339)}
	return true
}

// Retry asks the mainframe again, until a later time. The mainframe recognises the movement if it was made after all. Error:
// ErrNotAllowed unless it was refused or is overdue, and after the last attempt that the mainframe can count.
func (m *Movement) Retry(by, why string, until, now time.Time) error {
	if m.State != Refused && m.State != Overdue || m.Attempt >= maxAttempts {
		return fmt.Errorf("retry movement %s, which is %s: %w", m.ID, m.State, ErrNotAllowed)
	}
	m.State, m.Attempt, m.NotAfter, m.By, m.Why, m.At = Requested, m.Attempt+1, until, by, why, now
	m.Answer = Answer{}
	return nil
}

// Untouched tells whether the mainframe is known to have moved nothing: it has refused the last attempt, and has no other content.
func (m *Movement) Untouched() bool { return m.State == Refused && m.Answer.Code != Conflict }

// Found records that a person has read in the mainframe's book that it made the movement, with other content. The reconciliation
// of the day on which it was made shows the difference; which day that is only the mainframe knows. Error: ErrNotAllowed unless the mainframe has answered that it has other content.
func (m *Movement) Found(by, why, reference string, now time.Time) error {
	if m.State != Refused || m.Answer.Code != Conflict {
		return fmt.Errorf("find movement %s, which is %s (%s), at the mainframe: %w", m.ID, m.State, m.Answer.Code, ErrNotAllowed)
	}
	m.State, m.By, m.Why, m.At = Made, by, why, now
	m.Answer = Answer{Reference: reference}
	return nil
}

// SettleByHand records that a person has settled it outside the mainframe. Error: ErrNotAllowed unless the mainframe is known to
// have moved nothing: one without an answer may still be made, and one in conflict may have been made.
func (m *Movement) SettleByHand(by, why, reference string, now time.Time) error {
	if !m.Untouched() {
		return fmt.Errorf("settle movement %s by hand, which is %s (%s): %w", m.ID, m.State, m.Answer.Code, ErrNotAllowed)
	}
	m.State, m.By, m.Why, m.At = ByHand, by, why, now
	m.Answer.Reference = reference
	return nil
}

// Entries makes the entries of a movement that was made or settled by hand: what was owed is paid. In the second case the
// other side is the suspense book of each currency.
func (m *Movement) Entries(posting string) []ledger.Transfer {
	var all []ledger.Transfer
	for _, p := range m.Payments {
		reason, to := ledger.Execution, p.Book()
		if m.State == ByHand {
			reason, to = ledger.ByHand, ledger.Suspense(p.Currency)
		}
		for _, t := range ledger.Posting(posting, reason, m.ValueDate, ledger.Client(m.Client), to, ledger.Flow{Currency: p.Currency, Amount: p.Amount}) {
			t.Number = len(all) + 1
			all = append(all, t)
		}
	}
	return all
}
