// Package postgres opens a connection pool that outlives its server, and applies migrations.
//
// A service owns one schema: the pool's search_path is that schema alone, so that statements need no prefix and reach
// nobody else's tables.
package postgres

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Config says which server, and bounds what one process may ask of it.
type Config struct {
	URL              string        `env:"POSTGRES_URL,required,unset"`                 // postgres://role:password@host:port/database
	MaxConns         int32         `env:"POSTGRES_MAX_CONNS" envDefault:"6"`           // of this process; the server's limit is shared by all
	ConnectTimeout   time.Duration `env:"POSTGRES_CONNECT_TIMEOUT" envDefault:"5s"`    // of one attempt
	StatementTimeout time.Duration `env:"POSTGRES_STATEMENT_TIMEOUT" envDefault:"30s"` // the server ends a statement that takes longer
	IdleTransaction  time.Duration `env:"POSTGRES_IDLE_TRANSACTION" envDefault:"5s"`   // the server ends a session that sits in a transaction for longer
	ApplicationName  string        `env:"POSTGRES_APPLICATION_NAME"`                   // how the session shows on the server
	MinConns         int32         // opened ahead, for a program that has no time for it once it is needed; set by the program
	Schema           string        // the search_path, where the URL names none; set by the program, not by the environment
}

// A peer that vanishes without a word is noticed after idle + interval × count = 30 s, not after two hours.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// Open returns a pool at once, without connecting: the server may be away, now or later, and each use then fails with
// an error until it is back. It fails only if the configuration itself is wrong. Statements are prepared once per
// connection and cached.
func Open(ctx context.Context, cfg Config) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("POSTGRES_URL: %w", err)
	}
	c.ConnConfig.ConnectTimeout = cfg.ConnectTimeout
	c.ConnConfig.DialFunc = (&net.Dialer{KeepAliveConfig: keepAlive}).DialContext
	if cfg.MaxConns > 0 {
		c.MaxConns = cfg.MaxConns
	}
	c.MinConns = min(cfg.MinConns, c.MaxConns)
	session(c.ConnConfig.RuntimeParams, cfg)
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open postgres pool: %w", err)
	}
	return pool, nil
}

// session sets what every connection begins with. What the URL says goes first.
func session(params map[string]string, cfg Config) {
	set := func(name, value string) {
		if _, given := params[name]; !given && value != "" {
			params[name] = value
		}
	}
	set("application_name", cfg.ApplicationName)
	set("search_path", cfg.Schema)
	set("statement_timeout", milliseconds(cfg.StatementTimeout))
	set("idle_in_transaction_session_timeout", milliseconds(cfg.IdleTransaction))
	set("timezone", "UTC")
	set("jit", "off") // compiling costs more than our short statements take

	// One plan per statement, made once, by the keys. A plan made while a table is new and empty reads all of it, and a
	// connection keeps that plan while the table grows: it took most of a loaded server's time until the first analyze.
	set("plan_cache_mode", "force_generic_plan")
	set("enable_seqscan", "off")
}

// milliseconds is the form in which the server reads a timeout; none if d is zero.
func milliseconds(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf("%dms", d.Milliseconds())
}

// Ready returns a check that succeeds when the server answers. It is bounded by the context that it is handed.
func Ready(pool *pgxpool.Pool) func(ctx context.Context) error {
	return func(ctx context.Context) error { return pool.Ping(ctx) }
}
