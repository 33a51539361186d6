package steps_test

import (
	"fmt"
	"log/slog"
	"maps"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/steps"
	"fxcore/services/trading/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is a Tuesday morning: spot EUR/USD settles on Friday, because Thursday is Thanksgiving.
var now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// static holds one market that never changes, or the error that replaces it.
type static struct {
	market *market.Market
	err    error
}

func (s static) Market() (*market.Market, error) { return s.market, s.err }

// dealing returns a market with EUR/USD at 1.1172, as of two seconds before now.
func dealing(t testing.TB) static {
	t.Helper()
	mids := map[string]pricing.Mid{}
	for currency, rate := range realdata.Rates(t, "2026-10-30") {
		mids[currency] = pricing.Mid{Rate: rate, AsOf: now.Add(-2 * time.Second)}
	}
	directory := market.NewDirectory(market.Static{
		Currencies: map[string]market.Currency{
			"EUR": {Code: "EUR", MinorUnits: 2, DepositRate: decimal.RequireFromString("0.02")},
			"USD": {Code: "USD", MinorUnits: 2, DepositRate: decimal.RequireFromString("0.04")},
		},
		Pairs: []market.Terms{{
			Base: "EUR", Quote: "USD", SpotLag: 2, Decimals: 5, PointsFactor: decimal.NewFromInt(10_000),
			HalfSpread: decimal.RequireFromString("0.0002"), Band: decimal.NewFromInt(25), MaxRateAge: time.Hour,
		}},
		Calendars: realdata.Calendars(t), AsOf: now, MaxAge: 24 * time.Hour,
	})
	return static{market: market.New(directory, market.Rates{
		Mids: mids, Curves: map[string]market.Curve{}, AsOf: now.Add(-2 * time.Second), Quotes: map[string]market.Quote{"Q-4711": quoted(t)},
	})}
}

// quoted returns the quote on which the request in testdata deals.
func quoted(t testing.TB) market.Quote {
	t.Helper()
	month, err := fxdate.ParseTenor("1M")
	if err != nil {
		t.Fatal(err)
	}
	return market.Quote{
		ID: "Q-4711", Pair: "EUR/USD", Product: "swap", Side: "buy", Currency: "EUR", Amount: decimal.NewFromInt(1_000_000),
		Rate: decimal.RequireFromString("1.1175"), Points: decimal.RequireFromString("19.205"), Tenor: month, Provider: market.Everybody, ValidUntil: now.Add(time.Minute),
	}
}

// requests returns the steps of requests, with the clock at now.
func requests(s steps.Static) inbox.Steps[*steps.Batch] {
	return requestsLogging(s, slog.New(slog.DiscardHandler))
}

// requestsLogging is requests with a log.
func requestsLogging(s steps.Static, log *slog.Logger) inbox.Steps[*steps.Batch] {
	return at(now, steps.Requests(s, rules.Rules{
		Rollover: fxdate.NewRollover(), Longest: fxdate.Years(5), ReportTolerance: decimal.NewFromInt(4),
		ReportBound: decimal.NewFromInt(2), PointsAge: time.Hour, ReportAge: 7 * 24 * time.Hour,
	}, log))
}

// facts returns the steps of facts and of settled legs as those of a single queue, with the clock at now. Settled legs emit, so the queue has
// inbox rows.
func facts() inbox.Steps[*steps.Batch] {
	all := at(now, steps.Facts())
	all.Idempotent = false
	maps.Copy(all.Table, steps.Settled().Table)
	return all
}

// at sets the clock of the steps.
func at(clock time.Time, of inbox.Steps[*steps.Batch]) inbox.Steps[*steps.Batch] {
	of.Clock = func() time.Time { return clock }
	return of
}

// schema returns a pool on a migrated schema of trading.
func schema(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, inbox.Migrations, store.Migrations)
}

func replica(t *testing.T, pool *pgxpool.Pool, of inbox.Steps[*steps.Batch]) amqp.Handler {
	t.Helper()
	return of.Handler(pool, "trading/test", testkit.Log(t))
}

// decide handles one batch of events in memory and returns the events that each caused.
func decide(t testing.TB, of inbox.Steps[*steps.Batch], events ...event.Event) []event.Event {
	t.Helper()
	emitted, err := tryDecide(of, events...)
	if err != nil {
		t.Fatal(err)
	}
	return emitted
}

func tryDecide(of inbox.Steps[*steps.Batch], events ...event.Event) (emitted []event.Event, err error) {
	s := of.Begin()
	tasks := make([]inbox.Task[*steps.Batch], len(events))
	for i, e := range events {
		step, ok := of.Table[e.Type]
		if !ok {
			return nil, fmt.Errorf("no step for %s", e.Type)
		}
		if tasks[i], err = step(s, e); err != nil {
			return nil, err
		}
		tasks[i].Want(s)
	}
	for i, e := range events {
		next, err := tasks[i].Decide(s, of.Clock(), e)
		if err != nil {
			return nil, err
		}
		emitted = append(emitted, next...)
	}
	return emitted, nil
}
