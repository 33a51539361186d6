// Command responsibility gives each registered trade a desk and a trader who answer for it. Any number of replicas share
// the work.
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
	"fxcore/services/responsibility/internal/assign"
	"fxcore/services/responsibility/internal/directory"
	"fxcore/services/responsibility/internal/messages"
	"fxcore/services/responsibility/internal/store"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Redis     cache.Config
	Retention time.Duration `env:"RETENTION" envDefault:"720h"` // how long a handled message is recognised
}

// Validate names what is out of range.
func (s settings) Validate() error {
	if s.Retention < 24*time.Hour {
		return errors.New("RETENTION must be at least 24h: a message can be redelivered as long")
	}
	return nil
}

func main() {
	run.Describe(messages.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("responsibility", cfg.Base)
	db := app.Postgres(cfg.Postgres, "responsibility", inbox.Migrations, store.Migrations)
	static := directory.Open(app.Redis(cfg.Redis))
	bus := app.Bus(cfg.AMQP, messages.Topology())

	app.Go("desks", static.Run)
	app.Health.Warn("desks", static.Fresh)
	app.Await("desks", static.Ready) // a trade can wait for its trader, not be given to nobody

	app.Consume(bus, messages.Registered, inbox.Of(db, assign.New(static), app.Source, app.Log))
	app.Go("inbox retention", func(ctx context.Context) error {
		return inbox.Purge(ctx, db, cfg.Retention, app.Log)
	})
	return app
}
