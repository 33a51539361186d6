package clock

import (
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/lambda/mirror"
	"fxcore/lambda/run"
)

// Follow makes the bank's clock a part of a program that uses Redis. What is registered after it starts once the offset is known.
func Follow(app *run.App, rdb redis.Cmdable, cfg Config) *Clock {
	c := Open(rdb, cfg)
	app.Static("clock", c)
	return c
}

// Alone are the settings of a program that needs Redis for nothing else. It needs none where the clock may not run ahead.
type Alone struct {
	Config

	URL  string      `env:"REDIS_URL,unset"`
	File string      `env:"REDIS_URL_FILE"` // see cache.Config.URLFile
	CA   string      `env:"TLS_CA_FILE"`    // authorities of the server's certificate, unless the URL names a file
	Keys mirror.Keys `env:"STATIC_KEYS"`    // of who signs the set; required where the clock may run ahead

	KeysFile string `env:"STATIC_KEYS_FILE"` // see mirror.Config.KeysFile
}

// Validate refuses a clock that may run ahead and has no server to read the offset from, or nobody to believe.
func (a Alone) Validate() error {
	if a.MayRunAhead && len(a.Keys) == 0 {
		return errors.New("CLOCK_MAY_RUN_AHEAD needs STATIC_KEYS, which tell whose offset is believed")
	}
	if a.MayRunAhead && a.URL == "" {
		return errors.New("CLOCK_MAY_RUN_AHEAD needs REDIS_URL, where the offset is read")
	}
	return nil
}

const (
	aloneConns   = 1
	aloneTimeout = 2 * time.Second
)

// FollowAlone is Follow for such a program. Without leave to run ahead the clock is real time.
func FollowAlone(app *run.App, a Alone) *Clock {
	if !a.MayRunAhead {
		return &Clock{}
	}
	rdb := app.Redis(cache.Config{URL: a.URL, URLFile: a.File, CAFile: a.CA, PoolSize: aloneConns, DialTimeout: aloneTimeout, Timeout: aloneTimeout})
	return Follow(app, mirror.Signed(rdb, mirror.Config{Keys: a.Keys, KeysFile: a.KeysFile}.Trusted()), a.Config)
}
