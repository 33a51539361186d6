// Package cache opens a Redis connection pool. What lies in Redis is a copy: whoever reads it must go on, for a stated
// time, while Redis is away (see package mirror).
package cache

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config says which server, and bounds each use of it.
type Config struct {
	URL         string        `env:"REDIS_URL,required,unset"`            // redis://user:password@host:port/database; rediss for TLS
	PoolSize    int           `env:"REDIS_POOL_SIZE" envDefault:"4"`      // connections of this process
	DialTimeout time.Duration `env:"REDIS_DIAL_TIMEOUT" envDefault:"2s"`  // of one attempt
	Timeout     time.Duration `env:"REDIS_TIMEOUT" envDefault:"2s"`       // of one command; an earlier deadline of the context counts
	Name        string        `env:"REDIS_CONNECTION_NAME" envDefault:""` // how the connection shows on the server
}

// Open returns a pool at once, without connecting: the server may be away, now or later, and each use then fails until
// it is back. It fails only if the configuration itself is wrong.
func Open(cfg Config) (*redis.Client, error) {
	options, err := redis.ParseURL(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", withoutURL(err))
	}
	options.ClientName = cfg.Name
	options.PoolSize = cfg.PoolSize
	options.DialTimeout = cfg.DialTimeout
	options.ReadTimeout = cfg.Timeout
	options.WriteTimeout = cfg.Timeout
	options.DialerRetries = 1            // whoever needs Redis asks again later, and says so; it does not sit and wait
	options.ContextTimeoutEnabled = true // else the library ignores the deadline that it is handed
	// The server's announcements of its own maintenance are a feature of another product; on a plain Redis they are noise.
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(options), nil
}

// withoutURL drops the URL from a parse error: it holds the password.
func withoutURL(err error) error {
	var parse *url.Error
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}

// Ready returns a check that succeeds when the server answers. It is bounded by the context that it is handed.
func Ready(rdb *redis.Client) func(ctx context.Context) error {
	return func(ctx context.Context) error { return rdb.Ping(ctx).Err() }
}
