package control

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/accounts"
	"fxcore/gateways/mainframe/simulator/internal/day"
)

// dayBegins is when a day begins that is reached by an order.
const dayBegins = "08:00"

// maxDigits bounds a balance: what the record of an account holds.
const maxDigits = 15

// Accounts is what the control reads and changes of the book of accounts.
type Accounts interface {
	Count() int
	Find(movementID string) (line []byte, found bool, err error)
	Made(visit func(line []byte) error) error // all movements made, one JSON line each, in order
	Balances() (balances map[string]decimal.Decimal, changes int)
	SetBalance(account string, balance decimal.Decimal) error
	Close(account string, closed bool) error
	Block(currency string, blocked bool) error
}

// Clock is the bank's clock.
type Clock interface {
	Now() time.Time
	Today() (businessDay time.Time, offsetSeconds int)
	Next() time.Time // the next business day
	To(date time.Time, hour, minute int) error
}

// change carries out an order and answers with the state that follows.
func (c *Control) change(do func(r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := do(r); err != nil {
			http.Error(w, err.Error(), statusOf(err))
			return
		}
		c.status(w, r)
	}
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, accounts.ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, day.ErrBack) || errors.Is(err, day.ErrFar):
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

func (c *Control) balance(r *http.Request) error {
	amount, err := decimal.NewFromString(r.FormValue("amount"))
	if err != nil || !amount.Equal(amount.Truncate(3)) || amount.Abs().GreaterThanOrEqual(decimal.New(1, maxDigits)) {
		return fmt.Errorf("amount must be a number of at most %d digits before its point and 3 behind it", maxDigits)
	}
	return c.Accounts.SetBalance(r.FormValue("account"), amount)
}

func (c *Control) day(r *http.Request) error {
	at := dayBegins
	if text := r.FormValue("at"); text != "" {
		at = text
	}
	clock, err := time.Parse("15:04", at)
	if err != nil {
		return errors.New("at must be a time of day such as 08:00, in Frankfurt")
	}
	date := c.Clock.Next()
	if text := r.FormValue("to"); text != "" {
		if date, err = time.Parse(time.DateOnly, text); err != nil {
			return errors.New("to must be a date such as 2026-12-01")
		}
	}
	return c.Clock.To(date, clock.Hour(), clock.Minute())
}

func (c *Control) movements(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jsonl")
	err := c.Accounts.Made(func(line []byte) error {
		_, err := w.Write(line)
		return err
	})
	if err != nil {
		panic(http.ErrAbortHandler) // the caller must not take a part for the whole
	}
}

func (c *Control) moved(w http.ResponseWriter, _ *http.Request) {
	_, _ = fmt.Fprintln(w, c.Accounts.Count())
}

func (c *Control) balances(w http.ResponseWriter, _ *http.Request) {
	balances, _ := c.Accounts.Balances()
	writeJSON(w, balances)
}
