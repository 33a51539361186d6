// Package store keeps alerts, instances and the measures of the last hours in Postgres.
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

	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
)

// Migrations creates the schema of monitoring.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

//go:embed queries/*.sql
var queries embed.FS

// Kept is how long measures are kept. Cleared alerts are kept for 30 days.
const Kept = 6 * time.Hour

// ErrNotMine says that another replica judges, or has just judged.
var ErrNotMine = errors.New("another replica judges")

// Store is the schema of monitoring.
type Store struct {
	Pool *pgxpool.Pool
	Name string // of this replica
}

func query(name string) string {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		panic(err) // a defect of the build
	}
	return string(text)
}

// Judge runs judge in a transaction that no other replica runs at the same time, with the alerts that there are, and stores what it returns. It
// returns ErrNotMine if another replica judges, or has judged within pause.
func (s Store) Judge(ctx context.Context, pause time.Duration, seen []instances.Instance, samples []alert.Sample, judge func(alert.Book) []alert.Alert) error {
	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		var before time.Time
		err := tx.QueryRow(ctx, query("claim"), pause).Scan(&before)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNotMine
		}
		if err != nil {
			return fmt.Errorf("become the judge: %w", err)
		}
		book, err := load(ctx, tx)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for _, a := range judge(book) {
			put(b, a)
		}
		if err := note(b, seen, samples); err != nil {
			return err
		}
		b.Queue(query("judged"), s.Name)
		return tx.SendBatch(ctx, b).Close()
	})
}

func load(ctx context.Context, tx pgx.Tx) (alert.Book, error) {
	rows, err := tx.Query(ctx, query("alerts"))
	if err != nil {
		return nil, fmt.Errorf("load alerts: %w", err)
	}
	all, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("load alerts: %w", err)
	}
	book := alert.Book{}
	for _, a := range all {
		book[a.Key] = a
	}
	return book, nil
}

func scan(row pgx.CollectableRow) (a alert.Alert, err error) {
	err = row.Scan(columns(&a)...)
	return utc(a), err
}

func columns(a *alert.Alert) []any {
	return []any{&a.Key, &a.Rule, &a.Subject, &a.State, &a.Since, &a.GoodSince, &a.ClearedAt, &a.Value, &a.Text}
}

func utc(a alert.Alert) alert.Alert {
	a.Since, a.GoodSince, a.ClearedAt = a.Since.UTC(), a.GoodSince.UTC(), a.ClearedAt.UTC()
	return a
}

func put(b *pgx.Batch, a alert.Alert) {
	if a.State == "" {
		b.Queue(query("drop_alert"), a.Key)
		return
	}
	b.Queue(query("put_alert"), a.Key, a.Rule, a.Subject, a.State, a.Since, orNull(a.GoodSince), orNull(a.ClearedAt), a.Value, a.Text)
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// note stores the instances and the measures.
func note(b *pgx.Batch, seen []instances.Instance, samples []alert.Sample) error {
	var names, reports []string
	var times []time.Time
	for _, i := range seen {
		report, err := json.Marshal(i)
		if err != nil {
			return fmt.Errorf("encode report of %s: %w", i.Instance, err)
		}
		names, reports, times = append(names, i.Instance), append(reports, string(report)), append(times, i.LastSeen)
	}
	values := map[string]float64{}
	for _, s := range samples {
		values[s.String()] = s.Value
	}
	text, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("encode measures: %w", err)
	}
	b.Queue(query("put_instances"), names, reports, times)
	b.Queue(query("drop_instances"), names)
	b.Queue(query("put_measures"), text)
	b.Queue(query("drop_measures"), Kept)
	b.Queue(query("drop_cleared"))
	return nil
}
