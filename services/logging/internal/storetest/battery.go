// Package storetest tests what every store of logging must do. Each store's own test runs it.
package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fxcore/lambda/testkit"
	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
)

// Store is what is tested.
type Store interface {
	Write(ctx context.Context, lines []line.Line) error
	Search(ctx context.Context, q line.Query) ([]line.Line, error)
	WriteReports(ctx context.Context, reports []history.Report) error
	Reports(ctx context.Context, instance string, from, to time.Time, limit int) ([]history.Report, error)
	Tend(ctx context.Context, now time.Time) error
	Ready(ctx context.Context) error
}

// Now is the time of the test's lines: today, so that no store takes them for old.
func Now() time.Time { return time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour) }

// Run runs the battery. open returns an empty store that keeps everything for 72 hours.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for name, test := range map[string]func(*testing.T, Store){
		"a line is found by each of its fields":     finds,
		"what is written twice is there once":       once,
		"pages follow each other without a gap":     pages,
		"reports are kept, and found by time":       reports,
		"what is old goes, and nothing else":        forgets,
		"odd values stay as they are":               odd,
		"no line of a program holds up others":      hostile,
		"a search in an empty store finds nothing":  empty,
		"words are found in any order, not in part": words,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func made(n int, change func(*line.Line)) line.Line {
	raw := fmt.Sprintf(`{"@timestamp":%q,"log.level":"info","message":"thing %d is done","log.logger":"part","event.duration":42}`,
		Now().Add(time.Duration(n)*time.Second).Format(time.RFC3339Nano), n)
	l := line.Parse([]byte(raw), line.Origin{Service: "auth", Replica: "1", Life: "17"}, int64(n), Now())
	if change != nil {
		change(&l)
	}
	return l
}

// tend tends the store, as often as it takes: PostgreSQL gives up what holds others up for too long.
func tend(t *testing.T, s Store, now time.Time) {
	t.Helper()
	testkit.Eventually(t, "the store to be tended", time.Minute, func() error { return s.Tend(t.Context(), now) })
}

func write(t *testing.T, s Store, lines ...line.Line) {
	t.Helper()
	tend(t, s, Now())
	if err := s.Write(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
}

// expect waits until a query finds exactly these lines: a store may need a moment until what is written is found.
func expect(t *testing.T, s Store, q line.Query, want ...line.Line) {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	testkit.Eventually(t, fmt.Sprintf("%+v", q), 20*time.Second, func() error {
		got, err := s.Search(t.Context(), q)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			return fmt.Errorf("found (-want +got):\n%s", diff)
		}
		return nil
	})
}

func finds(t *testing.T, s Store) {
	plain := made(1, nil)
	about := made(2, func(l *line.Line) { l.Story, l.Trace, l.Level = "T-2", "0123456789abcdef0123456789abcdef", "warn" })
	other := made(3, func(l *line.Line) { l.Service, l.Instance, l.Level = "trading", "trading-2", "error" })
	write(t, s, plain, about, other)
	expect(t, s, line.Query{}, other, about, plain)
	expect(t, s, line.Query{Story: "T-2"}, about)
	expect(t, s, line.Query{Trace: about.Trace}, about)
	expect(t, s, line.Query{Level: "warn"}, other, about)
	expect(t, s, line.Query{Service: "trading"}, other)
	expect(t, s, line.Query{Instance: "auth-1", Level: "warn"}, about)
	expect(t, s, line.Query{From: about.Time, To: other.Time}, about)
	expect(t, s, line.Query{Text: "thing 3"}, other)
	expect(t, s, line.Query{Text: "T-2 done"}, about)
	expect(t, s, line.Query{Story: "T-3"})
}

func once(t *testing.T, s Store) {
	one, two := made(1, nil), made(2, nil)
	write(t, s, one)
	write(t, s, one, two)
	write(t, s, two, one)
	expect(t, s, line.Query{}, two, one)
}

func pages(t *testing.T, s Store) {
	var all []line.Line
	for n := range 25 {
		all = append(all, made(n, func(l *line.Line) { l.Time = Now().Add(time.Duration(n/10) * time.Microsecond) })) // many at one time
	}
	write(t, s, all...)
	testkit.Eventually(t, "all lines", 20*time.Second, func() error {
		seen := map[string]bool{}
		q := line.Query{Limit: 7}
		for {
			page, err := s.Search(t.Context(), q)
			if err != nil {
				return err
			}
			for _, l := range page {
				if seen[l.ID] {
					return fmt.Errorf("%s came twice", l.ID)
				}
				seen[l.ID] = true
			}
			if len(page) < q.Limit {
				break
			}
			q.After = line.PositionOf(page[len(page)-1])
		}
		if len(seen) != len(all) {
			return fmt.Errorf("%d of %d", len(seen), len(all))
		}
		return nil
	})
}

