package daily

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
)

const (
	tendEvery = time.Minute
	tendSoon  = 5 * time.Second // after a failure
)

// Table is a table with a partition for each day.
type Table struct {
	Name string
	Keep time.Duration // a row is kept for at least this time after it was written

	// Around says around which day partitions are made besides those around the server's own; nil is no other day. It is for
	// ids whose days follow another clock. Only the server's clock decides what is old.
	Around func() time.Time
}

// Run tends the table at once and then every minute, until ctx ends. The time is the server's, so a program whose clock is
// wrong drops nothing. Every replica may run it.
func (t Table) Run(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	for {
		pause := tendEvery
		if err := t.tendNow(ctx, pool); err != nil && ctx.Err() == nil {
			pause = tendSoon
			log.Warn("days of a table are not made or dropped, trying again", "table", t.Name, "pause", pause.String(), "error", err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}

func (t Table) tendNow(ctx context.Context, pool *pgxpool.Pool) error {
	var now time.Time
	if err := pool.QueryRow(ctx, "select now()").Scan(&now); err != nil {
		return fmt.Errorf("read the server's clock: %w", err)
	}
	return t.Tend(ctx, pool, now)
}

// Tend makes the partitions of the days around now and around Around, drops those in which every row is older than Keep, and deletes the
// other old rows. While another replica does this, Tend returns nil at once. If it cannot have a lock in time it returns
// the server's error; what it had done until then stays, and the next call does the rest.
func (t Table) Tend(ctx context.Context, pool *pgxpool.Pool, now time.Time) (err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("tend %s: %w", t.Name, err)
	}
	defer conn.Release()
	mine, err := t.claim(ctx, conn)
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, t.release(ctx, conn)) }()
	k := keeper{Table: t, conn: conn, now: now.UTC()}
	if err := k.tend(ctx, t.around(now)...); err != nil {
		return fmt.Errorf("tend %s: %w", t.Name, err)
	}
	return nil
}

func (t Table) around(now time.Time) []event.Day {
	days := []event.Day{event.DayOf(now)}
	if t.Around != nil {
		days = append(days, event.DayOf(t.Around()))
	}
	return days
}

// The advisory lock has two numbers: one for this package, one for the table.
const tending = "hashtext('lambda/postgres/daily'), $1::regclass::oid::int"

// claim keeps the other replicas from tending the table meanwhile. The server gives the lock back if the connection ends.
func (t Table) claim(ctx context.Context, conn *pgxpool.Conn) (mine bool, err error) {
	if err := conn.QueryRow(ctx, "select pg_try_advisory_lock("+tending+")", t.whole()).Scan(&mine); err != nil {
		return false, fmt.Errorf("tend %s: %w", t.Name, err)
	}
	return mine, nil
}

func (t Table) release(ctx context.Context, conn *pgxpool.Conn) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if _, err := conn.Exec(ctx, "select pg_advisory_unlock("+tending+")", t.whole()); err != nil {
		return errors.Join(err, conn.Conn().Close(ctx)) // then the server gives the lock back
	}
	return nil
}

func (t Table) whole() string { return pgx.Identifier{t.Name}.Sanitize() }

func (t Table) part(name string) string { return pgx.Identifier{t.Name + "_" + name}.Sanitize() }
