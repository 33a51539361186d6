package store

import (
	_ "embed" // the query
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed queries/undone.sql
var undoneSQL string

// Dues are the latest due times of settlement's jobs.
type Dues struct{ Execute, Reconcile, Balance time.Time }

// QueueUndone looks at what was due at these times and is not done yet, or is still under way. what is for a person; empty: all is done.
func QueueUndone(b *pgx.Batch, due Dues, what *string) {
	b.Queue(undoneSQL, due.Execute, due.Reconcile, due.Balance).QueryRow(func(row pgx.Row) error { return row.Scan(what) })
}