func odd(t *testing.T, s Store) {
	texts := []string{"", "quote \" and \\ and \n line", "umlaut äöü €", "<b>&amp;</b>", "%_ * ? AND OR NOT"}
	var all []line.Line
	for n, text := range texts {
		all = append([]line.Line{made(n, func(l *line.Line) {
			l.Message, l.Fields["labels.text"], l.Fields["error.message"], l.Fields["event.sequence"] = text, text, text, "7"
			delete(l.Fields, "event.sequence")
		})}, all...)
	}
	write(t, s, all...)
	expect(t, s, line.Query{}, all...)
	for n, text := range []string{"AND OR NOT", "umlaut", "quote"} {
		expect(t, s, line.Query{Text: text}, all[[]int{0, 2, 3}[n]])
	}
}

// hostile: whatever a program writes is taken, with the lines before and after it.
func hostile(t *testing.T, s Store) {
	many := strings.Builder{}
	for n := range 400 {
		_, _ = fmt.Fprintf(&many, `"field%d":"<&>",`, n)
	}
	var all []line.Line
	for n, fields := range []string{
		`"message":"before"`, `"message":"` + strings.Repeat("<", 3<<20) + `"`, many.String() + `"message":"many"`, `"message":"a\u0000b","x\u0000":"\u0000"`,
		`"message":"\u001b[2J\u0007\r\n","error":{"message":{"":"x"}}`, `"message":{"not":"a text"},"trace.id":["x"],"labels":"none","":"y"`,
		`"message":"\ud800 \uffff","event.sequence":99,"event.duration":"1e400","http.response.status_code":-1`, `"message":"m","` + strings.Repeat("n", 60<<10) + `":1`,
		`"message":"after"`,
	} {
		raw := fmt.Sprintf(`{"@timestamp":%q,%s}`, Now().Add(time.Duration(n)*time.Second).Format(time.RFC3339Nano), fields)
		all = append([]line.Line{line.Parse([]byte(raw), line.Origin{Service: "auth", Replica: "1", Life: "17"}, int64(n), Now())}, all...)
	}
	write(t, s, all...)
	expect(t, s, line.Query{}, all...)
}

func empty(t *testing.T, s Store) {
	expect(t, s, line.Query{Text: "anything"})
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if found, err := s.Reports(t.Context(), "auth-2", Now(), Now().Add(time.Hour), 10); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

func words(t *testing.T, s Store) {
	one := made(1, func(l *line.Line) { l.Message = "The Session of ALPHA ends: peer gone" })
	two := made(2, func(l *line.Line) { l.Message, l.Fields["labels.provider"] = "session begins", "BETA" })
	write(t, s, one, two)
	expect(t, s, line.Query{Text: "session"}, two, one)
	expect(t, s, line.Query{Text: "gone alpha"}, one)
	expect(t, s, line.Query{Text: "beta session"}, two)
	expect(t, s, line.Query{Text: "alph"})
}

func report(n int, ready bool) history.Report {
	at := Now().Add(time.Duration(n) * 5 * time.Second)
	r := history.Report{
		ID: made(n, nil).ID, Instance: "auth-2", Program: "auth", Version: "1", Host: "h", At: at, Started: Now().Add(-time.Hour), Ready: ready, Every: 5 * time.Second,
	}
	if !ready {
		r.Reasons = []history.Reason{{Part: "postgres", Text: "away"}}
	}
	return r
}

func reports(t *testing.T, s Store) {
	tend(t, s, Now())
	one, two, three := report(1, true), report(2, false), report(3, true)
	three.Instance = "auth-1"
	for range 2 {
		if err := s.WriteReports(t.Context(), []history.Report{one, two, three}); err != nil {
			t.Fatal(err)
		}
	}
	is := func(instance string, from, to time.Time, want ...history.Report) {
		t.Helper()
		testkit.Eventually(t, "the reports", 20*time.Second, func() error {
			got, err := s.Reports(t.Context(), instance, from, to, 10)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
				return fmt.Errorf("%w %s", err, diff)
			}
			return nil
		})
	}
	is("auth-2", Now(), Now().Add(time.Hour), two, one)
	is("auth-2", one.At, two.At, one)
	is("", Now(), Now().Add(time.Hour), three, two, one)
}

func forgets(t *testing.T, s Store) {
	old := made(1, nil)
	write(t, s, old)
	expect(t, s, line.Query{}, old)
	tend(t, s, Now().Add(60*time.Hour))
	expect(t, s, line.Query{}, old)
	tend(t, s, Now().Add(150*time.Hour))
	expect(t, s, line.Query{})
}
