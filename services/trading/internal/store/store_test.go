package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestASwapIsKeptLegByLegAndExactly(t *testing.T) {
	pool := schema(t)
	if err := register(t, pool, swap(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := pool.Query(t.Context(), `
		select leg, value_date::text, base_side, base_amount::text, quote_amount::text, rate::text
		from trade_leg where trade_id = $1 and trade_version = 1 order by leg`, swap(t).ID)
	if err != nil {
		t.Fatal(err)
	}
	type leg struct {
		Number                        int
		ValueDate, Side               string
		BaseAmount, QuoteAmount, Rate string
	}
	got, err := pgx.CollectRows(rows, pgx.RowToStructByPos[leg])
	want := []leg{
		{1, "2026-11-27", "buy", "9999999999999.99", "11175000000000", "1.1175"},
		{2, "2026-12-28", "sell", "9999999999999.99", "11194205000000", "1.1194205"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// The schema is the last guard: it refuses rows that the domain would never make.
func TestTheSchemaRefusesWhatCanNotBe(t *testing.T) {
	pool := schema(t)
	if err := register(t, pool, swap(t)); err != nil {
		t.Fatal(err)
	}
	cases := map[string]func(*trade.Trade){
		"the same version twice":     func(*trade.Trade) {},
		"an unknown status":          func(s *trade.Trade) { s.ID = id("2"); s.Life.Status = "hopeful" },
		"booked without a reference": func(s *trade.Trade) { s.ID = id("3"); s.Life.Status = trade.Booked },
		"dealt in a third currency":  func(s *trade.Trade) { s.ID = id("4"); s.DealtCurrency = "GBP" },
		"a negative amount":          func(s *trade.Trade) { s.ID = id("5"); s.Legs[1].BaseAmount = decimal.NewFromInt(-1) },
		"a third leg":                func(s *trade.Trade) { s.ID = id("6"); s.Legs = append(s.Legs, s.Legs[1]) },
		"version zero":               func(s *trade.Trade) { s.ID = id("7"); s.Version = 0 },
	}
	for rule, spoil := range cases {
		t.Run(rule, func(t *testing.T) {
			spoiled := swap(t)
			spoil(&spoiled)
			var refused *pgconn.PgError
			if err := register(t, pool, spoiled); !errors.As(err, &refused) || refused.Code[:2] != "23" {
				t.Errorf("registered with %v", err)
			}
		})
	}
	var n int
	if err := pool.QueryRow(t.Context(), "select count(*) from trade").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d trades, %v", n, err)
	}
}

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, store.Migrations)
}

func register(t *testing.T, pool *pgxpool.Pool, one trade.Trade) error {
	t.Helper()
	var b pgx.Batch
	store.QueueRegister(&b, []trade.Trade{one})
	return pool.SendBatch(t.Context(), &b).Close()
}

func id(name string) string { return event.NewID(testkit.Day, "trade", name) }

func swap(t *testing.T) trade.Trade {
	t.Helper()
	leg := func(side trade.Side, date fxdate.Date, rate, quote string) trade.Leg {
		return trade.Leg{
			ValueDate: date, Base: "EUR", BaseSide: side, BaseAmount: decimal.RequireFromString("9999999999999.99"),
			Quote: "USD", QuoteAmount: decimal.RequireFromString(quote), Rate: decimal.RequireFromString(rate),
		}
	}
	registered, err := trade.Register(id("1"), trade.Terms{
		Kind: "request", Provider: "ALPHA", Reference: "R", Client: "C000001", Product: trade.Swap, Pair: "EUR/USD",
		DealtCurrency: "EUR", TradeDate: fxdate.NewDate(2026, 11, 24), TransactedAt: noon, SpotDate: fxdate.NewDate(2026, 11, 27),
		Legs: []trade.Leg{
			leg(trade.Buy, fxdate.NewDate(2026, 11, 27), "1.1175", "11175000000000.00"),
			leg(trade.Sell, fxdate.NewDate(2026, 12, 28), "1.1194205", "11194205000000"),
		},
		ReferenceRate: decimal.RequireFromString("1.1172"), ReferenceAsOf: noon, USDAmount: decimal.NewFromInt(1),
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return registered
}
