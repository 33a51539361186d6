package store

import (
	_ "embed" // the queries
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	//go:embed queries/begin_comparison.sql
	beginComparisonSQL string
	//go:embed queries/lock_comparison.sql
	lockComparisonSQL string
	//go:embed queries/save_comparison.sql
	saveComparisonSQL string
)

// Comparison is how far a comparison with the registered trades is.
type Comparison struct {
	Known    bool // whether it has begun
	Compared int
	Finished bool
	Silence  time.Duration // how long no trades have come
}

// QueueBeginComparison queues the insert of a comparison.
func QueueBeginComparison(b *pgx.Batch, story string) { b.Queue(beginComparisonSQL, story) }

// QueueComparison queues the query that locks a comparison. The result is filled when the batch has been sent.
func QueueComparison(b *pgx.Batch, story string) *Comparison {
	c := &Comparison{}
	b.Queue(lockComparisonSQL, story).QueryRow(func(row pgx.Row) error {
		var silence float64
		err := row.Scan(&c.Compared, &c.Finished, &silence)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		c.Known, c.Silence = true, time.Duration(silence*float64(time.Second))
		return wrap("lock a comparison", err)
	})
	return c
}

// Compared is what a page of trades led to.
type Compared struct {
	Trades, Added, LeftOut int
	Which                  []string // ids of those that were added or left out
	Last                   bool
}

// QueueCompared queues the update of a comparison.
func (c Compared) QueueCompared(b *pgx.Batch, story string) {
	b.Queue(saveComparisonSQL, story, c.Trades, c.Added, c.LeftOut, c.Which, c.Last)
}
