package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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

const writeComparisonSQL = `insert into line_comparison as c (day, made_at, differences, named) values ($1, $2, $3, coalesce($4::text[], '{}'))
	on conflict (day) do update set made_at = excluded.made_at, differences = excluded.differences, named = excluded.named where excluded.made_at >= c.made_at`

// QueueLineComparison queues the comparison of the lines after a day. The one that was made last stands.
func QueueLineComparison(b *pgx.Batch, c blotter.LineComparison) {
	b.Queue(writeComparisonSQL, c.Day, c.MadeAt, c.Differences, c.Named)
}

const reportsSQL = `select day::text, r.made_at, report, c.made_at, coalesce(c.differences, 0), coalesce(c.named, '{}')
	from day_report r left join line_comparison c using (day) `

// DayReports returns at most limit reports of days until a day, the latest first. An empty day is the last one.
func (m Model) DayReports(ctx context.Context, until string, limit int) ([]blotter.DayReport, error) {
	reports, err := collect(ctx, m, readReport, reportsSQL+"where $1::date is null or day <= $1 order by r.day desc limit $2", wish(until), limit)
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	return reports, nil
}

// DayReport returns the report of a day. Error: ErrNone.
func (m Model) DayReport(ctx context.Context, day string) (r blotter.DayReport, err error) {
	rows, err := m.Pool.Query(ctx, reportsSQL+"where day = $1", day)
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
	var compared *time.Time
	var lines blotter.LineComparison
	if err = row.Scan(&r.Day, &r.MadeAt, &document, &compared, &lines.Differences, &lines.Named); err != nil {
		return r, err
	}
	r.MadeAt = r.MadeAt.UTC()
	if compared != nil {
		lines.MadeAt = compared.UTC()
		r.Lines = &lines
	}
	return r, json.Unmarshal(document, &r.Report)
}
