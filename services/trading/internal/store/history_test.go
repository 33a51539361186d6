package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/store"
)

// ratesOf returns rates as of an instant, with EUR/USD at a rate and a point of its curve.
func ratesOf(t *testing.T, asOf time.Time, rate string) market.Rates {
	t.Helper()
	month, err := fxdate.ParseTenor("1M")
	if err != nil {
		t.Fatal(err)
	}
	return market.Rates{
		AsOf:   asOf,
		Mids:   map[string]pricing.Mid{"USD": {Rate: decimal.RequireFromString(rate), AsOf: asOf.Add(-time.Second)}},
		Curves: map[string]market.Curve{"EUR/USD": {month: decimal.RequireFromString("13.5")}},
	}
}

// recorded records rates while the database's clock says their time.
func recorded(t *testing.T, pool *pgxpool.Pool, rates market.Rates) {
	t.Helper()
	if err := recordedAt(t, pool, rates, rates.AsOf); err != nil {
		t.Fatal(err)
	}
}

// recordedAt records rates while the database's clock says now.
func recordedAt(t *testing.T, pool *pgxpool.Pool, rates market.Rates, now time.Time) error {
	t.Helper()
	m := market.New(market.NewDirectory(market.Static{}), rates)
	return store.History{
		Pool: pool, Keep: 24 * time.Hour, Market: func() (*market.Market, error) { return m, nil },
		Now: func(context.Context) (time.Time, error) { return now, nil },
	}.Record(t.Context())
}

func ratesAt(t *testing.T, pool *pgxpool.Pool, instants ...time.Time) store.Rates {
	t.Helper()
	var b pgx.Batch
	rates := store.QueueRates(&b, instants)
	if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
	return rates
}

func TestTheRatesOfAnInstantAreTheLastBeforeIt(t *testing.T) {
	pool := schema(t)
	first, second := ratesOf(t, noon.Add(3*time.Second), "1.1172"), ratesOf(t, noon.Add(65*time.Second), "1.1180")
	recorded(t, pool, first)
	recorded(t, pool, ratesOf(t, noon.Add(9*time.Second), "1.1199")) // another replica, or the same, within the minute
	recorded(t, pool, second)

	before, at, between, after := noon.Add(2*time.Second), first.AsOf, noon.Add(64*time.Second), noon.Add(time.Hour)
	got := ratesAt(t, pool, before, at, between, after, after)
	want := store.Rates{at: first, between: first, after: second}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }), cmp.AllowUnexported(fxdate.Tenor{})); diff != "" {
		t.Error(diff)
	}
}

func TestRatesAreForgottenWhenNoReportMayNeedThem(t *testing.T) {
	pool := schema(t)
	recorded(t, pool, ratesOf(t, noon, "1.1172"))
	recorded(t, pool, ratesOf(t, noon.Add(24*time.Hour), "1.1180"))
	if got := ratesAt(t, pool, noon); len(got) != 1 {
		t.Errorf("after exactly Keep: %v", got)
	}
	recorded(t, pool, ratesOf(t, noon.Add(24*time.Hour+time.Minute), "1.1180"))
	if got := ratesAt(t, pool, noon); len(got) != 0 {
		t.Errorf("after Keep: %v", got)
	}
}

// Points are missing if none were recorded in the hour of the trade or in the one before, and if the bank had delivered none.
func TestPointsOfAnotherTimeAreNotThoseOfTheTrade(t *testing.T) {
	pool := schema(t)
	recorded(t, pool, ratesOf(t, noon, "1.1172"))
	for _, at := range []time.Duration{time.Hour, 119 * time.Minute, 2 * time.Hour, 3 * time.Hour} {
		rates := ratesOf(t, noon.Add(at), "1.1180")
		rates.Curves = nil
		recorded(t, pool, rates)
		if got := ratesAt(t, pool, rates.AsOf)[rates.AsOf]; (got.Curves != nil) != (at < 2*time.Hour) || !got.AsOf.Equal(rates.AsOf) {
			t.Errorf("%s later: %+v", at, got)
		}
	}
	at := noon.Add(3*time.Hour + time.Minute)
	recorded(t, pool, ratesOf(t, at, "1.1180")) // points that come later in an hour count for it
	if got := ratesAt(t, pool, at)[at]; len(got.Curves) != 1 {
		t.Errorf("%+v", got)
	}
}

// A year ahead is one clock's fault, whichever clock it is.
func TestAClockThatIsAheadForgetsNothing(t *testing.T) {
	const year = 365 * 24 * time.Hour
	pool := schema(t)
	recorded(t, pool, ratesOf(t, noon, "1.1172"))
	if err := recordedAt(t, pool, ratesOf(t, noon.Add(time.Hour).Add(year), "1.2"), noon.Add(time.Hour)); !errors.Is(err, store.ErrAhead) {
		t.Errorf("rates of the next year are recorded: %v", err)
	}
	if err := recordedAt(t, pool, ratesOf(t, noon.Add(2*time.Hour), "1.1180"), noon.Add(2*time.Hour).Add(year)); err != nil {
		t.Errorf("the database's clock is ahead: %v", err)
	}
	at := noon.Add(time.Minute)
	if got := ratesAt(t, pool, at, noon.Add(2*year)); len(got) != 2 || !got[at].AsOf.Equal(noon) || !got[noon.Add(2*year)].AsOf.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("%v is left", got)
	}
}

func TestRatesOfAClockThatIsALittleAheadAreRecorded(t *testing.T) {
	pool := schema(t)
	if err := recordedAt(t, pool, ratesOf(t, noon.Add(time.Minute), "1.1172"), noon); err != nil {
		t.Error(err)
	}
	if err := recordedAt(t, pool, ratesOf(t, noon.Add(time.Minute+time.Second), "1.1172"), noon); !errors.Is(err, store.ErrAhead) {
		t.Error(err)
	}
}

func TestTheDatabaseTellsItsTime(t *testing.T) {
	now, err := store.DatabaseTime(schema(t))(t.Context())
	if err != nil || now.IsZero() {
		t.Errorf("%s, %v", now, err)
	}
}
