// Package inboxtest exercises the steps of a queue the way a broker does: it delivers their events twice, late, in other
// batches, beside bad neighbours, and to two replicas at once. Each event must have its effect once and lead to the same
// events every time.
package inboxtest

import (
	"io/fs"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

// Queue is what is exercised: the steps of one queue, and events that they handle.
type Queue[S inbox.Batch] struct {
	Steps      inbox.Steps[S]
	Migrations fs.FS         // of the service
	Events     []event.Event // good ones, each of which has an effect; delivered in this order first
	Bad        []event.Event // events that the steps must refuse, besides those that Exercise makes itself

	// Prepare fills the schema with what the events refer to; nil where they need nothing.
	Prepare func(t *testing.T, pool *pgxpool.Pool)

	// AnyOrder tells that the events have the same effects in whatever order they come.
	AnyOrder bool
}

// now is what the clock of exercised steps says, unless they have their own: a Tuesday, noon in UTC.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// Exercise runs every exercise on schemas of its own.
func Exercise[S inbox.Batch](t *testing.T, q Queue[S]) {
	t.Helper()
	if len(q.Events) == 0 {
		t.Fatal("no events: the exercise would prove nothing")
	}
	if q.Steps.Clock == nil {
		q.Steps.Clock = func() time.Time { return now }
	}
	t.Run("delivered twice and late", q.twiceAndLate)
	t.Run("delivered again and again", q.againAndAgain)
	t.Run("in batches of one", q.oneByOne)
	t.Run("beside bad neighbours", q.besideBadNeighbours)
	t.Run("on two replicas at once", q.onTwoReplicas)
}

// schema returns a schema with the service's tables, prepared as the queue says.
func (q Queue[S]) schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := postgrestest.Schema(t, inbox.Migrations, q.Migrations)
	if q.Prepare != nil {
		q.Prepare(t, pool)
	}
	return pool
}

func (q Queue[S]) replica(t *testing.T, pool *pgxpool.Pool, name string) amqp.Handler {
	t.Helper()
	return q.Steps.Handler(pool, "test/"+name, testkit.Log(t))
}

// once handles all events in one batch on a schema of its own and returns what lies in the tables then.
func (q Queue[S]) once(t *testing.T) ([]amqp.Result, string) {
	t.Helper()
	pool := q.schema(t)
	results := q.replica(t, pool, "1").Handle(t.Context(), q.Events)
	allGood(t, results)
	return results, Tables(t, pool)
}

// allGood ends the test unless each event was handled.
func allGood(t *testing.T, results []amqp.Result) {
	t.Helper()
	for i, r := range results {
		if r.Err != nil {
			t.Fatalf("event %d was not handled: %v", i, r.Err)
		}
	}
}
