// Command auth decides who may ask what: each request to trade and each line check passes here first, and comes out
// authorised, rejected or recognised as a repeat. Any number of replicas share the work.
package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/auth/internal/authorize"
	"fxcore/services/auth/internal/directory"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/store"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Redis     cache.Config
	StaticAge time.Duration `env:"STATIC_MAX_AGE" envDefault:"24h"` // older static data decides nothing
	Retention time.Duration `env:"RETENTION" envDefault:"720h"`     // how long a reference and a handled message are recognised
}

// Validate names what is out of range.
func (s settings) Validate() error {
	if s.StaticAge <= 0 {
		return errors.New("STATIC_MAX_AGE must be positive")
	}
	if s.Retention < 72*time.Hour {
		return errors.New("RETENTION must be at least 72h: a reference must outlive its trade date, weekends included")
	}
	return nil
}

func main() {
	run.Describe(messages.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("auth", cfg.Base)
	db := app.Postgres(cfg.Postgres, "auth", inbox.Migrations, store.Migrations)
	static := directory.Open(app.Redis(cfg.Redis), cfg.StaticAge)
	bus := app.Bus(cfg.AMQP, messages.Topology())

	app.Go("static data", static.Run)
	app.Health.Warn("static data", static.Fresh)
	app.Await("static data", static.Ready) // a replica that joins must not refuse what the others grant

	app.Consume(bus, messages.Requests, inbox.Of(db, authorize.New(static), app.Source, app.Log))
	app.Go("request retention", store.Retention{Pool: db, Keep: cfg.Retention, Log: app.Log}.Run)
	app.Go("inbox retention", func(ctx context.Context) error {
		return inbox.Purge(ctx, db, cfg.Retention, app.Log)
	})
	return app
}
