package witness

import (
	"context"
	"time"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/ticket"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

// Trader is a witness with a desk. It uses FIX.
type Trader struct {
	*Witness
	*Book
	version ticket.Version
}

// NewTrader opens a desk. References begin with the provider's name and the record's name.
func NewTrader(cfg fixwire.Config, w *record.Writer, name string, seed uint64) (*Trader, error) {
	t := &Trader{version: ticket.Version(cfg.Begin)}
	book, err := newBook(cfg.Sender, name, seed, t.request)
	if err != nil {
		return nil, err
	}
	t.Book = book
	t.Witness = New(cfg, w, name, func(a oracle.Answer, _ *fixwire.Message) { book.answered(a) })
	return t, nil
}

// UseClock is that of the book, for the records, too.
func (t *Trader) UseClock(bank func() time.Time) {
	t.Book.UseClock(bank)
	t.Witness.now = bank
}

// Finish sends again the requests that the core had no room for, and waits until every request has its final answer.
// The caller must wait for Trade to return first.
func (t *Trader) Finish(ctx context.Context) error {
	for {
		if err := t.resend(ctx); err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(ctx, time.Second)
		err := t.Answered(waiting)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

func (t *Trader) request(ctx context.Context, r desk.Request, again bool) error {
	s := described(r, again)
	s.Form = t.form(r)
	return t.Ask(ctx, s, t.version.Write(r))
}

func (t *Trader) form(r desk.Request) string {
	switch {
	case r.Kind == desk.Report:
		return "AE"
	case r.Kind != desk.Order:
		return t.version.CheckType()
	case r.Swap():
		return "AB"
	}
	return "D"
}
