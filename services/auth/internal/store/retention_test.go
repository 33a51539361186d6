package store

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// The reference of a request is recognised for the retention: after the trade date, and after the request came if it came later.
func TestARequestIsRecognisedForTheRetention(t *testing.T) {
	const retention = 30 * 24 * time.Hour
	pool := postgrestest.Schema(t, Migrations)
	now := serverTime(t, pool)
	today, past := now.Format(time.DateOnly), now.AddDate(0, 0, -200).Format(time.DateOnly)
	claims := []Claim{claim("today's", today), claim("long past", past)}
	if firsts := first(t, pool, claims...); len(firsts) != 2 {
		t.Fatal(firsts)
	}
	end := event.DayOf(now).Begin().AddDate(0, 0, 1).Add(retention)
	for _, step := range []struct {
		now  time.Time
		want int
	}{{now.Add(time.Minute), 2}, {now.Add(retention - time.Minute), 2}, {end.Add(time.Minute), 0}} {
		if err := requests(retention).Tend(t.Context(), pool, step.now); err != nil {
			t.Fatal(err)
		}
		var rows int
		if err := pool.QueryRow(t.Context(), "select count(*) from request").Scan(&rows); err != nil || rows != step.want {
			t.Errorf("%s later: %d rows, %v; want %d", step.now.Sub(now), rows, err, step.want)
		}
	}
}

func claim(reference, tradeDate string) Claim {
	return Claim{
		ID: contract.TradeID("ALPHA", reference, tradeDate), Digest: "d", TradeDate: tradeDate,
		Event: event.NewID(testkit.Day, "asked", reference, tradeDate),
	}
}

func first(t *testing.T, pool *pgxpool.Pool, claims ...Claim) Firsts {
	t.Helper()
	var b pgx.Batch
	firsts := QueueClaims(&b, claims)
	if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
	return firsts
}

func serverTime(t *testing.T, pool *pgxpool.Pool) (now time.Time) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "select now()").Scan(&now); err != nil {
		t.Fatal(err)
	}
	return now.UTC()
}
