package trial

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tenure is one time of holding a provider's session.
type Tenure struct {
	Gateway, Provider string
	Epoch             int64
}

// Taken returns when each session was taken since a time: when the instance began to serve it.
func (c *Core) Taken(ctx context.Context, since time.Time) (map[Tenure]time.Time, error) {
	conn, err := pgx.Connect(ctx, c.places.Postgres)
	if err != nil {
		return nil, fmt.Errorf("read who served sessions: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	all := map[Tenure]time.Time{}
	rows, err := conn.Query(ctx, `select gateway, provider, epoch, at from failover.history where what = 'taken' and at >= $1`, since)
	if err == nil {
		var t Tenure
		var at time.Time
		_, err = pgx.ForEachRow(rows, []any{&t.Gateway, &t.Provider, &t.Epoch, &at}, func() error {
			all[t] = at
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read who served sessions: %w", err)
	}
	return all, nil
}

// LeaseLeft returns for how long the lease lasts that lasts longest. It looks every so often until ctx ends.
func (c *Core) LeaseLeft(ctx context.Context, every time.Duration) (longest time.Duration, err error) {
	conn, err := pgx.Connect(ctx, c.places.Postgres)
	if err != nil {
		return 0, fmt.Errorf("read leases: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		var left time.Duration
		err := conn.QueryRow(ctx, `select coalesce(max(expires_at - clock_timestamp()), interval '0') from
			(select expires_at from fixgateway.lease union all select expires_at from socketgateway.lease) as l`).Scan(&left)
		if err != nil && ctx.Err() == nil {
			return longest, fmt.Errorf("read leases: %w", err)
		}
		longest = max(longest, left)
		select {
		case <-ctx.Done():
			return longest, nil
		case <-tick.C:
		}
	}
}

// Leased returns the present tenure of a session and when its lease was taken, by the database's clock.
func (c *Core) Leased(ctx context.Context, gateway, provider string) (t Tenure, at time.Time, err error) {
	conn, err := pgx.Connect(ctx, c.places.Postgres)
	if err != nil {
		return t, at, fmt.Errorf("read the lease of %s: %w", provider, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	t = Tenure{Gateway: gateway, Provider: provider}
	query := fmt.Sprintf(`select epoch, taken_at from %sgateway.lease where name = $1`, gateway)
	if err := conn.QueryRow(ctx, query, provider).Scan(&t.Epoch, &at); err != nil {
		return t, at, fmt.Errorf("read the lease of %s: %w", provider, err)
	}
	return t, at, nil
}

// WriteLease returns how long it takes to write the row of a lease and to commit it. The row is in a table of its own.
func (c *Core) WriteLease(ctx context.Context) (took time.Duration, err error) {
	conn, err := pgx.Connect(ctx, c.places.Postgres)
	if err != nil {
		return 0, fmt.Errorf("write a lease: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `create schema if not exists raw; create table if not exists raw.lease (like fixgateway.lease including all);
		insert into raw.lease values ('RAW', 'nobody', 1, now(), now()) on conflict do nothing`); err != nil {
		return 0, fmt.Errorf("write a lease: %w", err)
	}
	began := time.Now()
	_, err = conn.Exec(ctx, `update raw.lease set epoch = epoch + 1, expires_at = clock_timestamp(), taken_at = clock_timestamp() where name = 'RAW'`)
	if err != nil {
		return 0, fmt.Errorf("write a lease: %w", err)
	}
	return time.Since(began), nil
}

// Log returns the path of a process's log.
func (c *Core) Log(id string) string { return filepath.Join(c.folder, "log", id+".log") }
