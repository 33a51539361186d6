// Package postgres opens a connection pool that outlives its server, and applies migrations.
//
// A service has one schema. The pool's search_path is that schema alone, so statements need no prefix and cannot reach the
// tables of another service by accident. The schema has an owner, who prepares it before the service starts ([Prepare]). The
// service's own role owns nothing there.
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
	URL              string        `env:"POSTGRES_URL,required,unset"`                 // postgres://role:password@host:port/database?sslmode=verify-full
	URLFile          string        `env:"POSTGRES_URL_FILE"`                           // file with the same URL: user and password of the next connection are those that it has then
	CAFile           string        `env:"TLS_CA_FILE"`                                 // authorities of the server's certificate, unless the URL names a file (sslrootcert)
	MaxConns         int32         `env:"POSTGRES_MAX_CONNS" envDefault:"6"`           // of this process; the server's limit is shared by all
	ConnectTimeout   time.Duration `env:"POSTGRES_CONNECT_TIMEOUT" envDefault:"5s"`    // of one attempt
	StatementTimeout time.Duration `env:"POSTGRES_STATEMENT_TIMEOUT" envDefault:"30s"` // the server ends a statement that takes longer
	IdleTransaction  time.Duration `env:"POSTGRES_IDLE_TRANSACTION" envDefault:"5s"`   // the server ends a session that sits in a transaction for longer
	ApplicationName  string        `env:"POSTGRES_APPLICATION_NAME"`                   // how the session shows on the server
	PrepareFor       string        `env:"POSTGRES_PREPARE_FOR"`                        // the role that the program has otherwise: the URL is the owner's, who prepares the schema, and the program ends
	MinConns         int32         // connections that are opened in advance; set by the program, not by the environment
	Schema           string        // the search_path, unless the URL has one; set by the program, not by the environment
}

// keepAlive notices a peer that has vanished after idle + interval × count = 30 s, instead of two hours.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// Open returns a pool without connecting. The server may be away, now or later; each use then fails until the server is back.
// Open fails only if the configuration is wrong. Statements are prepared once per connection and cached.
func Open(ctx context.Context, cfg Config) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("POSTGRES_URL: %w", err)
	}
	if err := secure(c.ConnConfig, cfg.CAFile); err != nil {
		return nil, err
	}
	c.ConnConfig.ConnectTimeout = cfg.ConnectTimeout
	c.ConnConfig.DialFunc = (&net.Dialer{KeepAliveConfig: keepAlive}).DialContext
	if cfg.MaxConns > 0 {
		c.MaxConns = cfg.MaxConns
	}
	c.MinConns = min(cfg.MinConns, c.MaxConns)
	c.BeforeConnect = login(cfg)
	session(c.ConnConfig.RuntimeParams, cfg)
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open postgres pool: %w", err)
	}
	return pool, nil
}

// session sets the parameters of every connection. Those in the URL take precedence.
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

	// One plan per statement, made once, that uses the indexes. A plan that is made while a table is empty would scan the whole
	// table, and a connection would keep that plan while the table grows. Before these settings such scans took most of a
	// loaded server's time, until the first analyze.
	set("plan_cache_mode", "force_generic_plan")
	set("enable_seqscan", "off")
}

// milliseconds writes a timeout as the server reads it; "" if d is not positive.
func milliseconds(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf("%dms", d.Milliseconds())
}

// Ready returns a check that succeeds if the server answers before the check's context ends.
func Ready(pool *pgxpool.Pool) func(ctx context.Context) error {
	return func(ctx context.Context) error { return pool.Ping(ctx) }
}
