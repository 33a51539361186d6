package store

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

// updated is a schema in which requests had been claimed before it was updated.
func updated(t *testing.T, claims ...Claim) *pgxpool.Pool {
	t.Helper()
	pool := postgrestest.Schema(t, postgrestest.Before(t, Migrations, "00002_days.sql"))
	for _, c := range claims {
		if err := claimAsBefore(t, pool, c); err != nil {
			t.Fatal(err)
		}
	}
	postgrestest.Update(t, pool, Migrations)
	return pool
}

// claimAsBefore is what the version before does, whose tables had no more columns.
func claimAsBefore(t *testing.T, pool *pgxpool.Pool, c Claim) error {
	t.Helper()
	_, err := pool.Exec(t.Context(), "insert into request (id, digest, first_event, trade_date) values ($1, $2, $3, $4) on conflict (id) do nothing",
		c.ID, c.Digest, c.Event, c.TradeDate)
	return err
}

// asBefore is the claim under the id that the version before gave to the same request.
func asBefore(c Claim) Claim {
	c.ID = "a7b3" + c.ID[4:]
	return c
}

// another is another event of the same request.
func another(c Claim) Claim {
	c.Event = event.NewID(testkit.Day, "another", c.Event)
	return c
}

// A request that came before the update is not new: neither under the id of that time nor, for some days, under today's.
func TestARequestOfBeforeTheUpdateIsRecognised(t *testing.T) {
	today := time.Now().UTC()
	fresh, stale := claim("fresh", today.Format(time.DateOnly)), claim("stale", today.AddDate(0, 0, -20).Format(time.DateOnly))
	same := claim("begins with its day by chance", today.Format(time.DateOnly))
	pool := updated(t, asBefore(fresh), asBefore(stale), same)
	for name, c := range map[string]Claim{
		"its old id": asBefore(fresh), "its new id": fresh, "the old id of an old one": asBefore(stale), "an id that is both": same,
	} {
		if got := first(t, pool, another(c))[c.ID]; got.Event != c.Event {
			t.Errorf("%s: first is %+v, want event %s", name, got, c.Event)
		}
		var b pgx.Batch
		QueueNewClaims(&b, []Claim{another(c)})
		if err := pool.SendBatch(t.Context(), &b).Close(); !isRefused(err) {
			t.Errorf("%s: claimed as new: %v", name, err)
		}
	}
}

// A replica of the version before goes on beside new ones. Whatever id a request has, whoever claims it second is refused or
// sees the first.
func TestOldAndNewReplicasClaimARequestOnce(t *testing.T) {
	today := time.Now().UTC().Format(time.DateOnly)
	pool := updated(t)
	byOld, byNew := claim("by an old replica", today), claim("by a new replica", today)
	if err := claimAsBefore(t, pool, asBefore(byOld)); err != nil {
		t.Fatal(err)
	}
	if got := first(t, pool, another(byOld))[byOld.ID]; got.Event != byOld.Event {
		t.Errorf("a new replica: first is %+v, want event %s", got, byOld.Event)
	}
	if err := claimAsBefore(t, pool, asBefore(byOld)); err != nil {
		t.Errorf("the old replica, once more: %v", err)
	}
	first(t, pool, byNew)
	if err := claimAsBefore(t, pool, asBefore(another(byNew))); !isRefused(err) {
		t.Errorf("an old replica after a new one: %v, want a refusal", err)
	}
}

// The purge of the version before would take rows of other partitions that lie in the same place.
func TestTheOldPurgeIsRefused(t *testing.T) {
	pool := updated(t)
	today := time.Now().UTC()
	kept := claim("today's", today.Format(time.DateOnly))
	first(t, pool, kept, claim("long past", today.AddDate(0, 0, -200).Format(time.DateOnly)))
	_, err := pool.Exec(t.Context(), "delete from request where ctid = any (array (select ctid from request where trade_date < $1 limit $2))",
		today.AddDate(0, 0, -30), 5_000)
	if err == nil {
		t.Error("the old purge was not refused")
	}
	if got := first(t, pool, another(kept))[kept.ID]; got.Event != kept.Event {
		t.Errorf("first is %+v, want event %s", got, kept.Event)
	}
}

func isRefused(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == "23505"
}
