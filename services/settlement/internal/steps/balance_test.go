package steps_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/jobs/jobstest"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// A sales desk that has sold EUR 40 for spot and EUR 10 forward, and JPY for which there is no rate.
func TestASalesDesksPositionsGoToTheTradingDeskOnce(t *testing.T) {
	c := newCore(t)
	forward := trade{"3", "C000003", "forward", []leg{{"2026-12-28", "EUR", "10", "USD", "11.30"}}}
	yen := trade{"4", "C000003", "spot", []leg{{day, "EUR", "1", "JPY", "160"}}}
	c.register(spot("1", "C000001", "100", "111.80"), spot("2", "C000003", "-60", "67"), forward, yen)
	c.run(steps.BalanceBooks)
	want := "client/C000001 EUR 100\nclient/C000001 USD -111.8\nclient/C000003 EUR -59\nclient/C000003 JPY -160\nclient/C000003 USD 67\n" +
		"desk/FXS1 EUR 10\n" + // for the forward, which is a contract of the desk's until its date
		"desk/FXS1 JPY 160\n" + // no rate
		"desk/FXS1 USD -12.18\n" + // 111.80 - 67 for spot, less 41 EUR and 10 EUR at 1.1172
		"desk/FXT1 EUR -51\ndesk/FXT1 USD 56.98"
	if diff := cmp.Diff(want, c.books()); diff != "" {
		t.Error(diff)
	}
	if got := c.rows("select desk || ' ' || currency || ' ' || value_date || ' ' || amount || ' ' || coalesce(counter::text, 'no rate') from balancing order by value_date, currency"); got !=
		"FXS1 EUR 2026-11-26 -41 -45.81\nFXS1 JPY 2026-11-26 160 no rate\nFXS1 EUR 2026-12-28 -10 -11.17" {
		t.Error(got)
	}
	c.run(steps.BalanceBooks)
	if diff := cmp.Diff(want, c.books()); diff != "" {
		t.Errorf("the second time: %s", diff)
	}
	c.balanced()
}

// A position of an old date goes to the trading desk, too: the one of a trade that came late, and the one that found no rate before.
func TestPositionsOfOldDatesAreFlattened(t *testing.T) {
	c := newCore(t)
	late := spot("1", "C000001", "100", "111.72")
	late.legs[0].date = "2026-01-05"
	yen := trade{"2", "C000003", "spot", []leg{{"2026-01-05", "EUR", "1", "JPY", "160"}}}
	c.register(late, yen)
	c.run(steps.BalanceBooks)
	if got := c.rows("select currency || ' ' || (rate is null) from balancing order by 1"); got != "EUR false\nJPY true" {
		t.Fatal(got)
	}
	for range 5 { // no rate for a week: each evening finds it again
		c.clock = c.clock.Add(24 * time.Hour)
		c.run(steps.BalanceBooks)
	}
	if got := c.rows("select count(*)::text from balancing where currency = 'JPY' and value_date = '2026-01-05' and rate is null"); got != "6" {
		t.Errorf("the position without a rate was found %s times, want 6", got)
	}
}

func TestTheJobThatBalancesBooks(t *testing.T) {
	jobstest.Exercise(t, jobstest.Job{
		Set: steps.Jobs(static, partSize, nil), Name: steps.BalanceBooks, Due: morning, Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			(&core{T: t, pool: pool, clock: morning}).register(spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-30", "33"))
		},
	})
}

// oldRates is a bank whose rates are too old.
type oldRates struct{ bank }

func (oldRates) Rate(string, string, time.Time) (decimal.Decimal, error) {
	return decimal.Zero, balancing.ErrOldRate
}

func TestBalancingWaitsForARateThatIsYoungEnough(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	before := c.books()
	start := told(t, contract.JobCommanded, "1", jobs.Command{Job: steps.BalanceBooks, Due: morning, By: "U0001", Reason: "test"})
	old := func() steps.Directory { return oldRates{} }
	if follow := c.jobs(old, c.jobs(static, start)...); len(follow) != 0 {
		t.Fatalf("it went on: %v", follow)
	}
	if got := c.rows("select waits_for from job_run"); got != balancing.ErrOldRate.Error() {
		t.Errorf("waits for %q", got)
	}
	c.clock = morning.Add(59 * time.Minute)
	if c.jobs(old, c.asked(steps.BalanceBooks)); c.books() != before {
		t.Errorf("dealt at an old rate: %s", c.books())
	}
	for parts := []event.Event{c.asked(steps.BalanceBooks)}; len(parts) > 0; {
		parts = only(contract.JobDue, c.jobs(static, parts...))
	}
	if got := c.rows("select desk from balancing"); got != "FXS1" {
		t.Errorf("dealt for %q", got)
	}
	c.balanced()
}

func TestBalancingDoesNotWaitForARateForEver(t *testing.T) {
	c := newCore(t)
	c.register(spot("1", "C000001", "100", "111.72"))
	start := told(t, contract.JobCommanded, "1", jobs.Command{Job: steps.BalanceBooks, Due: morning, By: "U0001", Reason: "test"})
	old := func() steps.Directory { return oldRates{} }
	c.jobs(old, c.jobs(static, start)...)
	c.clock = morning.Add(time.Hour)
	c.jobs(old, c.asked(steps.BalanceBooks))
	if got := c.rows("select desk || ' ' || coalesce(rate::text, 'no rate') from balancing"); got != "FXS1 no rate" {
		t.Error(got)
	}
}
