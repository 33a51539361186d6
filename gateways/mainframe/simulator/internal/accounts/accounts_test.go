package accounts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// fakeClock is the bank's clock, in a place whose dates are those of UTC.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Date(at time.Time) time.Time { return at.Truncate(24 * time.Hour) }

func (c *fakeClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// bank has two clients with an account in euro and in dollars, and the bank's own accounts.
func bank() []Account {
	var all []Account
	for _, currency := range []string{"EUR", "USD"} {
		all = append(all, Account{ID: "S-" + currency, Currency: currency, Overdraft: true})
		for _, client := range []string{"C1", "C2"} {
			all = append(all, Account{ID: client + "-" + currency, Client: client, Currency: currency, Balance: dec("1000")})
		}
	}
	return all
}

// open starts a book on the folder; stop ends it.
func open(t testing.TB, dir string, clock *fakeClock) (b *Book, stop func()) {
	t.Helper()
	b, err := Open(dir, bank(), clock)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	return b, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

type answer struct {
	outcome Outcome
	err     error
}

func submit(b *Book, m Movement) <-chan answer {
	out := make(chan answer, 1)
	b.Submit(m, func(o Outcome, err error) { out <- answer{o, err} })
	return out
}

func move(t testing.TB, b *Book, m Movement) Outcome {
	t.Helper()
	a := <-submit(b, m)
	if a.err != nil {
		t.Fatal(a.err)
	}
	return a.outcome
}

// deal is a movement of C1's: it pays euro and gets dollars.
func deal(id, euro, dollars string) Movement {
	return Movement{ID: id, Attempt: 1, ValueDate: noon.Truncate(24 * time.Hour), Client: "C1", NotAfter: noon.Add(time.Hour), Lines: []Line{
		{"EUR", dec(euro), "C1-EUR", "S-EUR"}, {"USD", dec(dollars), "S-USD", "C1-USD"},
	}}
}

// balances returns what C1 and the bank hold: euro and dollars of C1, then of the bank.
func balances(b *Book) string {
	all, _ := b.Balances()
	return fmt.Sprint(all["C1-EUR"], " ", all["C1-USD"], " ", all["S-EUR"], " ", all["S-USD"])
}

func TestMovementIsMadeOnceWithAllItsLinesAndAnsweredTheSameAgain(t *testing.T) {
	clock := &fakeClock{now: noon}
	b, stop := open(t, t.TempDir(), clock)
	defer stop()
	first := move(t, b, deal("m1", "100", "110.5"))
	clock.add(2 * time.Hour) // past the cut-off: what was made stays made
	again := deal("m1", "100", "110.5")
	again.Attempt, again.NotAfter = 2, noon.Add(24*time.Hour)
	second := move(t, b, again)
	if first.Code != "" || first.Again || !second.Again || first.Reference != "M00000000001" || !first.MovedAt.Equal(noon) {
		t.Fatalf("%+v then %+v", first, second)
	}
	if second.Again = false; !cmp.Equal(first, second) || balances(b) != "900 1110.5 100 -110.5" || b.Count() != 1 {
		t.Errorf("%+v then %+v, balances %s, %d movements", first, second, balances(b), b.Count())
	}
	if other := <-submit(b, deal("m1", "100", "111")); !errors.Is(other.err, ErrConflict) {
		t.Errorf("other content: %+v", other)
	}
}

func TestSameMovementTwiceInOneGroupIsMadeOnce(t *testing.T) {
	b, err := Open(t.TempDir(), bank(), &fakeClock{now: noon})
	if err != nil {
		t.Fatal(err)
	}
	one, two := submit(b, deal("m1", "100", "110")), submit(b, deal("m1", "100", "110")) // both wait: one group
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	first, second := <-one, <-two
	cancel()
	if err := errors.Join(first.err, second.err, <-ended); err != nil || first.outcome.Reference != second.outcome.Reference || !second.outcome.Again {
		t.Error(err, first, second)
	}
	if balances(b) != "900 1110 100 -110" {
		t.Error(balances(b))
	}
}

func TestRefusedMovementMovesNothing(t *testing.T) {
	of := func(change func(m *Movement)) Movement {
		m := deal("m1", "100", "110")
		change(&m)
		return m
	}
	must := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	cases := []struct {
		name, code string
		order      func(b *Book)
		movement   Movement
	}{
		{"more than there is", NoFunds, nil, deal("m1", "1000.001", "110")},
		{"the second line cannot be", NoFunds, nil, of(func(m *Movement) { m.Lines[1] = Line{"USD", dec("1001"), "C1-USD", "S-USD"} })},
		{"unknown account", NoAccount, nil, of(func(m *Movement) { m.Lines[1].From = "S-XXX" })},
		{"account of another client", NoAccount, nil, of(func(m *Movement) { m.Lines[0].From = "C2-EUR" })},
		{"account in another currency", NoAccount, nil, of(func(m *Movement) { m.Lines[0].From = "C1-USD" })},
		{"closed account", Closed, func(b *Book) { must(b.Close("C1-USD", true)) }, deal("m1", "100", "110")},
		{"closed account of the bank", Closed, func(b *Book) { must(b.Close("S-EUR", true)) }, deal("m1", "100", "110")},
		{"blocked currency", Blocked, func(b *Book) { must(b.Block("USD", true)) }, deal("m1", "100", "110")},
		{"after the cut-off", TooLate, nil, of(func(m *Movement) { m.NotAfter = noon.Add(-time.Second) })},
		{"more than an account holds", Overflow, nil, deal("m1", "100", "999999999999999.999")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, stop := open(t, t.TempDir(), &fakeClock{now: noon})
			defer stop()
			if c.order != nil {
				c.order(b)
			}
			got := move(t, b, c.movement)
			if got.Code != c.code || got.Text == "" || len(got.Text) > 120 || got.Reference != "" || !got.MovedAt.IsZero() {
				t.Errorf("%+v", got)
			}
			if balances(b) != "1000 1000 0 0" || b.Count() != 0 {
				t.Errorf("%s, %d movements", balances(b), b.Count())
			}
		})
	}
}

func TestRefusalHoldsForItsAttemptAndALaterAttemptIsNew(t *testing.T) {
	dir, clock := t.TempDir(), &fakeClock{now: noon}
	b, stop := open(t, dir, clock)
	second := deal("m1", "5000", "110")
	second.Attempt = 2
	first := move(t, b, deal("m1", "5000", "110"))
	third := second
	third.Attempt = 3
	if got := move(t, b, second); got.Again || got.Code != NoFunds {
		t.Errorf("second attempt: %+v", got)
	}
	if err := b.SetBalance("C1-EUR", dec("6000")); err != nil {
		t.Fatal(err)
	}
	stop()
	b, stop = open(t, dir, clock) // remembered over a restart
	defer stop()
	for attempt, m := range map[int]Movement{1: deal("m1", "5000", "110"), 2: second} {
		if got := move(t, b, m); got.Code != NoFunds || got.Text != first.Text || !got.Again {
			t.Errorf("attempt %d again: %+v", attempt, got)
		}
	}
	if got := move(t, b, third); got.Code != "" || got.Reference == "" || balances(b) != "1000 1110 5000 -110" {
		t.Errorf("third attempt: %+v, %s", got, balances(b))
	}
	if got := move(t, b, second); got.Code != "" || !got.Again {
		t.Errorf("an earlier attempt after it was made: %+v", got)
	}
}

func TestOrdersAreUndoneAndSurviveARestart(t *testing.T) {
	dir, clock := t.TempDir(), &fakeClock{now: noon}
	b, stop := open(t, dir, clock)
	if err := errors.Join(b.Close("C1-EUR", true), b.Block("USD", true), b.SetBalance("C1-USD", dec("7"))); err != nil {
		t.Fatal(err)
	}
	stop()
	b, stop = open(t, dir, clock)
	defer stop()
	if got := move(t, b, deal("m1", "1", "1")); got.Code != Closed {
		t.Errorf("%+v", got)
	}
	if err := b.Close("C1-EUR", false); err != nil {
		t.Fatal(err)
	}
	if got := move(t, b, deal("m2", "1", "1")); got.Code != Blocked {
		t.Errorf("%+v", got)
	}
	if err := b.Block("USD", false); err != nil {
		t.Fatal(err)
	}
	if got := move(t, b, deal("m3", "1", "1")); got.Code != "" || balances(b) != "999 8 1 -1" {
		t.Errorf("%+v, %s", got, balances(b))
	}
	for _, err := range []error{b.Close("C9-EUR", true), b.SetBalance("", dec("1")), b.Block("XXX", true)} {
		if !errors.Is(err, ErrUnknown) {
			t.Error(err)
		}
	}
}

func TestStatementListsADayInOrderAndPageByPage(t *testing.T) {
	clock := &fakeClock{now: noon}
	b, stop := open(t, t.TempDir(), clock)
	defer stop()
	today := noon.Truncate(24 * time.Hour)
	for i := range 5 {
		move(t, b, deal(fmt.Sprintf("m%d", i), "1", "1"))
	}
	move(t, b, deal("refused", "100000", "1"))
	ids := func(s Statement) (all []string) {
		for _, e := range s.Entries {
			all = append(all, e.MovementID)
		}
		return all
	}
	part, err := b.Statement(today, 3, 10)
	if err != nil || !cmp.Equal(ids(part), []string{"m3", "m4"}) || part.Total != 5 || part.Complete || !part.AsOf.Equal(noon) {
		t.Errorf("%+v, %v", part, err)
	}
	if beyond, err := b.Statement(today, 9, 10); err != nil || len(beyond.Entries) != 0 || beyond.Total != 5 {
		t.Errorf("%+v, %v", beyond, err)
	}
	clock.add(24 * time.Hour)
	next := deal("m5", "1", "1")
	next.NotAfter = clock.Now()
	move(t, b, next)
	whole, err := b.Statement(today, 0, 100)
	if err != nil || len(whole.Entries) != 5 || !whole.Complete || !cmp.Equal(whole.Entries[0].Lines, deal("", "1", "1").Lines) {
		t.Errorf("%+v, %v", whole, err)
	}
	if tomorrow, err := b.Statement(today.AddDate(0, 0, 1), 0, 100); err != nil || !cmp.Equal(ids(tomorrow), []string{"m5"}) || tomorrow.Complete {
		t.Errorf("%+v, %v", tomorrow, err)
	}
}

func TestLinesAreFoundById(t *testing.T) {
	b, stop := open(t, t.TempDir(), &fakeClock{now: noon})
	defer stop()
	move(t, b, deal("m1", "1", "1"))
	move(t, b, deal("m2", "100000", "1"))
	for id, want := range map[string]string{"m1": `"reference":"M00000000001"`, "m2": `"code":"NOFUNDS"`} {
		if line, found, err := b.Find(id); err != nil || !found || !strings.Contains(string(line), want) {
			t.Errorf("%s: %v, %s", id, err, line)
		}
	}
	if _, found, err := b.Find("m3"); found || err != nil {
		t.Error(found, err)
	}
	var made []string
	if err := b.Made(func(line []byte) error { made = append(made, string(line)); return nil }); err != nil || len(made) != 1 {
		t.Error(err, made)
	}
}

func TestLineThatACrashCutOffIsCutAwayAndADamagedBookIsNotOpened(t *testing.T) {
	dir, clock := t.TempDir(), &fakeClock{now: noon}
	b, stop := open(t, dir, clock)
	move(t, b, deal("m1", "1", "1"))
	stop()
	name := filepath.Join(dir, fileName)
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(content, content[:20]...), 0o600); err != nil {
		t.Fatal(err)
	}
	b, stop = open(t, dir, clock)
	if got := move(t, b, deal("m2", "1", "1")); got.Reference != "M00000000002" || balances(b) != "998 1002 2 -2" {
		t.Errorf("%+v, %s", got, balances(b))
	}
	stop()
	for _, damage := range []string{"{}\n", "{\n", strings.Replace(string(content), "M00000000001", "M00000000007", 1), strings.ReplaceAll(string(content), "C1-EUR", "C7-EUR")} {
		if err := os.WriteFile(name, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, bank(), clock); err == nil {
			t.Errorf("opened: %s", damage)
		}
	}
}

