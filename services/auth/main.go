// Command auth decides whether a provider may make a request. It receives each trade request and each line check first,
// and answers that it is authorised, rejected or a repeat. It also issues tokens to people and systems who come by the API. Any
// number of replicas share the work.
//
// With "key", "credential" or "token" as its first argument it is the command line of on-call: see oncall.
package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/follow"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/auth/internal/directory"
	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/clock"
	"fxcore/services/contract/access"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config // its retention is also how long auth recognises a reference
	Clock    clock.Config
	Static   mirror.Config // auth refuses requests on older static data
	Access   accessSettings
	OpenID   openid.Config // off by default
}

// accessSettings say how tokens are issued.
type accessSettings struct {
	Keys      access.Keys   `env:"ACCESS_KEY,required,unset"`         // open what is sealed for auth, with commas; the first one is in use; the command "auth key" draws one
	KeysFile  string        `env:"ACCESS_KEY_FILE"`                   // file with the same keys, read again when it has changed
	Audiences []string      `env:"ACCESS_AUDIENCES" envDefault:"api"` // programs for which there are tokens, with commas between them
	Person    time.Duration `env:"TOKEN_LIFE_PERSON" envDefault:"8h"` // a working day
	System    time.Duration `env:"TOKEN_LIFE_SYSTEM" envDefault:"1h"`
}

// Validate names what is out of range.
func (s accessSettings) Validate() error {
	const longest = 24 * time.Hour
	if s.Person < time.Minute || s.Person > longest || s.System < time.Minute || s.System > longest {
		return errors.New("TOKEN_LIFE_PERSON and TOKEN_LIFE_SYSTEM must be 1m to 24h")
	}
	return nil
}

func (s accessSettings) keys() *follow.File[access.Keys] {
	return follow.Setting(s.Keys, s.KeysFile, access.ParseKeys)
}

func (s accessSettings) issuing(keys *follow.File[access.Keys], by *openid.Provider) steps.Issuing {
	return steps.Issuing{Keys: keys, Audiences: s.Audiences, OpenID: by, Person: s.Person, System: s.System}
}

// identityProvider returns the bank's identity provider, whose keys are fetched from now on; nil if none is configured. While it is
// away, auth is ready and issues all other tokens.
func identityProvider(app *run.App, cfg openid.Config) *openid.Provider {
	if !cfg.On() {
		return nil
	}
	p := openid.New(cfg, time.Now, app.Log)
	app.Go("identity provider", p.Run)
	app.Health.Warn("identity provider", p.Fresh)
	return p
}

func main() {
	run.Describe(steps.Topology())
	if isOnCall(os.Args[1:]) {
		os.Exit(oncall(context.Background(), os.Args[1:], shell()))
	}
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("auth", cfg.Base)
	db := app.Postgres(cfg.Postgres, "auth", inbox.Migrations, store.Migrations)
	rdb := mirror.Signed(app.Redis(cfg.Redis), cfg.Static.Trusted())
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	static := directory.Open(mirror.Dated(rdb, bank.Now), cfg.Static.MaxAge)
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("static data", static) // consume only when data is loaded: a new replica must not refuse what the others grant
	box := app.Inbox(bus, db, cfg.Inbox)
	box.Consume(steps.Queue, steps.Requests(static))
	keys := cfg.Access.keys()
	box.Consume(steps.TokensQueue, steps.TokenSteps(static, cfg.Access.issuing(keys, identityProvider(app, cfg.OpenID)), time.Now))
	app.Go("request retention", store.Retention{Pool: db, Keep: cfg.Inbox.Retention, Clock: bank.Now, Log: app.Log}.Run)
	r := &resealing{db: db, keys: keys, log: app.Log}
	app.Go("resealing", r.run)
	app.Health.Gauge("credentials.under_a_key_before", r.left)
	app.Go("outdated tokens", outdated{db, static, bus, app.Source, app.Log}.run)
	app.Go("token retention", func(ctx context.Context) error {
		return postgres.ForgetEvery(ctx, forgetPause, app.Log, "tokens and attempts", func(ctx context.Context) error { return forgetTokens(ctx, db, time.Now()) })
	})
	return app
}
