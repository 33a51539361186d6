package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/lambda/postgres"
)

// migrateBound bounds one try, so that the health says so when a server hangs.
const migrateBound = 5 * time.Minute

// Postgres returns a pool on the schema. No later part starts before the schema has the given sets of migrations, and the pool is closed after all later parts have stopped. While the server is away, the program is not
// ready.
//
// The schema's owner applies the sets, before the program: with PrepareFor the program is the owner, prepares the schema (see
// [postgres.Prepare]) and ends. A role that owns its schema applies them itself (see [postgres.Migrate]).
func (a *App) Postgres(cfg postgres.Config, schema string, sets ...fs.FS) *pgxpool.Pool {
	cfg.Schema = schema
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = a.Source
	}
	pool, err := postgres.Open(context.Background(), cfg)
	if err != nil {
		a.invalid(err)
		return nil
	}
	if cfg.PrepareFor != "" {
		a.prepare = func(ctx context.Context) error {
			defer pool.Close()
			return postgres.Prepare(ctx, pool, cfg.PrepareFor, sets...)
		}
	}
	a.Health.Add("postgres", postgres.Ready(pool))
	a.Add("postgres", nil, func(ctx context.Context) error { return within(ctx, pool.Close) })
	a.Await("postgres", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, migrateBound)
		defer cancel()
		return postgres.Migrate(ctx, pool, sets...)
	})
	return pool
}

// Redis returns a connection pool, which is closed after all later parts have stopped. While the server is away, the health
// warns; the program goes on with the data that it holds.
func (a *App) Redis(cfg cache.Config) *redis.Client {
	if cfg.Name == "" {
		cfg.Name = a.Source
	}
	rdb, err := cache.Open(cfg)
	if err != nil {
		a.invalid(err)
		return nil
	}
	redis.SetLogger(quiet{a.Log}) // the library has one logger for the process
	a.Health.Warn("redis", cache.Ready(rdb))
	a.Add("redis", nil, func(context.Context) error { return rdb.Close() })
	return rdb
}

// within runs f, which closes connections and takes no context. If ctx ends first, within returns an error that says
// that connections are in use, and f goes on.
func within(ctx context.Context, f func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return errors.New("connections are still in use")
	}
}

// quiet writes the library's log lines into our log, at debug level: whatever matters is returned as an error, too.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(ctx context.Context, format string, args ...any) {
	q.log.DebugContext(ctx, "the library remarks", "log.logger", "redis", "event.original", fmt.Sprintf(format, args...))
}
