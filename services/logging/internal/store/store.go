// Package store keeps log lines and reports of health in PostgreSQL, where there is no Elasticsearch.
package store

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres/daily"
	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
)

// Migrations creates the schema of logging.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/insert_lines.sql
	insertLinesSQL string
	//go:embed queries/search.sql
	searchSQL string
	//go:embed queries/insert_reports.sql
	insertReportsSQL string
	//go:embed queries/reports.sql
	reportsSQL string
)

// Store is the tables of lines and of reports. Each keeps its rows for Keep.
type Store struct {
	Pool *pgxpool.Pool
	Keep time.Duration
}

// lineRow is a line as a row of JSON.
type lineRow struct {
	ID       string            `json:"id"`
	Time     time.Time         `json:"time"`
	Sequence int64             `json:"sequence"`
	Level    string            `json:"level"`
	Service  string            `json:"service"`
	Instance string            `json:"instance"`
	Story    string            `json:"story"`
	Trace    string            `json:"trace"`
	Message  string            `json:"message"`
	Fields   map[string]string `json:"fields"`
	Words    []string          `json:"words"`
}

// Write stores lines. One that is stored already stays as it is.
func (s Store) Write(ctx context.Context, lines []line.Line) error {
	rows := make([]lineRow, len(lines))
	for i, l := range lines {
		rows[i] = lineRow{l.ID, l.Time, l.Sequence, l.Level, l.Service, l.Instance, l.Story, l.Trace, l.Message, l.Fields, l.Words()}
	}
	return s.insert(ctx, insertLinesSQL, rows)
}

func (s Store) insert(ctx context.Context, statement string, rows any) error {
	body, err := json.Marshal(rows)
	if err == nil {
		_, err = s.Pool.Exec(ctx, statement, body)
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// The times between which a query looks that names none. They are beyond every line's.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2149, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Search returns the lines that a query finds, the newest first.
func (s Store) Search(ctx context.Context, q line.Query) ([]line.Line, error) {
	from, to := q.From, q.To
	if from.IsZero() {
		from = earliest
	}
	if to.IsZero() {
		to = latest
	}
	var after *string
	if !q.After.IsZero() {
		after = &q.After.ID
		to = earlier(to, q.After.Time.Add(time.Microsecond))
	}
	levels := line.LevelsFrom(q.Level)
	if levels == nil {
		levels = []string{}
	}
	lowest, highest := event.DayOf(from).FirstID(), (event.DayOf(to) + 1).FirstID()
	rows, err := s.Pool.Query(ctx, searchSQL, line.Words(q.Text, q.Story, q.Trace), levels, q.Service, q.Instance, q.Story, q.Trace, from, to, after, lowest, highest,
		q.After.Time, q.Limit)
	if err != nil {
		return nil, fmt.Errorf("search lines: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanLine)
	if err != nil {
		return nil, fmt.Errorf("search lines: %w", err)
	}
	return found, nil
}

func scanLine(row pgx.CollectableRow) (l line.Line, err error) {
	err = row.Scan(&l.ID, &l.Time, &l.Sequence, &l.Level, &l.Service, &l.Instance, &l.Story, &l.Trace, &l.Message, &l.Fields)
	l.Time = l.Time.UTC()
	return l, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Ready returns nil while the database answers.
func (s Store) Ready(ctx context.Context) error { return s.Pool.Ping(ctx) }

// Tend makes the partitions of the days around now, and drops those that are too old.
func (s Store) Tend(ctx context.Context, now time.Time) error {
	var failed error
	for _, name := range []string{"line", "report"} {
		failed = errors.Join(failed, daily.Table{Name: name, Keep: s.Keep}.Tend(ctx, s.Pool, now))
	}
	return failed
}

// reportRow is a report as a row of JSON.
type reportRow struct {
	ID       string           `json:"id"`
	Time     time.Time        `json:"time"`
	Instance string           `json:"instance"`
	Program  string           `json:"program"`
	Version  string           `json:"version"`
	Host     string           `json:"host"`
	Started  time.Time        `json:"started"`
	Ready    bool             `json:"ready"`
	Reasons  []history.Reason `json:"reasons"`
	Every    int64            `json:"every"`
}

// WriteReports stores reports. One that is stored already stays as it is.
func (s Store) WriteReports(ctx context.Context, reports []history.Report) error {
	rows := make([]reportRow, len(reports))
	for i, r := range reports {
		reasons := append([]history.Reason{}, r.Reasons...)
		rows[i] = reportRow{r.ID, r.At, r.Instance, r.Program, r.Version, r.Host, r.Started, r.Ready, reasons, int64(r.Every)}
	}
	return s.insert(ctx, insertReportsSQL, rows)
}

// Reports returns the reports of an instance, of all if it is empty, from from (inclusive) to to (exclusive), the newest first, at most
// limit.
func (s Store) Reports(ctx context.Context, instance string, from, to time.Time, limit int) ([]history.Report, error) {
	rows, err := s.Pool.Query(ctx, reportsSQL, instance, from, to, limit)
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r history.Report, err error) {
		err = row.Scan(&r.ID, &r.At, &r.Instance, &r.Program, &r.Version, &r.Host, &r.Started, &r.Ready, &r.Reasons, &r.Every)
		r.At, r.Started = r.At.UTC(), r.Started.UTC()
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	return found, nil
}
