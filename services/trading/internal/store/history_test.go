package store_test

import (
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

func recorded(t *testing.T, pool *pgxpool.Pool, rates market.Rates) {
	t.Helper()
	m := market.New(market.NewDirectory(market.Static{}), rates)
	h := store.History{Pool: pool, Keep: 24 * time.Hour, Market: func() (*market.Market, error) { return m, nil }}
	if err := h.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
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
