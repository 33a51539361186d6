package witness

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/ticket"
	"fxcore/scripts/oracle"
	"fxcore/scripts/oracle/record"
)

// Trader is a witness with a desk: it trades at a steady rate, with a mistake now and then.
type Trader struct {
	*Witness
	version ticket.Version

	mu      sync.Mutex
	desk    *desk.Desk
	open    map[string]desk.Request
	flawed  map[string]bool // references under which a mistake was sent
	busy    []desk.Request  // to be sent again
	mark    time.Time
	last    time.Time // last final answer since the mark
	tracked Progress
}

// Progress is how far a trader has come.
type Progress struct {
	Asked    int // requests made, each counted once
	Accepted int
	Rejected []string      // why: requests without a mistake of their own, at most a hundred
	Resumed  time.Time     // first acceptance of what was asked for after the mark; zero if there is none yet
	Stall    time.Duration // longest time between two final answers since the mark
}

// NewTrader opens a desk. References begin with the provider's and the record's name.
func NewTrader(cfg fixwire.Config, w *record.Writer, name string, seed uint64) (*Trader, error) {
	d, err := desk.New(fmt.Sprintf("%s-%s-", cfg.Sender, name), seed)
	if err != nil {
		return nil, err
	}
	t := &Trader{version: ticket.Version(cfg.Begin), desk: d, open: map[string]desk.Request{}, flawed: map[string]bool{}}
	t.Witness = New(cfg, w, name, t.answered)
	return t, nil
}

// Trade asks for deals at a rate until ctx ends. While there is no session it waits.
func (t *Trader) Trade(ctx context.Context, perSecond int) error {
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		r, again := t.refused()
		if !again {
			var err error
			if r, err = t.deal(); err != nil {
				return err
			}
		}
		if err := t.ask(ctx, r, again); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// Finish sends again what the core had no room for, and waits until every request has its final answer. Trade must have
// returned.
func (t *Trader) Finish(ctx context.Context) error {
	for {
		if r, again := t.refused(); again {
			if err := t.ask(ctx, r, true); err != nil {
				return err
			}
			continue
		}
		waiting, cancel := context.WithTimeout(ctx, time.Second)
		err := t.Answered(waiting)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

func (t *Trader) ask(ctx context.Context, r desk.Request, again bool) error {
	return t.Ask(ctx, t.sent(r, again), t.version.Write(r))
}

func (t *Trader) deal() (desk.Request, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, err := t.desk.Next(time.Now())
	t.open[r.Reference] = r
	t.tracked.Asked++
	if r.Flawed {
		t.flawed[r.Reference] = true
	}
	return r, err
}

// refused is the oldest request that the core had no room for, to be sent again; false if there is none.
func (t *Trader) refused() (r desk.Request, found bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.busy) == 0 {
		return r, false
	}
	r, t.busy = t.busy[0], t.busy[1:]
	r.Time = time.Now()
	return r, true
}

func (t *Trader) answered(a oracle.Answer, _ *fixwire.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, known := t.open[a.Reference]
	switch a.State {
	case oracle.Pending:
		return
	case oracle.Busy:
		t.busy = append(t.busy, r)
		return
	case oracle.Accepted:
		t.accepted(r, known, a.At)
	default:
		t.rejected(a)
	}
	delete(t.open, a.Reference)
	if !t.last.IsZero() {
		t.tracked.Stall = max(t.tracked.Stall, a.At.Sub(t.last))
	}
	t.last = a.At
}

func (t *Trader) accepted(r desk.Request, known bool, at time.Time) {
	t.tracked.Accepted++
	if !known {
		return
	}
	if r.Kind == desk.Reserve {
		t.desk.Approved(r)
	}
	if t.tracked.Resumed.IsZero() && r.Time.After(t.mark) {
		t.tracked.Resumed = at
	}
}

// mostRejected bounds the rejections that are remembered.
const mostRejected = 100

func (t *Trader) rejected(a oracle.Answer) {
	if !t.flawed[a.Reference] && len(t.tracked.Rejected) < mostRejected {
		t.tracked.Rejected = append(t.tracked.Rejected, a.Reference+": "+a.Reason+" "+a.Text)
	}
}

// Progress returns how far the trader has come.
func (t *Trader) Progress() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tracked
}

// Mark begins to measure anew.
func (t *Trader) Mark() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tracked, t.mark, t.last = Progress{}, time.Now(), time.Now()
}

// Await begins to look anew for when trading resumes; what else is measured goes on.
func (t *Trader) Await() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tracked.Resumed, t.mark = time.Time{}, time.Now()
}

// sent is the request in the oracle's terms.
func (t *Trader) sent(r desk.Request, again bool) oracle.Sent {
	s := oracle.Sent{
		Reference: r.Reference, Form: t.form(r), Product: product(r), Action: action(r.Kind), Target: r.Target,
		Client: r.Client, Pair: r.Pair, Currency: r.Currency, Side: side(r.Buy), Again: again,
	}
	s.Amount, _ = decimal.NewFromString(r.Amount) // of our own making; empty where there is none
	s.Rate, _ = decimal.NewFromString(r.Near.Rate)
	return s
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

func product(r desk.Request) string {
	switch {
	case r.Swap():
		return "swap"
	case r.Near.Settlement == "0":
		return "spot"
	}
	return "forward"
}

func action(k desk.Kind) string {
	return map[desk.Kind]string{desk.Reserve: "reserve", desk.Consume: "consume", desk.Cancel: "cancel"}[k]
}

func side(buy bool) string {
	if buy {
		return "buy"
	}
	return "sell"
}
