// Package cache opens a Redis connection pool. Redis holds only copies of data: a program that reads them must be able to go on,
// for a stated time, while Redis is away (see package mirror).
package cache

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config says which server, and bounds each use of it.
type Config struct {
	URL         string        `env:"REDIS_URL,required,unset"`            // rediss://user:password@host:port/database
	URLFile     string        `env:"REDIS_URL_FILE"`                      // file with the same URL: user and password of the next connection are those that it has then
	CAFile      string        `env:"TLS_CA_FILE"`                         // authorities of the server's certificate, unless the URL names a file (cacertfile)
	PoolSize    int           `env:"REDIS_POOL_SIZE" envDefault:"4"`      // connections of this process
	DialTimeout time.Duration `env:"REDIS_DIAL_TIMEOUT" envDefault:"2s"`  // of one attempt
	Timeout     time.Duration `env:"REDIS_TIMEOUT" envDefault:"2s"`       // of one command; an earlier deadline of the context counts
	Name        string        `env:"REDIS_CONNECTION_NAME" envDefault:""` // how the connection shows on the server
}

// Open returns a pool without connecting. The server may be away, now or later; each use then fails until the server is back.
// Open fails only if the configuration is wrong.
func Open(cfg Config) (*redis.Client, error) {
	options, err := Options(cfg.URL, cfg.CAFile)
	if err != nil {
		return nil, err
	}
	if cfg.URLFile != "" {
		options.CredentialsProviderContext = credentials(cfg)
	}
	options.ClientName = cfg.Name
	options.PoolSize = cfg.PoolSize
	options.DialTimeout = cfg.DialTimeout
	options.ReadTimeout = cfg.Timeout
	options.WriteTimeout = cfg.Timeout
	options.DialerRetries = 1            // callers try again later by themselves
	options.ContextTimeoutEnabled = true // otherwise the library ignores the context's deadline
	// A plain Redis does not announce its maintenance; to ask for it only causes errors in the log.
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(options), nil
}

// Ready returns a check that succeeds if the server answers before the check's context ends.
func Ready(rdb *redis.Client) func(ctx context.Context) error {
	return func(ctx context.Context) error { return rdb.Ping(ctx).Err() }
}
