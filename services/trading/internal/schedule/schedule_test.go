package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/schedule"
	"fxcore/services/trading/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// count awaits a number of rows in a table.
func count(t *testing.T, pool *pgxpool.Pool, table string, want int) {
	t.Helper()
	testkit.Eventually(t, "rows in "+table, time.Minute, func() error {
		var n int
		if err := pool.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
			return err
		}
		if n != want {
			return errors.New("not yet")
		}
		return nil
	})
}

// Two replicas record and review at once, as soon as they start, and end with their context.
func TestReplicasRecordAndReviewAtOnce(t *testing.T) {
	pool := postgrestest.Schema(t, store.Migrations)
	asOf := time.Now()
	m := market.New(market.NewDirectory(market.Static{Version: 7}), market.Rates{
		AsOf: asOf, Mids: map[string]pricing.Mid{"USD": {Rate: decimal.NewFromInt(1), AsOf: asOf}}, Curves: map[string]market.Curve{},
	})
	current := func() (*market.Market, error) { return m, nil }
	for range 2 {
		history := store.History{Pool: pool, Market: current, Now: store.DatabaseTime(pool), Keep: time.Hour}
		testkit.Background(t, (&schedule.Recording{History: history, Log: testkit.Log(t)}).Run)
		testkit.Background(t, (&schedule.Reviewing{Review: store.Review{Pool: pool, Market: current}, Clock: time.Now, Log: testkit.Log(t)}).Run)
	}
	count(t, pool, "rate_history", 1)
	count(t, pool, "points_history", 1)
	count(t, pool, "calendar_review", 1)
}

func TestWithoutAMarketNothingIsRecorded(t *testing.T) {
	pool := postgrestest.Schema(t, store.Migrations)
	h := store.History{Pool: pool, Keep: time.Hour, Market: func() (*market.Market, error) { return nil, market.ErrNoData }}
	if err := h.Record(context.Background()); !errors.Is(err, market.ErrNoData) {
		t.Errorf("recorded with %v", err)
	}
	count(t, pool, "rate_history", 0)
}

// What fails is in the health of each replica, with the reason.
func TestWhatCannotBeRecordedOrReviewedIsInTheHealth(t *testing.T) {
	pool := postgrestest.Schema(t) // without its tables
	asOf := time.Now()
	m := market.New(market.NewDirectory(market.Static{Version: 7}), market.Rates{AsOf: asOf})
	current := func() (*market.Market, error) { return m, nil }
	recording := &schedule.Recording{
		History: store.History{Pool: pool, Market: current, Now: store.DatabaseTime(pool), Keep: time.Hour}, Log: testkit.Log(t),
	}
	reviewing := &schedule.Reviewing{Review: store.Review{Pool: pool, Market: current}, Clock: time.Now, Log: testkit.Log(t)}
	if recording.Fresh(t.Context()) != nil || reviewing.Fresh(t.Context()) != nil {
		t.Error("the health warns before anything was tried")
	}
	testkit.Background(t, recording.Run)
	testkit.Background(t, reviewing.Run)
	for what, check := range map[string]func(context.Context) error{"rate_history": recording.Fresh, "calendar_review": reviewing.Fresh} {
		testkit.Eventually(t, "a warning about "+what, time.Minute, func() error {
			err := check(t.Context())
			if err == nil {
				return errors.New("the health is well")
			}
			if !strings.Contains(err.Error(), what) {
				return fmt.Errorf("the health says: %w", err)
			}
			return nil
		})
	}
}
