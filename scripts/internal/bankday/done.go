package bankday

import (
	"context"
	_ "embed" // the query
	"errors"
	"fmt"
	"time"
)

//go:embed open.sql
var openSQL string

const (
	doneBound = 5 * time.Minute
	doneEvery = 250 * time.Millisecond
)

// Done waits until settlement has done what was due at a time by the bank's clock, and the mainframe has answered all.
func (b *Bank) Done(ctx context.Context, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, doneBound)
	defer cancel()
	execute, reconcile, balance := dues(at)
	tick := time.NewTicker(doneEvery)
	defer tick.Stop()
	for {
		var open string
		err := b.conn.QueryRow(ctx, openSQL, execute, reconcile, balance).Scan(&open)
		if err == nil && open == "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not all that was due at %s is done: %s; make status says more: %w", at, open, errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}

// dues returns the latest due times of settlement's jobs at a time: what is due is executed every ten seconds, the mainframe's
// statement is compared at 01:30 in Frankfurt, and books are balanced at 17:00 in New York.
func dues(at time.Time) (execute, reconcile, balance time.Time) {
	return at.Truncate(10 * time.Second), last(at, "Europe/Berlin", 1, 30), last(at, "America/New_York", 17, 0)
}

// last returns the last time at which it was that time of day in a place.
func last(at time.Time, place string, hour, minute int) time.Time {
	zone, err := time.LoadLocation(place)
	if err != nil {
		panic(err) // the program has the zones in itself
	}
	at = at.In(zone)
	year, month, day := at.Date()
	due := time.Date(year, month, day, hour, minute, 0, 0, zone)
	if due.After(at) {
		due = time.Date(year, month, day-1, hour, minute, 0, 0, zone)
	}
	return due
}

// Legs are how many legs of trades are in which state.
type Legs struct{ Settled, Open, Failed int }

// Legs counts the legs of all trades.
func (b *Bank) Legs(ctx context.Context) (n Legs, err error) {
	err = b.conn.QueryRow(ctx, `select count(*) filter (where state = 'settled'), count(*) filter (where state = 'open'),
		count(*) filter (where state = 'failed') from settlement.obligation`).Scan(&n.Settled, &n.Open, &n.Failed)
	if err != nil {
		err = fmt.Errorf("count legs: %w", err)
	}
	return n, err
}
