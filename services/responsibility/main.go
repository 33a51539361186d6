// Command responsibility assigns a responsible desk and trader to each registered trade. Any number of replicas share
// the work.
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
	"fxcore/services/clock"
	"fxcore/services/responsibility/internal/directory"
	"fxcore/services/responsibility/internal/steps"
	"fxcore/services/responsibility/internal/store"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config
	Clock    clock.Config
	Static   mirror.Config
}

func main() {
	run.Describe(steps.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("responsibility", cfg.Base)
	db := app.Postgres(cfg.Postgres, "responsibility", inbox.Migrations, store.Migrations)
	rdb := mirror.Signed(app.Redis(cfg.Redis), cfg.Static.Trusted())
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	desks := directory.Open(mirror.Dated(rdb, bank.Now))
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("desks", desks) // consume only when desks are loaded: without them no trade can be assigned
	app.Inbox(bus, db, cfg.Inbox).Consume(steps.Queue, steps.Registered(desks))
	return app
}
