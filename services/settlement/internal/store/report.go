package store

import (
	"context"
	_ "embed" // the query
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/contract/fxdate"
)

//go:embed queries/report_day.sql
var reportDaySQL string

// QueueReport queues the statement that makes the report of a day, and replaces one that is there. first and end bound the ids of the
// day's trades.
func QueueReport(b *pgx.Batch, day fxdate.Date, first, end string, at time.Time) {
	b.Queue(reportDaySQL, day.Time(), first, end, at)
}

// ErrNoReport means that the day has no report.
var ErrNoReport = errors.New("there is no report of the day")

// Report returns the report of a day as JSON, and when it was made. Error: ErrNoReport.
func Report(ctx context.Context, pool *pgxpool.Pool, day fxdate.Date) (report string, at time.Time, err error) {
	err = pool.QueryRow(ctx, "select jsonb_pretty(report), made_at from day_report where day = $1", day.Time()).Scan(&report, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", at, fmt.Errorf("%w %s", ErrNoReport, day)
	}
	return report, at, wrap("read a report", err)
}
