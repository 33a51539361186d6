package line

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// account is what becomes of a line check's amount.
type account struct {
	all  decimal.Decimal // open or consumed in the check, or with trades that hold it or are settled; the rest is free
	word decimal.Decimal // of all, what the provider has said to have dealt: consumed in the check, or taken over from that
	used decimal.Decimal // what the client's line carries
}

func accountOf(b *Book, check Reservation) account {
	r := b.reservations[check.ID]
	a := account{all: r.Open.Add(r.Taken), word: r.Taken, used: b.usage[Node{Client, r.Path.Client}].Used()}
	for _, trade := range b.reservations {
		if trade.From.ID == r.ID && trade.State.Stands() {
			a.all, a.word = a.all.Add(trade.From.Part), a.word.Add(trade.From.Taken)
		}
	}
	return a
}

// lives is a book of two checks of a client with a netting agreement, one in each direction, and one of another client. Parts
// and exposures are whole dollars, so no share is rounded.
type lives struct {
	t         *rapid.T
	b         *Book
	now       time.Time
	checks    []Reservation
	trades    int
	cancelled map[string]bool // all that was open of the check
	late      map[string]bool // a trade on the check was registered after its reservation had ended
}

func newLives(t *rapid.T) *lives {
	l := &lives{t: t, b: emptyBook(), now: start, cancelled: map[string]bool{}, late: map[string]bool{}}
	for _, id := range []int{0, 4, 9} {
		check := reservation(id, 100)
		check.ExpiresAt = start.Add(time.Duration(rapid.IntRange(2, 9).Draw(t, "lasts")) * time.Second)
		if err := l.b.Reserve(check); err != nil {
			t.Fatal(err)
		}
		l.checks = append(l.checks, check)
	}
	return l
}

// lasts reports whether what a trade gives back to the check is open again.
func (l *lives) lasts(check Reservation) bool {
	return !l.cancelled[check.ID] && l.now.Before(check.ExpiresAt)
}

// trade returns one of the trades that took a part of the check over; false if there is none.
func (l *lives) trade(check Reservation) (Reservation, bool) {
	var of []string
	for i := range l.trades {
		if id := fmt.Sprint("T", i); l.b.reservations[id].From.ID == check.ID {
			of = append(of, id)
		}
	}
	if len(of) == 0 {
		return Reservation{}, false
	}
	return l.b.reservations[rapid.SampledFrom(of).Draw(l.t, "trade")], true
}

// Whatever happens to a check and its trades, in whatever order: no part vanishes and none comes from nothing, what the provider
// has consumed stays consumed until the provider reverses it, and no line carries more than before unless a trade is registered
// that had ended, or one that offset others is settled.
func TestACheckAndItsTradesKeepEveryPart(t *testing.T) {
	t.Parallel()
	steps := []Step{Consume, Cancel, Reverse, Withdraw, Use, Report, Report, Release, Expire, Register, Settle, "time"}
	rapid.Check(t, func(t *rapid.T) {
		l := newLives(t)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			check := rapid.SampledFrom(l.checks).Draw(t, "check")
			switch step := rapid.SampledFrom(steps).Draw(t, "step"); step { //nolint:exhaustive // the others happen inside
			case "time":
				l.passTime()
			case Use, Report:
				l.takeOver(check, step)
			case Release, Expire:
				l.end(check, step)
			case Register, Settle:
				l.register(check, step)
			default:
				l.resolve(check, step)
			}
			mustBalance(t, l.b)
		}
	})
}

func (l *lives) resolve(check Reservation, step Step) {
	before, part := accountOf(l.b, check), decimal.NewFromInt(rapid.Int64Range(0, 60).Draw(l.t, "part"))
	was := l.b.reservations[check.ID]
	is, err := l.apply(check, step, part)
	if err != nil {
		l.mustBe(check, before, string(step)+" that was refused")
		return
	}
	open, taken := is.Open.Sub(was.Open), is.Taken.Sub(was.Taken)
	l.cancelled[check.ID] = l.cancelled[check.ID] || (step == Cancel || step == Withdraw) && is.Open.IsZero()
	before.all, before.word = before.all.Add(open).Add(taken), before.word.Add(taken)
	l.mustBe(check, before, string(step))
}

