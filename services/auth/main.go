// Command auth decides whether a provider may make a request. It receives each trade request and each line check first,
// and answers that it is authorised, rejected or a repeat. Any number of replicas share the work.
package main

import (
	"os"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/auth/internal/directory"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/clock"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config // its retention is also how long auth recognises a reference
	Clock    clock.Config
	Static   mirror.Config // auth refuses requests on older static data
}

func main() {
	run.Describe(steps.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("auth", cfg.Base)
	db := app.Postgres(cfg.Postgres, "auth", inbox.Migrations, store.Migrations)
	rdb := app.Redis(cfg.Redis)
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	static := directory.Open(rdb, cfg.Static.MaxAge)
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("static data", static) // consume only when data is loaded: a new replica must not refuse what the others grant
	app.Inbox(bus, db, cfg.Inbox).Consume(steps.Queue, steps.Requests(static))
	app.Go("request retention", store.Retention{Pool: db, Keep: cfg.Inbox.Retention, Clock: bank.Now, Log: app.Log}.Run)
	return app
}
