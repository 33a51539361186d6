// Command linecheck checks deals and line checks against the lines that they use: the limits of groups, desks, dealers and
// clients, plus the client's collateral. It reserves, consumes, releases and expires. Any number of replicas share the
// work.
//
// With "job" as its first argument it is the command line of on-call: see [jobs.OnCall]. With -recompute it instead adds up all reservations, prints each difference to the stored usage, and ends.
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
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/clock"
	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/linecheck/internal/comparison"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/schedule"
	"fxcore/services/linecheck/internal/steps"
	"fxcore/services/linecheck/internal/store"
	"fxcore/services/linecheck/internal/timing"
)

type settings struct {
	config.Base
	AMQP          amqp.Config
	Postgres      postgres.Config
	Redis         cache.Config
	Inbox         inbox.Config
	Clock         clock.Config
	Static        mirror.Config // linecheck reserves nothing on older static data
	MaxTenorYears int           `env:"MAX_TENOR_YEARS" envDefault:"5"` // the longest tenor, in years after spot; as trading has it
	RatesAge      time.Duration `env:"RATES_MAX_AGE" envDefault:"15m"` // linecheck reserves nothing on older rates
}

// Validate returns an error that names the setting that is out of range.
func (s settings) Validate() error {
	switch {
	case s.MaxTenorYears < 1 || s.MaxTenorYears > 15:
		return errors.New("MAX_TENOR_YEARS must be 1 to 15: calendars of later years do not exist")
	case s.RatesAge <= 0:
		return errors.New("RATES_MAX_AGE must be positive")
	}
	return nil
}

func main() {
	run.Describe(steps.Topology())
	if len(os.Args) > 1 && os.Args[1] == "job" {
		os.Exit(jobs.OnCall("linecheck", os.Args[2:], os.Stdout))
	}
	if slices.Contains(os.Args[1:], "-recompute") {
		os.Exit(recompute(context.Background(), config.MustLoad[recomputation](), os.Stdout))
	}
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("linecheck", cfg.Base)
	db := app.Postgres(cfg.Postgres, "linecheck", inbox.Migrations, jobs.Migrations, store.Migrations)
	rdb := mirror.Signed(app.Redis(cfg.Redis), cfg.Static.Trusted())
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	static := directory.Open(mirror.Dated(rdb, bank.Now), directory.Ages{Static: cfg.Static.MaxAge, Rates: cfg.RatesAge}).By(bank.Now)
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("static data", static) // consume only when data is loaded: a new replica must not refuse what the others grant
	box := app.Inbox(bus, db, cfg.Inbox)
	dates := steps.Dating{Rollover: fxdate.NewRollover(), Longest: fxdate.Years(cfg.MaxTenorYears)}
	timer := &timing.Timer{Publish: bus.PublishAsync, Clock: bank.Now, Source: app.Source}
	app.Go("timing of checks", timer.Run)
	box.Consume(steps.ChecksQueue, timer.Around(steps.Checks(static, dates)))
	box.Consume(steps.FactsQueue, steps.Facts(static, app.Log))
	box.Consume(steps.SettledQueue, steps.Settled())
	box.Consume(steps.DeletedQueue, steps.Deleted())
	box.Consume(steps.JobsQueue, steps.Jobs())
	box.Consume(steps.SessionsQueue, steps.Sessions())
	app.Consume(bus, steps.QuestionsQueue, steps.Questions{Pool: db, Static: static, Dating: dates, Clock: bank.Now, Log: app.Log})
	app.Health.Warn("line differences", func(ctx context.Context) error { return store.Differing(ctx, db) })
	comparison.Jobs().Serve(app, box, db, bus, bank.Now)
	expiry := &schedule.Expiry{Pool: db, Publisher: bus, Clock: bank.Now, Source: app.Source, Log: app.Log}
	app.Go("expiry schedule", expiry.Run)
	return app
}