// apply applies a step. What is consumed in a stated part may be for a trade that is still to come, of this check or another one, or for
// one of this check whose reservation has expired.
func (l *lives) apply(check Reservation, step Step, part decimal.Decimal) (Reservation, error) {
	if step == Consume && part.IsPositive() && rapid.Bool().Draw(l.t, "for a trade") {
		trade := fmt.Sprint("T", rapid.IntRange(0, l.trades+2).Draw(l.t, "which"))
		if r, came := l.b.reservations[trade]; !came || r.State == Expired && r.From.ID == check.ID {
			return l.b.ConsumeFor(check.ID, trade, part)
		}
	}
	return l.b.ResolvePart(check.ID, step, part)
}

func (l *lives) takeOver(check Reservation, step Step) {
	before := accountOf(l.b, check)
	trade := reservation(0, 1)
	trade.ID, trade.Kind, trade.Path, trade.Terms = fmt.Sprint("T", l.trades), ForTrade, check.Path, check.Terms
	trade.Terms.Amount = dec("7")
	trade.From = Source{ID: check.ID, Part: decimal.NewFromInt(rapid.Int64Range(1, 100).Draw(l.t, "part"))}
	trade.Exposure, trade.Exchange = decimal.Zero, flat(trade.From.Part)
	trade.ExpiresAt = l.now.Add(time.Duration(rapid.IntRange(1, 5).Draw(l.t, "trade lasts")) * time.Second)
	if _, err := l.b.TakeOver(trade, step); err == nil {
		l.trades++
	}
	l.mustBe(check, before, string(step))
}

func (l *lives) end(check Reservation, step Step) {
	trade, ok := l.trade(check)
	if !ok {
		return
	}
	before, was := accountOf(l.b, check), l.b.reservations[trade.ID]
	_, err := l.b.End(trade.ID, step, l.now)
	if err == nil && was.State == Reserved && !l.lasts(check) {
		before.all = before.all.Sub(was.From.Open())
	}
	l.mustBe(check, before, string(step)+" of a trade")
}

// register registers a trade, or settles it: that registers it, too.
func (l *lives) register(check Reservation, step Step) {
	trade, ok := l.trade(check)
	if !ok {
		return
	}
	before := accountOf(l.b, check)
	want := Consumed
	if step == Settle || trade.State == Settled {
		want = Settled
	}
	var is Reservation
	var err error
	if step == Settle {
		is, err = l.b.Settle(trade.ID, 1)
	} else {
		is, err = l.b.Register(trade.ID)
	}
	if err != nil || is.State != want {
		l.t.Fatalf("%s: %s, %v", step, is.State, err)
	}
	after := accountOf(l.b, check)
	if trade.State.Stands() {
		if step == Settle { // what the trade offset may count now
			before.used = decimal.Max(before.used, after.used)
		}
		l.mustBe(check, before, string(step))
		return
	}
	l.late[check.ID] = true
	more, word := after.all.Sub(before.all), after.word.Sub(before.word)
	if more.IsNegative() || more.GreaterThan(trade.From.Part) || word.IsNegative() || word.GreaterThan(trade.From.Taken) {
		l.t.Fatalf("a trade that had ended is registered: %v after %v", after, before)
	}
}

func (l *lives) passTime() {
	var before []account
	for _, check := range l.checks {
		before = append(before, accountOf(l.b, check))
	}
	l.now = l.now.Add(time.Second)
	l.b.ExpireDue(l.now)
	for i, check := range l.checks {
		after := accountOf(l.b, check)
		if l.lasts(check) && !after.all.Equal(before[i].all) {
			l.t.Fatalf("%s lasts, and time changed %v to %v", check.ID, before[i], after)
		}
		before[i].all = after.all
		l.mustBe(check, before[i], "time")
	}
	for id, r := range l.b.reservations {
		if r.Due(l.now) {
			l.t.Fatalf("%s is due and still %s", id, r.State)
		}
	}
}

