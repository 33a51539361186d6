package witness

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/testbench/oracle"
)

// Book trades with a desk at a steady rate, with a mistake now and then, and records what was asked and answered. It
// is independent of the protocol.
type Book struct {
	ask func(ctx context.Context, r desk.Request, again bool) error
	now func() time.Time // the bank's clock

	mu      sync.Mutex
	desk    *desk.Desk
	asked   map[string]desk.Request
	flawed  map[string]bool // references of requests that the core must or may reject
	who     string
	board   *Board
	busy    []desk.Request // requests to send again: the core had no room for them
	mark    time.Time
	last    time.Time // time of the last final answer since the mark
	tracked Progress
}

// Progress is a trader's progress. Mark sets all of it to zero.
type Progress struct {
	Asked    int // requests made; one that is sent again counts once
	Accepted int
	Rejected []string      // reasons, at most a hundred, of rejections that no mistake of ours explains
	Resumed  time.Time     // when the first request made after the mark was accepted, by real time; zero if none was
	Stall    time.Duration // longest time between two final answers since the mark
}

// newBook opens a desk. References begin with the provider's name and the record's name.
func newBook(provider, name string, seed uint64, ask func(context.Context, desk.Request, bool) error) (*Book, error) {
	d, err := desk.New(fmt.Sprintf("%s-%s-", provider, name), seed)
	if err != nil {
		return nil, err
	}
	return &Book{ask: ask, now: time.Now, desk: d, who: provider, board: &Board{}, asked: map[string]desk.Request{}, flawed: map[string]bool{}}, nil
}

// UseClock has the trader date what it asks for, and what it records, by the bank's clock. It is called before Run. Without it, the
// bank's clock is real time.
func (b *Book) UseClock(bank func() time.Time) { b.now = bank }

// Trade makes perSecond requests a second until ctx ends. It waits while there is no session.
func (b *Book) Trade(ctx context.Context, perSecond int) error {
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		r, again := b.refused()
		if !again {
			var err error
			if r, err = b.deal(); err != nil {
				return err
			}
		}
		if err := b.ask(ctx, r, again); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// resend sends again the requests that the core had no room for.
func (b *Book) resend(ctx context.Context) error {
	for {
		r, again := b.refused()
		if !again {
			return nil
		}
		if err := b.ask(ctx, r, true); err != nil {
			return err
		}
	}
}

func (b *Book) deal() (desk.Request, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, err := b.desk.Next(b.now())
	b.asked[r.Reference] = r
	b.tracked.Asked++
	if r.Flawed || r.Doubtful {
		b.flawed[r.Reference] = true
	}
	return r, err
}

// refused returns the oldest request to send again, because the core had no room for it; false if there is none.
func (b *Book) refused() (r desk.Request, found bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.busy) == 0 {
		return r, false
	}
	r, b.busy = b.busy[0], b.busy[1:]
	r.Time = b.now()
	return r, true
}

func (b *Book) answered(a oracle.Answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, known := b.asked[a.Reference]
	switch a.State {
	case oracle.Pending:
		return
	case oracle.Busy:
		b.busy = append(b.busy, r)
		return
	case oracle.Accepted:
		b.accepted(r, known, a)
	default:
		b.rejected(a)
	}
	delete(b.asked, a.Reference)
	now := time.Now() // a jump of the bank's clock is no silence
	if !b.last.IsZero() {
		b.tracked.Stall = max(b.tracked.Stall, now.Sub(b.last))
	}
	b.last = now
}

func (b *Book) accepted(r desk.Request, known bool, a oracle.Answer) {
	b.tracked.Accepted++
	if !known {
		return
	}
	if r.Kind == desk.Reserve && !r.Flawed { // a flawed one stands here for another under the same reference
		r.ID = a.ID
		b.board.post(b.who, r)
		b.desk.Approved(r)
	}
	if b.tracked.Resumed.IsZero() && r.Time.After(b.mark) {
		b.tracked.Resumed = time.Now()
	}
}

// mostRejected is how many rejections are remembered.
const mostRejected = 100

func (b *Book) rejected(a oracle.Answer) {
	if !b.flawed[a.Reference] && len(b.tracked.Rejected) < mostRejected {
		b.tracked.Rejected = append(b.tracked.Rejected, a.Reference+": "+a.Reason+" "+a.Text)
	}
}

// Progress returns the progress since the last Mark.
func (b *Book) Progress() Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tracked
}

// Mark starts all measurements again.
func (b *Book) Mark() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tracked, b.mark, b.last = Progress{}, b.now(), time.Now()
}

// Await starts again only the measurement of when trading resumes.
func (b *Book) Await() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tracked.Resumed, b.mark = time.Time{}, b.now()
}

// described returns the request in the oracle's terms, without the form in which it was sent.
func described(r desk.Request, again bool) oracle.Sent {
	s := oracle.Sent{
		Reference: r.Reference, Product: product(r), Action: action(r.Kind), Target: r.Target, Uses: r.Uses, For: r.For, Quote: r.Quote,
		Client: r.Client, Pair: r.Pair, Currency: r.Currency, Side: side(r.Buy), Again: again,
	}
	s.Amount, _ = decimal.NewFromString(r.Amount) // the desk writes valid numbers; empty where there is none
	s.Rate, _ = decimal.NewFromString(r.Near.Rate)
	if r.Free {
		s.Rest = "free"
	}
	return s
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
	return map[desk.Kind]string{desk.Reserve: "reserve", desk.Consume: "consume", desk.Cancel: "cancel", desk.Reverse: "reverse"}[k]
}

func side(buy bool) string {
	if buy {
		return "buy"
	}
	return "sell"
}
