package store

import (
	"context"
	_ "embed" // the query
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed queries/insert_comparison.sql
var insertComparisonSQL string

// Figures are the kinds of stored figures that are compared: the values of Difference.What.
var Figures = []string{"reserved", "consumed", "settlement", "member", "netting", "netting effect"}

// String says which figure differs and how.
func (d Difference) String() string {
	date := ""
	if d.ValueDate != nil {
		date = " on " + *d.ValueDate
	}
	return fmt.Sprintf("%s %s%s: stored %s, reservations add up to %s", d.Node, d.What, date, d.Stored, d.Recomputed)
}

// QueueDifferences queues the query for the stored figures of a kind that differ from the sum of the reservations. The result is filled
// when the batch has been sent.
func QueueDifferences(b *pgx.Batch, figure string) *[]Difference {
	found := &[]Difference{}
	b.Queue("select * from ("+differencesSQL+") d where what = $1", figure).Query(func(rows pgx.Rows) (err error) {
		*found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Difference])
		return wrap("compare "+figure, err)
	})
	return found
}

// QueueComparison queues the insert of a run's result.
func QueueComparison(b *pgx.Batch, due, at time.Time, differences int, named []string) {
	if named == nil {
		named = []string{}
	}
	b.Queue(insertComparisonSQL, due, at, differences, named)
}

// Differing returns an error that says which figures the latest comparison has found to differ, or nil if there are none.
func Differing(ctx context.Context, pool *pgxpool.Pool) error {
	var count int
	var named []string
	var at time.Time
	err := pool.QueryRow(ctx, "select differences, named, made_at from line_comparison order by due desc limit 1").Scan(&count, &named, &at)
	switch {
	case errors.Is(err, pgx.ErrNoRows) || err == nil && count == 0:
		return nil
	case err != nil:
		return wrap("look for differing lines", err)
	}
	return fmt.Errorf("%d figures differ from the reservations, as of %s: %s", count, at.UTC().Format(time.RFC3339), strings.Join(named, "; "))
}
