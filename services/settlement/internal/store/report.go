package store

import (
	"context"
	_ "embed" // the queries
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/contract/fxdate"
)

var (
	//go:embed queries/report_day.sql
	reportDaySQL string
	//go:embed queries/report_dates.sql
	reportDatesSQL string
	//go:embed queries/imbalances.sql
	imbalancesSQL string
)

// Live says which value dates the work of an evening looks at: all from Since on, and earlier ones to which something was booked since
// BookedSince.
type Live struct {
	Since       fxdate.Date
	BookedSince time.Time
}

// settledAfter is how many days after a value date its books are usually closed, and bookedWithin is how far back an evening looks for
// what was booked to earlier dates: the evening before was at most that long ago.
const (
	settledAfter = 7
	bookedWithin = 48 * time.Hour
)

// LiveAt returns the value dates for work that is due at a time.
func LiveAt(due time.Time) Live {
	return Live{fxdate.DateOf(due.UTC()).AddDays(-settledAfter), due.Add(-bookedWithin)}
}

// QueueReportDates queues the query for the value dates that a report must look at. The result is filled when the batch has been sent.
func QueueReportDates(b *pgx.Batch, live Live) *[]fxdate.Date {
	dates := &[]fxdate.Date{}
	b.Queue(reportDatesSQL, live.Since.Time(), live.Since.AddDays(settledAfter+Ahead).Time(), live.BookedSince).Query(func(rows pgx.Rows) error {
		var date time.Time
		_, err := pgx.ForEachRow(rows, []any{&date}, func() error { *dates = append(*dates, fxdate.DateOf(date)); return nil })
		return wrap("list value dates", err)
	})
	return dates
}

// QueueImbalances queues the query for how many balances of a value date do not fit. The result is filled when the batch has been sent.
func QueueImbalances(b *pgx.Batch, date fxdate.Date) *int {
	count := new(int)
	b.Queue(imbalancesSQL, date.Time()).QueryRow(func(row pgx.Row) error { return wrap("add up balances", row.Scan(count)) })
	return count
}

// QueueReport queues the statement that makes the report of a day, and replaces one that is there. first and end bound the ids of the
// day's trades. imbalances is how many balances do not fit.
func QueueReport(b *pgx.Batch, day fxdate.Date, first, end string, at time.Time, imbalances int) {
	b.Queue(reportDaySQL, day.Time(), first, end, at, imbalances)
}

// QueueReadReport queues the query for the report of a day, which must be there.
func QueueReadReport(b *pgx.Batch, day fxdate.Date, report *[]byte, at *time.Time) {
	b.Queue("select report, made_at from day_report where day = $1", day.Time()).QueryRow(func(row pgx.Row) error {
		return wrap("read a report", row.Scan(report, at))
	})
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