func (l *lives) mustBe(check Reservation, want account, what string) {
	got := accountOf(l.b, check)
	if !got.all.Equal(want.all) || !got.word.Equal(want.word) || got.used.GreaterThan(want.used) {
		l.t.Fatalf("%s: check %s has %s, %s consumed, the line carries %s; want %s, %s, at most %s",
			what, check.ID, got.all, got.word, got.used, want.all, want.word, want.used)
	}
	r := l.b.reservations[check.ID]
	if got.all.GreaterThan(r.Terms.Amount) && !l.late[check.ID] {
		l.t.Fatalf("%s: check %s has parts of %s, more than its amount", what, check.ID, got.all)
	}
	if r.earmarked().GreaterThan(r.Taken) {
		l.t.Fatalf("%s: check %s keeps %s for trades of the %s that are consumed", what, check.ID, r.earmarked(), r.Taken)
	}
}

// A trade whose reservation expired before it was registered is counted once: the check does not keep what it got back.
func TestATradeThatIsRegisteredLateTakesOverAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, consumed, reversed, left string }{
		{"what was open", "0", "0", "60"},
		{"what was consumed", "70", "0", "60"},
		{"both", "30", "0", "60"},
		{"but for what the provider reversed meanwhile", "30", "30", "60"},
	} {
		b, check := emptyBook(), reservation(1, 100)
		check.ExpiresAt = start.Add(time.Hour)
		trade := reservation(5, 1)
		trade.Kind, trade.From = ForTrade, Source{ID: check.ID, Part: dec("40")}
		must(t, b.Reserve(check))
		if c.consumed != "0" {
			_, err := b.ResolvePart(check.ID, Consume, dec(c.consumed))
			must(t, err)
		}
		_, err := b.TakeOver(trade, Report)
		must(t, err)
		if n := b.ExpireDue(trade.ExpiresAt); n != 1 {
			t.Fatalf("%s: %d expired", c.rule, n)
		}
		if r := b.reservations[check.ID]; !r.Open.Add(r.Taken).Equal(dec("100")) || !r.Taken.Equal(dec(c.consumed)) {
			t.Errorf("%s: after the trade's expiry %s open, %s consumed", c.rule, r.Open, r.Taken)
		}
		if c.reversed != "0" {
			_, err = b.ResolvePart(check.ID, Reverse, dec(c.reversed))
			must(t, err)
		}
		for range 2 {
			_, err = b.Register(trade.ID)
			must(t, err)
		}
		r := b.reservations[check.ID]
		equal(t, c.rule, r.Open.Add(r.Taken), c.left)
		u, _ := b.Usage(Node{Client, "C2"})
		equal(t, c.rule+": the line", u.Used(), "100")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The line check of a lapsed trade is not loaded: the trade waits for a transaction that loads it.
func TestATradeIsNotExpiredWithoutItsCheck(t *testing.T) {
	t.Parallel()
	b, trade := emptyBook(), reservation(1, 10)
	trade.Kind, trade.From = ForTrade, Source{ID: "elsewhere", Part: dec("10")}
	must(t, b.Reserve(trade))
	if n := b.ExpireDue(trade.ExpiresAt); n != 0 || b.reservations[trade.ID].State != Reserved {
		t.Errorf("%d expired", n)
	}
	for _, end := range []func() error{
		func() error { _, err := b.End(trade.ID, Release, start); return err },
		func() error { _, err := b.Register(trade.ID); return err },
	} {
		if err := end(); !errors.Is(err, ErrNotLoaded) {
			t.Error(err)
		}
	}
}
