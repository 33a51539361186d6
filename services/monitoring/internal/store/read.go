package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
)

// ErrUnknown says that no such alert fires.
var ErrUnknown = errors.New("no such alert fires")

// Acknowledgement says who has seen an alert. It is zero while nobody has.
type Acknowledgement struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Note string    `json:"note"`
}

// Listed is an alert with its acknowledgement.
type Listed struct {
	alert.Alert
	Acknowledged Acknowledgement
}

// Alerts returns the alerts of a state, the newest first, at most 500.
func (s Store) Alerts(ctx context.Context, state alert.State) ([]Listed, error) {
	rows, err := s.Pool.Query(ctx, query("listed"), state)
	if err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Listed, err error) {
		err = row.Scan(append(columns(&l.Alert), &l.Acknowledged.By, &l.Acknowledged.At, &l.Acknowledged.Note)...)
		l.Alert, l.Acknowledged.At = utc(l.Alert), l.Acknowledged.At.UTC()
		return l, err
	})
}

// Acknowledge notes that somebody has seen an alert that fires. It returns ErrUnknown if it does not fire.
func (s Store) Acknowledge(ctx context.Context, key, by, text string) error {
	tag, err := s.Pool.Exec(ctx, query("acknowledge"), key, by, text)
	if err != nil {
		return fmt.Errorf("acknowledge %s: %w", key, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrUnknown
	}
	return nil
}

// Untold returns the alerts whose present state has not been published, the oldest first.
func (s Store) Untold(ctx context.Context) ([]alert.Alert, error) {
	rows, err := s.Pool.Query(ctx, query("untold"))
	if err != nil {
		return nil, fmt.Errorf("look for alerts to publish: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

// Told notes that an alert's state has been published.
func (s Store) Told(ctx context.Context, a alert.Alert) error {
	if _, err := s.Pool.Exec(ctx, query("told"), a.Key, a.State, a.Since); err != nil {
		return fmt.Errorf("note that %s was published: %w", a.Key, err)
	}
	return nil
}

// Instances returns what every instance was stored with.
func (s Store) Instances(ctx context.Context) ([]instances.Instance, error) {
	rows, err := s.Pool.Query(ctx, query("instances"))
	if err != nil {
		return nil, fmt.Errorf("load instances: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i instances.Instance, err error) {
		var seen time.Time
		err = row.Scan(&i, &seen)
		return i, err
	})
}

// Point is one measure at one time.
type Point struct {
	At    time.Time
	Name  string // with labels
	Value float64
}

// Measures returns the stored measures of the given names between two times, by name and time.
func (s Store) Measures(ctx context.Context, names []string, from, to time.Time) ([]Point, error) {
	rows, err := s.Pool.Query(ctx, query("measures"), names, from, to)
	if err != nil {
		return nil, fmt.Errorf("load measures: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Point, err error) {
		err = row.Scan(&p.At, &p.Name, &p.Value)
		return p, err
	})
}
