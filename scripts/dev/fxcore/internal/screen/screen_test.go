package screen_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fxcore/scripts/dev/fxcore/internal/screen"
	"fxcore/scripts/dev/fxcore/internal/watch"
)

func report() (watch.Report, time.Time) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	r := watch.Report{
		State: "running", Since: now.Add(-3 * time.Minute), TradesRegistered: 1234567, TradesRejected: 12, LineChecks: 40, TradesPerSecond: 20.25, P50: 14, P99: 43,
		Services: []watch.Service{
			{Name: "postgres", State: "ready", Since: now.Add(-3 * time.Minute)},
			{Name: "auth", Replica: "1", State: "ready", Since: now.Add(-2 * time.Hour), Warnings: []string{"static data: look for rates: i/o timeout"}},
			{Name: "auth", Replica: "2", State: "not ready", Since: now.Add(-5 * time.Second), Reason: "postgres: connection refused", Restarts: 2},
		},
		Queues: []watch.Queue{{Name: "auth", Consumers: 2}, {Name: "trading", Messages: 7, Consumers: 2}},
		Providers: []watch.Provider{
			{Name: "ALPHA", Instance: "fix-1", State: "logged on"},
			{Name: "BETA", Instance: "fix-2", State: "logged on"},
			{Name: "DELTA", Instance: "fix-1", State: "logged on"},
			{Name: "GAMMA", State: "logged off"},
			{Name: "SANDBOX44", Instance: "fix-1", State: "logged off"},
		},
		Problems: []string{"ask gateway: refused"},
	}
	for range 30 {
		r.LastTrades = append(r.LastTrades, watch.Trade{
			Provider: "ALPHA", Text: "spot EUR/USD buy 1000000 at 1.1 C000001", Status: "registered", At: now,
			Way: []watch.Step{{Name: "auth", After: 3 * time.Millisecond}, {Name: "trading", After: 6 * time.Millisecond}},
		})
	}
	return r, now
}

func TestAScreenShowsWhatRunsAndWhyNot(t *testing.T) {
	r, now := report()
	text := strings.Join(screen.Screen{Connect: []string{"FIX 4.4 port 1"}}.Draw(r, now, screen.Size{}), "\n")
	for _, want := range []string{
		"running for 3 min", "1,234,567 trades registered, 12 rejected", "40 line checks", "p50 14 ms, p99 43 ms",
		"1 ready 2 h 0 min   2 not ready 5 s (restarted 2×)", "2 postgres: connection refused", "1 goes on without static data: look for rates: i/o timeout", "trading 7",
		"providers at fix-1     ALPHA DELTA", "providers at fix-2     BETA", "providers away         1", "served nowhere         GAMMA", "cannot see: ask gateway", "auth 3  trading 6", "FIX 4.4 port 1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the screen lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "\x1b") {
		t.Error("colours although none are wanted")
	}
}

func TestAScreenFitsItsTerminal(t *testing.T) {
	r, now := report()
	for _, size := range []screen.Size{{80, 24}, {40, 10}, {200, 60}, {1, 1}} {
		lines := screen.Screen{Connect: []string{"FIX"}}.Draw(r, now, size)
		if len(lines) > size.Rows {
			t.Errorf("%d lines on %d rows", len(lines), size.Rows)
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > size.Columns {
				t.Errorf("%d columns of %d: %q", n, size.Columns, line)
			}
		}
	}
}

func TestColoursTakeNoRoomAndAreClosed(t *testing.T) {
	r, now := report()
	for _, line := range (screen.Screen{Colour: true}).Draw(r, now, screen.Size{Columns: 30, Rows: 50}) {
		if strings.Count(line, "\x1b[") != 2*strings.Count(line, "\x1b[0m") {
			t.Errorf("a colour is left open: %q", line)
		}
	}
}

func TestALineNamesWhatIsNotReady(t *testing.T) {
	r, now := report()
	if got := screen.Line(r, now); !strings.Contains(got, "not ready: auth-2 not ready") || strings.Contains(got, "\n") {
		t.Errorf("line %q", got)
	}
}

func TestAScreenShowsTheDayTheJobsAndTheSettlements(t *testing.T) {
	r, now := report()
	if text := strings.Join(screen.Screen{}.Draw(r, now, screen.Size{}), "\n"); strings.Contains(text, "business day") {
		t.Errorf("a day before settlement has begun:\n%s", text)
	}
	due := time.Date(2026, 12, 1, 7, 0, 0, 0, time.UTC)
	r.BusinessDay, r.Settlements = "2026-12-01", watch.Settlements{Due: 1200, Executed: 34567, Failed: 2}
	r.Jobs = []watch.Job{
		{Service: "settlement", Name: "execute due trades", State: "running", Due: due, Done: 1000, Total: 4000, PerSecond: 100, RemainingSeconds: 30},
		{Service: "settlement", Name: "reconcile with the mainframe", State: "running", Due: due, WaitsFor: "the mainframe's statement"},
		{Service: "settlement", Name: "balance books", State: "failed", Due: due, Error: "stopped by jdoe: test"},
		{Service: "settlement", Name: "watch cut-offs", State: "finished", Due: due},
	}
	text := strings.Join(screen.Screen{}.Draw(r, now, screen.Size{}), "\n")
	for _, want := range []string{
		"business day 2026-12-01   1,200 legs due, 34,567 executed, 2 failed   4 jobs",
		"execute due trades for 2026-12-01 07:00: 1,000 of 4,000, 100/s, 30s left",
		"reconcile with the mainframe for 2026-12-01 07:00: 0 done, waits for the mainframe's statement",
		"balance books for 2026-12-01 07:00 failed: stopped by jdoe: test",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the screen lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "watch cut-offs") {
		t.Errorf("a job that has ended well is shown:\n%s", text)
	}
}
