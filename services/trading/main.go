// Command trading decides whether a trade may be done, registers it, and keeps its life. Any number of replicas share
// the work.
package main

import (
	"context"
	"errors"
	"os"
	"time"
	_ "time/tzdata" // the trade date rolls by New York's clock, also where the image has no tz database

	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/trading/internal/directory"
	"fxcore/services/trading/internal/facts"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/requests"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/valuedate"
)

type settings struct {
	config.Base
	AMQP            amqp.Config
	Postgres        postgres.Config
	Redis           cache.Config
	MaxTenorYears   int           `env:"MAX_TENOR_YEARS" envDefault:"5"`  // how far after spot a value date may lie
	ReportTolerance int64         `env:"REPORT_TOLERANCE" envDefault:"4"` // times the pair's tolerance, for trades done elsewhere
	StaticAge       time.Duration `env:"STATIC_MAX_AGE" envDefault:"24h"` // older pairs and calendars decide nothing
	Retention       time.Duration `env:"RETENTION" envDefault:"720h"`     // how long a handled message is recognised
}

// Validate names what is out of range.
func (s settings) Validate() error {
	switch {
	case s.MaxTenorYears < 1 || s.MaxTenorYears > 15:
		return errors.New("MAX_TENOR_YEARS must be 1 to 15: calendars of later years do not exist")
	case s.ReportTolerance < 1 || s.ReportTolerance > 100:
		return errors.New("REPORT_TOLERANCE must be 1 to 100")
	case s.StaticAge <= 0:
		return errors.New("STATIC_MAX_AGE must be positive")
	case s.Retention < 72*time.Hour:
		return errors.New("RETENTION must be at least 72h: a message may be redelivered after a weekend")
	}
	return nil
}

func main() {
	run.Describe(messages.Topology())
	cfg := config.MustLoad[settings]()
	rollover, err := valuedate.NewRollover()
	if err != nil {
		panic(err) // the tz database is part of the binary
	}
	os.Exit(service(cfg, rollover).Run())
}

func service(cfg settings, rollover valuedate.Rollover) *run.App {
	app := run.New("trading", cfg.Base)
	db := app.Postgres(cfg.Postgres, "trading", inbox.Migrations, store.Migrations)
	static := directory.Open(app.Redis(cfg.Redis), cfg.StaticAge)
	bus := app.Bus(cfg.AMQP, messages.Topology())

	app.Go("static data", static.Run)
	app.Health.Warn("static data", static.Fresh)
	app.Await("static data", static.Ready) // a replica that joins must not refuse what the others validate

	validation := rules.Rules{
		Rollover: rollover, MaxTenorYears: cfg.MaxTenorYears, ReportTolerance: decimal.NewFromInt(cfg.ReportTolerance),
	}
	app.Consume(bus, messages.Requests, inbox.Of(db, requests.New(static, validation), app.Source, app.Log))
	app.Consume(bus, messages.Facts, inbox.Of(db, facts.New(), app.Source, app.Log))
	app.Go("inbox retention", func(ctx context.Context) error {
		return inbox.Purge(ctx, db, cfg.Retention, app.Log)
	})
	return app
}
