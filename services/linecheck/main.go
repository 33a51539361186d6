// Command linecheck holds deals and line checks against the lines that they use: limits of groups, desks and clients, and
// what collateral adds to them. It reserves, consumes, releases and expires. Any number of replicas share the work.
//
// With -recompute it adds up all reservations instead, prints where the stored usage differs, and ends.
package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/linecheck/internal/check"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/expire"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
	"fxcore/services/linecheck/internal/withdraw"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Redis     cache.Config
	StaticAge time.Duration `env:"STATIC_MAX_AGE" envDefault:"24h"` // older lines, holdings and risk figures decide nothing
	RatesAge  time.Duration `env:"RATES_MAX_AGE" envDefault:"15m"`  // nor do older rates
	Retention time.Duration `env:"RETENTION" envDefault:"720h"`     // how long a handled message is recognised
}

// Validate names what is out of range.
func (s settings) Validate() error {
	switch {
	case s.StaticAge <= 0:
		return errors.New("STATIC_MAX_AGE must be positive")
	case s.RatesAge <= 0:
		return errors.New("RATES_MAX_AGE must be positive")
	case s.Retention < 24*time.Hour:
		return errors.New("RETENTION must be at least 24h: a message can be redelivered as long")
	}
	return nil
}

func main() {
	run.Describe(messages.Topology())
	if slices.Contains(os.Args[1:], "-recompute") {
		os.Exit(recompute(context.Background(), config.MustLoad[recomputation](), os.Stdout))
	}
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("linecheck", cfg.Base)
	db := app.Postgres(cfg.Postgres, "linecheck", inbox.Migrations, store.Migrations)
	static := directory.Open(app.Redis(cfg.Redis), directory.Ages{Static: cfg.StaticAge, Rates: cfg.RatesAge})
	bus := app.Bus(cfg.AMQP, messages.Topology())

	app.Go("static data", static.Run)
	app.Health.Warn("static data", static.Fresh)
	app.Await("static data", static.Ready) // a replica that joins must not refuse what the others grant

	checks := inbox.Of(db, check.New(static), app.Source, app.Log)
	app.Consume(bus, messages.Checks, checks)
	app.Consume(bus, messages.Facts, checks)
	app.Consume(bus, messages.Jobs, inbox.Of(db, expire.Handler{}, app.Source, app.Log))
	app.Consume(bus, messages.Sessions, inbox.Of(db, withdraw.Handler{}, app.Source, app.Log))
	app.Go("expiry schedule", expire.Schedule{Pool: db, Publisher: bus, Source: app.Source, Log: app.Log}.Run)
	app.Go("inbox retention", func(ctx context.Context) error {
		return inbox.Purge(ctx, db, cfg.Retention, app.Log)
	})
	return app
}
