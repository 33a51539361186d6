package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

const writeReportSQL = `insert into day_report as r (day, made_at, report) values ($1, $2, $3)
	on conflict (day) do update set made_at = excluded.made_at, report = excluded.report where excluded.made_at >= r.made_at`

// QueueDayReport queues the report of a day. The one that was made last stands.
func QueueDayReport(b *pgx.Batch, r blotter.DayReport) {
	document, _ := json.Marshal(r.Report) // numbers and texts that came as JSON: never fails
	b.Queue(writeReportSQL, r.Day, r.MadeAt, string(document))
}

// DayReports returns at most limit reports of days until a day, the latest first. An empty day is the last one.
func (m Model) DayReports(ctx context.Context, until string, limit int) ([]blotter.DayReport, error) {
	reports, err := collect(ctx, m, readReport, `select day::text, made_at, report from day_report
		where $1::date is null or day <= $1 order by day desc limit $2`, wish(until), limit)
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	return reports, nil
}

// DayReport returns the report of a day. Error: ErrNone.
func (m Model) DayReport(ctx context.Context, day string) (r blotter.DayReport, err error) {
	rows, err := m.Pool.Query(ctx, "select day::text, made_at, report from day_report where day = $1", day)
	if err == nil {
		r, err = pgx.CollectExactlyOneRow(rows, readReport)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrNone
	}
	if err != nil {
		return r, fmt.Errorf("read the report of %s: %w", day, err)
	}
	return r, nil
}

func readReport(row pgx.CollectableRow) (r blotter.DayReport, err error) {
	var document []byte
	if err = row.Scan(&r.Day, &r.MadeAt, &document); err != nil {
		return r, err
	}
	r.MadeAt = r.MadeAt.UTC()
	return r, json.Unmarshal(document, &r.Report)
}
