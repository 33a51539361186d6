// Command auth decides who may ask what: each request to trade and each line check passes here first, and comes out
// authorised, rejected or recognised as a repeat. Any number of replicas share the work.
package main

import (
	"errors"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/auth/internal/directory"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Redis     cache.Config
	Inbox     inbox.Config  // its retention is also how long a reference is recognised
	StaticAge time.Duration `env:"STATIC_MAX_AGE" envDefault:"24h"` // older static data decides nothing
}

// Validate names what is out of range.
func (s settings) Validate() error {
	if s.StaticAge <= 0 {
		return errors.New("STATIC_MAX_AGE must be positive")
	}
	return nil
}

func main() {
	run.Describe(steps.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("auth", cfg.Base)
	db := app.Postgres(cfg.Postgres, "auth", inbox.Migrations, store.Migrations)
	static := directory.Open(app.Redis(cfg.Redis), cfg.StaticAge)
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("static data", static) // a replica that joins must not refuse what the others grant
	app.Inbox(bus, db, cfg.Inbox).Consume(steps.Queue, steps.Requests(static))
	app.Go("request retention", store.Retention{Pool: db, Keep: cfg.Inbox.Retention, Log: app.Log}.Run)
	return app
}