func TestStoppedBookSaysSo(t *testing.T) {
	b, stop := open(t, t.TempDir(), &fakeClock{now: noon})
	stop()
	if a := <-submit(b, deal("m1", "1", "1")); !errors.Is(a.err, ErrStopped) {
		t.Errorf("%+v", a)
	}
	if err := b.SetBalance("C1-EUR", dec("1")); !errors.Is(err, ErrStopped) {
		t.Error(err)
	}
}

// Whatever moves, the sum of each currency stays, no client's account goes below zero, and a restart finds the same balances.
func TestMoneyIsNeitherMadeNorLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, clock := t.TempDir(), &fakeClock{now: noon}
		b, stop := open(t, dir, clock)
		for i := range rapid.IntRange(0, 20).Draw(rt, "movements") {
			m := deal(fmt.Sprintf("m%d", rapid.IntRange(0, i).Draw(rt, "id")), "1", "1")
			m.Attempt = rapid.IntRange(1, 3).Draw(rt, "attempt")
			m.Lines[0].Amount = decimal.New(rapid.Int64Range(1, 900_000).Draw(rt, "euro"), -3)
			if rapid.Bool().Draw(rt, "the client buys euro") {
				for n, l := range m.Lines {
					m.Lines[n].From, m.Lines[n].To = l.To, l.From
				}
			}
			<-submit(b, m)
		}
		before, _ := b.Balances()
		stop()
		b, stop = open(t, dir, clock)
		defer stop()
		after, _ := b.Balances()
		for _, currency := range []string{"EUR", "USD"} {
			if sum := before["C1-"+currency].Add(before["C2-"+currency]).Add(before["S-"+currency]); !sum.Equal(dec("2000")) {
				rt.Errorf("%s: the accounts hold %s", currency, sum)
			}
		}
		for id, balance := range before {
			if !after[id].Equal(balance) || balance.IsNegative() && !strings.HasPrefix(id, "S-") {
				rt.Errorf("%s holds %s, after a restart %s", id, balance, after[id])
			}
		}
	})
}
